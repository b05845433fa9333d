"""Somebody's exports, and those that wait for a second person."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal import clock, sealing
from portal.domain.accounts.queries import Staff
from portal.domain.exports import rules
from portal.domain.exports.tables import Export, Stage
from portal.domain.sites.tables import Site
from portal.errors import NotFound

MOST = 20


@dataclass(frozen=True)
class File:
    """An export as its owner sees it, or who decides about it; the reason is opened for these alone."""

    id: UUID
    person: UUID
    asked_by: str
    what: str
    query: str
    format: str
    stage: str
    personal: bool
    rows: int
    done: int
    created_at: datetime
    expires_at: datetime
    reason: str
    decided_by: str
    mine: bool

    @property
    def open(self) -> bool:
        return self.stage in rules.OPEN

    @property
    def ready(self) -> bool:
        return self.stage == Stage.DONE

    @property
    def share(self) -> int:
        """How much of it is done, in percent; all of it only when it is."""
        if self.ready:
            return 100
        return min(99, self.done * 100 // self.rows) if self.rows else 0


_SELECT = """
SELECT e.id, e.person, e.what, e.query, e.format, e.stage, e.personal, e.rows, e.done, e.created_at, e.expires_at, e.reason,
  a.name AS asked_by, d.name AS decided_by
FROM export e JOIN account a ON a.id = e.person LEFT JOIN account d ON d.id = e.decided_by
WHERE """


async def file(staff: Staff, site: Site, export: UUID) -> File:
    """An export for whoever asked for it, or may decide about it; for everybody else there is none (P29)."""
    where, args = _visible(staff, site)
    rows = await Export.raw(f"{_SELECT} {where} AND e.id = {{}}", *args, export)
    if not rows:
        raise NotFound
    return _file(rows[0], staff)


async def files(staff: Staff, site: Site) -> list[File]:
    """The newest of those."""
    where, args = _visible(staff, site)
    rows = await Export.raw(f"{_SELECT} {where} ORDER BY e.id DESC LIMIT {MOST}", *args)
    return [_file(row, staff) for row in rows]


async def to_decide(staff: Staff, site: Site) -> list[File]:
    """Those that wait for this person's word, which is never one's own; the oldest first."""
    if not rules.may_decide(staff.roles_at(site)):
        return []
    waits = "e.site = {} AND e.stage = {} AND e.person <> {} AND e.expires_at > {}"
    sql = f"{_SELECT} {waits} ORDER BY e.id LIMIT {MOST}"
    rows = await Export.raw(sql, site.id, Stage.ASKED.value, staff.id, clock.now())
    return [_file(row, staff) for row in rows]


def _visible(staff: Staff, site: Site) -> tuple[str, list[Any]]:
    if rules.may_decide(staff.roles_at(site)):
        return "e.site = {} AND (e.person = {} OR e.personal = true)", [site.id, staff.id]
    return "e.site = {} AND e.person = {}", [site.id, staff.id]


def _file(row: dict[str, Any], staff: Staff) -> File:
    over = row["expires_at"] <= clock.now() and row["stage"] in (Stage.ASKED, Stage.DONE)
    return File(
        id=row["id"], person=row["person"], asked_by=row["asked_by"], what=row["what"], query=row["query"],
        format=row["format"], stage=Stage.EXPIRED if over else row["stage"], personal=bool(row["personal"]),
        rows=row["rows"], done=row["done"], created_at=row["created_at"], expires_at=row["expires_at"],
        reason=sealing.unseal(row["reason"], f"export.reason:{row['id']}"), decided_by=row["decided_by"] or "",
        mine=row["person"] == staff.id,
    )  # fmt: skip
