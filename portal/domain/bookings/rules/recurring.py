"""The days of a series: every so many days or weeks, until a day or so many times."""

from datetime import date, timedelta
from itertools import count, takewhile

MOST = 60  # bookings of one series
UNITS = {"day": timedelta(days=1), "week": timedelta(weeks=1)}
ONE, FOLLOWING, ALL = "one", "following", "all"


def days(first: date, unit: str, every: int, *, until: date | None = None, times: int | None = None) -> list[date]:
    """The days of a series, the first one among them; never more than MOST."""
    many = min(times or MOST, MOST)
    step = UNITS[unit] * every
    found = takewhile(lambda day: until is None or day <= until, (first + step * number for number in count()))
    return [day for day, _number in zip(found, range(many), strict=False)]
