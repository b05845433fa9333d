"""The line at the door, as staff read it: who waits, who was called where, who stands aside; by number, never in full."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal import clock, database
from portal.domain.accounts.queries import Staff
from portal.domain.arrivals.rules import way
from portal.domain.arrivals.rules.windows import Waits, Window
from portal.domain.arrivals.tables import State, Station
from portal.domain.queues.queries import items
from portal.domain.queues.queries.items import Card
from portal.domain.queues.queries.words import opened
from portal.domain.queues.rules import UNDO_WITHIN
from portal.domain.sites.tables import Site, named
from portal.errors import NotFound

LONGEST = timedelta(hours=12)  # nobody stands in a line for longer: what is older belongs to another day
GONE_FOR = timedelta(hours=1)  # so long somebody who did not come is still there to be brought back
MOST = 60  # of those who wait, on one page
_HERE = f"i.site = {{}} AND i.line = '{way.LINE}' AND a.came_at > {{}}"
_SELECT = f"""
SELECT count(*) OVER () AS many, i.id, i.number, i.state, i.who, a.ticket, a.people, a.priority, a.came_at, a.not_before,
  a.calls, a.called_at, a.rung_at, a.served_at, a.host_contacted_at, t.code AS type_code, t.name_zh AS type_zh,
  t.name_en AS type_en, s.id AS station, s.code AS station_code, s.name_zh AS station_zh, s.name_en AS station_en,
  b.begins_at, o.name AS owner_name
FROM work_item i JOIN arrival a ON a.id = i.id JOIN visit_type t ON t.id = a.type LEFT JOIN station s ON s.id = a.station
  LEFT JOIN booking b ON b.id = a.booking LEFT JOIN account o ON o.id = i.owner
WHERE {_HERE} AND """
_WAITS = f"""
SELECT t.code AS type, a.station, a.came_at, b.begins_at
FROM work_item i JOIN arrival a ON a.id = i.id JOIN visit_type t ON t.id = a.type LEFT JOIN booking b ON b.id = a.booking
WHERE {_HERE} AND i.closed_at IS NULL AND i.state = '{State.WAITING}' AND (a.not_before IS NULL OR a.not_before <= {{}})
"""


@dataclass(frozen=True)
class Visitor:
    """Somebody in the line: what is called, how a visitor is addressed where others read it, and how far it is."""

    id: UUID
    number: str
    state: str
    ticket: str
    who: str
    type: str
    type_code: str
    people: int
    priority: bool
    booked_at: datetime | None
    came_at: datetime
    not_before: datetime | None
    station: UUID | None
    window: str
    window_code: str
    owner_name: str
    calls: int
    called_at: datetime | None
    served_at: datetime | None
    host_contacted: bool

    @property
    def since(self) -> datetime:
        """Since when somebody waits: who is early for a booking waits from the booked time."""
        return max(self.came_at, self.booked_at or self.came_at)

    @property
    def later(self) -> bool:
        """Whether it is not yet to be called."""
        return self.not_before is not None and self.not_before > clock.now()

    @property
    def recalls(self) -> int:
        """How often it may still be called again."""
        return max(0, way.MOST_CALLS - self.calls)


@dataclass(frozen=True)
class Finished:
    """A number whose matter is done, and since when."""

    ticket: str
    ended_at: datetime


async def waiting(site: Site) -> tuple[list[Visitor], int]:
    """Who waits, in the order of the calls; the first of them, and how many there are."""
    return await _found(site, f"i.closed_at IS NULL AND i.state = '{State.WAITING}'")


async def called(site: Site) -> list[Visitor]:
    """Who was called, and who is served, by window."""
    return (await _found(site, f"i.closed_at IS NULL AND i.state IN ('{State.CALLED}', '{State.SERVING}')"))[0]


async def aside(site: Site) -> list[Visitor]:
    """Who was parked, and who did not come a while ago."""
    gone = f"i.state = '{State.NO_SHOW}' AND a.ended_at > {{}}"
    return (await _found(site, f"(i.closed_at IS NULL AND i.state = '{State.PARKED}' OR {gone})", clock.now() - GONE_FOR))[0]


async def waits(site: Site) -> list[Waits]:
    """What of those who could be called now decides where."""
    now = clock.now()
    rows = await database.rows(_WAITS, site.id, now - LONGEST, now)
    return [Waits(row["type"], row["station"], max(row["came_at"], row["begins_at"] or row["came_at"])) for row in rows]


async def stations(site: Site) -> list[Station]:
    """The windows that people are called to, in their order."""
    sql = "SELECT * FROM station WHERE site = {} AND active = true ORDER BY position, code"
    return [Station(**row, _exists_in_db=True) for row in await database.rows(sql, site.id)]


async def visitor(site: Site, number: str) -> Card:
    """The item of somebody who came, by its number; raises NotFound."""
    sql = f"SELECT id FROM work_item WHERE site = {{}} AND number = {{}} AND line = '{way.LINE}'"
    rows = await database.rows(sql, site.id, number)
    if not rows:
        raise NotFound
    return await items.item_by_id(rows[0]["id"])


async def finished(staff: Staff, site: Site, number: str) -> Finished | None:
    """What somebody finished a moment ago and may take back still."""
    sql = (
        "SELECT a.ticket, a.ended_at FROM arrival a JOIN work_item i ON i.id = a.id "
        f"WHERE i.site = {{}} AND i.number = {{}} AND i.owner = {{}} AND i.state = '{State.DONE}' AND a.ended_at > {{}}"
    )
    rows = await database.rows(sql, site.id, number, staff.id, clock.now() - UNDO_WITHIN)
    return Finished(rows[0]["ticket"], rows[0]["ended_at"]) if rows else None


def window(station: Station) -> Window:
    """A window as far as calling goes."""
    return Window(station.id, station.code, station.name, frozenset(station.types.split()))


async def _found(site: Site, condition: str, *args: Any) -> tuple[list[Visitor], int]:
    sql = f"{_SELECT}{condition} ORDER BY i.due_at, i.id LIMIT {MOST}"
    rows = await database.rows(sql, site.id, clock.now() - LONGEST, *args)
    return [_visitor(row) for row in rows], int(rows[0]["many"]) if rows else 0


def _visitor(row: Any) -> Visitor:
    return Visitor(
        id=row["id"], number=row["number"], state=row["state"], ticket=row["ticket"],
        who=opened(row["who"], "work_item.who", row["id"]), type=named(row["type_zh"], row["type_en"]),
        type_code=row["type_code"], people=row["people"], priority=bool(row["priority"]), booked_at=row["begins_at"],
        came_at=row["came_at"], not_before=row["not_before"], station=row["station"],
        window=named(row["station_zh"] or "", row["station_en"] or ""), window_code=row["station_code"] or "",
        owner_name=row["owner_name"] or "", calls=row["calls"], called_at=row["called_at"], served_at=row["served_at"],
        host_contacted=row["host_contacted_at"] is not None,
    )  # fmt: skip
