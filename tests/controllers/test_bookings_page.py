"""A visitor books on a phone: type, day, time, contact, done; and loses nothing that was typed."""

import json
from dataclasses import replace
from typing import Any

import httpx
import pytest

from portal import clock, settings
from portal.domain.bookings.services import reserving
from portal.domain.bookings.services.booking import NOT_ONLINE
from portal.domain.bookings.services.reserving import Wish
from portal.domain.bookings.tables import Booking, Reservation, State, VisitType
from portal.domain.queues.tables import WorkItem
from portal.domain.sites.tables import Site
from portal.i18n.translations import gettext
from tests import stories, visits
from tests.cast import Cast
from tests.ground.probes import statements
from tests.pages import Browser, Page

pytestmark = pytest.mark.usefixtures("db")
NEW, HOLD, BOOK = "/s/hotel/bookings/new", "/s/hotel/bookings/holds", "/s/hotel/bookings"
TYPED: dict[str, Any] = {
    "name": "李小龙", "salutation": "mr", "phone": "138 0013 8000", "purpose": "看场地", "needs": "轮椅",
    "companions": "王五", "plate": "京A12345",
}  # fmt: skip


async def chosen(browser: Browser, house: Site, *, hour: int = 10, days: int = 1, people: int = 2) -> Page:
    """The form of a time that was pressed on the page of a day."""
    at = visits.on(house, days=days, hour=hour)
    page = await browser.get(f"{NEW}?type=tour&day={at.date()}")
    return await browser.post(HOLD, page.form(HOLD) | {"time": f"{hour}:00", "people": people})


async def test_a_visit_is_booked_in_three_steps(cast: Cast, browser: Browser) -> None:
    """VIS-01, VIS-02, VIS-04, VIS-24, HALL-02: type, time, contact; the page shows what was agreed, and no phone (P40)."""
    house = cast.hotel
    await visits.make_type(house, place=cast.places["1203"], papers_zh="身份证\n介绍信", notes_zh="请走东门")
    home = await browser.get("/s/hotel")
    assert NEW in [link.get("href") for link in home.css("a")]

    page = await chosen(browser, house)
    assert page.before is not None
    assert page.before.status_code == 303
    assert "保留" in page.text("main")
    assert "身份证" in page.text("main")
    page = await page.submit(BOOK, **TYPED)

    assert page.before is not None
    assert (page.before.status_code, page.path[:3]) == (303, "/b/")
    assert page.one("#booking-follow").get("data-state") == State.CONFIRMED
    text = page.text("main")
    for told in ("李先生", "1203 房", "前台", "介绍信", "请走东门", page.one("[data-code]").get("data-code")):
        assert told in text
    for hidden in ("李小龙", "13800138000", "138 0013 8000", "王五", "京A12345", "轮椅"):
        assert hidden not in page.response.text
    assert await Reservation.count() == 1


async def test_the_slots_say_how_much_is_left(cast: Cast, browser: Browser) -> None:
    house = cast.hotel
    kind = await visits.make_type(house, parties=2)
    at = visits.on(house)
    await visits.make_booking(house, kind, at=at)
    await reserving.hold(house, kind, Wish(at.date(), at, 1), browser="another")
    await visits.make_booking(house, kind, at=visits.on(house, hour=11), phone="+8613900139000")

    page = await browser.get(f"{NEW}?type=tour&day={at.date()}")

    left = {slot.get("data-time"): slot.get("data-left") for slot in page.css("button[data-time]")}
    assert (left["10:00"], left["11:00"], left["12:00"], len(left)) == ("0", "1", "2", 9)
    assert [slot.get("data-time") for slot in page.css("button[data-time][disabled]")] == ["10:00"]


