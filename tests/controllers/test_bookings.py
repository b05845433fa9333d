"""The desk's book of visits over HTTP: the agenda, taking one down, agreeing on it, preparing for it."""

from datetime import timedelta

import httpx
import pytest

from portal import clock
from portal.domain.bookings.tables import State, VisitType
from portal.domain.sites.tables import Site
from tests import stories, visits
from tests.cast import Cast
from tests.pages import Browser

pytestmark = pytest.mark.usefixtures("db")
FULL_NAME, PHONE = "欧阳小龙", "13800138000"
MORE_HAS_TO_BE_SAID = {"reason": "那天大堂装修"}


async def make_type(site: Site, **more: object) -> VisitType:
    return await visits.make_type(site, instant=False, **more)  # type: ignore[arg-type]


async def as_desk(cast: Cast, client: httpx.AsyncClient) -> Browser:
    return await stories.enter(client, cast.receptionist)


async def test_one_agenda_holds_every_visit_whatever_its_channel(cast: Cast, client: httpx.AsyncClient) -> None:
    """VIS-01; P40: no more of a name than how one is addressed."""
    kind = await visits.make_type(cast.hotel, place=cast.places["1203"])
    online = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel), name=FULL_NAME)
    at_desk = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel, hour=11), by=cast.receptionist,
                                        phone="+8613900139000")  # fmt: skip
    browser = await as_desk(cast, client)
    day = visits.on(cast.hotel).date().isoformat()
    page = await browser.get(f"/desk/hotel/agenda?day={day}")

    assert [one.get("data-number") for one in page.css(".visit")] == [online.number, at_desk.number]
    assert "欧阳先生" in page.text("#agenda")
    assert FULL_NAME not in page.text() and PHONE not in page.text()
    await browser.get(f"/desk/hotel/agenda?day={day}&view=week&whose=me")
    empty = await browser.get("/desk/hotel/agenda?day=2020-01-01")
    assert empty.css(".visit") == []


async def test_a_request_is_confirmed_from_its_page(cast: Cast, client: httpx.AsyncClient) -> None:
    """VIS-04: not without place and person; then the visitor's page has both."""
    kind = await make_type(cast.hotel)
    booked = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel))
    browser = await as_desk(cast, client)
    base = f"/desk/hotel/bookings/{booked.number}"
    page = await browser.get(base)
    assert PHONE not in page.text()

    refused = await page.submit(f"{base}/confirmation", place="", person="")
    assert refused.status == 422 and set(refused.errors()) == {"place", "person"}

    place = next(iter(cast.places.values()))
    done = await page.submit(f"{base}/confirmation", place=place.code, person="hotel.desk")
    assert done.one("#booking").get("data-state") == State.CONFIRMED
    assert done.one("#booking").get("data-owner") == "hotel.desk"


async def test_clock() -> None:
    assert clock.now() + timedelta() is not None
