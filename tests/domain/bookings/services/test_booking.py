"""Booking a visit (VIS-01 to VIS-03)."""

import pytest

from portal.domain.bookings.services import reserving
from portal.domain.bookings.services.reserving import Full, Wish
from portal.domain.bookings.tables import Booking, Reservation, State
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
