"""What is prepared for a visit, and until when (VIS-07, VIS-29)."""

from collections.abc import Collection
from datetime import datetime, timedelta

from portal.domain.bookings.tables import VisitType

# In the order in which a house goes about it; "safety" is VIS-29's: fire precautions, equipment checked, order.
ITEMS = ("area", "safety", "documents", "samples", "brochures", "room", "equipment", "vehicle", "tea")
ON_THE_DAY = frozenset({"tea"})
USUAL = tuple(item for item in ITEMS if item != "vehicle")
AT_TABLE = ("area", "safety", "tea")


def checklist(kind: VisitType) -> tuple[str, ...]:
    """What is prepared for a visit of this type, in the list's order."""
    own = kind.checks.split()
    return tuple(item for item in ITEMS if item in (own or (AT_TABLE if kind.at_table else USUAL)))


def due_at(item: str, begins_at: datetime, *, days: int, minutes: int) -> datetime:
    """Until when: so many days before the visit; what is done on the day itself, so many minutes before."""
    return begins_at - (timedelta(minutes=minutes) if item in ON_THE_DAY else timedelta(days=days))


def overdue(
    items: Collection[str], done: Collection[str], begins_at: datetime, *, now: datetime, days: int, minutes: int
) -> list[str]:
    """What should be there by now, and is not."""
    left = [item for item in items if item not in done]
    return [item for item in left if due_at(item, begins_at, days=days, minutes=minutes) <= now]
