"""When a site is open, to the instant: what of a stretch of time counts, and when so much of it has passed.

An instant counts if the clock on the wall shows a time that lies in an interval. So an hour that summer time leaves out
does not count, and one that comes twice counts twice.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, cached_property
from zoneinfo import ZoneInfo

from portal.domain.sites.rules import holidays

Interval = tuple[int, int]  # minutes from midnight; the end may lie beyond the day, at most 24 h after the beginning
Stretch = tuple[datetime, datetime]

DAY = 1440
ALL_DAY: tuple[Interval, ...] = ((0, DAY),)
FAR = 3 * 366  # so many days without an open minute are a calendar that never opens
SECOND = timedelta(seconds=1)


class NeverOpen(ValueError):
    """A calendar that does not open for years, so that nothing is ever due."""


@dataclass(frozen=True)
class Span:
    """Open time from one instant until just before another, in UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True)
class Calendar:
    """A site's week from Monday, whose holidays it keeps ("" nobody's), and its own days, which win over both."""

    zone: str
    week: tuple[tuple[Interval, ...], ...]
    holidays: str = ""
    days: tuple[tuple[date, tuple[Interval, ...]], ...] = ()

    def hours(self, day: date) -> tuple[Interval, ...]:
        """The intervals that begin on a day."""
        if day in self._own:
            return self._own[day]
        weekday = holidays.weekday(self.holidays, day)
        return () if weekday is None else self.week[weekday]

    @cached_property
    def _own(self) -> dict[date, tuple[Interval, ...]]:
        return dict(self.days)

    @cached_property
    def _known(self) -> dict[int, tuple[Span, ...]]:
        """The open time of each day of UTC that was asked for."""
        return {}


@cache
def round_the_clock(zone: str) -> Calendar:
    """Open day and night, every day."""
    return Calendar(zone, (ALL_DAY,) * 7)


def spans(
    calendar: Calendar, start: datetime, end: datetime, pauses: Sequence[tuple[datetime, datetime]] = ()
) -> list[Span]:
    """The open time between two instants, outside the pauses, in order; what touches is one span."""
    start, end = start.astimezone(UTC), end.astimezone(UTC)
    stops = _united((begins.astimezone(UTC), ends.astimezone(UTC)) for begins, ends in pauses)
    days = range(start.toordinal(), end.toordinal() + 1)
    inside = (span for day in days for span in _opened(calendar, day))
    return _united(
        left for span in inside for left in _without(max(start, span.start), min(end, span.end), stops)
    )


def worked(calendar: Calendar, start: datetime, end: datetime) -> timedelta:
    """How much of the time between two instants is open."""
    return sum((span.end - span.start for span in spans(calendar, start, end)), timedelta())


def due(
    calendar: Calendar, start: datetime, work: timedelta, pauses: Sequence[tuple[datetime, datetime]] = ()
) -> datetime:
    """The first instant at which so much open time, outside the pauses, has passed; raises NeverOpen."""
    start = start.astimezone(UTC)
    if work <= timedelta():
        return start
    stops = _united((begins.astimezone(UTC), ends.astimezone(UTC)) for begins, ends in pauses)
    day, idle = start.toordinal(), 0
    while idle < FAR:
        idle += 1
        for span in _opened(calendar, day):
            for begins, ends in _without(max(span.start, start), span.end, stops):
                if ends - begins >= work:
                    return begins + work
                work -= ends - begins
                idle = 0
        day += 1
    raise NeverOpen(f"not open for {FAR} days")


def provisional(calendar: Calendar, start: datetime, end: datetime) -> bool:
    """Whether a day between two instants is in a year whose holidays are not published yet."""
    if not calendar.holidays:
        return False
    zone = ZoneInfo(calendar.zone)
    last = max(start, end - SECOND).astimezone(zone).year
    return not set(range(start.astimezone(zone).year, last + 1)) <= holidays.published(calendar.holidays)


def end_of_day(zone: str, start: datetime, days: int) -> datetime:
    """24:00 of the last of some calendar days; the day of `start` is not counted."""
    after = start.astimezone(ZoneInfo(zone)).date() + timedelta(days=days + 1)
    return datetime.combine(after, time(), ZoneInfo(zone)).astimezone(UTC)


