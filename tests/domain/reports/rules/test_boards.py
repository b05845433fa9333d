"""Quarters, and which numbers the public may know."""

from datetime import date
from typing import Any

import pytest

from portal.domain.reports.rules.boards import Counted, Quarter, kept, public, quarter_of, read, written
from portal.errors import NotFound


def test_a_year_has_four_quarters_and_the_next_follows() -> None:
    assert [quarter_of(date(2026, month, 1)).code for month in (1, 3, 4, 9, 10, 12)] == [
        "2026Q1", "2026Q1", "2026Q2", "2026Q3", "2026Q4", "2026Q4"]  # fmt: skip
    assert (Quarter(2026, 4).next, Quarter(2026, 1).before) == (Quarter(2027, 1), Quarter(2025, 4))
    assert (Quarter(2026, 4).first, Quarter(2026, 4).last) == (date(2026, 10, 1), date(2026, 12, 31))
    assert read("2026Q3") == Quarter(2026, 3)
    for wrong in ("", "2026Q5", "2026", "1999Q1", "2026Q11"):
        with pytest.raises(NotFound):
            read(wrong)


@pytest.mark.parametrize(
    ("counted", "shown"),
    [
        (Counted(4, 4, 4, 4, 60, [("房", "R", 4)]), ("few", "few", "few", [])),
        (Counted(20, 20, 16, 20, 3600, [("房", "R", 9), ("餐", "F", 5), ("泳", "P", 4)]), (20, "most", 3600, 2)),
        (Counted(20, 20, 20, 4, 3600, []), (20, "most", "few", 0)),
        (Counted(20, 20, 15, 20, 3600, []), (20, 75, 3600, 0)),
        (Counted(20, 20, 4, 20, None, []), (20, "few", "few", 0)),
        (Counted(4, 12, 12, 12, 3600, []), ("few", "few", "few", 0)),
        (Counted(0, 0, 0, 0, None, []), ("few", "few", "few", 0)),
    ],
)
def test_nothing_under_five_is_public(counted: Counted, shown: tuple[Any, ...]) -> None:
    """Table 2.2, row 28: neither a number under five, nor a share that gives one away."""
    numbers = public(counted, first=date(2026, 7, 1), last=date(2026, 9, 30))

    subjects = len(numbers.subjects) if isinstance(shown[3], int) else numbers.subjects
    assert (numbers.many, numbers.in_time, numbers.median, subjects) == shown
    assert kept(written(numbers)) == numbers
