"""Coming: checking in and taking a number, each once (HALL-01, VIS-11, VIS-12)."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from portal import clock, ids, sealing
from portal.database import transaction
from portal.domain.arrivals.forms.coming import NewNumber
from portal.domain.arrivals.queries import expected, waiting
from portal.domain.arrivals.queries.expected import Expected
from portal.domain.arrivals.services import coming
from portal.domain.arrivals.tables import Arrival, Ticket
from portal.domain.bookings.services.booking import Booked
from portal.domain.bookings.tables import Booking, VisitType
from portal.domain.customers.queries import PHONE as BLOCKED
from portal.domain.customers.tables import Block, Customer
from portal.domain.queues.tables import Entry, WorkItem
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.events.tables import Event
from tests import visits
from tests.cast import Cast

NOON = "2026-03-02T12:00+08:00"
PHONE = "+8613800138000"


async def take(site: Site, kind: VisitType, *, browser: str = "mine", **typed: Any) -> str:
    """Somebody takes a number; the token of his page."""
    form = NewNumber.model_validate({"type": kind.code, **typed}, context={"kinds": {kind.code: kind}})
    return await coming.take_number(form, site=site, kind=kind, door=None, token=ids.new_token(), browser=browser)


async def ticket(token: str) -> str:
    arrival, _site = await waiting.by_token(token)
    return arrival.ticket


async def code_of(booked: Booked) -> str:
    """What stands on the visitor's page, for the door."""
    row = await Booking.select(Booking.code).where(Booking.id == booked.item).first()
    assert row is not None
    return str(row["code"])


async def guest(site: Site, booked: Booked) -> Expected:
    found = await expected.today(site, code=await code_of(booked))
    assert found is not None
    return found


async def come(site: Site, booked: Booked) -> str:
    """Somebody checks in with the code of his booking."""
    return await coming.check_in(await guest(site, booked), site=site, door=None, token=ids.new_token(), browser="mine")


async def block(cast: Cast, phone: str = PHONE) -> None:
    await Block.insert(Block(
        id=ids.new_id(), site=cast.hotel.id, phone_index=sealing.index(phone, BLOCKED), document_index="", reason="",
        by=cast.manager.id, at=clock.now(),
    ))  # fmt: skip


@pytest.mark.usefixtures("db")
async def test_numbers_count_on_by_type_and_begin_anew_with_the_day_of_the_house(
    cast: Cast, travel: Callable[[str], None]
) -> None:
    """HALL-01: a day begins at 04:00."""
    counter, table = [await visits.make_type(cast.hotel, code=code) for code in ("counter", "table")]

    travel("2026-03-02T23:50+08:00")
    evening = [await ticket(await take(cast.hotel, kind)) for kind in (counter, counter, table)]
    travel("2026-03-03T03:59+08:00")
    night = await ticket(await take(cast.hotel, counter))
    travel("2026-03-03T04:00+08:00")
    morning = await ticket(await take(cast.hotel, counter))

    assert (evening, night, morning) == (["C001", "C002", "T001"], "C003", "C001")


@pytest.mark.usefixtures("db")
async def test_a_number_is_a_work_item_of_its_own_line_with_a_rank(cast: Cast, travel: Callable[[str], None]) -> None:
    """P40: the row says 李先生 at the most, sealed; the event no word that was typed."""
    travel(NOON)
    kind = await visits.make_type(cast.hotel, code="counter")
    await take(cast.hotel, kind, name="李雷", salutation="mr", phone=PHONE, people="3", needs="要轮椅", priority="1")

    item, row = await WorkItem.objects().first(), await Arrival.select().first()
    assert item is not None and row is not None
    assert (item.line, item.kind, item.state) == ("arrivals", "arrival", "waiting")
    assert item.due_at == item.arrived_at - timedelta(minutes=20)
    assert (row["people"], row["priority"], row["ticket"]) == (3, True, "C001")
    assert sealing.unseal(item.who, f"work_item.who:{item.id}") == "李先生"
    assert "李雷" not in str(row) and PHONE not in str(row)
    event = await Event.select(Event.kind, Event.particulars).where(Event.kind == "arrival.came").first()
    assert event is not None and "要轮椅" not in event["particulars"]
    entry = await Entry.select(Entry.id, Entry.body).first()
    assert entry is not None and sealing.unseal(entry["body"], f"entry.body:{entry['id']}") == "要轮椅"


@pytest.mark.usefixtures("db")
async def test_a_phone_has_one_live_number_of_a_type_shown_only_to_its_own_browser(cast: Cast) -> None:
    counter, table = [await visits.make_type(cast.hotel, code=code) for code in ("counter", "table")]
    first = await take(cast.hotel, counter, phone=PHONE)

    assert await take(cast.hotel, counter, phone=PHONE) == first
    with pytest.raises(Conflict) as elsewhere:
        await take(cast.hotel, counter, phone=PHONE, browser="theirs")
    await take(cast.hotel, table, phone=PHONE, name="李雷", browser="theirs")
    await block(cast, "+8613900139000")
    with pytest.raises(Conflict) as blocked:
        await take(cast.hotel, counter, phone="+8613900139000")

    assert elsewhere.value.message == blocked.value.message
    assert await Ticket.select(Ticket.last).where(Ticket.type == counter.id).first() == {"last": 1}


@pytest.mark.usefixtures("db")
async def test_at_a_table_the_customer_is_noted_at_a_counter_not(cast: Cast) -> None:
    """RES-01."""
    counter = await visits.make_type(cast.hotel, code="counter")
    table = await visits.make_type(cast.hotel, code="table", at_table=True)

    await take(cast.hotel, counter, phone=PHONE)
    assert await Customer.count() == 0
    await take(cast.hotel, table, phone=PHONE, name="李雷")
    assert await Customer.count() == 1


