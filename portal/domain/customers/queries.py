"""Questions about customers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal import clock, database, sealing
from portal.domain.sites.tables import Site
from portal.errors import NotFound

PHONE, DOCUMENT = "block.phone", "block.document"
_BLOCKED = """
SELECT 1 FROM block WHERE (site = {} OR site IS NULL) AND lifted_at IS NULL AND (until IS NULL OR until > {})
  AND (phone_index = {} OR document_index = {}) LIMIT 1
"""

_BLOCKS = """
SELECT b.id, b.site, b.shown, b.until, b.at, b.lifted_at, a.name AS author, l.name AS lifter
FROM block b JOIN account a ON a.id = b.by LEFT JOIN account l ON l.id = b.lifted_by
WHERE (b.site = {} OR b.site IS NULL) %s ORDER BY b.lifted_at IS NOT NULL, b.at DESC, b.id LIMIT {}
"""
MOST = 200  # blocks on one page


@dataclass(frozen=True)
class Blocked:
    """A block as a list shows it: the phone or document masked, and nothing that somebody typed."""

    id: UUID
    everywhere: bool
    shown: str
    until: datetime | None
    at: datetime
    author: str
    lifted_at: datetime | None
    lifter: str

    @property
    def holds(self) -> bool:
        return self.lifted_at is None and (self.until is None or self.until > clock.now())


@dataclass(frozen=True)
class Reasons:
    """Why somebody was blocked, and why no longer."""

    reason: str
    lifted_for: str


async def blocks(site: Site, *, only: UUID | None = None) -> list[Blocked]:
    """Whom a site takes in no more, those that hold first, the newest first; `only` this one."""
    narrowed, args = ("AND b.id = {}", [only]) if only else ("", [])
    rows = await database.rows(_BLOCKS % narrowed, site.id, *args, MOST)
    return [
        Blocked(UUID(str(row["id"])), row["site"] is None, sealing.unseal(row["shown"], f"block.shown:{row['id']}"),
                row["until"], row["at"], row["author"], row["lifted_at"], row["lifter"] or "")
        for row in rows
    ]  # fmt: skip


async def block(site: Site, found: UUID) -> tuple[Blocked, Reasons]:
    """One block that holds here, with its reasons; raises NotFound."""
    rows = await blocks(site, only=found)
    if not rows:
        raise NotFound
    cells = (await database.rows("SELECT reason, lifted_for FROM block WHERE id = {}", found))[0]
    return rows[0], Reasons(*(sealing.unseal(cells[name], f"block.{name}:{found}") for name in ("reason", "lifted_for")))


async def is_blocked(site: Site, *, phone: str = "", document: str = "") -> bool:
    """Whether a site takes this person in no more, known by phone (E.164) or the number of a document."""
    keys = [sealing.index(phone, PHONE) if phone else "-", sealing.index(document, DOCUMENT) if document else "-"]
    return bool(await database.rows(_BLOCKED, site.id, clock.now(), *keys))
