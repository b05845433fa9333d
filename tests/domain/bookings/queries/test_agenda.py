"""The agenda: whose visits it shows, what is marked, and how often the database is asked."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal import clock
from portal.domain.bookings.queries import agenda
from portal.domain.bookings.tables import Booking, Officer, Resource, State
from portal.domain.queues.tables import WorkItem
from portal.ids import new_id
from tests import visits
from tests.cast import Cast

Travel = Callable[[datetime], None]
pytestmark = pytest.mark.usefixtures("db")


async def test_requests_stand_on_top_and_visits_on_their_day(cast: Cast) -> None:
    """VIS-01."""
    kind = await visits.make_type(cast.hotel, instant=False)
    waiting, first, later = [
        await visits.asked_for(cast.hotel, kind=kind, hour=hour, phone=f"+8613800138{hour:03}") for hour in (9, 10, 11)
    ]
    await visits.confirmed(cast.hotel, later, by=cast.receptionist)
    await visits.confirmed(cast.hotel, first, by=cast.receptionist)
    day = visits.on(cast.hotel).date()

    found = await agenda.agenda(cast.hotel, day, day)

    assert [one.number for one in found.requests] == [waiting.number]
    assert [one.number for one in found.days[day]] == [first.number, later.number]
    assert [(await agenda.agenda(cast.tower, day, day)).days[day], (await agenda.agenda(cast.tower, day, day)).requests] == [
        [],
        [],
    ]


async def test_mine_are_those_that_i_receive(cast: Cast) -> None:
    kind = await visits.make_type(cast.hotel, instant=False)
    mine, theirs = [await visits.asked_for(cast.hotel, kind=kind, hour=hour) for hour in (9, 10)]
    await visits.confirmed(cast.hotel, mine, by=cast.receptionist)
    await visits.confirmed(cast.hotel, theirs, to="hotel.desk2", by=cast.receptionist)
    day = visits.on(cast.hotel).date()

    found = await agenda.agenda(cast.hotel, day, day, mine=cast.receptionist.id)

    assert [one.number for one in found.days[day]] == [mine.number]


async def test_what_is_due_is_there_whatever_day_is_shown(cast: Cast, travel: Travel) -> None:
    """VIS-07, VIS-08, X-06: what has to be prepared today is for tomorrow's visit; both settings apply."""
    booked = await visits.asked_for(cast.hotel)
    await visits.confirmed(cast.hotel, booked, by=cast.receptionist)
    travel(visits.on(cast.hotel) - timedelta(hours=20))
    far = clock.today(cast.hotel.zone) + timedelta(days=30)

    found = await agenda.agenda(cast.hotel, far, far)

    assert [one.number for one in found.due] == [booked.number]
    assert found.days == {far: []}


async def test_a_room_and_a_person_that_are_with_two_are_marked(cast: Cast) -> None:
    """VIS-05: also where the one became so by itself, as a room that takes fewer parties than it did."""
    kind = await visits.make_type(cast.hotel, instant=False)
    first, second = [await visits.asked_for(cast.hotel, kind=kind, phone=f"+86138001380{n:02}") for n in (1, 2)]
    await visits.confirmed(cast.hotel, first, by=cast.receptionist)
    await visits.confirmed(cast.hotel, second, place="1204", to="hotel.desk2", by=cast.receptionist)
    day = visits.on(cast.hotel).date()
    assert [one.clashes for one in (await agenda.agenda(cast.hotel, day, day)).days[day]] == [(), ()]

    await Booking.update({Booking.place: cast.places["1203"].id}).where(Booking.id == second.item)
    found = {one.number: one.clashes for one in (await agenda.agenda(cast.hotel, day, day)).days[day]}
    name = cast.places["1203"].name
    assert found == {first.number: ((name, second.number),), second.number: ((name, first.number),)}

    await Resource.update({Resource.parties: 2}).where(Resource.place == cast.places["1203"].id)
    assert [one.clashes for one in (await agenda.agenda(cast.hotel, day, day)).days[day]] == [(), ()]


async def test_visits_that_confirm_by_themselves_share_their_standing_place(cast: Cast) -> None:
    kind = await visits.make_type(cast.hotel, place=cast.places["1203"])
    for number in (1, 2):
        await visits.asked_for(cast.hotel, kind=kind, phone=f"+86138001380{number:02}")
    day = visits.on(cast.hotel).date()

    assert [one.clashes for one in (await agenda.agenda(cast.hotel, day, day)).days[day]] == [(), ()]


async def test_counts_name_nobody(cast: Cast) -> None:
    kind = await visits.make_type(cast.hotel)
    for hour in (9, 10):
        await visits.asked_for(cast.hotel, kind=kind, hour=hour, people=3)
    gone = await visits.asked_for(cast.hotel, kind=kind, hour=11)
    await WorkItem.update({WorkItem.state: State.CANCELLED}).where(WorkItem.id == gone.item)
    day = visits.on(cast.hotel).date()

    assert await agenda.counts(cast.hotel, day, day) == [(day, kind.name, 2, 6)]


async def test_those_of_the_types_role_are_offered_first(cast: Cast) -> None:
    """VIS-28: after the reception officers. VIS-31."""
    kind = await visits.make_type(cast.hotel)
    kind.role = "sales"

    found = [username for username, _name, _role in await agenda.receivers(cast.hotel, kind)]

    assert found[0] == "hotel.sales"
    await Officer.insert(Officer(id=new_id(), site=cast.hotel.id, account=cast.second.id, duties="迎宾"))
    assert [one[0] for one in await agenda.receivers(cast.hotel, kind)][:2] == ["hotel.desk2", "hotel.sales"]
    assert set(found) == {"hotel.desk", "hotel.desk2", "hotel.sales", "hotel.manager"}
