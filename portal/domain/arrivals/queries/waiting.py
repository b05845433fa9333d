"""An arrival as its visitor sees it, by the link: numbers and times, and nobody's name."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal import clock, database
from portal.domain.arrivals.queries import prospects
from portal.domain.arrivals.queries.prospects import Prospect
from portal.domain.arrivals.tables import State
from portal.domain.bookings.tables import VisitType
from portal.domain.sites import queries as sites
from portal.domain.sites.rules import days
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site, named
from portal.errors import NotFound
from portal.ids import token_hash

_FOUND = """
SELECT a.item, a.site, a.type, a.day, a.ticket, a.people, a.priority, a.came_at, a.not_before, a.delayed, a.calls, i.state,
  i.due_at, b.begins_at, d.slug AS door, s.name_zh AS window_zh, s.name_en AS window_en
FROM arrival a JOIN work_item i ON i.id = a.item LEFT JOIN booking b ON b.id = a.booking LEFT JOIN door d ON d.id = a.door
  LEFT JOIN station s ON s.id = a.station
WHERE a.token_hash = {}
"""


@dataclass(frozen=True)
class Waiting:
    """What the waiting page shows; `prospect` only of somebody who waits."""

    item: UUID
    kind: str
    day: str
    ticket: str
    state: str
    people: int
    priority: bool
    came_at: datetime
    booked_at: datetime | None
    early: bool
    not_before: datetime | None
    delayed: bool
    calls: int
    window: str
    door: str
    prospect: Prospect | None

    @property
    def waits(self) -> bool:
        return self.state == State.WAITING

    @property
    def called(self) -> bool:
        return self.state == State.CALLED

    @property
    def can_delay(self) -> bool:
        return self.waits and not self.delayed

    @property
    def can_leave(self) -> bool:
        return self.state in (State.WAITING, State.CALLED, State.PARKED)

    @property
    def over(self) -> bool:
        return self.state in (State.DONE, State.NO_SHOW, State.LEFT)


async def by_token(token: str) -> tuple[Waiting, Site]:
    """The arrival behind a link; raises NotFound for a wrong one, and for one of another day of the house."""
    row, site = await _row(token)
    kind = await VisitType.objects().where(VisitType.id == row["type"]).first()
    if kind is None:
        raise NotFound
    before = row["not_before"] if row["not_before"] and row["not_before"] > clock.now() else None
    line = None
    if row["state"] == State.WAITING:
        line = await prospects.prospect(site, kind, item=row["item"], due_at=row["due_at"], not_before=before)
    soon = timedelta(minutes=site_rules.figure(site, "arrival.early_minutes"))
    booked = row["begins_at"]
    return Waiting(
        item=row["item"], kind=kind.name, day=row["day"].isoformat(), ticket=row["ticket"], state=row["state"],
        people=row["people"], priority=bool(row["priority"]), came_at=row["came_at"], booked_at=booked,
        early=booked is not None and booked - row["came_at"] > soon, not_before=before, delayed=bool(row["delayed"]),
        calls=row["calls"], window=named(row["window_zh"] or "", row["window_en"] or ""), door=row["door"] or "",
        prospect=line,
    ), site  # fmt: skip


async def lives(token: str) -> bool:
    """Whether a link still leads somewhere."""
    try:
        await _row(token)
    except NotFound:
        return False
    return True


async def _row(token: str) -> tuple[dict[str, Any], Site]:
    rows = await database.rows(_FOUND, token_hash(token))
    if not rows:
        raise NotFound
    site = await sites.site_by_id(rows[0]["site"])
    if rows[0]["day"] != days.today(site, clock.now()):
        raise NotFound
    return rows[0], site
