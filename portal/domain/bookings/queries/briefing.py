"""What one knows of a visitor before he comes (VIS-10), and where his visit stands."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from portal import clock, database
from portal.domain.accounts.queries import Staff
from portal.domain.bookings.rules import way
from portal.domain.queues.queries import items
from portal.domain.queues.queries.items import Card
from portal.domain.queues.queries.words import opened
from portal.domain.queues.tables import EntryKind
from portal.domain.sites.tables import Site, named
from portal.errors import NotFound

_SEALED = ("company", "position", "background", "purpose", "needs", "companions")
_ROW = """
SELECT b.*, c.tier, r.name AS receiver, f.number AS follows_number FROM booking b
  LEFT JOIN customer c ON c.id = b.customer LEFT JOIN account r ON r.id = b.received_by
  LEFT JOIN work_item f ON f.id = b.follows
WHERE b.id = {}
"""
_EARLIER = """
SELECT b.id, b.begins_at, b.satisfied, i.number, i.state, t.name_zh, t.name_en,
  sum(CASE WHEN i.state IN ('arrived', 'in-reception', 'seen-off', 'summarised') THEN 1 ELSE 0 END) OVER () AS came,
  sum(CASE WHEN i.state = 'no-show' THEN 1 ELSE 0 END) OVER () AS missed
FROM booking b JOIN work_item i ON i.id = b.item JOIN visit_type t ON t.id = b.type
WHERE b.customer = {} AND b.site = {} AND b.id <> {} AND b.begins_at < {} ORDER BY b.begins_at DESC, b.id DESC LIMIT 5
"""
_WORDS = (EntryKind.FACTS, EntryKind.NEEDS, EntryKind.OPINION, EntryKind.SUMMARY)
_SAID = "SELECT id, item, kind, body FROM entry WHERE kind IN ({}, {}, {}, {}) AND item IN (%s) ORDER BY at, id"


@dataclass(frozen=True)
class Earlier:
    """A visit before this one, and what was written of it: (kind, words)."""

    number: str
    name: str
    state: str
    begins_at: datetime | None
    satisfied: str
    said: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Briefing:
    """The card of a visit: the visitor as we know him, this visit's words so far, and what was before."""

    customer: UUID | None
    company: str
    position: str
    background: str
    purpose: str
    needs: str
    companions: str
    tier: str
    satisfied: str
    papers_asked: int
    receiver: str
    received_at: datetime | None
    seen_off_at: datetime | None
    follows: str
    said: list[tuple[str, str]]
    earlier: list[Earlier]
    visits: int
    missed: int


async def booking(staff: Staff, site: Site, number: str) -> Card:
    """The booking of a number, for those who receive visitors or read their book; raises NotFound."""
    sql = "SELECT id FROM work_item WHERE site = {} AND number = {} AND line = {}"
    rows = await database.rows(sql, site.id, number, way.LINE)
    if not rows or not way.READERS & staff.roles_at(site):
        raise NotFound
    return await items.item_by_id(rows[0]["id"])


async def briefing(item: Card, site: Site) -> Briefing:
    """The card: three questions, however much there was before. Of other sites it knows nothing (P32)."""
    row = (await database.rows(_ROW, item.id))[0]
    before = row["begins_at"] or clock.now()
    found = await database.rows(_EARLIER, row["customer"], site.id, item.id, before) if row["customer"] else []
    ids = [item.id, *(one["id"] for one in found)]
    said = await database.rows(_SAID % ", ".join("{}" for _id in ids), *_WORDS, *ids)
    words = [(one["item"], one["kind"], opened(one["body"], "entry.body", one["id"])) for one in said]
    return Briefing(
        customer=row["customer"], **{name: opened(row[name], f"booking.{name}", item.id) for name in _SEALED},
        tier=row["tier"] or "", satisfied=row["satisfied"], papers_asked=row["papers_asked"],
        receiver=row["receiver"] or "", received_at=row["received_at"], seen_off_at=row["seen_off_at"],
        follows=row["follows_number"] or "", said=_of(words, item.id), earlier=[_earlier(one, words) for one in found],
        visits=int(found[0]["came"]) if found else 0, missed=int(found[0]["missed"]) if found else 0,
    )  # fmt: skip


def _earlier(row: dict[str, Any], words: list[tuple[UUID, str, str]]) -> Earlier:
    return Earlier(row["number"], named(row["name_zh"], row["name_en"]), row["state"], row["begins_at"], row["satisfied"],
                   _of(words, row["id"]))  # fmt: skip


def _of(words: list[tuple[UUID, str, str]], item: UUID) -> list[tuple[str, str]]:
    return [(kind, body) for one, kind, body in words if one == item]
