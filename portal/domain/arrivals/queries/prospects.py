"""What somebody who waits may be told of the line: how many are before him, how long it takes, who is served now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal import clock, database
from portal.domain.arrivals.rules import estimating
from portal.domain.arrivals.rules.estimating import Pace
from portal.domain.arrivals.tables import State
from portal.domain.bookings.tables import VisitType
from portal.domain.sites.tables import Site, named

LATELY, ON_DUTY = timedelta(minutes=60), timedelta(minutes=30)
SHOWN = 3
BUSY = (State.CALLED, State.SERVING)
_STATIONS = "SELECT id, name_zh, name_en, types FROM station WHERE site = {} AND active = true"
_CALLED = """
SELECT a.station, a.ticket, a.called_at, a.ended_at, i.state, t.code FROM arrival a
  JOIN work_item i ON i.id = a.item JOIN visit_type t ON t.id = a.type
WHERE a.site = {} AND a.called_at > {} ORDER BY a.called_at DESC LIMIT 200
"""
_AHEAD = """
SELECT count(*) AS many FROM work_item i JOIN arrival a ON a.item = i.id JOIN visit_type t ON t.id = a.type
WHERE i.site = {} AND i.line = 'arrivals' AND i.closed_at IS NULL AND i.state = 'waiting' AND (i.due_at, i.id) < ({}, {})
"""


@dataclass(frozen=True)
class Called:
    """A number that was called, and where to."""

    ticket: str
    window: str


@dataclass(frozen=True)
class Prospect:
    """What is before somebody: `ahead` people, from `soonest` to `latest` minutes, and who is served meanwhile."""

    ahead: int
    soonest: int
    latest: int
    served: list[Called]


async def prospect(
    site: Site, kind: VisitType, *, item: UUID, due_at: datetime, not_before: datetime | None = None
) -> Prospect:
    """What somebody of this type and rank may be told, as the line stands now.

    His line is everybody whom the windows take that also take him; without a window, everybody of his type.
    """
    now = clock.now()
    stations = [row for row in await database.rows(_STATIONS, site.id) if _takes(row["types"], kind.code)]
    codes = _line(stations, kind)
    lately = [row for row in await database.rows(_CALLED, site.id, now - LATELY) if not codes or row["code"] in codes]
    marks = f" AND t.code IN ({', '.join('{}' for _code in codes)})" if codes else ""
    ahead = int((await database.rows(_AHEAD + marks, site.id, due_at, item, *sorted(codes)))[0]["many"])
    shown = estimating.shown(ahead, _pace(kind, stations, lately, now), early=_minutes(now, due_at),
                             at_least=_minutes(now, not_before) if not_before else 0)  # fmt: skip
    windows = {row["id"]: named(row["name_zh"], row["name_en"]) for row in stations}
    served = [Called(row["ticket"], windows.get(row["station"], "")) for row in lately if row["state"] in BUSY]
    return Prospect(ahead, *shown, served[:SHOWN])


def _takes(types: str, code: str) -> bool:
    return not types.strip() or code in types.split()


def _line(stations: list[dict[str, Any]], kind: VisitType) -> set[str]:
    """The types that wait in one line with this; empty where it is all of them."""
    if any(not row["types"].strip() for row in stations):
        return set()
    return {kind.code}.union(*(row["types"].split() for row in stations))


def _pace(kind: VisitType, stations: list[dict[str, Any]], lately: list[dict[str, Any]], now: datetime) -> Pace:
    """How fast the line goes at the windows that called somebody lately; where none did, at all there are, or one."""
    mine = {row["id"] for row in stations} or {None}
    busy = {row["station"] for row in lately if row["state"] in BUSY} & mine
    on_duty = ({row["station"] for row in lately if row["called_at"] > now - ON_DUTY} & mine) | busy or mine
    taken = [_minutes(row["called_at"], row["ended_at"]) for row in lately if row["ended_at"] is not None]
    return estimating.pace(kind.minutes, taken, on_duty=len(on_duty), idle=len(on_duty - busy))


def _minutes(since: datetime, until: datetime) -> float:
    return max(0.0, (until - since).total_seconds() / 60)
