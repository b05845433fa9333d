"""What a display shows, and which displays a site has."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal import clock, database
from portal.domain.arrivals.queries.line import LONGEST
from portal.domain.arrivals.rules import way
from portal.domain.arrivals.tables import State
from portal.domain.displays.tables import Display
from portal.domain.queues import rules
from portal.domain.queues.queries import sight
from portal.domain.queues.tables import Severity
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Site, named
from portal.errors import NotFound
from portal.ids import token_hash

MOST = 12  # lines that are read from two metres
_LINES = """
SELECT i.number, i.state, i.severity, i.on_time, i.soon, i.paused, i.due_from, i.due_at, i.arrived_at, p.name_zh, p.name_en
FROM work_item i LEFT JOIN place p ON p.id = i.place
WHERE %s ORDER BY i.on_time, i.severity, i.tier, i.due_at, i.arrived_at, i.id LIMIT {}
"""
_COUNTS = """
SELECT count(*) AS open, coalesce(sum(CASE WHEN i.on_time THEN 0 ELSE 1 END), 0) AS late,
  coalesce(sum(CASE WHEN i.owner IS NULL THEN 1 ELSE 0 END), 0) AS unowned
FROM work_item i WHERE %s
"""
MOST_CALLS = 8
_CALLS = f"""
SELECT a.id, a.ticket, a.rung_at, s.name_zh, s.name_en
FROM work_item i JOIN arrival a ON a.id = i.id JOIN station s ON s.id = a.station
WHERE i.site = {{}} AND i.line = '{way.LINE}' AND i.closed_at IS NULL AND i.state IN ('{State.CALLED}', '{State.SERVING}')
  AND a.rung_at > {{}} %s
ORDER BY a.rung_at DESC, a.id LIMIT {{}}
"""


@dataclass(frozen=True)
class Line:
    """An open item as a passer-by may read it: no name, no word that anybody typed, no place but those of the list."""

    number: str
    place: str
    state: str
    severe: bool
    late: bool
    soon: bool
    paused: bool
    share: int
    arrived_at: datetime
    due_at: datetime


@dataclass(frozen=True)
class Wall:
    """What a display shows: its first lines, and how many there are."""

    name: str
    lines: list[Line]
    open: int
    late: int
    unowned: int

    @property
    def more(self) -> int:
        return self.open - len(self.lines)


@dataclass(frozen=True)
class Call:
    """A number that was called to a window; `once` is another word for each time that it rings."""

    ticket: str
    window: str
    window_zh: str
    window_en: str
    once: str


@dataclass(frozen=True)
class Calls:
    """What a display of calls shows."""

    name: str
    calls: list[Call]


async def by_token(token: str) -> tuple[Display, Site]:
    """The display of a link, and its site; raises NotFound, too where it was revoked."""
    found = await Display.objects().where(Display.token_hash == token_hash(token), Display.revoked_at.is_null()).first()
    if found is None:
        raise NotFound
    return found, await sites.site_by_id(found.site)


async def wall(display: Display) -> Wall:
    """What is open in its part of the queue, in the queue's order, but for what is kept from anybody: two queries."""
    where, args = _shown(display)
    rows = await database.rows(_LINES % where, *args, MOST)
    counts = (await database.rows(_COUNTS % where, *args))[0]
    return Wall(display.name, [_line(row) for row in rows], *(int(counts[name]) for name in ("open", "late", "unowned")))


async def calls(display: Display) -> Calls:
    """Who was called last, by ticket and window and nothing else, the newest call first: one query."""
    types, now = display.types.split(), clock.now()
    marks = ", ".join("{}" for _code in types)
    narrowed = f"AND a.type IN (SELECT id FROM visit_type WHERE site = a.site AND code IN ({marks}))" if types else ""
    rows = await database.rows(_CALLS % narrowed, display.site, now - LONGEST, *types, MOST_CALLS)
    return Calls(display.name, [_call(row) for row in rows])


async def displays(site: Site) -> list[dict[str, Any]]:
    """The displays of a site that were not revoked, by name."""
    return await (
        Display.select(Display.id, Display.name, Display.kind, Display.category, Display.unit, Display.shows, Display.types,
                       Display.made_at, Display.seen_at, Display.made_by.name.as_alias("maker"))
        .where(Display.site == site.id, Display.revoked_at.is_null())
        .order_by(Display.name, Display.id)
    )  # fmt: skip


def _shown(display: Display) -> tuple[str, list[Any]]:
    parts, args = [f"i.site = {{}} AND i.closed_at IS NULL AND {sight.SHARED} AND {sight.OPEN_TO_ALL}"], [display.site]
    if display.kind:
        parts.append("i.kind = {}")
        args.append(display.kind)
    for column in ("code", "unit"):
        if word := display.category if column == "code" else display.unit:
            parts.append(f"i.category IN (SELECT id FROM category WHERE site = {{}} AND {column} = {{}})")
            args += [display.site, word]
    return " AND ".join(parts), args


def _call(row: Any) -> Call:
    return Call(row["ticket"], named(row["name_zh"], row["name_en"]), row["name_zh"] or row["name_en"],
                row["name_en"] or row["name_zh"], f"{row['id']}.{row['rung_at'].timestamp():.0f}")  # fmt: skip


def _line(row: dict[str, Any]) -> Line:
    return Line(
        number=row["number"], place=named(row["name_zh"] or "", row["name_en"] or ""), state=row["state"],
        severe=row["severity"] == Severity.SEVERE, late=not row["on_time"], soon=bool(row["soon"]),
        paused=bool(row["paused"]), share=rules.share(row["due_from"], row["due_at"], clock.now()),
        arrived_at=row["arrived_at"], due_at=row["due_at"],
    )  # fmt: skip
