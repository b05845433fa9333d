"""Who needs help, and who came."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal import clock, database
from portal.domain.queues.queries.words import opened
from portal.domain.sites.tables import Site

SAID_FOR = timedelta(minutes=2)  # so long everybody reads who comes
MOST = 100
_SELECT = """
SELECT a.id, a.place, a.silent, a.raised_at, a.answered_at, r.name AS raised_by, h.name AS answered_by
FROM alarm a JOIN account r ON r.id = a.raised_by LEFT JOIN account h ON h.id = a.answered_by
WHERE a.site = {} """


@dataclass(frozen=True)
class Help:
    """Somebody who needs help at a place, since when, and who comes (nobody yet: "")."""

    id: UUID
    place: str
    silent: bool
    raised_at: datetime
    raised_by: str
    answered_at: datetime | None
    answered_by: str


async def standing(site: Site) -> list[Help]:
    """The alarms that nobody has answered, and those that somebody just did, the newest first."""
    condition = "AND (a.answered_at IS NULL OR a.answered_at > {}) ORDER BY a.raised_at DESC, a.id"
    return [_help(row) for row in await database.rows(_SELECT + condition, site.id, clock.now() - SAID_FOR)]


async def history(site: Site) -> list[Help]:
    """What was raised here, the newest first."""
    rows = await database.rows(f"{_SELECT} ORDER BY a.raised_at DESC, a.id LIMIT {MOST}", site.id)
    return [_help(row) for row in rows]


def _help(row: Any) -> Help:
    return Help(row["id"], opened(row["place"], "alarm.place", row["id"]), bool(row["silent"]), row["raised_at"],
                row["raised_by"], row["answered_at"], row["answered_by"] or "")  # fmt: skip
