"""Which windows take whom."""

from datetime import timedelta
from uuid import UUID

from portal import clock
from portal.domain.arrivals.rules import windows
from portal.domain.arrivals.rules.windows import Waits, Window

ONE, TWO = UUID(int=1), UUID(int=2)
TOURS, ALL = Window(ONE, "1", "Window 1", frozenset({"tour"})), Window(TWO, "2", "Window 2", frozenset())


def waits(kind: str = "tour", station: UUID | None = None, minutes: int = 5) -> Waits:
    return Waits(kind, station, clock.now() - timedelta(minutes=minutes))


def test_a_window_takes_its_types_and_whom_was_sent_there() -> None:
    """HALL-01."""
    assert TOURS.takes(waits()) and ALL.takes(waits("viewing"))
    assert not TOURS.takes(waits("viewing"))
    assert not ALL.takes(waits(station=ONE)) and TOURS.takes(waits(station=ONE))


def test_idle_is_who_has_nobody_though_somebody_waits_for_it() -> None:
    """HALL-03."""
    both = [TOURS, ALL]

    assert windows.idle(both, set(), [waits("viewing")]) == [ALL]
    assert windows.idle(both, {TWO}, [waits("viewing")]) == []
    assert windows.idle(both, {TWO}, [waits()]) == [TOURS]
    assert windows.idle(both, set(), []) == []


def test_the_longest_wait_is_that_of_the_first_who_came() -> None:
    now = clock.now()

    assert windows.longest([waits(minutes=5), waits(minutes=20)], now) > timedelta(minutes=19)
    assert windows.longest([], now) == timedelta()