@pytest.mark.usefixtures("db")
async def test_who_booked_checks_in_once_and_has_the_rank_of_the_booked_time(
    cast: Cast, travel: Callable[[str], None]
) -> None:
    """VIS-11."""
    travel("2026-03-02T09:00+08:00")
    kind = await visits.make_type(cast.hotel)
    booked = await visits.make_booking(cast.hotel, kind, at=datetime.fromisoformat("2026-03-02T13:00+08:00"))
    travel(NOON)

    token = await come(cast.hotel, booked)
    again = await come(cast.hotel, booked)
    by_phone = await expected.today(cast.hotel, phone=PHONE)

    arrival, _site = await waiting.by_token(token)
    states = {row["line"]: row for row in await WorkItem.select(WorkItem.line, WorkItem.state, WorkItem.due_at)}
    assert again == token and by_phone is not None and by_phone.id == booked.item
    assert await Arrival.count() == 1
    assert states["bookings"]["state"] == "arrived"
    assert states["arrivals"]["due_at"] == datetime.fromisoformat("2026-03-02T13:00+08:00")
    assert arrival.early and arrival.ticket == "T001"
    kinds = [row["kind"] for row in await Event.select(Event.kind).order_by(Event.id)]
    assert kinds.count("booking.arrived") == kinds.count("arrival.came") == 1


@pytest.mark.usefixtures("db")
async def test_of_several_bookings_the_next_one_is_meant(cast: Cast, travel: Callable[[str], None]) -> None:
    travel("2026-03-02T08:00+08:00")
    kind = await visits.make_type(cast.hotel)
    early, late, tomorrow = [
        await visits.make_booking(cast.hotel, kind, at=datetime.fromisoformat(at))
        for at in ("2026-03-02T10:00+08:00", "2026-03-02T14:00+08:00", "2026-03-03T11:00+08:00")
    ]
    found = []
    for at in ("2026-03-02T10:10+08:00", "2026-03-02T10:20+08:00", "2026-03-02T17:00+08:00", "2026-03-03T09:00+08:00"):
        travel(at)
        one = await expected.today(cast.hotel, phone=PHONE)
        found.append(one.id if one else None)

    assert found == [early.item, late.item, late.item, tomorrow.item]


@pytest.mark.usefixtures("db")
async def test_what_is_not_agreed_not_today_or_of_another_site_is_not_found(
    cast: Cast, travel: Callable[[str], None]
) -> None:
    """P32."""
    travel("2026-03-02T09:00+08:00")
    open_kind = await visits.make_type(cast.hotel, instant=False)
    asked = await visits.make_booking(cast.hotel, open_kind, at=visits.on(cast.hotel, days=0))
    kind = await visits.make_type(cast.hotel, code="viewing")
    tomorrow = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel))
    today = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel, days=0), phone="+8613900139000")

    assert [await expected.today(cast.hotel, code=await code_of(one)) for one in (asked, tomorrow)] == [None, None]
    assert await expected.today(cast.tower, code=await code_of(today)) is None
    assert await expected.today(cast.tower, phone="+8613900139000") is None
    assert await expected.today(cast.hotel, phone="+8613700137000") is None
    assert await expected.today(cast.hotel, code=today.number) is None, "a number can be counted up"
    code = await code_of(today)
    assert await expected.today(cast.hotel, code=f"{code[:3]}-{code[3:]} ".lower()) is not None


@pytest.mark.usefixtures("db")
async def test_staff_may_check_somebody_in_and_a_blocked_one_is_known_to_no_door(
    cast: Cast, travel: Callable[[str], None]
) -> None:
    travel("2026-03-02T09:00+08:00")
    kind = await visits.make_type(cast.hotel)
    booked = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel, days=0))
    other = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel, days=0), phone="+8613900139000")
    someone = await guest(cast.hotel, booked)
    await coming.check_in(someone, site=cast.hotel, door=None, token=ids.new_token(), by=cast.receptionist)
    await block(cast, "+8613900139000")

    assert await expected.today(cast.hotel, code=await code_of(other)) is None
    assert await expected.today(cast.hotel, phone="+8613900139000") is None
    event = await Event.select(Event.by, Event.actor).where(Event.kind == "booking.arrived").first()
    assert event == {"by": cast.receptionist.id, "actor": "staff"}


@pytest.mark.usefixtures("committed")
async def test_two_at_once_get_two_numbers_one_phone_one_and_one_booking_one_arrival(
    cast: Cast, travel: Callable[[str], None]
) -> None:
    travel(NOON)
    kind = await visits.make_type(cast.hotel, code="counter")
    booked = await visits.make_booking(cast.hotel, kind, at=datetime.fromisoformat("2026-03-02T13:00+08:00"))
    someone = await guest(cast.hotel, booked)

    async def numbered(**typed: Any) -> str | Conflict:
        try:
            async with transaction():
                return await take(cast.hotel, kind, **typed)
        except Conflict as refused:
            return refused

    async def checked() -> str:
        async with transaction():
            return await coming.check_in(someone, site=cast.hotel, door=None, token=ids.new_token(), browser="mine")

    loose = await asyncio.gather(*(numbered() for _ in range(4)))
    same = await asyncio.gather(*(numbered(phone="+8613900139000", browser=str(n)) for n in range(4)))
    arrived = await asyncio.gather(*(checked() for _ in range(4)))

    assert sorted([await ticket(str(one)) for one in loose]) == ["C001", "C002", "C003", "C004"]
    assert sum(isinstance(one, str) for one in same) == 1
    assert len(set(arrived)) == 1
    assert await Arrival.count() == 6
