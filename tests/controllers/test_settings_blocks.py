"""Blocked people: managers decide, the desk reads them masked, and the blocked read what everybody reads (P32, P40)."""

import httpx
import pytest

from portal.access_log import AccessEntry
from portal.domain.bookings.services.booking import NOT_ONLINE
from portal.domain.customers import queries
from portal.errors import Conflict
from portal.i18n.translations import gettext
from tests import stories, visits
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
BLOCKS = "/desk/hotel/blocks"


async def test_somebody_is_blocked_and_taken_in_again(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.manager)).get(BLOCKS)

    page = await page.submit(BLOCKS, phone="138 0013 8000", reason="在大堂闹事")
    assert (page.status, page.path) == (200, BLOCKS)
    assert "138****8000" in page.text("[data-block]")
    assert "13800138000" not in page.response.text
    assert "闹事" not in page.response.text
    (block,) = await queries.blocks(cast.hotel)

    page = await page.browser.get(f"{BLOCKS}/{block.id}")
    assert "在大堂闹事" in page.text()
    assert await AccessEntry.count().where(AccessEntry.subject == block.id, AccessEntry.action == "open") == 1
    page = await page.submit(f"{BLOCKS}/{block.id}/lifting", reason="")
    assert (page.status, list(page.errors())) == (422, ["reason"])
    page = await page.submit(f"{BLOCKS}/{block.id}/lifting", reason="已和解")
    assert "已解除" in page.text("[data-block]")


async def test_what_is_missing_is_told_at_its_field(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.manager)).get(BLOCKS)

    page = await page.submit(BLOCKS, until="2020-01-01")
    assert (page.status, list(page.errors())) == (422, ["document", "reason", "until"])
    assert page.form(BLOCKS)["until"] == "2020-01-01"


async def test_the_desk_reads_the_list_and_decides_nothing(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.manager)).get(BLOCKS)
    await page.submit(BLOCKS, phone="138 0013 8000", reason="闹事")
    (block,) = await queries.blocks(cast.hotel)

    page = await (await stories.enter(client, cast.receptionist)).get(BLOCKS)
    assert "138****8000" in page.text("[data-block]")
    assert BLOCKS not in page.forms()
    await page.browser.get(f"{BLOCKS}/{block.id}", status=403)
    refused = await page.browser.post(BLOCKS, {"phone": "13800138001", "reason": "x"})
    assert refused.status == 403
    await (await stories.enter(client, cast.strange_manager)).get(f"/desk/tower/blocks/{block.id}", status=404)


async def test_a_blocked_person_reads_the_words_that_one_with_too_many_bookings_reads(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    house, at = cast.hotel, visits.on(cast.hotel)
    kind = await visits.make_type(house)
    page = await (await stories.enter(client, cast.manager)).get(BLOCKS)
    await page.submit(BLOCKS, phone="139 0013 9000", reason="闹事")
    for hour in (9, 10, 11):
        await visits.make_booking(house, kind, at=visits.on(house, hour=hour))

    said = []
    for phone in ("+8613900139000", "+8613800138000"):
        with pytest.raises(Conflict) as refused:
            await visits.make_booking(house, kind, at=at.replace(hour=14), phone=phone)
        said.append(refused.value.message)

    assert said == [gettext(NOT_ONLINE)] * 2


async def test_owners_decide_for_every_site(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.manager)).get(BLOCKS)
    assert not page.css("[name=everywhere]")

    page = await (await stories.enter(client, cast.owner)).get(BLOCKS)
    await page.submit(BLOCKS, phone="138 0013 8000", reason="闹事", everywhere="1")

    assert await queries.is_blocked(cast.tower, phone="+8613800138000")
