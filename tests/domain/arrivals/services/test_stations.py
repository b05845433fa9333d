"""Where people are called to: a window by its code, for some kinds of visit (HALL-01, HALL-03)."""

import pytest

from portal.domain.arrivals.queries import stations as queries
from portal.domain.arrivals.services import stations
from portal.domain.bookings.forms.offering import StationFacts
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


def typed(**more: str) -> StationFacts:
    facts = {"code": "3", "name_zh": "3号窗口", "name_en": "Window 3", "types": "tour"} | more
    return StationFacts.model_validate(facts, context={"types": {"tour", "counter"}})


async def test_a_window_is_added_and_the_same_code_changes_it(cast: Cast) -> None:
    await stations.write(cast.hotel, typed(active="1"), by=cast.manager)
    await stations.write(cast.hotel, typed(types="counter\ntour"), by=cast.manager)

    (row,) = await queries.stations(cast.hotel)
    assert (row.code, row.types, row.active) == ("3", "counter tour", False)
    assert await queries.stations(cast.tower) == []
