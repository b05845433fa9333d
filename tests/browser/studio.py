"""A portal before the stage, and a browser in which everybody is signed in: for the pictures and the inspection."""

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from playwright.async_api import Browser, Page, StorageState

from tests import factories
from tests.browser.gallery import Found, Shot
from tests.ground import databases, environment, processes

NAME = f"{environment.WORKER}_studio"


@dataclass(frozen=True)
class Look:
    """Through what a page is looked at."""

    name: str
    width: int
    height: int
    language: str = "zh-CN"
    dark: bool = False
    phone: bool = True


@dataclass
class Studio:
    """A browser, the portal's address, the stage, and the cookies of everybody who has signed in."""

    browser: Browser
    url: str
    found: Found
    signed_in: dict[str, StorageState] = field(default_factory=dict)
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def opened(self, shot: Shot, look: Look) -> AsyncIterator[tuple[Page, list[str]]]:
        """The page of a shot, as it is to be seen, and what is wrong with it."""
        context = await self.browser.new_context(
            base_url=self.url, viewport={"width": look.width, "height": look.height}, has_touch=True, is_mobile=look.phone,
            color_scheme="dark" if look.dark else "light", java_script_enabled=shot.scripts, locale=look.language,
            timezone_id="Asia/Shanghai", reduced_motion="reduce", storage_state=await self._cookies(shot.who),
        )  # fmt: skip
        context.set_default_timeout(10_000)
        try:
            await context.add_cookies([{"name": "lang", "value": look.language, "url": self.url}])
            page = await context.new_page()
            wrong = self._watched(page)
            answer = await page.goto(self._path(shot))
            if answer and answer.status != shot.status:
                wrong.append(f"{answer.status} instead of {shot.status}")
            if shot.paper:
                await page.emulate_media(media="print")
            if shot.prepare:
                await shot.prepare(page)
            yield page, wrong
            await page.unroute_all(behavior="ignoreErrors")
        finally:
            await context.close()

    async def _cookies(self, who: str) -> StorageState | None:
        """What a browser keeps in which somebody is signed in; everybody signs in once."""
        if not who:
            return None
        async with self.turn:
            if who not in self.signed_in:
                self.signed_in[who] = await _cookies(self.browser, self.url, who)
        return self.signed_in[who]

    def _watched(self, page: Page) -> list[str]:
        """What a page says that it should not: errors, breaches of the policy, requests to other hosts."""
        wrong: list[str] = []
        page.on("pageerror", lambda error: wrong.append(f"error in a script: {error}"))
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" and meant(said.text) else None)
        page.on("request", lambda sent: wrong.append(f"asks {sent.url}") if self._foreign(sent.url) else None)
        return wrong

    def _path(self, shot: Shot) -> str:
        def there(mark: re.Match[str]) -> str:
            number, token = self.found[mark[1]]
            return f"/{'b' if mark[1].startswith('visit-') else 'c'}/{token}" if mark[2] else number

        return re.sub(r"\{([\w-]+)(\.link)?\}", there, shot.path)

    def _foreign(self, address: str) -> bool:
        return not address.startswith((self.url, "data:", "blob:"))


def meant(text: str) -> bool:
    """Whether a line of the console is a fault of the page: not that an answer was a refusal, or the network gone."""
    return not text.startswith(("Failed to load resource", "htmx: htmx:error: Failed to fetch"))


@asynccontextmanager
async def studio(browser: Browser) -> AsyncIterator[Studio]:
    """Set the stage, and start a portal before it."""
    await databases.fresh(NAME)
    files = environment.RUN / f"{NAME}-files"
    found = json.loads(await asyncio.to_thread(_staged, str(files)))
    running = processes.start(NAME, PORTAL_FILES=str(files), PORTAL_WORKER="off")
    try:
        await asyncio.to_thread(processes.wait, running)
        yield Studio(browser, running.url, found)
    finally:
        await asyncio.to_thread(running.stop)
        await databases.drop(NAME)


def _staged(files: str) -> str:
    """Set the stage, in a process of its own; where all is, as JSON."""
    home = environment.RUN / f"{NAME}-stage"
    home.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", "tests.browser.stage"], cwd=environment.ROOT, check=False, text=True, capture_output=True,
        env=environment.surroundings(NAME, home, PORTAL_FILES=files),
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


async def _cookies(browser: Browser, url: str, who: str) -> StorageState:
    context = await browser.new_context(base_url=url, java_script_enabled=False)
    page = await context.new_page()
    await page.goto("/sign-in")
    await page.fill('[name="username"]', who)
    await page.fill('[name="password"]', factories.PASSWORD)
    await page.click('form[action="/sign-in"] [type="submit"]')
    await page.wait_for_url("**/desk**")
    state = await context.storage_state()
    await context.close()
    return state
