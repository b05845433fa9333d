"""Booking a visit (VIS-01 to VIS-03)."""

import pytest

from portal.domain.bookings.forms.booking import NewBooking, StaffBooking
from portal.domain.bookings.services import reserving
from portal.domain.bookings.services.reserving import Full, Wish
from portal.domain.bookings.tables import Booking, Channel, Reservation, State
from portal.domain.queues.queries import items
from portal.domain.queues.tables import WorkItem
from portal.errors import Conflict
from tests import visits
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


async def test_a_visit_is_booked_and_its_room_is_taken(cast: Cast) -> None:
    house = cast.hotel
    kind = await visits.make_type(house)

    booked = await visits.make_booking(house, kind, at=visits.on(house))

    row = await Booking.objects().get(Booking.id == booked.item)
    item = await WorkItem.objects().get(WorkItem.id == booked.item)
    assert row is not None and item is not None
    assert (item.state, item.line, item.number, row.people) == (State.CONFIRMED, "bookings", booked.number, 2)
    assert await Reservation.count().where(Reservation.booking == booked.item) == 1


async def test_a_full_time_is_refused_and_so_is_one_without_visits(cast: Cast) -> None:
    house = cast.hotel
    kind = await visits.make_type(house, parties=1)
    await visits.make_booking(house, kind, at=visits.on(house))

    with pytest.raises(Full):
        await visits.make_booking(house, kind, at=visits.on(house), phone="+8613900139000")
    with pytest.raises(Full):
        await visits.make_booking(house, kind, at=visits.on(house, hour=20), phone="+8613900139000")


async def test_a_held_place_is_kept_for_its_browser_alone(cast: Cast) -> None:
    house = cast.hotel
    kind = await visits.make_type(house, parties=1)
    at = visits.on(house)
    await reserving.hold(house, kind, Wish(at.date(), at, 2), browser="mine")

    with pytest.raises(Full):
        await visits.make_booking(house, kind, at=at, browser="theirs")
    await visits.make_booking(house, kind, at=at, browser="mine")

    assert await Reservation.count().where(Reservation.type == kind.id) == 1


async def test_a_phone_has_only_so_many_open_bookings_of_a_type(cast: Cast) -> None:
    house = cast.hotel
    kind = await visits.make_type(house)
    for hour in (9, 10, 11):
        await visits.make_booking(house, kind, at=visits.on(house, hour=hour))

    with pytest.raises(Conflict, match=r"ring us|致电"):
        await visits.make_booking(house, kind, at=visits.on(house, hour=12))


async def test_what_is_booked_online_is_booked_at_the_counter_by_the_same_form(cast: Cast) -> None:
    """HALL-07, VIS-01: the same fields, the same place in the book; only the channel differs."""
    house = cast.hotel
    kind = await visits.make_type(house, instant=False)
    online = await visits.make_booking(house, kind, at=visits.on(house), needs="轮椅", plate="京A12345")
    counter = await visits.make_booking(
        house, kind, at=visits.on(house), needs="轮椅", plate="京A12345", phone="+8613900139000", by=cast.receptionist
    )

    rows = [await Booking.select().where(Booking.id == booked.item).first() or {} for booked in (online, counter)]
    states = [(await items.item_by_id(booked.item)).state for booked in (online, counter)]

    assert set(NewBooking.model_fields) <= set(StaffBooking.model_fields)
    assert [row["channel"] for row in rows] == [Channel.PORTAL, Channel.DESK]
    assert states == [State.REQUESTED, State.REQUESTED]
    assert {name for name in ("type", "day", "begins_at", "people", "salutation") if rows[0][name] != rows[1][name]} == set()
