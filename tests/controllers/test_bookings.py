"""The desk's book of visits over HTTP: the agenda, taking one down, agreeing on it, preparing for it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
import pytest

from portal.access_log import AccessEntry
from portal.domain.bookings.services.booking import Booked
from portal.domain.bookings.tables import Booking, State
from portal.domain.sites.tables import Site
from tests import stories, visits
from tests.cast import Cast
from tests.ground.probes import statements
from tests.pages import Browser

Travel = Callable[[datetime], None]
pytestmark = pytest.mark.usefixtures("db")
FULL_NAME, PHONE = "欧阳小龙", "13800138000"


def agenda(site: Site, query: str = "") -> str:
    return f"/desk/hotel/agenda?day={visits.on(site).date().isoformat()}{query}"


def base(booked: Booked) -> str:
    return f"/desk/hotel/bookings/{booked.number}"


async def as_desk(cast: Cast, client: httpx.AsyncClient) -> Browser:
    return await stories.enter(client, cast.receptionist)


async def test_one_agenda_holds_every_visit_whatever_its_channel(cast: Cast, client: httpx.AsyncClient) -> None:
    """VIS-01; P40: no more of a name than how one is addressed."""
    kind = await visits.make_type(cast.hotel, place=cast.places["1203"])
    online = await visits.asked_for(cast.hotel, kind=kind, name=FULL_NAME)
    at_desk = await visits.asked_for(cast.hotel, kind=kind, hour=11, by=cast.receptionist, phone="+8613900139000")
    page = await (await as_desk(cast, client)).get(agenda(cast.hotel))

    assert [one.get("data-number") for one in page.css(".visit")] == [online.number, at_desk.number]
    assert "欧阳先生" in page.text("#agenda")
    assert FULL_NAME not in page.text() and PHONE not in page.text()


async def test_an_empty_day_and_a_whole_week_are_pages_too(cast: Cast, client: httpx.AsyncClient) -> None:
    booked = await visits.asked_for(cast.hotel, kind=await visits.make_type(cast.hotel))
    browser = await as_desk(cast, client)

    empty = await browser.get("/desk/hotel/agenda?day=2020-01-01")
    week = await browser.get(agenda(cast.hotel, "&view=week"))
    nonsense = await browser.get("/desk/hotel/agenda?day=soon&view=year&whose=all")

    assert empty.css(".visit") == [] and empty.css(".empty") != []
    assert [one.get("data-number") for one in week.css(".visit")] == [booked.number]
    assert nonsense.status == 200


async def test_the_agenda_is_live(cast: Cast, client: httpx.AsyncClient) -> None:
    """X: what changes elsewhere appears by itself, the same region alone."""
    browser, where = await as_desk(cast, client), agenda(cast.hotel)
    page = await browser.get(where)
    region = page.one("#agenda")
    assert region.get("hx-get") == where and "queues from:body" in str(region.get("hx-trigger"))

    fragment = await browser.get(where, headers={"HX-Request": "true", "HX-Request-Type": "partial"})

    assert fragment.css("nav.rail") == [] and len(fragment.css("#agenda")) == 1


@pytest.mark.parametrize(("who", "status"), [
    ("sales", 200), ("manager", 200), ("auditor", 200), ("guard", 200), ("floor", 403), ("kitchen", 403),
    ("finance", 403), ("admin", 403), ("owner", 403), ("stranger", 404),
])  # fmt: skip
async def test_who_reads_the_agenda(cast: Cast, client: httpx.AsyncClient, who: str, status: int) -> None:
    """P31, P32."""
    page = await (await stories.enter(client, getattr(cast, who))).get(agenda(cast.hotel), status=status)

    assert page.status == status


async def test_a_guard_reads_how_many_come_and_nobodys_name(cast: Cast, client: httpx.AsyncClient) -> None:
    booked = await visits.asked_for(cast.hotel, kind=await visits.make_type(cast.hotel), people=7)
    browser = await stories.enter(client, cast.guard)
    page = await browser.get(agenda(cast.hotel))

    assert "7" in page.text("#agenda")
    assert "李" not in page.text("#agenda") and booked.number not in page.text()
    await browser.get(base(booked), status=403)


async def test_an_auditor_reads_and_does_nothing(cast: Cast, client: httpx.AsyncClient) -> None:
    booked = await visits.asked_for(cast.hotel)
    browser = await stories.enter(client, cast.auditor)

    pages = [await browser.get(agenda(cast.hotel)), await browser.get(base(booked))]

    assert [action for page in pages for action in page.forms() if "/bookings/" in action] == []


async def test_a_request_is_approved_by_one_tap(cast: Cast, client: httpx.AsyncClient) -> None:
    """The type's standing place, and oneself (VIS-04)."""
    kind = await visits.make_type(cast.hotel, instant=False, place=cast.places["1203"])
    booked = await visits.asked_for(cast.hotel, kind=kind)
    page = await (await as_desk(cast, client)).get(agenda(cast.hotel))

    after = await page.submit(f"{base(booked)}/confirmation")

    assert after.path == agenda(cast.hotel)
    assert [one.get("data-state") for one in after.css(".visit")] == [State.CONFIRMED]
    row = (await Booking.objects().where(Booking.id == booked.item))[0]
    assert row.place == cast.places["1203"].id


