"""P08 and P09, as far as visits go: whoever looks, and whoever dies over it, each place is offered once, each told once."""

from datetime import timedelta

import pytest

from portal import clock
from portal.domain.bookings.tables import Reservation, VisitType
from portal.events.tables import Event
from tests import cast as actors
from tests import visits
from tests.cast import Cast
from tests.promises.stage import Record, Scale
from tests.promises.workers import looked

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]


async def test_three_workers_one_of_them_killed_remind_each_visitor_once(scale: Scale, figure: Record) -> None:
    many = scale(60, 1_000)
    cast, kind = await stage(parties=many)
    at = visits.on(cast.hotel, 3)
    for number in range(many):
        await visits.make_booking(cast.hotel, kind, at=at, phone=phone(number))

    killed, _spans = await looked(reminded, until=many // 10, kill=True, ahead=at - timedelta(hours=20) - clock.now())

    assert killed > 0
    assert await reminded() == many
    figure("visits that three workers saw at once, each reminded of once", many, "", "P09")
    figure("of them reminded of when a worker was killed -9", killed, "", "P09")


async def test_three_workers_one_of_them_killed_offer_each_place_once(scale: Scale, figure: Record) -> None:
    places = scale(20, 200)
    cast, kind = await stage(parties=places)
    for number in range(places + 10):
        await visits.make_waiting(cast.hotel, kind, phone=phone(number))

    killed, _spans = await looked(offered, until=places // 10, kill=True)

    assert killed > 0
    assert await offered() == places
    assert await Reservation.count().where(Reservation.type == kind.id) == places
    figure("free places that three workers saw at once, each offered to one who waits", places, "", "P08, P09")
    figure("of them offered when a worker was killed -9", killed, "", "P08, P09")


async def stage(*, parties: int) -> tuple[Cast, VisitType]:
    """A type with so many places at one time of the day."""
    cast = await actors.enter()
    return cast, await visits.make_type(cast.hotel, opens=600, closes=660, parties=parties, people=10 * parties)


def phone(number: int) -> str:
    return f"+86139{number:08}"


async def reminded() -> int:
    return int(await Event.count().where(Event.kind == "booking.reminded"))


async def offered() -> int:
    return int(await Event.count().where(Event.kind == "booking.offered"))
