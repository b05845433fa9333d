"""A day of the house begins when its site has decided, in its zone, whatever the calendar and summer time do."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.domain.sites.rules import days
from tests.stories import house

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("at", "day"),
    [
        (datetime(2026, 11, 21, 19, 59, 59, tzinfo=UTC), date(2026, 11, 21)),
        (datetime(2026, 11, 21, 20, 0, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 11, 22, 16, 0, tzinfo=UTC), date(2026, 11, 22)),
    ],
)
def test_a_day_begins_when_the_site_has_decided(at: datetime, day: date) -> None:
    """03:59:59 belongs to the day before, 04:00 begins one, 23:59:59 and 00:00 are of one day."""
    assert days.today(house(), at) == day


def test_where_a_day_begins_at_midnight_it_is_that_of_the_calendar() -> None:
    site = house({"day.start": "00:00"})

    assert days.today(site, datetime(2026, 11, 21, 15, 59, 59, tzinfo=UTC)) == date(2026, 11, 21)
    assert days.today(site, datetime(2026, 11, 21, 16, 0, tzinfo=UTC)) == date(2026, 11, 22)


def test_the_last_night_of_a_year_belongs_to_its_last_day() -> None:
    assert days.beginning(house(), date(2027, 1, 1)) == datetime(2026, 12, 31, 20, 0, tzinfo=UTC)
    assert days.today(house(), datetime(2026, 12, 31, 19, 59, 59, tzinfo=UTC)) == date(2026, 12, 31)
    assert days.today(house(), datetime(2026, 12, 31, 20, 0, tzinfo=UTC)) == date(2027, 1, 1)


@pytest.mark.parametrize(
    ("day", "begins", "hours"),
    [
        (date(2026, 3, 27), datetime(2026, 3, 27, 3, 0, tzinfo=UTC), 24),
        (date(2026, 3, 28), datetime(2026, 3, 28, 3, 0, tzinfo=UTC), 23),
        (date(2026, 3, 29), datetime(2026, 3, 29, 2, 0, tzinfo=UTC), 24),
        (date(2026, 10, 24), datetime(2026, 10, 24, 2, 0, tzinfo=UTC), 25),
        (date(2026, 10, 25), datetime(2026, 10, 25, 3, 0, tzinfo=UTC), 24),
    ],
)
def test_a_day_in_which_the_clocks_are_changed_has_an_hour_more_or_less(
    day: date, begins: datetime, hours: int
) -> None:
    site = house()
    site.zone = "Europe/Berlin"
    ends = days.beginning(site, day + timedelta(1))

    assert (days.beginning(site, day), ends - begins) == (begins, timedelta(hours=hours))
    assert [days.today(site, at) for at in (begins - SECOND, begins, ends - SECOND, ends)] == [
        day - timedelta(1), day, day, day + timedelta(1)
    ]  # fmt: skip


def test_a_minute_is_what_the_clock_on_the_wall_shows() -> None:
    """The same instant is another minute, and may be another day, in another zone."""
    at = datetime(1970, 1, 2, 0, 30, 59, tzinfo=UTC)

    assert days.minute(at, "UTC") == 1470
    assert days.minute(at, "Asia/Shanghai") == 1470 + 480
    assert [days.day_of(1470, begins) for begins in (30, 31)] == [date(1970, 1, 2), date(1970, 1, 1)]


def test_when_days_begin_is_a_number_and_a_time() -> None:
    begins = days.begins(house({"day.start": "05:30"}))

    assert (begins, days.shown(begins), days.shown(0)) == (330, "05:30", "00:00")
