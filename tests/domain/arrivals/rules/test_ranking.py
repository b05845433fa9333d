"""Who is called when: nobody is overtaken by somebody who came more than twenty minutes later."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.arrivals.rules import ranking
from portal.domain.arrivals.rules.ranking import BOUND

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
minutes = st.integers(-300, 300).map(lambda n: timedelta(minutes=n))
comers = st.tuples(minutes, st.none() | minutes, st.integers(0, 60).map(lambda n: timedelta(minutes=n)))
GRACE = timedelta(minutes=15)


def placed(comer: tuple[timedelta, timedelta | None, timedelta]) -> tuple[datetime, datetime]:
    """When somebody counts as come, and his rank."""
    came, booked, weight = NOON + comer[0], None if comer[1] is None else NOON + comer[1], comer[2]
    on_time = booked is not None and came <= booked + GRACE
    return ranking.came(came, booked if on_time else None), ranking.rank(came, booked_at=booked, grace=GRACE, weight=weight)


@given(comers, comers)
def test_of_two_nobody_is_overtaken_by_who_came_more_than_the_bound_later(
    one: tuple[timedelta, timedelta | None, timedelta], other: tuple[timedelta, timedelta | None, timedelta]
) -> None:
    (came, rank), (later, other_rank) = placed(one), placed(other)

    if later > came + BOUND:
        assert rank < other_rank


@given(minutes, minutes)
def test_of_two_without_booking_or_priority_the_first_comes_first(one: timedelta, other: timedelta) -> None:
    assert (ranking.rank(NOON + one) < ranking.rank(NOON + other)) == (one < other)


def test_who_is_on_time_has_the_booked_time_and_who_is_too_late_his_coming() -> None:
    at = {minute: NOON + timedelta(minutes=minute) for minute in (-40, 10, 16)}

    assert ranking.rank(at[-40], booked_at=NOON, grace=GRACE) == NOON
    assert ranking.rank(at[10], booked_at=NOON, grace=GRACE) == NOON
    assert ranking.rank(at[16], booked_at=NOON, grace=GRACE) == at[16]


def test_priority_is_worth_no_more_than_the_bound() -> None:
    assert ranking.rank(NOON, weight=timedelta(minutes=90)) == NOON - BOUND
    assert ranking.rank(NOON, weight=timedelta(minutes=5)) == NOON - timedelta(minutes=5)
