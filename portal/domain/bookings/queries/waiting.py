"""Who waits for a place, and what stands open for a visitor."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from portal import clock, database
from portal.domain.bookings.queries import times
from portal.domain.bookings.rules.lining import Entry
from portal.domain.bookings.tables import VisitType
from portal.domain.sites.tables import Site
from portal.errors import NotFound
from portal.ids import token_hash

IN_LINE = "i.line = 'bookings' AND i.closed_at IS NULL AND i.state = 'waiting'"
_DAYS = f"""
SELECT DISTINCT b.type, b.day FROM work_item i JOIN booking b ON b.id = i.id
WHERE i.site = {{}} AND {IN_LINE} AND b.asked = '' ORDER BY b.day, b.type
"""
_ENTRIES = f"""
SELECT b.id, b.people, b.wanted_from, b.wanted_to, b.passed, i.arrived_at
FROM work_item i JOIN booking b ON b.id = i.id
WHERE i.site = {{}} AND {IN_LINE} AND b.asked = '' AND b.type = {{}} AND b.day = {{}} AND b.wanted_to >= {{}}
ORDER BY b.lined_up_at, b.id
"""
_FREED = """
SELECT b.begins_at, i.closed_at FROM booking b JOIN work_item i ON i.id = b.id
WHERE b.site = {} AND b.day = {} AND b.type = {} AND b.begins_at IS NOT NULL
  AND i.state IN ('cancelled', 'declined', 'no-show') AND i.closed_at IS NOT NULL
ORDER BY i.closed_at
"""
_OPEN = """
SELECT b.id, b.type, b.asked, b.asked_begins_at, b.asked_place, b.asked_person, b.asked_until, b.begins_at, b.place, b.day,
  b.passed, i.state
FROM booking b JOIN work_item i ON i.id = b.id WHERE b.id = {}
"""


@dataclass(frozen=True)
class Open:
    """What stands open for a visitor: which of the three, what he would get, until when."""

    booking: UUID
    type: UUID
    asked: str
    begins_at: datetime | None
    place: UUID | None
    person: UUID | None
    until: datetime | None
    day: date
    passed: str

    def stands(self) -> bool:
        """Whether it may still be answered."""
        return bool(self.asked) and self.until is not None and self.until > clock.now()


async def days(site: Site) -> list[tuple[UUID, date]]:
    """The types and days of a site for which somebody waits who has no offer."""
    return [(row["type"], row["day"]) for row in await database.rows(_DAYS, site.id)]


async def entries(site: Site, kind: VisitType, day: date) -> list[Entry]:
    """Who waits for a day and has no offer, first come first; not nearer to the visit than one may book it (VIS-03)."""
    lead = times.lead(site, kind)
    return [_entry(row, lead) for row in await database.rows(_ENTRIES, site.id, kind.id, day, clock.now())]


async def freed(site: Site, kind: VisitType, day: date) -> dict[datetime, datetime]:
    """When somebody last gave up a time of a day."""
    return {row["begins_at"]: row["closed_at"] for row in await database.rows(_FREED, site.id, day, kind.id)}


async def stands_open(booking: UUID) -> Open:
    """What a booking's visitor is asked now."""
    row = (await database.rows(_OPEN, booking))[0]
    return Open(
        booking, row["type"], row["asked"], row["asked_begins_at"], row["asked_place"], row["asked_person"],
        row["asked_until"], row["day"], row["passed"],
    )  # fmt: skip


async def kind(key: UUID) -> VisitType:
    """A type by its id, offered still or not."""
    found = await VisitType.objects().get(VisitType.id == key)
    if found is None:
        raise NotFound
    return found


async def by_token(token: str) -> tuple[UUID, UUID]:
    """The booking of a visitor's link, and its site; raises NotFound."""
    rows = await database.rows("SELECT id, site FROM booking WHERE token_hash = {}", token_hash(token))
    if not rows:
        raise NotFound
    return rows[0]["id"], rows[0]["site"]


def passed(cell: str) -> dict[datetime, datetime]:
    """The times that somebody let pass, and when."""
    return {datetime.fromisoformat(at): datetime.fromisoformat(then) for at, then in json.loads(cell).items()}


def _entry(row: dict[str, Any], lead: timedelta) -> Entry:
    return Entry(row["id"], row["people"], row["wanted_from"], row["wanted_to"], row["arrived_at"] + lead,
                 passed(row["passed"]))  # fmt: skip
