"""What somebody who waits is told of the line: who is before him, who is served, how fast it goes."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from portal import clock
from portal.domain.arrivals.queries import waiting
from portal.domain.arrivals.queries.prospects import Prospect
from portal.domain.arrivals.tables import Arrival, State, Station
from portal.domain.queues.tables import WorkItem
from tests import visits
from tests.cast import Cast
from tests.domain.arrivals.services.test_coming import NOON, take

pytestmark = pytest.mark.usefixtures("db")


async def told(token: str) -> Prospect:
    arrival, _site = await waiting.by_token(token)
    assert arrival.prospect is not None
    return arrival.prospect


async def serve(token: str, window: Station, *, since: float, lasted: float | None = None) -> None:
    """Have somebody called at a window so many minutes ago, and served; `lasted` so long, or still."""
    arrival, _site = await waiting.by_token(token)
    called = clock.now() - timedelta(minutes=since)
    ended = None if lasted is None else called + timedelta(minutes=lasted)
    changes: dict[Any, Any] = {Arrival.station: window.id, Arrival.called_at: called, Arrival.ended_at: ended}
    await Arrival.update(changes).where(Arrival.id == arrival.item)
    state: dict[Any, Any] = {WorkItem.state: State.DONE if ended else State.SERVING, WorkItem.closed_at: ended}
    await WorkItem.update(state).where(WorkItem.id == arrival.item)


async def test_before_one_stand_those_whom_the_same_windows_take(cast: Cast) -> None:
    """P32: nobody of another site; nobody of a type that other windows take."""
    counter, cash, viewing = [await visits.make_type(cast.hotel, code=code) for code in ("counter", "money", "viewing")]
    next_door = await visits.make_type(cast.tower, code="counter")
    await visits.make_station(cast.hotel, code="1", types="counter money")
    await visits.make_station(cast.hotel, code="2", types="viewing")
    for kind in (counter, cash, viewing):
        await take(cast.hotel, kind)
    await take(cast.tower, next_door)

    assert (await told(await take(cast.hotel, counter))).ahead == 2
    assert (await told(await take(cast.hotel, viewing))).ahead == 1
    await visits.make_station(cast.hotel, code="3")
    assert (await told(await take(cast.hotel, viewing))).ahead == 5


async def test_who_has_priority_comes_before_and_who_left_does_not_count(cast: Cast) -> None:
    kind = await visits.make_type(cast.hotel, code="counter")
    first = await take(cast.hotel, kind)

    assert (await told(first)).ahead == 0
    second = await take(cast.hotel, kind, priority="1")
    assert ((await told(first)).ahead, (await told(second)).ahead) == (1, 0)


async def test_more_people_on_duty_make_it_sooner_and_long_visits_later(cast: Cast, travel: Callable[[str], None]) -> None:
    travel(NOON)
    kind = await visits.make_type(cast.hotel, code="counter", minutes=10)
    windows = [await visits.make_station(cast.hotel, code=code) for code in "1234"]
    served = [await take(cast.hotel, kind) for _ in range(14)]
    for token in served[:3]:
        await serve(token, windows[0], since=40, lasted=10)
    await serve(served[3], windows[0], since=2)
    last = await take(cast.hotel, kind)

    one = await told(last)
    await serve(served[4], windows[1], since=2)
    await serve(served[5], windows[2], since=2)
    three = await told(last)
    for token in served[6:8]:
        await serve(token, windows[0], since=59, lasted=30)
    slow = await told(last)

    assert (one.ahead, three.ahead, slow.ahead) == (10, 8, 6)
    assert one.soonest > 60 and three.latest < one.latest
    assert slow.latest / slow.ahead > three.latest / three.ahead
    assert {called.ticket for called in three.served} == {"C004", "C005", "C006"}
    assert {called.window for called in three.served} == {"1号窗口", "2号窗口", "3号窗口"}


async def test_a_free_window_takes_the_next_at_once(cast: Cast) -> None:
    kind = await visits.make_type(cast.hotel, code="counter", minutes=30)
    await visits.make_station(cast.hotel)

    assert await told(await take(cast.hotel, kind)) == Prospect(0, 0, 5, [])