async def test_a_full_day_offers_the_next_free_times_and_the_waiting_list(cast: Cast, browser: Browser) -> None:
    house = cast.hotel
    kind = await visits.make_type(house, parties=1, opens=600, closes=660)
    await visits.make_booking(house, kind, at=visits.on(house))

    page = await browser.get(f"{NEW}?type=tour&day={visits.on(house).date()}")

    assert next(link.get("data-day") for link in page.css("a[data-time]")) == str(visits.on(house, days=2).date())
    assert page.form("/s/hotel/waiting-list")["day"] == str(visits.on(house).date())
    await visits.make_booking(house, kind, at=visits.on(house, days=0), phone="+8613900139001", by=cast.receptionist,
                              override_reason="熟客")  # fmt: skip
    assert (await browser.get(f"{NEW}?type=tour")).form(HOLD)["day"] == str(visits.on(house, days=2).date())


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"name": ""}, "name"), ({"phone": "12"}, "phone"), ({"phone": ""}, "phone"), ({"purpose": ""}, "purpose"),
     ({"people": "0"}, "people"), ({"people": "11"}, "people"), ({"people": "x"}, "people"), ({"time": "25:00"}, "time"),
     ({"day": "2020-01-01"}, "time"), ({"day": "x"}, "day"), ({"salutation": "dr"}, "salutation")],
)  # fmt: skip
async def test_what_is_missing_or_wrong_is_told_at_its_field(
    cast: Cast, browser: Browser, typed: dict[str, str], field: str
) -> None:
    """VIS-02: at the field, with all that was typed."""
    await visits.make_type(cast.hotel)
    page = await chosen(browser, cast.hotel)
    sent = page.form(BOOK) | TYPED | typed

    page = await browser.post(BOOK, sent)

    assert page.status == 422
    assert field in page.errors() or field == "salutation"
    again = page.form(BOOK)
    assert {name: again[name] for name in ("name", "plate", "needs") if name != field} == {
        name: sent[name] for name in ("name", "plate", "needs") if name != field
    }
    assert await Booking.count() == 0


async def test_a_time_that_is_too_soon_is_refused_with_the_first_possible_one(cast: Cast, browser: Browser) -> None:
    """VIS-03: 24 hours before, as the site has it; a table is taken at short notice (VIS-27)."""
    house = cast.hotel
    await visits.make_type(house, lead_minutes=None)
    table = await visits.make_type(house, code="table", lead_minutes=None, at_table=True, opens=0, closes=24 * 60)
    late = visits.on(house, days=3)
    page = await browser.get(f"{NEW}?type=tour&day={late.date()}")
    soon = clock.today(house.zone)
    typed = page.form(HOLD) | {"day": str(soon), "time": "23:59", "people": "1"}

    held = await browser.post(HOLD, typed)
    booked = await browser.post(BOOK, typed | TYPED)

    assert (held.status, booked.status) == (422, 422)
    assert "最早" in booked.errors()["time"]
    assert len(booked.css('input[name="slot"]')) == 5
    slot = booked.css('input[name="slot"]')[0].get("value")
    page = await browser.post(BOOK, booked.form(BOOK) | {"slot": slot})
    assert page.before is not None
    assert page.before.status_code == 303
    assert (await browser.get(f"{NEW}?type={table.code}&day={soon}")).css("button[data-time]:not([disabled])")


async def test_an_expired_hold_still_books_if_the_place_is_free(cast: Cast, browser: Browser) -> None:
    house = cast.hotel
    await visits.make_type(house, parties=1)
    page = await chosen(browser, house)
    await Reservation.update({Reservation.expires_at: clock.now()}, force=True)

    page = await page.submit(BOOK, **TYPED)

    assert page.one("#booking-follow").get("data-state") == State.CONFIRMED


async def test_a_time_that_was_taken_meanwhile_is_answered_with_others_and_all_that_was_typed(
    cast: Cast, browser: Browser
) -> None:
    house = cast.hotel
    kind = await visits.make_type(house, parties=1)
    page = await chosen(browser, house)
    await Reservation.delete(force=True)
    await visits.make_booking(house, kind, at=visits.on(house), phone="+8613900139000")

    page = await page.submit(BOOK, **TYPED)

    assert page.status == 409
    assert page.form(BOOK) == page.form(BOOK) | {**TYPED, "people": "2"}
    free = [(link.get("data-time"), link.get("href")) for link in page.css("a[data-time]")]
    assert len(free) == 5
    assert free[0][0] == "09:00"
    page = await page.submit(BOOK, slot=page.css('input[name="slot"]')[1].get("value"))
    row = await Booking.select().where(Booking.token_hash != "").order_by(Booking.begins_at, ascending=False).first()
    assert row is not None
    assert row["begins_at"] == visits.on(house, hour=11)


async def test_a_hold_of_somebody_else_is_told_with_other_times(cast: Cast, browser: Browser) -> None:
    house = cast.hotel
    kind = await visits.make_type(house, parties=1)
    at = visits.on(house)
    await reserving.hold(house, kind, Wish(at.date(), at, 1), browser="another")

    page = await chosen(browser, house)

    assert (page.status, await Reservation.count()) == (409, 1)
    assert page.css("button[data-time]:not([disabled])")


async def test_a_browser_holds_one_time_and_a_second_one_instead(cast: Cast, browser: Browser) -> None:
    await visits.make_type(cast.hotel)
    await chosen(browser, cast.hotel)
    await chosen(browser, cast.hotel, hour=11)

    (row,) = await Reservation.select(Reservation.begins_at)
    assert row["begins_at"] == visits.on(cast.hotel, hour=11)


