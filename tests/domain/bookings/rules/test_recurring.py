"""The days of a series."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as some

from portal.domain.bookings.rules import recurring

MONDAY = date(2026, 11, 23)


def test_every_second_week_until_a_day() -> None:
    assert recurring.days(MONDAY, "week", 2, until=date(2026, 12, 21)) == [
        MONDAY, date(2026, 12, 7), date(2026, 12, 21),
    ]  # fmt: skip


def test_every_third_day_so_many_times() -> None:
    assert recurring.days(MONDAY, "day", 3, times=3) == [MONDAY, date(2026, 11, 26), date(2026, 11, 29)]


@given(
    every=some.integers(1, 52), times=some.integers(2, 200), until=some.dates(MONDAY, date(2028, 1, 1)),
    unit=some.sampled_from(sorted(recurring.UNITS)),
)  # fmt: skip
def test_a_series_begins_with_its_first_day_and_has_an_end(every: int, times: int, until: date, unit: str) -> None:
    found = recurring.days(MONDAY, unit, every, until=until, times=times)

    assert found[0] == MONDAY and found[-1] <= until and len(found) <= min(times, recurring.MOST)
    assert {two - one for one, two in pairwise(found)} <= {recurring.UNITS[unit] * every}
