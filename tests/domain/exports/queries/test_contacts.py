"""Which complaints are in a file with contacts: those of these days that its manager sees."""

from collections.abc import Callable
from datetime import date

import pytest

from portal.domain.exports.queries import contacts
from tests import stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
DAY = date(2026, 11, 20)


async def test_a_day_begins_with_the_house_as_its_figures_count_it(cast: Cast, travel: Callable[[str], None]) -> None:
    for at in ("2026-11-20T03:59+08:00", "2026-11-20T04:00+08:00", "2026-11-20T23:59+08:00", "2026-11-21T03:59+08:00"):
        travel(at)
        await stories.filed(cast.hotel)

    assert await contacts.count(cast.manager, cast.hotel, contacts.asked(DAY, DAY, "received")) == 3


async def test_both_days_count_and_the_next_one_does_not(cast: Cast, travel: Callable[[str], None]) -> None:
    for at in ("2026-11-20T04:00+08:00", "2026-11-21T04:00+08:00", "2026-11-22T04:00+08:00"):
        travel(at)
        await stories.filed(cast.hotel)

    async def many(first: date, last: date, by: str = "received") -> int:
        return await contacts.count(cast.manager, cast.hotel, contacts.asked(first, last, by))

    assert await many(DAY, DAY) == 1
    assert await many(DAY, date(2026, 11, 21)) == 2
    assert await many(DAY, date(2026, 11, 22), "closed") == 0
    assert await contacts.count(cast.strange_manager, cast.tower, contacts.asked(DAY, date(2026, 11, 22), "received")) == 0
