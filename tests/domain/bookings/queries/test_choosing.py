"""Five weeks to choose a day of."""

from datetime import timedelta

import pytest

from portal import clock
from portal.domain.bookings.queries import choosing
from tests import visits
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


async def test_the_first_day_with_room_for_the_party_is_chosen(cast: Cast) -> None:
    house = cast.hotel
    kind = await visits.make_type(house, parties=1, people=4, opens=600, closes=660)
    await visits.make_booking(house, kind, at=visits.on(house, days=1))

    weeks = await choosing.weeks(house, kind, visits.on(house, days=1).date(), 2)

    assert (weeks.full, weeks.free, len(weeks.days)) == (True, False, 35)
    assert dict(weeks.days)[weeks.day] == choosing.FULL
    assert weeks.others[0].begins_at == visits.on(house, days=2)
    assert weeks.days[0][0].weekday() == 0


async def test_the_weeks_go_as_far_as_the_type_is_offered(cast: Cast) -> None:
    house = cast.hotel
    kind = await visits.make_type(house, horizon_days=60)
    today = clock.today(house.zone)

    first = await choosing.weeks(house, kind, today, 1)
    assert first.earlier is None
    assert first.later is not None
    second = await choosing.weeks(house, kind, first.later, 1)
    assert second.later is None or second.later <= today + timedelta(days=60)
    assert second.earlier is not None
    assert all(mark == choosing.NONE for day, mark in second.days if day > today + timedelta(days=60))


async def test_a_party_too_large_for_any_time_is_told_so(cast: Cast) -> None:
    kind = await visits.make_type(cast.hotel, people=4)

    weeks = await choosing.weeks(cast.hotel, kind, None, 5)

    assert (weeks.others, weeks.free, weeks.full) == ([], False, weeks.full)
