"""The visitor's page: what stands there, the calendar file, cancelling, moving, what is remembered, the code to a phone."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import httpx
import icalendar
import pytest
import vobject

from portal import clock, settings
from portal.domain.bookings.forms.agreeing import Change
from portal.domain.bookings.queries import agenda
from portal.domain.bookings.services import agreeing, reserving
from portal.domain.bookings.tables import Booking, Engagement, Reservation, State, VisitType
from portal.domain.customers import queries as customers
from portal.domain.customers.tables import Proof, Remembered
from portal.domain.queues.services.deeds import Changes
from portal.domain.queues.tables import WorkItem
from portal.domain.sites.tables import Site
from portal.ids import new_token
from portal.notifications import delivery
from tests import visits
from tests.cast import Cast
from tests.controllers.test_bookings_page import BOOK, TYPED, chosen
from tests.notifications import servers
from tests.pages import Browser

pytestmark = pytest.mark.usefixtures("db")


async def booked(site: Site, *, days: int = 3, instant: bool = True, fee: int = 0, parties: int = 5, **more: object) -> str:
    """A booking of a type of its own; its link."""
    kind = await visits.make_type(site, instant=instant, fee=fee, parties=parties)
    token = new_token()
    await visits.make_booking(site, kind, at=visits.on(site, days=days), token=token, **more)  # type: ignore[arg-type]
    return f"/b/{token}"


async def test_before_it_is_agreed_the_page_says_so(cast: Cast, browser: Browser) -> None:
    """VIS-04: place and person stand there once they are agreed."""
    page = await browser.get(await booked(cast.hotel, instant=False))

    assert page.one("#booking-follow").get("data-state") == State.REQUESTED
    assert "确认" in page.text("main")
    assert "接待人员" not in page.text(".facts")


async def test_what_stands_open_is_shown_beside_what_is_agreed(cast: Cast, browser: Browser) -> None:
    """VIS-25, VIS-26: old, new, until when, and two buttons."""
    link = await booked(cast.hotel)
    at = visits.on(cast.hotel, days=4)
    row = await Booking.select(Booking.id).first() or {}
    asked: Changes = {
        Booking.asked: "change", Booking.asked_begins_at: at, Booking.asked_until: at - timedelta(hours=4),
        Booking.asked_place: cast.places["1204"].id, Booking.asked_person: cast.receptionist.id,
    }  # fmt: skip
    await Booking.update(asked).where(Booking.id == row["id"])
    await WorkItem.update({WorkItem.state: State.CHANGED}).where(WorkItem.id == row["id"])

    page = await browser.get(link)

    assert page.one("#asked").get("data-asked") == "change"
    assert "1204 房" in page.text("#asked")
    assert "前台王" in page.text("#asked")
    assert {f"{link}/acceptance", f"{link}/rejection"} <= set(page.forms())


async def test_the_link_dies_a_day_after_the_end(
    cast: Cast, browser: Browser, travel: Callable[[str | datetime], None]
) -> None:
    """P35, P36: and a wrong one is counted."""
    link = await booked(cast.hotel, days=1)
    end = visits.on(cast.hotel, days=1, hour=11)

    travel(end + timedelta(hours=23, minutes=59))
    await browser.get(link)
    await browser.get(f"{link}.ics")
    travel(end + timedelta(hours=24, seconds=1))

    assert "结束" in (await browser.get(link, status=404)).text("main")
    await browser.get(f"{link}.ics", status=404)


async def test_wrong_links_are_counted(cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """P36."""
    counting = replace(settings.current(), rate_limits=True)
    monkeypatch.setattr(settings, "current", lambda: counting)
    seen = [(await browser.client.get(f"/b/{new_token()}")).status_code for _try in range(21)]

    assert (set(seen[:20]), seen[20]) == ({404}, 429)


async def test_the_calendar_file_is_read_by_two_parsers_and_follows_every_change(cast: Cast, browser: Browser) -> None:
    link = await booked(cast.hotel)
    files = [await calendar(browser, link)]
    page = await browser.get(f"{link}/change?day={visits.on(cast.hotel, days=4).date()}")
    await browser.post(f"{link}/change", page.form(f"{link}/change") | {"time": "14:00"})
    files.append(await calendar(browser, link))
    page = await browser.get(link)
    await page.submit(f"{link}/cancellation")
    files.append(await calendar(browser, link))

    events = [icalendar.Calendar.from_ical(text).walk("VEVENT")[0] for text in files]
    others = [vobject.readOne(text).vevent for text in files]
    assert len({str(event["UID"]) for event in events} | {one.uid.value for one in others}) == 1
    assert [int(str(event["SEQUENCE"])) for event in events] == [0, 1, 2] == [int(one.sequence.value) for one in others]
    assert [str(event["STATUS"]) for event in events] == ["CONFIRMED", "CONFIRMED", "CANCELLED"]
    assert [event.decoded("DTSTART") for event in events][1] == visits.on(cast.hotel, days=4, hour=14)
    assert [one.dtstart.value for one in others][1] == visits.on(cast.hotel, days=4, hour=14)


async def calendar(browser: Browser, link: str) -> str:
    """The file as it came, its lines not longer than 75 octets."""
    response = await browser.client.get(f"{link}.ics")
    assert response.headers["content-type"] == "text/calendar; charset=utf-8"
    lines = response.content.split(b"\r\n")
    assert all(len(line) <= 75 and b"\n" not in line for line in lines)
    return response.text


async def test_a_visit_is_cancelled_and_its_room_is_free(cast: Cast, browser: Browser) -> None:
    link = await booked(cast.hotel, parties=1)
    page = await browser.get(link)

    page = await page.submit(f"{link}/cancellation")

    assert page.one("#booking-follow").get("data-state") == State.CANCELLED
    item = await WorkItem.select(WorkItem.closed_at).first() or {}
    assert (item["closed_at"] is not None, await Reservation.count()) == (True, 0)
    again = await browser.post(f"{link}/cancellation", {"form_token": page.css('input[name="form_token"]')[0].get("value")})
    assert again.status == 409


@pytest.mark.parametrize(("days", "due"), [(3, False), (1, True)])
async def test_the_fee_is_shown_before_a_late_cancellation(
    cast: Cast, browser: Browser, travel: Callable[[str | datetime], None], days: int, due: bool
) -> None:
    """HTL-03: free until 24 hours before; later the fee stands on the button and beside it."""
    link = await booked(cast.hotel, days=days, fee=5_000)
    travel(visits.on(cast.hotel, days=0, hour=12))

    page = await browser.get(link)

    assert ("支付 ¥50" in page.text("#cancel")) is due
    assert ("支付 ¥50" in page.text(f'form[action="{link}/cancellation"]')) is due
    moving = await browser.get(f"{link}/change")
    assert ("¥50" in moving.text("main")) is due


async def test_a_move_takes_the_new_place_and_gives_up_the_old_one(cast: Cast, browser: Browser) -> None:
    house = cast.hotel
    link = await booked(house, parties=1)
    page = await browser.get(f"{link}/change?day={visits.on(house, days=4).date()}")

    page = await browser.post(f"{link}/change", page.form(f"{link}/change") | {"time": "14:00"})

    row = await Booking.select(Booking.begins_at, Booking.sequence, Booking.day).first() or {}
    assert row == {"begins_at": visits.on(house, days=4, hour=14), "sequence": 1, "day": visits.on(house, days=4).date()}
    (kept,) = await Reservation.select(Reservation.begins_at, Reservation.expires_at)
    assert kept == {"begins_at": visits.on(house, days=4, hour=14), "expires_at": None}
    item = await WorkItem.select(WorkItem.due_at, WorkItem.state).first() or {}
    assert item == {"due_at": row["begins_at"], "state": State.CONFIRMED}


async def test_a_move_that_fails_leaves_all_as_it_was(cast: Cast, browser: Browser) -> None:
    house = cast.hotel
    link = await booked(house, parties=1)
    other = await VisitType.objects().first()
    assert other is not None
    await visits.make_booking(house, other, at=visits.on(house, days=4), phone="+8613900139000")
    before = [await table.select().order_by(table.id) for table in (Booking, WorkItem, Reservation, Engagement)]
    page = await browser.get(f"{link}/change?day={visits.on(house, days=4).date()}")

    page = await browser.post(f"{link}/change", page.form(f"{link}/change") | {"time": "10:00"})

    assert page.status == 409
    assert page.css("button[data-time]:not([disabled])")
    assert [await table.select().order_by(table.id) for table in (Booking, WorkItem, Reservation, Engagement)] == before


@pytest.mark.parametrize("busy", [False, True])
async def test_what_staff_had_agreed_comes_along_if_room_and_person_are_free(
    cast: Cast, browser: Browser, busy: bool
) -> None:
    house, me = cast.hotel, cast.receptionist
    link = await booked(house, instant=False)
    row = await Booking.select().first() or {}
    now, at = row["begins_at"], visits.on(house, days=4)
    hour = timedelta(hours=1)
    place = cast.places["1203"].id
    await reserving.engage(house, row["id"], place=place, person=me.id, begins_at=now, free_at=now + hour)
    await Booking.update({Booking.place: place, Booking.confirmed_at: clock.now()}).where(Booking.id == row["id"])
    agreed: Changes = {WorkItem.state: State.CONFIRMED, WorkItem.owner: me.id}
    await WorkItem.update(agreed).where(WorkItem.id == row["id"])
    if busy:
        kind = await visits.make_type(house, code="other")
        elsewhere = await visits.make_booking(house, kind, at=at, phone="+8613900139000")
        await reserving.engage(house, elsewhere.item, place=place, person=None, begins_at=at, free_at=at + hour)
    page = await browser.get(f"{link}/change?day={at.date()}")

    page = await browser.post(f"{link}/change", page.form(f"{link}/change") | {"time": "10:00"})

    assert page.one("#booking-follow").get("data-state") == (State.REQUESTED if busy else State.CONFIRMED)
    engaged = await Engagement.select(Engagement.begins_at).where(Engagement.booking == row["id"])
    assert [one["begins_at"] for one in engaged] == ([] if busy else [at, at])
    assert ("前台王" in page.text("main")) is not busy


async def test_nothing_is_moved_or_cancelled_once_it_has_begun(
    cast: Cast, browser: Browser, travel: Callable[[str | datetime], None]
) -> None:
    link = await booked(cast.hotel, days=1)
    page = await browser.get(link)
    token = page.form(f"{link}/cancellation")
    travel(visits.on(cast.hotel, days=1, hour=10, minute=1))

    assert (await browser.post(f"{link}/cancellation", token)).status == 409
    assert (await browser.get(f"{link}/change", status=409)).status == 409


async def test_details_are_remembered_only_with_consent_and_only_in_that_browser(
    cast: Cast, browser: Browser, clients: Callable[[], httpx.AsyncClient]
) -> None:
    """P40: asked once, sealed, shown masked, used where the phone is the same, taken back on the page of the booking."""
    house = cast.hotel
    await visits.make_type(house)
    page = await chosen(browser, house)
    assert not page.css('input[name="remember"][checked]')
    await page.submit(BOOK, **TYPED)
    assert await Remembered.count() == 0

    page = await chosen(browser, house, hour=11)
    mine = await page.submit(BOOK, **TYPED, remember="1")
    row = await Remembered.select().first() or {}
    assert not any(word in str(row) for word in ("王五", "京A12345", "轮椅"))

    page = await chosen(browser, house, hour=12)
    text = page.text("#more")
    assert ("王**" in text, "京****5" in text, "王五" in page.response.text, "138****8000" in text) == (
        True,
        True,
        False,
        True,
    )
    page = await page.submit(BOOK, **{**TYPED, "needs": "", "companions": "", "plate": ""}, kept="1")
    last = await Booking.select().order_by(Booking.begins_at, ascending=False).first() or {}
    assert last["plate"]

    another = Browser(clients())
    theirs = await chosen(another, house, hour=13)
    theirs = await another.post(BOOK, theirs.form(BOOK) | TYPED | {"plate": "", "kept": "1"})
    assert "王**" not in theirs.response.text

    page = await mine.submit(f"{mine.path}/forgetting")
    assert (await Remembered.count(), f"{mine.path}/forgetting" in page.forms()) == (0, False)


async def test_a_phone_is_proven_by_a_code_before_the_booking_counts(
    cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P36: six digits, five tries; nothing that was typed is lost, and the time is kept meanwhile."""
    house = cast.hotel
    await visits.make_type(house, proven=True)
    async with servers.gateway() as gateway:
        servers.use(monkeypatch, texts=gateway)
        page = await chosen(browser, house)
        page = await page.submit(BOOK, **TYPED)
        assert (page.status, await Booking.count(), await Reservation.count()) == (422, 0, 1)
        assert page.form(BOOK) == page.form(BOOK) | TYPED
        await delivery.spread()
        await delivery.send_texts()
        ((_headers, said),) = gateway.taken
    code = "".join(letter for letter in str(said["text"]) if letter.isdigit())[:6]
    assert said["to"] == "+8613800138000"
    row = await Proof.select().first() or {}
    assert code not in str(row)

    wrong = await page.submit(BOOK, code="000000" if code != "000000" else "111111")
    assert (wrong.status, "code" in wrong.errors(), await Booking.count()) == (422, True, 0)
    page = await wrong.submit(BOOK, code=code)

    assert page.path.startswith("/b/")
    assert await Booking.count() == 1


