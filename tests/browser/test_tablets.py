"""Tablets at the desk: what one does, the others see at once, also after sleep, a lost network and a restart."""

import asyncio
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Page, Request, Route, expect

from tests.browser import journeys
from tests.browser.conftest import Visit
from tests.ground import environment, processes
from tests.ground.processes import Running

# A second between commit and screen (P05); the rest is what a driven browser on a busy machine needs to say so.
AT_ONCE = 3_000
LONG_UNUSED = """
import asyncio
from datetime import timedelta
from portal import clock, database
from portal.domain.accounts.tables import Session
async def main():
    await database.open_pool()
    await Session.update({Session.seen_at: clock.now() - timedelta(hours=1)}, force=True)
    await database.close_pool()
asyncio.run(main())
"""


@pytest.fixture
async def number(visit: Visit) -> str:
    """A complaint that was just filed."""
    found, _link = await journeys.file(await visit("/s/hotel"))
    return found


async def test_what_one_does_the_other_sees_at_once(visit: Visit, sign_in: Visit, number: str) -> None:
    first, second = await sign_in("hotel.desk"), await sign_in("hotel.desk2")
    await live(first, f"/desk/hotel/items/{number}")
    await live(second, f"/desk/hotel/items/{number}")
    note = await journeys.unfold(second, "notes")
    await note.locator("textarea").fill("客人说")

    await first.click("form#claim button")

    await expect(second.locator("#item")).to_have_attribute("data-owner", "hotel.desk", timeout=AT_ONCE)
    card = second.locator(f"#queue [data-number='{number}']")
    await expect(card).to_have_attribute("data-owner", "hotel.desk", timeout=AT_ONCE)
    # The half-typed note is still there and can be sent.
    assert await note.locator("textarea").input_value() == "客人说"
    await expect(note).to_be_visible()
    await note.locator("textarea").type("明早再来")
    await note.locator("button[type=submit]").click()
    await expect(second.locator(".story__said", has_text="客人说明早再来")).to_be_visible()


async def test_on_a_phone_the_list_beside_an_item_stays_away(visit: Visit, sign_in: Visit, number: str) -> None:
    page = await sign_in("hotel.desk", tablet=False)
    await live(page, f"/desk/hotel/items/{number}")

    other, _link = await journeys.file(await visit("/s/hotel"))

    await expect(page.locator(f"#queue [data-number='{other}']")).to_have_count(1, timeout=AT_ONCE)
    await expect(page.locator("#queue")).to_be_hidden()


async def test_the_loser_of_a_claim_reads_who_has_it(sign_in: Visit, number: str) -> None:
    first, second = await sign_in("hotel.desk"), await sign_in("hotel.desk2")
    await second.route("**", deaf)
    await second.goto(f"/desk/hotel/items/{number}")
    await first.goto(f"/desk/hotel/items/{number}")
    name = await first.locator(".rail__panel strong").text_content() or ""
    await journeys.do(first, "claim")

    await second.click("form#claim button")

    await expect(second.locator("#flash")).to_contain_text(name)
    await expect(second.locator("#item")).to_have_attribute("data-owner", "hotel.desk")


@pytest.mark.prove
async def test_eight_tabs_of_one_browser_load_and_follow(visit: Visit, sign_in: Visit) -> None:
    first = await sign_in("hotel.desk")
    streams: list[Request] = []
    first.context.on("request", lambda request: streams.append(request) if request.url.endswith("/live") else None)
    began = time.monotonic()
    tabs = [first, *[await first.context.new_page() for _tab in range(7)]]
    await asyncio.gather(*(tab.goto("/desk/hotel/queue") for tab in tabs))
    took = time.monotonic() - began

    number, _link = await journeys.file(await visit("/s/hotel"))

    for tab in tabs:
        await expect(tab.locator(f"[data-number='{number}']")).to_have_count(1)
        await expect(tab.locator("#live-status")).to_be_hidden()
    assert took < (5 if environment.PROVE else 15)  # P18, on a machine of its own


async def test_who_was_away_for_long_comes_to_the_sign_in(portal: Running, sign_in: Visit, number: str) -> None:
    page = await sign_in("hotel.desk")
    await live(page, f"/desk/hotel/items/{number}")

    await asyncio.to_thread(unused_for_long, portal)

    await page.wait_for_url("**/sign-in**", timeout=15_000)


@pytest.mark.prove
async def test_after_a_restart_the_page_catches_up_by_itself(sign_in: Visit, portal: Running, visit: Visit) -> None:
    """The last of this file: it starts the portal anew."""
    page = await sign_in("hotel.desk")
    await live(page, "/desk/hotel/queue")
    phone = await visit("/s/hotel")

    await asyncio.to_thread(portal.stop)
    await expect(page.locator("#live-status")).to_be_visible(timeout=20_000)  # P17
    async with restarted(portal):
        number, _link = await journeys.file(phone)

        await expect(page.locator(f"[data-number='{number}']")).to_have_count(1, timeout=10_000)
        await expect(page.locator("#live-status")).to_be_hidden(timeout=10_000)


async def deaf(route: Route) -> None:
    """Let a page load, but not follow."""
    await (route.abort() if route.request.resource_type in ("fetch", "xhr") else route.continue_())


def unused_for_long(portal: Running) -> None:
    subprocess.run([sys.executable, "-c", LONG_UNUSED], env=portal.surroundings, cwd=environment.ROOT, check=True)


def started(portal: Running) -> Running:
    with open(portal.log, "ab") as output:
        process = subprocess.Popen(
            [*processes.PORTAL, "run"], env=portal.surroundings, stdout=output, stderr=output, cwd=environment.ROOT
        )
    return Running(portal.url, process, portal.log, portal.surroundings)


@asynccontextmanager
async def restarted(portal: Running) -> AsyncIterator[None]:
    """The same portal again, on the same address and database."""
    again = await asyncio.to_thread(started, portal)
    try:
        await asyncio.to_thread(processes.wait, again)
        yield
    finally:
        await asyncio.to_thread(again.stop)


async def live(page: Page, path: str) -> None:
    """Open a page and wait until it follows."""
    async with page.expect_response("**/live"):
        await page.goto(path)
