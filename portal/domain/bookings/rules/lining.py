"""Who of those who wait is offered a place that is free."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.domain.bookings.rules.slots import Slot


@dataclass(frozen=True)
class Entry:
    """Somebody on the list: so many people, the first and the last time they would begin, and from when on they may.

    `passed` are the times that were offered before and not taken, and when that was.
    """

    id: UUID
    people: int
    wanted_from: datetime
    wanted_to: datetime
    not_before: datetime
    passed: Mapping[datetime, datetime]


def match(entries: Sequence[Entry], slots: Iterable[Slot], freed: Mapping[datetime, datetime]) -> tuple[Entry, Slot] | None:
    """The first in the line whom a time suits, and the first such time; None where nobody is served.

    A time that somebody let pass is not offered to him again, unless it was given up anew since (`freed`).
    """
    free = [slot for slot in slots if slot.parties > 0]
    found = ((entry, slot) for entry in entries for slot in free if _suits(entry, slot, freed))
    return next(found, None)


def _suits(entry: Entry, slot: Slot, freed: Mapping[datetime, datetime]) -> bool:
    at = slot.begins_at
    inside = entry.wanted_from <= at <= entry.wanted_to and at >= entry.not_before
    passed = entry.passed.get(at)
    again = passed is None or (at in freed and freed[at] > passed)
    return inside and again and slot.fits(entry.people)
