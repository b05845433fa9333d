"""When a visit may begin, and for how many more there is room."""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from portal.domain.sites.rules.calendar import DAY, Calendar

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True)
class Offer:
    """What of a type decides when there is room: its hours, and what stands in their way.

    `minutes` of a visit, `buffer` after it, a beginning every `step`; `parties` and `people` at once; not before `lead`
    from now, not after `horizon` days.
    """

    calendar: Calendar
    minutes: int
    buffer: int
    step: int
    parties: int
    people: int
    lead: timedelta
    horizon: int
    blackouts: tuple[Stretch, ...] = ()

    def stretch(self, begins_at: datetime) -> Stretch:
        """What a visit keeps its places for."""
        return begins_at, begins_at + timedelta(minutes=self.minutes + self.buffer)


@dataclass(frozen=True)
class Taken:
    """Places that somebody has: a party of so many, from one instant until just before another."""

    begins_at: datetime
    free_at: datetime
    people: int
    parties: int = 1


@dataclass(frozen=True)
class Slot:
    """A time at which a visit may begin, and how many parties and people there is still room for."""

    begins_at: datetime
    day: date
    time: str
    parties: int
    people: int

    @property
    def left(self) -> int:
        """How many more parties may book; none where not one more person has room."""
        return self.parties if self.people > 0 else 0

    def fits(self, people: int) -> bool:
        """Whether a party of so many has room."""
        return self.parties > 0 and self.people >= people


def slots(offer: Offer, first: date, last: date, taken: Iterable[Taken], *, now: datetime) -> list[Slot]:
    """Every time from one day of the site to another at which a visit may begin, the full ones too (VIS-02, VIS-03)."""
    busy = sorted(taken, key=lambda one: one.begins_at)
    starts = [one.begins_at for one in busy]
    longest = max((one.free_at - one.begins_at for one in busy), default=timedelta())
    found, earliest = [], now + offer.lead
    for day, minute, at in _beginnings(offer, first, last, now=now):
        if at < earliest:
            continue
        begins, ends = offer.stretch(at)
        near = busy[bisect_left(starts, begins - longest) : bisect_left(starts, ends)]
        parties, people = room(offer, begins, ends, near)
        found.append(Slot(at, day, f"{minute // 60:02}:{minute % 60:02}", parties, people))
    return found


def room(offer: Offer, begins: datetime, ends: datetime, taken: Sequence[Taken]) -> tuple[int, int]:
    """For how many parties and people there is room all of the time between two instants."""
    parties, people = most_at_once(begins, ends, taken)
    return max(0, offer.parties - parties), max(0, offer.people - people)


def most_at_once(begins: datetime, ends: datetime, taken: Iterable[Taken]) -> tuple[int, int]:
    """How many parties, and how many people, are there at the same time, at the worst instant between two.

    Only where somebody begins can there be more of them than just before.
    """
    over = [one for one in taken if one.begins_at < ends and one.free_at > begins]
    if len(over) == 1:
        return over[0].parties, over[0].people
    parties = people = 0
    for at in {max(begins, one.begins_at) for one in over}:
        here = [one for one in over if one.begins_at <= at < one.free_at]
        parties = max(parties, sum(one.parties for one in here))
        people = max(people, sum(one.people for one in here))
    return parties, people


def beginnings(offer: Offer, first: date, last: date, *, now: datetime) -> Iterator[tuple[date, datetime]]:
    """The times of some days at which a visit may begin, as far ahead as the type is offered; blackouts left out."""
    return ((day, at) for day, _minute, at in _beginnings(offer, first, last, now=now))


def bookable(offer: Offer, day: date, at: datetime, *, now: datetime) -> bool:
    """Whether a visit may begin then, whatever is taken and however soon that is."""
    return any(when == at for _day, when in beginnings(offer, day, day, now=now))


def instant(zone: str, day: date, time: str) -> datetime | None:
    """The instant of a time on the wall ("14:30"), None for one that summer time leaves out or that is no time."""
    hour, _, minute = time.partition(":")
    if not (hour.isdigit() and minute.isdigit() and len(time) <= 5) or int(hour) > 23 or int(minute) > 59:
        return None
    return _instant(ZoneInfo(zone), day, int(hour) * 60 + int(minute))


def wall(zone: str, at: datetime) -> str:
    """What the clock on the wall shows."""
    return at.astimezone(ZoneInfo(zone)).strftime("%H:%M")


def _beginnings(offer: Offer, first: date, last: date, *, now: datetime) -> Iterator[tuple[date, int, datetime]]:
    """The same, with the minute that the clock on the wall shows."""
    zone = ZoneInfo(offer.calendar.zone)
    latest = now.astimezone(zone).date() + timedelta(days=offer.horizon)
    for number in range(first.toordinal(), min(last, latest).toordinal() + 1):
        day = date.fromordinal(number)
        midnight = _even_midnight(zone, day)
        for minute in sorted(set(_minutes(offer, day))):
            at = _instant(zone, day, minute) if midnight is None else midnight + timedelta(minutes=minute)
            if at is not None and not (offer.blackouts and _dark(offer, at)):
                yield day, minute, at


def _even_midnight(zone: ZoneInfo, day: date) -> datetime | None:
    """The instant at which a day begins, if it has 24 hours; None for one on which the clocks are changed."""
    begins = datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)
    after = day + timedelta(days=1)
    ends = datetime(after.year, after.month, after.day, tzinfo=zone).astimezone(UTC)
    return begins if ends - begins == timedelta(days=1) else None


def _minutes(offer: Offer, day: date) -> Iterator[int]:
    """The minutes of a day at which a visit may begin: also what the hours of the day before reach over midnight."""
    before = tuple((opens - DAY, closes - DAY) for opens, closes in offer.calendar.hours(day - timedelta(days=1)))
    for opens, closes in (*before, *offer.calendar.hours(day)):
        for minute in range(opens, closes - offer.minutes + 1, offer.step):
            if 0 <= minute < DAY:
                yield minute


def _dark(offer: Offer, at: datetime) -> bool:
    """Whether a visit that begins then would be in a blackout."""
    ends = at + timedelta(minutes=offer.minutes)
    return any(start < ends and end > at for start, end in offer.blackouts)


def _instant(zone: ZoneInfo, day: date, minute: int) -> datetime | None:
    """The first of two instants where an hour comes twice; None where it is left out."""
    local = datetime(day.year, day.month, day.day, minute // 60, minute % 60, tzinfo=zone)
    at = local.astimezone(UTC)
    return at if at.astimezone(zone).replace(tzinfo=None) == local.replace(tzinfo=None) else None