async def test_where_the_one_tap_finds_no_room_the_form_opens(cast: Cast, client: httpx.AsyncClient) -> None:
    """VIS-05: with the clash by its number."""
    kind = await visits.make_type(cast.hotel, instant=False, place=cast.places["1203"])
    first = await visits.asked_for(cast.hotel, kind=kind)
    second = await visits.asked_for(cast.hotel, kind=kind, phone="+8613900139000")
    await visits.confirmed(cast.hotel, first, by=cast.second, to="hotel.desk2")
    page = await (await as_desk(cast, client)).get(agenda(cast.hotel))

    after = await page.submit(f"{base(second)}/confirmation")

    assert after.status == 409 and first.number in after.text("#flash")
    assert after.one("#confirmation-fold").get("open") is not None


async def test_a_guide_is_named_and_not_taken_by_a_tap(cast: Cast, client: httpx.AsyncClient) -> None:
    """VIS-16."""
    kind = await visits.make_type(cast.hotel, instant=False, guided=True, place=cast.places["1203"])
    booked = await visits.asked_for(cast.hotel, kind=kind)
    browser = await as_desk(cast, client)

    assert f"{base(booked)}/confirmation" not in (await browser.get(agenda(cast.hotel))).forms()
    page = await browser.get(f"{base(booked)}?into=confirmation")
    refused = await page.submit(f"{base(booked)}/confirmation", place="1203")
    assert refused.status == 422 and set(refused.errors()) == {"person"}
    done = await refused.submit(f"{base(booked)}/confirmation", person="hotel.sales")

    assert done.one("#booking").get("data-owner") == "hotel.sales"


async def test_another_time_is_proposed_and_a_request_declined_by_one_tap(cast: Cast, client: httpx.AsyncClient) -> None:
    """VIS-26: the next time that is free; the visitor reads a sentence in the own language."""
    kind = await visits.make_type(cast.hotel, instant=False, parties=2)
    first, second = [await visits.asked_for(cast.hotel, kind=kind, phone=f"+86138001380{n:02}") for n in (1, 2)]
    page = await (await as_desk(cast, client)).get(agenda(cast.hotel))
    assert page.form(f"{base(first)}/proposal")["time"] == "11:00"

    page = await page.submit(f"{base(first)}/proposal")
    page = await page.submit(f"{base(second)}/decline")

    states = {one.get("data-number"): one.get("data-state") for one in page.css(".visit")}
    assert states == {first.number: State.PROPOSED}
    declined = await page.browser.get(base(second))
    assert declined.one("#booking").get("data-state") == State.DECLINED
    assert "很抱歉" in declined.text(".story__said")


