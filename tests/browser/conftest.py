"""A real Chromium before a real `portal run`: people's journeys, as they happen."""

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Browser, BrowserContext, Page, async_playwright

from tests import factories
from tests.ground import databases, environment, processes
from tests.ground.processes import Running

PHONE = {"width": 390, "height": 844}
TABLET = {"width": 1180, "height": 820}
ARGUMENTS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
_names = itertools.count(1)

Visit = Callable[..., Awaitable[Page]]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The system's own Chromium; the tests fail where there is none."""
    path = shutil.which("chromium")
    assert path, "no chromium on the PATH: make browser"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture(scope="module")
async def portal() -> AsyncIterator[Running]:
    """A portal with the cast in its database, one for each file of journeys."""
    name = f"{environment.WORKER}_browser_{next(_names)}"
    await databases.fresh(name, databases.CAST)
    running = processes.start(name, PORTAL_WORKER="on")
    await asyncio.to_thread(processes.wait, running)
    yield running
    await asyncio.to_thread(running.stop)
    await databases.drop(name)


@pytest.fixture
async def visit(chromium: Browser, portal: Running) -> AsyncIterator[Visit]:
    """A new browser of somebody: await visit("/s/hotel"), with tablet=, dark=, scripts=, language=, width=, height=.

    An error in a script, a breach of the content policy, and every answer of 5xx fail the test.
    """
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    async def open_one(
        path: str,
        *,
        tablet: bool = False,
        dark: bool = False,
        scripts: bool = True,
        language: str = "zh-CN",
        width: int = 0,
        height: int = 0,
    ) -> Page:
        usual = TABLET if tablet else PHONE
        context = await chromium.new_context(
            base_url=portal.url,
            viewport={"width": width or usual["width"], "height": height or usual["height"]},
            has_touch=True,
            is_mobile=not tablet,
            color_scheme="dark" if dark else "light",
            java_script_enabled=scripts,
            locale=language,
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = await context.new_page()
        page.on("pageerror", lambda error: problems.append(f"error in a script: {error}"))
        page.on("console", lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None)
        page.on("response", lambda got: problems.append(f"{got.status} {got.url}") if got.status >= 500 else None)
        await page.goto(path)
        return page

    yield open_one
    for context in contexts:
        await context.close()
    assert problems == []


@pytest.fixture
async def sign_in(visit: Visit) -> Visit:
    """Somebody's tablet, signed in: await sign_in("hotel.desk"); what `visit` takes, this takes too."""

    async def somebody(username: str, *, tablet: bool = True, **more: object) -> Page:
        page = await visit("/sign-in", tablet=tablet, **more)
        await page.fill('[name="username"]', username)
        await page.fill('[name="password"]', factories.PASSWORD)
        await page.click('form[action="/sign-in"] [type="submit"]')
        await page.wait_for_url("**/desk**")
        return page

    return somebody