async def test_the_same_form_sent_twice_books_once(cast: Cast, browser: Browser) -> None:
    """P07: and its second answer is the first."""
    await visits.make_type(cast.hotel)
    page = await chosen(browser, cast.hotel)
    sent = page.form(BOOK) | TYPED

    first, second = [await browser.post(BOOK, sent, follow=False) for _post in range(2)]

    assert (first.status, first.location) == (303, second.location)
    assert (await Booking.count(), await Reservation.count()) == (1, 1)


async def test_who_is_blocked_and_who_has_many_read_the_same(cast: Cast, browser: Browser) -> None:
    house = cast.hotel
    kind = await visits.make_type(house)
    for hour in (9, 10, 11):
        await visits.make_booking(house, kind, at=visits.on(house, hour=hour))
    page = await chosen(browser, house, hour=12)

    page = await page.submit(BOOK, **TYPED)

    assert page.status == 409
    assert gettext(NOT_ONLINE) in page.text("main")
    assert page.form(BOOK)["name"] == TYPED["name"]


async def test_further_questions_are_asked_and_only_where_they_count(cast: Cast, browser: Browser) -> None:
    car = {"key": "car", "label": {"zh": "开车来吗"}, "kind": "yes", "required": True}
    bay = {"key": "bay", "label": {"zh": "车型"}, "kind": "text", "required": True}
    asks = json.dumps([car, bay | {"only_if": {"key": "car", "value": "yes"}}])
    await visits.make_type(cast.hotel, asks=asks)
    page = await chosen(browser, cast.hotel)

    refused = await browser.post(BOOK, page.form(BOOK) | TYPED | {"ask-car": "yes"})
    assert (refused.status, "ask-bay" in refused.errors()) == (422, True)
    booked = await browser.post(BOOK, refused.form(BOOK) | {"ask-car": "no", "ask-bay": "x"})

    assert booked.path.startswith("/b/")


async def test_without_types_and_with_an_unknown_one(cast: Cast, browser: Browser) -> None:
    assert NEW not in [link.get("href") for link in (await browser.get("/s/hotel")).css("a")]
    assert "电话" in (await browser.get(NEW)).text("main") or "致电" in (await browser.get(NEW)).text("main")
    await visits.make_type(cast.hotel)
    await visits.make_type(cast.hotel, code="table")
    assert len((await browser.get(NEW)).css(".tile")) == 2
    await browser.get(f"{NEW}?type=spa", status=404)
    await visits.make_type(cast.tower, code="office")
    await browser.get(f"{NEW}?type=office", status=404)


async def test_a_device_books_only_so_often(cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """P36."""
    counting = replace(settings.current(), rate_limits=True)
    monkeypatch.setattr(settings, "current", lambda: counting)
    await stories.decided(cast.hotel, limit__bookings_device=1)
    await visits.make_type(cast.hotel)
    for status in (303, 429):
        page = await chosen(browser, cast.hotel)
        sent = await browser.post(BOOK, page.form(BOOK) | TYPED, follow=False)
        assert sent.status == status


async def test_the_page_asks_the_same_number_of_questions_however_much_is_booked(
    cast: Cast, browser: Browser, client: httpx.AsyncClient
) -> None:
    house = cast.hotel
    kind = await visits.make_type(house)
    counts = []
    await browser.get(NEW)
    for hour in (9, 10, 11):
        await visits.make_booking(house, kind, at=visits.on(house, hour=hour), phone=f"+86139001390{hour:02}")
        with statements() as heard:
            await browser.get(f"{NEW}?type=tour&day={visits.on(house).date()}")
        counts.append(len(heard))

    assert len(set(counts)) == 1
    assert counts[0] <= 12


async def test_no_answer_and_no_log_bears_a_phone_or_a_name(
    cast: Cast, browser: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    """P40: neither in an address, nor in what the process writes down, nor in the clear in a row."""
    await visits.make_type(cast.hotel)
    page = await chosen(browser, cast.hotel)
    page = await page.submit(BOOK, **TYPED)

    row = await Booking.select().first()
    item = await WorkItem.select().first()
    shown = f"{page.path}{page.response.text}{caplog.text}{row}{item}"
    for secret in ("李小龙", "13800138000", "王五", "京A12345", "看场地"):
        assert secret not in shown


async def test_sites_are_apart(cast: Cast, browser: Browser) -> None:
    """P32: what one site offers cannot be booked at another."""
    kind: VisitType = await visits.make_type(cast.tower, code="office")
    await visits.make_type(cast.hotel)
    page = await chosen(browser, cast.hotel)

    sent = await browser.post(BOOK, page.form(BOOK) | TYPED | {"type": kind.code})

    assert (sent.status, await Booking.count()) == (422, 0)