async def test_without_place_and_person_nothing_is_confirmed(cast: Cast, client: httpx.AsyncClient) -> None:
    """VIS-04: 422 at the fields, and what was typed stays."""
    booked = await visits.asked_for(cast.hotel)
    page = await (await as_desk(cast, client)).get(base(booked))
    assert PHONE not in page.text()

    refused = await page.submit(f"{base(booked)}/confirmation", place="", person="")
    assert refused.status == 422 and set(refused.errors()) == {"place", "person"}
    wrong = await refused.submit(f"{base(booked)}/confirmation", place="那个房间", person="hotel.desk")
    assert wrong.status == 422 and wrong.form(f"{base(booked)}/confirmation")["place"] == "那个房间"
    done = await wrong.submit(f"{base(booked)}/confirmation", place="1204")

    assert (done.one("#booking").get("data-state"), done.one("#booking").get("data-owner")) == (
        State.CONFIRMED,
        "hotel.desk",
    )


async def test_a_day_at_the_desk(cast: Cast, client: httpx.AsyncClient, travel: Travel) -> None:
    """VIS-07, VIS-08, VIS-11: prepared, ready, arrived, each by one form."""
    booked = await visits.asked_for(cast.hotel)
    await visits.confirmed(cast.hotel, booked, by=cast.receptionist)
    travel(visits.on(cast.hotel) - timedelta(minutes=10))
    browser = await as_desk(cast, client)
    page = await browser.get(base(booked))
    codes = [box.get("value") for box in page.css("#preparation input[name=items]")]

    prepared = await page.submit(f"{base(booked)}/preparation", items=codes)
    assert prepared.one("#booking").get("data-state") == State.PREPARED
    today = await browser.get("/desk/hotel/agenda")
    ready = await today.submit(f"{base(booked)}/ready")
    assert ready.path == "/desk/hotel/agenda"
    arrived = await ready.submit(f"{base(booked)}/arrival")

    assert arrived.one(".visit").get("data-state") == State.ARRIVED
    back = await arrived.submit(f"{base(booked)}/undo")
    assert back.path == "/desk/hotel/agenda" and back.one(".visit").get("data-state") == State.READY


async def test_a_change_needs_a_reason_and_something_that_is_different(cast: Cast, client: httpx.AsyncClient) -> None:
    """VIS-25: 422; then the page shows what the visitor is asked."""
    booked = await visits.asked_for(cast.hotel)
    await visits.confirmed(cast.hotel, booked, by=cast.receptionist)
    page = await (await as_desk(cast, client)).get(base(booked))

    without = await page.submit(f"{base(booked)}/change", time="15:00")
    assert without.status == 422 and set(without.errors()) == {"reason"}
    same = await without.submit(f"{base(booked)}/change", time="10:00", reason="会议室停电")
    assert same.status == 422 and set(same.errors()) == {"day"}
    asked = await same.submit(f"{base(booked)}/change", time="15:00")

    assert asked.one("#booking").get("data-state") == State.CHANGED
    assert "15:00" in asked.text("#booking .notice")


async def test_a_visit_is_taken_down_with_what_is_free_in_sight(cast: Cast, client: httpx.AsyncClient) -> None:
    """VIS-01, VIS-02: each missing field is refused at the field."""
    kind = await visits.make_type(cast.hotel, instant=False, parties=1)
    await visits.asked_for(cast.hotel, kind=kind)
    day = visits.on(cast.hotel).date().isoformat()
    page = await (await as_desk(cast, client)).get(f"/desk/hotel/bookings/new?type=tour&day={day}&time=11:00")
    assert {one.get("data-time"): one.get("data-left") for one in page.css("[data-left]")}["10:00"] == "0"

    wrong = await page.submit("/desk/hotel/bookings", name="", phone="12", purpose="", people="0")
    assert wrong.status == 422 and set(wrong.errors()) == {"name", "phone", "purpose", "people"}
    full = await wrong.submit(
        "/desk/hotel/bookings", name="韩梅", phone="139 0013 9000", purpose="参观", people="2", time="10:00"
    )
    assert full.status == 409 and full.form("/desk/hotel/bookings")["name"] == "韩梅"
    done = await full.submit("/desk/hotel/bookings", time="11:00")

    assert done.one("#booking").get("data-state") == State.REQUESTED
    assert "韩梅" in done.text("h1")


