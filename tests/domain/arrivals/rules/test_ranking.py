"""Who is called when (HALL-01): by the booked time or the coming, and never far before somebody who came earlier."""

from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.arrivals.rules import ranking

TEN = datetime(2026, 11, 23, 2, tzinfo=UTC)
GRACE = timedelta(minutes=15)
many = settings(max_examples=300, derandomize=True, deadline=None, database=None)


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


def test_somebody_without_a_booking_stands_where_he_came() -> None:
    assert ranking.rank(TEN) == TEN


def test_somebody_on_time_stands_at_the_booked_time() -> None:
    assert ranking.rank(TEN - minutes(30), booked_at=TEN, grace=GRACE) == TEN
    assert ranking.rank(TEN + minutes(10), booked_at=TEN, grace=GRACE) == TEN


def test_somebody_late_stands_where_he_came() -> None:
    assert ranking.rank(TEN + minutes(16), booked_at=TEN, grace=GRACE) == TEN + minutes(16)


def test_priority_comes_forward_by_its_weight_and_no_more_than_twenty_minutes() -> None:
    assert ranking.rank(TEN, weight=minutes(5)) == TEN - minutes(5)
    assert ranking.rank(TEN, weight=minutes(90)) == TEN - minutes(20)


def test_lateness_and_weight_together_are_no_more_either() -> None:
    late = TEN + minutes(10)

    assert ranking.rank(late, booked_at=TEN, grace=GRACE, weight=minutes(20)) == late - minutes(20)


persons = st.tuples(st.integers(0, 300), st.none() | st.integers(0, 300), st.integers(0, 60))


@many
@given(persons, persons)
def test_nobody_is_overtaken_by_somebody_who_came_more_than_twenty_minutes_later(
    one: tuple[int, int | None, int], other: tuple[int, int | None, int]
) -> None:
    """Who is early for a booking counts as come at the booked time, as long as he is on time for it."""
    places = []
    for came, booked, weight in (one, other):
        came_at, booked_at = TEN + minutes(came), None if booked is None else TEN + minutes(booked)
        on_time = booked_at if booked_at is not None and came_at <= booked_at + GRACE else None
        rank = ranking.rank(came_at, booked_at=booked_at, grace=GRACE, weight=minutes(weight))
        places.append((rank, ranking.came(came_at, on_time)))
    (first, came_first), (second, came_second) = sorted(places)

    assert first <= second
    assert came_first - came_second <= minutes(20)
