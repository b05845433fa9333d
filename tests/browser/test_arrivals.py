"""Two phones at a door before a real browser, and a tablet that calls: the page follows by itself, and changes all over."""

import asyncio
import subprocess
import sys

from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.ground import environment
from tests.ground.processes import Running

DOOR = "/d/hotel-lobby"
HALL = """
import asyncio
from portal import database
from portal.domain.sites import queries as sites
from tests import visits

async def main():
    await database.open_pool()
    hotel = await sites.site("hotel")
    await visits.make_door(hotel)
    await visits.make_type(hotel, code="counter", minutes=5, letter="A")
    await visits.make_station(hotel, code="3")
    await database.close_pool()

asyncio.run(main())
"""
# What a phone would have felt.
FELT = "window.shaken = []; Navigator.prototype.vibrate = (pattern) => window.shaken.push(pattern)"


async def taken(phone: Page) -> str:
    """Take a number; the link of its page."""
    await phone.click("#walk-in form > button")
    await phone.wait_for_url("**/w/*")
    return phone.url


async def test_two_phones_wait_and_the_one_that_is_called_changes_all_over(
    portal: Running, visit: Visit, sign_in: Visit
) -> None:
    """P47: both phones are 320 px wide. One of them has no stream, and asks by itself."""
    hall = [sys.executable, "-W", "ignore", "-c", HALL]
    await asyncio.to_thread(subprocess.run, hall, env=portal.surroundings, cwd=environment.ROOT, check=True)
    first, second = [await visit(DOOR, width=320, height=640) for _ in range(2)]
    assert await first.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for phone in (first, second):
        await phone.add_init_script(FELT)
    await second.route("**/live", lambda route: route.abort())
    await taken(first)
    link = await taken(second)
    bare = await visit(link.removeprefix(portal.url), scripts=False)
    await expect(second.locator(".wait__now")).to_contain_text("前面还有 1 位")
    await expect(second.locator("#live-status")).to_be_visible()

    desk = await sign_in("hotel.desk")
    await desk.goto("/desk/hotel/arrivals")
    for number, phone in (("A001", first), ("A002", second)):
        before = await phone.evaluate("getComputedStyle(document.body).backgroundColor")
        await desk.click("form.caller button")

        await expect(phone.locator("#wait")).to_have_attribute("data-state", "called", timeout=12_000)
        await expect(phone.locator(".wait__where")).to_have_text("3号窗口")
        await expect(phone).to_have_title(f"● {number}：请到3号窗口")
        await expect(phone).to_have_title(f"{number}：请到3号窗口")
        assert await phone.evaluate("getComputedStyle(document.body).backgroundColor") != before
        assert await phone.evaluate("document.documentElement.scrollWidth <= innerWidth")
        await desk.goto("/desk/hotel/arrivals")

    await bare.reload()
    await expect(bare.locator("#wait")).to_have_attribute("data-state", "called")
    assert await first.evaluate("shaken.length") <= 1, "once a call"
