"""The line at the door in real browsers: called by keys, heard on the wall; and a call for help on every tablet at once."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from playwright.async_api import Page, expect

from tests.browser.conftest import Visit
from tests.ground import environment
from tests.ground.processes import Running

LINE, ALARMS = "/desk/hotel/arrivals", "/desk/hotel/alarms"
AT_ONCE = 3_000
COMING = """
import asyncio
from portal import database
from portal.domain.arrivals.tables import Station
from portal.domain.bookings.queries import times
from portal.domain.sites import queries as sites
from tests import visits
async def main():
    await database.open_pool()
    site = await sites.site("hotel")
    kinds = await times.types(site)
    if not kinds:
        await visits.make_station(site)
    kind = kinds[0] if kinds else await visits.make_type(site)
    print((await visits.make_arrival(site, kind)).ticket)
    await database.close_pool()
asyncio.run(main())
"""
HEARD = """
document.body.addEventListener('alarm', ({ target }) => (target.dataset.alarms = 1 + Number(target.dataset.alarms ?? 0)))
"""


@pytest.fixture
async def ticket(portal: Running) -> str:
    """Somebody who has just come to the hotel."""
    done = await asyncio.to_thread(
        subprocess.run, [sys.executable, "-c", COMING], env=portal.surroundings, cwd=environment.ROOT, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout.strip()


async def live(page: Page, path: str) -> None:
    """Open a page and wait until it follows."""
    async with page.expect_response("**/live"):
        await page.goto(path)


async def test_the_next_one_is_called_served_and_done_by_keys(sign_in: Visit, ticket: str) -> None:
    page, other = await sign_in("hotel.desk"), await sign_in("hotel.desk2")
    await live(other, LINE)
    await page.goto(LINE)
    for key, state in (("n", "called"), ("s", "serving")):
        async with page.expect_navigation():
            await page.keyboard.press(key)
        await expect(page.locator(f"#windows [data-ticket='{ticket}']")).to_have_attribute("data-state", state)
        seen = other.locator(f"#windows [data-ticket='{ticket}']")
        await expect(seen).to_have_attribute("data-state", state, timeout=AT_ONCE)
    async with page.expect_navigation():
        await page.keyboard.press("d")
    await expect(page.locator("#flash")).to_contain_text(ticket)
    async with page.expect_navigation():
        await page.click("#flash .undo button")
    await expect(page.locator(f"[data-ticket='{ticket}']")).to_have_attribute("data-state", "serving")


async def test_a_wall_hears_of_a_call_at_once_and_says_what_voice_it_has(
    visit: Visit, sign_in: Visit, ticket: str
) -> None:
    """P40: by number and window, without a cookie."""
    manager, desk = await sign_in("hotel.manager"), await sign_in("hotel.desk")
    await manager.goto("/desk/hotel/displays")
    await manager.fill("#name", "大厅")
    await manager.check("[name=shows][value=calls]", force=True)
    await manager.click("main .dock button")
    link = await manager.inner_text("#made-link")
    wall, bare = await visit(link, tablet=True), await visit(link, tablet=True, scripts=False)
    await expect(wall.locator("#voice")).not_to_be_empty()
    await wall.evaluate("document.body.addEventListener('called', (event) => (document.body.dataset.called = event.detail))")

    await desk.goto(LINE)
    async with desk.expect_navigation():
        await desk.click("form[action$='/arrivals/call'] button")

    call = wall.locator(f"#calls [data-ticket='{ticket}']")
    await expect(call).to_be_visible(timeout=AT_ONCE)
    await expect(wall.locator("body")).to_have_attribute("data-called", ticket)
    assert await wall.context.cookies() == []
    assert await wall.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await bare.reload()
    await expect(bare.locator(f"[data-ticket='{ticket}']")).to_be_visible()

    await manager.goto("/desk/hotel/displays")
    await manager.click("form[action$='/revocation'] button")
    await expect(wall.locator(".trouble")).to_be_visible()


@pytest.mark.prove
async def test_a_call_for_help_is_on_the_other_tablet_within_a_second(
    sign_in: Visit, figure: Callable[[str, float, str, str], None]
) -> None:
    """Measured from the press on one tablet to the words on the other; half-typed words stay."""
    first, second = await sign_in("hotel.guard"), await sign_in("hotel.desk")
    await live(second, "/desk/hotel/queue")
    await second.evaluate(HEARD)
    await second.fill("#q", "电梯")
    took = []
    for turn in range(3):
        await first.goto(ALARMS)
        await first.fill("#place", f"东门 {turn}")
        began = time.monotonic()
        await first.click("main .dock button", no_wait_after=True)
        await second.wait_for_selector(f"#alarms >> text=东门 {turn}")
        took.append(time.monotonic() - began)
        strip = second.locator("#alarms .alarm", has_text=f"东门 {turn}")
        await strip.locator("button").click()
        await expect(strip.locator("button")).to_have_count(0)
    name = await second.locator(".rail__panel strong").text_content() or ""

    await expect(first.locator("#alarms .alarm", has_text="东门 2")).to_contain_text(name, timeout=AT_ONCE)
    assert await second.locator("#q").input_value() == "电梯"
    await expect(second.locator("body")).to_have_attribute("data-alarms", "3")
    assert sorted(took)[1] < (1 if environment.PROVE else 3)
    figure("seconds from a call for help to the words on another tablet, median of 3", sorted(took)[1], "s", "HALL")


async def test_a_silent_call_for_help_sounds_nowhere(sign_in: Visit) -> None:
    first, second = await sign_in("hotel.floor"), await sign_in("hotel.desk")
    await live(second, "/desk/hotel")
    await second.evaluate(HEARD)
    await first.goto(ALARMS)
    await first.check("#silent")
    await first.click("main .dock button")

    await expect(second.locator("#alarms .alarm button")).to_be_visible(timeout=AT_ONCE)
    assert await second.locator("body").get_attribute("data-alarms") is None