def end_of_working_day(calendar: Calendar, start: datetime, days: int) -> datetime:
    """The end of the last of some working days; the day of `start` is not counted. Raises NeverOpen."""
    zone = ZoneInfo(calendar.zone)
    day, idle = start.astimezone(zone).date(), 0
    while days:
        day += timedelta(days=1)
        idle += 1
        if idle > FAR:
            raise NeverOpen(f"no working day for {FAR} days")
        if works(calendar, day):
            days, idle = days - 1, 0
    closes = min(DAY, max((closes for _opens, closes in calendar.hours(day)), default=DAY))
    return (datetime.combine(day, time(), zone) + timedelta(minutes=closes)).astimezone(UTC)


def works(calendar: Calendar, day: date) -> bool:
    """Whether a day is a working day: open, and no holiday or weekend, unless that is made up or is the site's own day."""
    if day in calendar._own:
        return bool(calendar._own[day])
    weekday = holidays.weekday(calendar.holidays, day)
    return weekday is not None and weekday < holidays.SATURDAY and bool(calendar.week[weekday])


def written(intervals: Sequence[Interval]) -> str:
    """Intervals as they are typed: "09:00–12:00, 22:00–06:00", "24h"; nothing for a closed day."""
    return "24h" if tuple(intervals) == ALL_DAY else ", ".join(_written(opens, closes) for opens, closes in intervals)


def overlaps(week: Sequence[Sequence[Interval]]) -> list[int]:
    """The weekdays with an interval that begins before one before it has ended, over midnight and Sunday too."""
    twice = sorted(
        ((turn * 7 + weekday) * DAY + opens, (turn * 7 + weekday) * DAY + closes, weekday)
        for turn in (0, 1)
        for weekday, intervals in enumerate(week)
        for opens, closes in intervals
    )
    found, until = set(), 0
    for opens, closes, weekday in twice:
        if opens < until:
            found.add(weekday)
        until = max(until, closes)
    return sorted(found)


def _written(opens: int, closes: int) -> str:
    if DAY < closes < opens + DAY:  # the next day's time; a whole day on, it would look like no time at all
        closes -= DAY
    return f"{opens // 60:02}:{opens % 60:02}–{closes // 60:02}:{closes % 60:02}"


def _opened(calendar: Calendar, day: int) -> tuple[Span, ...]:
    """The open time of one day of UTC, worked out once."""
    found = calendar._known.get(day)
    if found is None:
        found = calendar._known[day] = tuple(_united(_openings(calendar, day)))
    return found


def _openings(calendar: Calendar, day: int) -> Iterator[Stretch]:
    """The stretches of one day of UTC at which the wall shows a time of an interval; they may overlap."""
    for start, end, offset in _offsets(ZoneInfo(calendar.zone), day):
        first, last = start + offset, end + offset  # what the wall shows, though it says UTC
        for number in range(first.toordinal() - 1, last.toordinal() + 1):
            midnight = datetime.combine(date.fromordinal(number), time(), UTC)
            for opens, closes in calendar.hours(midnight.date()):
                begins = max(first, midnight + timedelta(minutes=opens))
                ends = min(last, midnight + timedelta(minutes=closes))
                yield begins - offset, ends - offset


def _offsets(zone: ZoneInfo, day: int) -> Iterator[tuple[datetime, datetime, timedelta]]:
    """One day of UTC in pieces, each with the offset of the wall's clock in it; no zone changes twice in a day."""
    start = datetime.combine(date.fromordinal(day), time(), UTC)
    end = start + timedelta(days=1)
    before, after = _offset(zone, start), _offset(zone, end)
    if before == after:
        yield start, end, before
        return
    last, turn = start, end
    while turn - last > SECOND:
        middle = last + (turn - last) // SECOND // 2 * SECOND
        last, turn = (middle, turn) if _offset(zone, middle) == before else (last, middle)
    yield start, turn, before
    yield turn, end, after


def _offset(zone: ZoneInfo, at: datetime) -> timedelta:
    return at.astimezone(zone).utcoffset() or timedelta()


def _without(start: datetime, end: datetime, stops: list[Span]) -> Iterator[Stretch]:
    """What is left of a stretch between the pauses."""
    for stop in stops:
        if start < stop.start < end:
            yield start, stop.start
        if stop.start < end:
            start = max(start, stop.end)
    if start < end:
        yield start, end


def _united(stretches: Iterable[Stretch]) -> list[Span]:
    """The same time as spans in order, which neither overlap nor touch; what is empty is left out."""
    found: list[Span] = []
    for start, end in sorted(stretch for stretch in stretches if stretch[0] < stretch[1]):
        if found and start <= found[-1].end:
            found[-1] = Span(found[-1].start, max(found[-1].end, end))
        else:
            found.append(Span(start, end))
    return found