async def test_a_phone_is_shown_with_a_reason_and_on_record(cast: Cast, client: httpx.AsyncClient) -> None:
    """P41."""
    booked = await visits.asked_for(cast.hotel)
    page = await (await as_desk(cast, client)).get(base(booked))

    refused = await page.submit(f"{base(booked)}/unmask", reason="")
    assert refused.status == 422 and "138 0013 8000" not in refused.text()
    shown = await refused.submit(f"{base(booked)}/unmask", reason="访客迟到，打电话问")

    assert "138 0013 8000" in shown.text(".contact")
    logged = await AccessEntry.select(AccessEntry.action, AccessEntry.field).where(AccessEntry.subject == booked.item)
    assert [(row["action"], row["field"]) for row in logged] == [("unmask", "phone")]
    assert "138 0013 8000" not in (await shown.browser.get(base(booked))).text()


async def test_a_booking_of_another_site_is_not_there(cast: Cast, client: httpx.AsyncClient) -> None:
    """P32."""
    booked = await visits.asked_for(cast.tower)
    case = await stories.filed(cast.hotel)
    browser = await as_desk(cast, client)

    await browser.get(base(booked), status=404)
    await browser.get(f"/desk/hotel/bookings/{case.number}", status=404)
    await browser.get(f"/desk/hotel/items/{booked.number}", status=404)


async def test_a_list_of_three_asks_as_often_as_one_of_one(cast: Cast, client: httpx.AsyncClient) -> None:
    browser, kind = await as_desk(cast, client), await visits.make_type(cast.hotel, instant=False)
    counts = []
    for hour in (10, 11, 12):
        booked = await visits.asked_for(cast.hotel, kind=kind, hour=hour, phone=f"+8613800138{hour:03}")
        await visits.confirmed(cast.hotel, booked, by=cast.receptionist)
        await visits.asked_for(cast.hotel, kind=kind, hour=hour, phone=f"+8613900138{hour:03}")
        with statements() as heard:
            await browser.get(agenda(cast.hotel))
        counts.append(len(heard))

    assert counts[0] == counts[2]


async def test_a_series_shows_what_is_free_and_is_then_made(cast: Cast, client: httpx.AsyncClient) -> None:
    """Conflicts first; then the free ones, each with a page that leads to the others."""
    kind = await visits.make_type(cast.hotel, instant=False, parties=1)
    await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel, days=8), phone="+8613900139000")
    day = visits.on(cast.hotel).date().isoformat()
    page = await (await as_desk(cast, client)).get(f"/desk/hotel/bookings/new?type=tour&day={day}&time=10:00")

    endless = await page.submit("/desk/hotel/bookings", name="韩梅", phone="13800138000", purpose="例会", unit="week")
    assert endless.status == 422 and set(endless.errors()) == {"times"}
    seen = await endless.submit("/desk/hotel/bookings", times="3")
    assert seen.status == 200 and len(seen.css("#taking section li")) == 3
    assert await Booking.count().where(Booking.site == cast.hotel.id) == 1
    done = await seen.submit("/desk/hotel/bookings", which="free")

    numbers = [link.get("href").rpartition("/")[2] for link in done.css("#series-title ~ ol a")]
    assert len(numbers) == 1 and await Booking.count().where(Booking.site == cast.hotel.id) == 3
    off = await done.submit(f"/desk/hotel/bookings/{done.one('#booking').get('data-number')}/decline", reason="展厅装修")
    assert off.one("#booking").get("data-state") == State.DECLINED
