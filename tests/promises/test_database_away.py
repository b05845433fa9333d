"""P19: while PostgreSQL is refused or stalled every page says so in time and keeps what was typed; then all is as before."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx
import pytest

from portal.ids import new_id
from tests import cast as actors
from tests.ground.processes import Running, portal, visitor
from tests.pages import Browser, Page
from tests.postgres import Server
from tests.promises import own_server
from tests.promises.stage import Record, Scale
from tests.promises.ways import FILED

pytestmark = [pytest.mark.prove, pytest.mark.only_postgres]
AT_ONCE = 8
IN_TIME = 6.0
BACK = 5.0
Outage = tuple[Callable[[Server], None], Callable[[Server], None]]
OUTAGES: dict[str, Outage] = {
    "refused": (own_server.halt, own_server.again),
    "stalled": (own_server.stall, own_server.resume),
}
WORDS = {
    "body": "请尽快修好电梯", "reason": "客人着急", "plan": "更换零件", "reply": "已经修好", "cause": "设备故障",
    "wish": "换一间房",
}  # fmt: skip


@pytest.mark.parametrize("kind", OUTAGES)
async def test_every_page_says_so_in_time_keeps_what_was_typed_and_comes_back(
    scale: Scale, figure: Record, kind: str
) -> None:
    begin, end = OUTAGES[kind]
    name = f"own_{new_id().hex[-8:]}"
    with own_server.database(name) as (server, more), portal(name, PORTAL_WORKER="on", **more) as running:
        async with tablet(running) as staff, customer(running) as guest:
            item, link = await a_complaint(staff)
            pages, posts = addresses(item, link), await forms(staff, guest, item, link)
            await ask_all(staff, pages, expected=(200, 303))
            before = own_server.held(running.process.pid)

            began = time.monotonic()
            await asyncio.to_thread(begin, server)
            slowest = await away(staff, pages, posts)
            while time.monotonic() - began < scale(8, 60):
                slowest = max(slowest, await away(staff, pages, posts))
            await asyncio.to_thread(end, server)
            back = await until_ready(running)
            await ask_all(staff, pages, expected=(200, 303))

            assert (await posted(posts[0])).status_code == 303
            await asyncio.sleep(3)
            after = own_server.held(running.process.pid)
            assert running.process.poll() is None
            assert "Traceback" not in running.output

    assert slowest <= IN_TIME
    assert back <= BACK
    assert all(abs(now - then) <= 10 for now, then in zip(after, before, strict=True)), f"{before} → {after}"
    figure(f"{kind}: the slowest of {len(pages) + len(posts)} pages said so after", slowest, "s", "P19")
    figure(f"{kind}: normal again after", back, "s", "P19")
    figure(f"{kind}: files held before and after", after[0] - before[0], "more", "P19")


Form = tuple[Browser, str, dict[str, str]]


async def away(staff: Browser, pages: list[str], posts: list[Form]) -> float:
    """Ask for every page and send every form; the longest that one had to wait."""
    turn = asyncio.Semaphore(AT_ONCE)
    spans: list[float] = []

    async def timed(ask: Callable[[], object], check: Callable[[httpx.Response], None]) -> None:
        async with turn:
            began = time.monotonic()
            answer = await ask()  # type: ignore[misc]  # a coroutine
            spans.append(time.monotonic() - began)
            check(answer)

    def says_so(answer: httpx.Response) -> None:
        where = f"{answer.request.method} {answer.request.url.path}"
        assert answer.status_code == 503, f"{where}: {answer.status_code}"
        assert answer.headers["retry-after"].isdigit()
        Page(staff, answer)

    def keeps(fields: dict[str, str]) -> Callable[[httpx.Response], None]:
        def check(answer: httpx.Response) -> None:
            says_so(answer)
            for name, text in fields.items():
                if name in WORDS:
                    assert text in answer.text, f"{answer.request.url.path} lost {name}"

        return check

    async with asyncio.TaskGroup() as group:
        for page in pages:
            group.create_task(timed(lambda page=page: staff.client.get(page), says_so))  # type: ignore[misc]
        for form in posts:
            group.create_task(timed(lambda form=form: posted(form), keeps(form[2])))  # type: ignore[misc]
        for path, status in (("/healthz", 200), ("/readyz", 503)):
            group.create_task(timed(lambda path=path: staff.client.get(path), expecting(status)))  # type: ignore[misc]
    return max(spans)


def expecting(status: int) -> Callable[[httpx.Response], None]:
    def check(answer: httpx.Response) -> None:
        assert answer.status_code == status, f"{answer.request.url.path}: {answer.status_code}"

    return check


async def posted(form: Form) -> httpx.Response:
    browser, path, fields = form
    return await browser.client.post(path, data=fields, headers={"sec-fetch-site": "same-origin"})


async def ask_all(staff: Browser, pages: list[str], *, expected: tuple[int, ...]) -> None:
    for page in pages:
        answer = await staff.client.get(page)
        assert answer.status_code in expected, f"{page}: {answer.status_code}"


async def until_ready(running: Running) -> float:
    """How long it takes until a page of the desk's kind is served again."""
    began = time.monotonic()
    async with visitor(running.url, timeout=IN_TIME) as client:
        while (await client.get("/s/hotel")).status_code != 200 or (await client.get("/readyz")).status_code != 200:
            await asyncio.sleep(0.1)
    return time.monotonic() - began


async def a_complaint(staff: Browser) -> tuple[str, str]:
    """A complaint that the receptionist has: its number, and its customer's link."""
    page = await staff.get("/s/hotel/complaints/new")
    fields = {name: FILED[name] for name in ("kind", "body", "phone")}
    filed = await page.submit("/s/hotel/complaints", **fields)  # type: ignore[arg-type]  # fields, by their names
    number = filed.one("[data-number]").get("data-number")
    item = await staff.get(f"/desk/hotel/items/{number}")
    await item.submit(f"/desk/hotel/items/{number}/claim")
    return number, filed.path


def addresses(item: str, link: str) -> list[str]:
    """Every kind of page there is, but those that need no database."""
    desk = "/desk/hotel"
    return ["/", "/s/hotel", "/s/hotel/complaints/new", link, "/sign-in", "/desk", desk, f"{desk}/queue",
            f"{desk}/items/{item}", f"{desk}/complaints/new", f"{desk}/posters"]  # fmt: skip


async def forms(staff: Browser, guest: Browser, item: str, link: str) -> list[Form]:
    """Every form with words in it, filled in before the outage; the first is a customer's filing."""
    found: list[Form] = []
    page = await guest.get("/s/hotel/complaints/new")
    found.append((guest, "/s/hotel/complaints", {**page.form("/s/hotel/complaints"), **FILED, **WORDS}))
    page = await guest.get(link)
    found.append((guest, f"{link}/messages", {**page.form(f"{link}/messages"), "body": WORDS["body"]}))
    page = await staff.get(f"/desk/hotel/items/{item}")
    for action in page.forms():
        if f"/{item}/" in action:
            fields = page.form(action)
            found.append((staff, action, {**fields, **{name: WORDS[name] for name in fields if name in WORDS}}))
    return found


@asynccontextmanager
async def tablet(running: Running) -> AsyncIterator[Browser]:
    async with visitor(running.url, timeout=30) as client:
        await actors.sign_in(client, "hotel.desk")
        yield Browser(client)


@asynccontextmanager
async def customer(running: Running) -> AsyncIterator[Browser]:
    async with visitor(running.url, timeout=30) as client:
        yield Browser(client)
