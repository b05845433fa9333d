"""The days and times of a type, to choose one of: five weeks at once, and the times of one day."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal import clock
from portal.domain.bookings.queries import times
from portal.domain.bookings.rules.slots import Slot
from portal.domain.bookings.tables import VisitType
from portal.domain.sites.tables import Site

WEEKS = 5
FREE, FULL, NONE = "free", "full", ""


@dataclass(frozen=True)
class Weeks:
    """Five weeks: each day with what can be had on it, the times of the chosen day, and others where it has none."""

    days: list[tuple[date, str]]
    day: date
    slots: list[Slot]
    others: list[Slot]
    earlier: date | None
    later: date | None
    people: int

    @property
    def full(self) -> bool:
        """Whether there are visits that day, and no room for the party."""
        return bool(self.slots) and not any(slot.fits(self.people) for slot in self.slots)

    @property
    def free(self) -> bool:
        return any(slot.fits(self.people) for slot in self.slots)


async def weeks(site: Site, kind: VisitType, asked: date | None, people: int) -> Weeks:
    """The five weeks of a day; without one those of the first day that has room for the party."""
    today, offered = clock.today(site.zone), await times.offer(site, kind)
    start = today - timedelta(days=today.weekday())
    long = timedelta(days=7 * WEEKS)
    first = start + long * max(0, ((asked or today) - start) // long)
    last = first + long - times.A_DAY
    found = await times.free(site, kind, max(first, today), last, offered=offered)
    marks: dict[date, str] = {}
    for slot in found:
        marks[slot.day] = FREE if slot.fits(people) else marks.get(slot.day, FULL)
    day = asked or next((on for on, mark in marks.items() if mark == FREE), None)
    others: list[Slot] = []
    if day is None or marks.get(day) != FREE:
        after = max(clock.now(), times.beginning(site, day or last + times.A_DAY))
        others = await times.next_free(site, kind, after, people, days=kind.horizon_days)
    return Weeks(
        days=[(on, marks.get(on, NONE)) for on in (first + timedelta(days=number) for number in range(7 * WEEKS))],
        day=day or today, slots=[slot for slot in found if slot.day == (day or today)], others=others,
        earlier=max(today, first - long) if first > start else None,
        later=last + times.A_DAY if last < today + timedelta(days=offered.horizon) else None, people=people,
    )  # fmt: skip