async def test_five_wrong_codes_and_ten_minutes_are_the_end_of_it(
    cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch, travel: Callable[[str | datetime], None]
) -> None:
    """P36."""
    await visits.make_type(cast.hotel, proven=True)
    texting = replace(settings.current(), sms_url="http://127.0.0.1:9/")
    monkeypatch.setattr(settings, "current", lambda: texting)
    page = await chosen(browser, cast.hotel)
    page = await page.submit(BOOK, **TYPED)
    for _try in range(5):
        page = await page.submit(BOOK, code="x")
    who = await Proof.select(Proof.tries).first() or {}
    assert who["tries"] == 5

    page = await page.submit(BOOK, code="x")
    fresh = await Proof.select(Proof.tries, Proof.expires_at).first() or {}
    assert (page.status, fresh["tries"]) == (422, 0)
    travel(fresh["expires_at"] + timedelta(seconds=1))
    (key,) = await Proof.select(Proof.id)
    assert await customers.proofs([key["id"]]) == {}


async def test_without_text_messages_nothing_is_to_be_proven(cast: Cast, browser: Browser) -> None:
    await visits.make_type(cast.hotel, proven=True)
    page = await chosen(browser, cast.hotel)

    assert (await page.submit(BOOK, **TYPED)).path.startswith("/b/")


async def test_the_visitor_reads_why_he_is_not_received_and_why_a_change_is_asked_for(
    client: httpx.AsyncClient, cast: Cast
) -> None:
    """VIS-25: the form at the desk says that the visitor reads it."""
    kind = await visits.make_type(cast.hotel, instant=False)
    declined = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel))
    changed = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel, hour=12))
    card = await agenda.card(cast.hotel, declined.number)
    await agreeing.decline(card, "展厅那天检修。", site=cast.hotel, by=cast.receptionist)
    card = await visits.confirmed(cast.hotel, changed, by=cast.receptionist)
    await agreeing.change(card, Change(place="1204", reason="会议室停电。"), site=cast.hotel, by=cast.receptionist)
    browser = Browser(client)

    assert "展厅那天检修。" in (await browser.get(f"/b/{declined.token}")).text("main")
    assert "会议室停电。" in (await browser.get(f"/b/{changed.token}")).text("main")
