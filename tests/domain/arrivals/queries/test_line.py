"""The line as staff read it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal import clock
from portal.domain.arrivals.queries import line
from portal.domain.arrivals.services import serving
from portal.domain.arrivals.tables import Arrival
from portal.errors import NotFound
from tests import visits
from tests.cast import Cast
from tests.ground.probes import statements

pytestmark = pytest.mark.usefixtures("db")


async def test_booked_and_walk_in_stand_in_one_list_in_the_order_of_the_calls(cast: Cast) -> None:
    """VIS-04, HALL-03: since when each waits stands there."""
    house = cast.hotel
    tours, talks = await visits.make_type(house), await visits.make_type(house, code="viewing")
    at = clock.now() - timedelta(minutes=1)
    booked = await visits.make_booking(house, tours, at=visits.on(house))
    late = await visits.make_arrival(house, talks, minutes=5)
    first = await visits.make_arrival(house, tours, minutes=20)
    early = await visits.make_arrival(house, tours, minutes=30, rank=at, booked=booked)

    found, many = await line.waiting(house)

    assert [one.number for one in found] == [first.number, late.number, early.number]
    assert many == 3
    assert [one.ticket for one in found] == ["T001", "V001", "T002"]
    assert found[0].since <= clock.now() - timedelta(minutes=20)
    assert found[2].since == found[2].booked_at == visits.on(house)


async def test_nobody_is_named_in_full_there(cast: Cast) -> None:
    """P40."""
    tours = await visits.make_type(cast.hotel)
    await visits.make_arrival(cast.hotel, tours, name="欧阳娜娜", salutation="")
    await visits.make_arrival(cast.hotel, tours, name="李雷", salutation="mr")

    found, _many = await line.waiting(cast.hotel)

    assert found[1].who == "李先生"
    assert not [word for word in ("娜", "雷") if word in repr(found)]


async def test_it_asks_as_often_for_three_as_for_one(cast: Cast) -> None:
    tours, window = await visits.make_type(cast.hotel), await visits.make_station(cast.hotel)
    asked = []
    for _somebody in range(2):
        await visits.make_arrival(cast.hotel, tours)
        with statements() as heard:
            for part in (line.waiting, line.called, line.aside, line.waits, line.stations):
                await part(cast.hotel)
        asked.append(len(heard))
        await visits.make_arrival(cast.hotel, tours)
        await serving.call_next(cast.hotel, window, by=cast.receptionist)

    assert asked[0] == asked[1] == 5


async def test_another_site_and_another_day_are_not_in_it(cast: Cast) -> None:
    """P32."""
    tours = await visits.make_type(cast.hotel)
    mine = await visits.make_arrival(cast.hotel, tours)
    await visits.make_arrival(cast.hotel, tours, minutes=13 * 60)

    assert [one.number for one in (await line.waiting(cast.hotel))[0]] == [mine.number]
    assert (await line.waiting(cast.tower))[0] == []
    with pytest.raises(NotFound):
        await line.visitor(cast.tower, mine.number)


async def test_who_did_not_come_is_there_for_an_hour_to_be_brought_back(
    cast: Cast, travel: Callable[[datetime], None]
) -> None:
    tours, window = await visits.make_type(cast.hotel), await visits.make_station(cast.hotel)
    gone = await visits.make_arrival(cast.hotel, tours)
    await serving.call_next(cast.hotel, window, by=cast.receptionist)
    await serving.miss(await line.visitor(cast.hotel, gone.number), site=cast.hotel, by=cast.receptionist)

    assert [one.number for one in await line.aside(cast.hotel)] == [gone.number]
    travel(clock.now() + timedelta(hours=1, minutes=1))
    assert await line.aside(cast.hotel) == []


async def test_who_asked_for_five_minutes_counts_for_no_idle_window(cast: Cast) -> None:
    tours = await visits.make_type(cast.hotel)
    await visits.make_arrival(cast.hotel, tours, not_before=clock.now() + timedelta(minutes=5))

    assert await line.waits(cast.hotel) == []
    assert (await line.waiting(cast.hotel))[0][0].later
    await Arrival.update({Arrival.not_before: clock.now()}, force=True)
    assert [one.type for one in await line.waits(cast.hotel)] == ["tour"]
