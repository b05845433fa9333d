"""Figures of those who came: a worked day, and idle windows against counting every minute."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.arrivals.tables import State
from portal.domain.reports.rules import coming
from portal.domain.reports.rules.coming import Came, Found, Place
from portal.domain.reports.rules.ranges import Range
from portal.errors import NotFound

DAY = date(2026, 11, 23)
NINE = datetime(2026, 11, 23, 1, tzinfo=UTC)
few = settings(max_examples=80, derandomize=True, deadline=None, database=None)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def came(
    at: float, *, called: float | None = None, served: float | None = None, ended: float | None = None, **more: Any
) -> Came:
    """Somebody who came so many minutes after nine; the others too are minutes after nine."""
    when = {
        name: None if minute is None else NINE + minutes(minute)
        for name, minute in (("called_at", called), ("served_at", served), ("ended_at", ended))
    }
    state = State.DONE if ended is not None else State.SERVING if served is not None else State.WAITING
    usual: dict[str, Any] = {
        "number": "HT-2026-000001", "ticket": "A001", "type": "counter", "channel": "", "day": DAY, "hour": 9,
        "state": state, "window": "1" if called is not None else "", "clerk": "", "came_at": NINE + minutes(at),
        "booked_at": None, "calls": 1, "shown_from": 0, "shown_to": 0, "out_of_turn": False, **when, **more,
    }  # fmt: skip
    return Came(**usual)


def found(*rows: Came, places: tuple[Place, ...] = (Place("1", "1号", frozenset()),)) -> Found:
    days = Range("received", DAY, DAY, "Asia/Shanghai")
    return Found(days, rows, places, Counter(), 15, {}, NINE + minutes(600))


def test_a_day_by_hand() -> None:
    """HALL-03, VIS-23: three came; one was called after 5 minutes, one after 20, one left."""
    rows = (
        came(0, called=5, served=6, ended=16, shown_from=5, shown_to=10),
        came(2, called=22, served=25, ended=30, shown_from=5, shown_to=10),
        came(4, state=State.LEFT),
    )

    said = [line.numbers[0] for line in coming.summary(found(*rows))]

    assert [number.value for number in said] == [3, 300, 1200, 1 / 3, 0.0, 1 / 2, 1 / 2, None, 6 * 60]
    assert [number.n for number in said] == [None, 2, 2, 3, 3, 2, 2, 0, None]


def test_a_booking_is_waited_for_from_its_time() -> None:
    early = came(0, booked_at=NINE + minutes(30), called=40)
    late = came(50, booked_at=NINE + minutes(30), called=51)

    assert (early.over, late.over, came(0, called=9).over) == (600, 60, None)


def test_a_word_that_no_link_says_leads_nowhere() -> None:
    with pytest.raises(NotFound):
        coming.cut_down(found(came(0)), {"nonsense": "1"})


def test_a_window_that_is_not_for_somebody_is_not_idle_for_him() -> None:
    rows = (came(0, called=0, served=0, ended=5), came(1), came(20, called=20, served=20, ended=25))
    tables_only = (Place("1", "1号", frozenset({"table"})),)

    assert coming.idle(found(*rows))["1"] == 15 * 60
    assert coming.idle(found(*rows, places=tables_only))["1"] == 0


visits = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 30), st.integers(0, 30), st.booleans()), max_size=8)


@few
@given(visits)
def test_idle_is_what_counting_every_minute_says(people: list[tuple[int, int, int, bool]]) -> None:
    rows = tuple(
        came(at, called=at + wait, served=at + wait, ended=at + wait + long) if reached else
        came(at, state=State.LEFT, ended_at=NINE + minutes(at + wait))
        for at, wait, long, reached in people
    )  # fmt: skip
    called = [(at + wait, at + wait + long) for at, wait, long, reached in people if reached]
    waiting = [(at, at + wait) for at, wait, _long, _reached in people]
    first, last = min((start for start, _end in called), default=0), max((end for _start, end in called), default=0)

    counted = sum(
        not any(start <= minute < end for start, end in called) and any(start <= minute < end for start, end in waiting)
        for minute in range(first, last)
    )

    assert coming.idle(found(*rows))["1"] == counted * 60
