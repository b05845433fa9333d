"""China's holidays are those of the orders, to the day, and a year without an order is known as such."""

from datetime import date, timedelta

import pytest

from portal.domain.sites.rules import holidays

# The order of the State Council for 2026: days off from and to, and the days worked in exchange.
OFF = {
    "元旦": ((1, 1), (1, 3)), "农历除夕、春节": ((2, 15), (2, 23)), "清明节": ((4, 4), (4, 6)), "劳动节": ((5, 1), (5, 5)),
    "端午节": ((6, 19), (6, 21)), "中秋节": ((9, 25), (9, 27)), "国庆节": ((10, 1), (10, 7)),
}  # fmt: skip
WORKED = {(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)}


def test_the_breaks_of_2026_are_those_of_the_order() -> None:
    found = holidays.breaks("CN", date(2026, 1, 1), date(2026, 12, 31))

    assert {one.name_zh: ((one.first.month, one.first.day), (one.last.month, one.last.day)) for one in found} == OFF
    assert found[-1].name_en == "National Day"


def test_the_make_up_days_of_2026_are_those_of_the_order() -> None:
    found = holidays.made_up("CN", date(2026, 1, 1), date(2026, 12, 31))

    assert {(day.month, day.day) for day, off in found} == WORKED
    assert all(day.weekday() >= 5 > off.weekday() for day, off in found)


def test_each_day_of_2026_is_off_worked_for_another_or_itself() -> None:
    first = date(2026, 1, 1)
    off = {date(2026, *from_) + timedelta(days=n) for from_, to in OFF.values()
           for n in range((date(2026, *to) - date(2026, *from_)).days + 1)}  # fmt: skip
    worked = {day: other.weekday() for day, other in holidays.made_up("CN", first, date(2026, 12, 31))}

    for number in range(365):
        day = first + timedelta(days=number)
        expected = None if day in off else worked.get(day, day.weekday())
        assert holidays.weekday("CN", day) == expected, day


def test_a_break_is_told_whole_where_the_days_begin_in_the_middle_of_it() -> None:
    found = holidays.breaks("CN", date(2026, 10, 3), date(2026, 10, 4))

    assert [(one.first, one.last) for one in found] == [(date(2026, 10, 1), date(2026, 10, 7))]


def test_a_last_day_of_december_may_be_worked_for_the_next_year() -> None:
    """The order for 2012 made Saturday, 31 December 2011 a working day."""
    assert holidays.weekday("CN", date(2011, 12, 31)) == date(2012, 1, 3).weekday()


def test_a_year_without_an_order_is_reckoned_and_not_published() -> None:
    last = max(holidays.published("CN"))

    assert last >= 2026
    assert holidays.weekday("CN", date(last + 1, 10, 1)) is None
    assert holidays.made_up("CN", date(last + 1, 1, 1), date(last + 1, 11, 30)) == []


def test_what_is_known_names_the_last_order() -> None:
    assert holidays.known("CN").startswith(f"CN {max(holidays.published('CN'))} ")
    assert holidays.known("") == ""


@pytest.mark.parametrize("day", [date(2026, 10, 1), date(2026, 10, 10), date(2026, 10, 4)])
def test_a_site_that_keeps_no_holidays_has_only_weekdays(day: date) -> None:
    assert holidays.weekday("", day) == day.weekday()
    assert holidays.breaks("", day, day) == []
    assert holidays.made_up("", day, day) == []
