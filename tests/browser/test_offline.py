"""A tablet really without network: it says so, and is right again by itself when the network is back (P17)."""

import time

import pytest
from playwright.async_api import Page, expect

from tests.browser import journeys
from tests.browser.conftest import Visit
from tests.promises.stage import Record

pytestmark = pytest.mark.prove
SAID, RIGHT = 15_000, 10_000
CARDS = "cards => cards.map(card => [card.dataset.number, card.dataset.state, card.dataset.owner])"


async def test_without_network_a_page_says_so_and_catches_up_when_it_is_back(
    visit: Visit, sign_in: Visit, figure: Record
) -> None:
    away, here = await sign_in("hotel.desk"), await sign_in("hotel.desk2")
    phone = await visit("/s/hotel")
    first, _link = await journeys.file(phone)
    for tablet in (away, here):
        async with tablet.expect_response("**/live"):
            await tablet.goto("/desk/hotel/queue")
        await expect(tablet.locator(f"[data-number='{first}']")).to_have_count(1)

    await away.context.set_offline(True)
    lost = time.monotonic()
    await expect(away.locator("#live-status")).to_be_visible(timeout=SAID)
    figure("without network a page says so after", time.monotonic() - lost, "s", "P17")

    second, _link = await journeys.file(phone)
    await here.goto(f"/desk/hotel/items/{first}")
    await journeys.do(here, "claim")
    await here.goto("/desk/hotel/queue")
    assert await away.locator(f"[data-number='{second}']").count() == 0

    await away.context.set_offline(False)
    back = time.monotonic()
    await expect(away.locator(f"[data-number='{second}']")).to_have_count(1, timeout=RIGHT)
    await expect(away.locator(f"[data-number='{first}']")).to_have_attribute("data-owner", "hotel.desk2", timeout=RIGHT)
    await expect(away.locator("#live-status")).to_be_hidden(timeout=RIGHT)
    await expect(away.locator("[data-offline]")).to_be_hidden(timeout=RIGHT)
    assert await cards(away) == await cards(here)
    figure("with network again it is right after", time.monotonic() - back, "s", "P17")


async def cards(page: Page) -> object:
    """What the queue shows, in its order."""
    return await page.locator("#queue li[data-number]").evaluate_all(CARDS)
