"""Who waits for a place, and what stands open for a visitor."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal import clock
from portal.domain.bookings.queries import waiting
from portal.domain.bookings.services import minding
from portal.domain.bookings.services import waiting as services
from portal.errors import NotFound
from portal.ids import new_id
from tests import visits
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


async def test_the_line_of_a_day_has_its_order_and_who_let_an_offer_pass_stands_last(
    cast: Cast, travel: Callable[[datetime], None]
) -> None:
    kind = await visits.make_type(cast.hotel, parties=1, opens=600, closes=660)
    start, day = clock.now(), visits.on(cast.hotel).date()
    line = []
    for number in range(3):
        travel(start + timedelta(seconds=number))
        line.append((await visits.make_waiting(cast.hotel, kind, phone=f"+861390013900{number}")).item)
    assert [one.id for one in await waiting.entries(cast.hotel, kind, day)] == line

    await services.offer_everywhere()
    travel(start + timedelta(minutes=16))
    await minding.end_unanswered()

    assert [one.id for one in await waiting.entries(cast.hotel, kind, day)] == [line[2], line[0]]


async def test_the_lines_of_sites_and_days_are_apart(cast: Cast) -> None:
    """P32"""
    here, there = await visits.make_type(cast.hotel), await visits.make_type(cast.tower)
    await visits.make_waiting(cast.hotel, here)
    await visits.make_waiting(cast.hotel, here, days=2)
    await visits.make_waiting(cast.tower, there)

    days = [visits.on(cast.hotel, number).date() for number in (1, 2)]
    assert await waiting.days(cast.hotel) == [(here.id, day) for day in days]
    assert len(await waiting.entries(cast.hotel, here, days[0])) == 1
    assert await waiting.entries(cast.tower, here, days[0]) == []


async def test_what_is_not_there_is_not_found(cast: Cast) -> None:
    with pytest.raises(NotFound):
        await waiting.by_token("nobody")
    with pytest.raises(NotFound):
        await waiting.kind(new_id())
