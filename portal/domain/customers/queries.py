"""Questions about customers."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal import clock, database, sealing
from portal.domain.customers import rules
from portal.domain.customers.tables import Proof, Remembered
from portal.domain.sites.tables import Site
from portal.errors import NotFound
from portal.ids import token_hash

PERSON, PROOF = "customer.phone", "proof.phone"

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
    def last_day(self) -> datetime | None:
        """An instant of the last day on which it holds: it ends when that day does."""
        return self.until - timedelta(seconds=1) if self.until else None

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


@dataclass(frozen=True)
class Kept:
    """What somebody let us keep, for the browser it was allowed in: in full for a booking, masked for a page."""

    phone: str
    language: str
    companions: str
    needs: str
    plate: str
    agreed_at: datetime

    @property
    def masked(self) -> list[str]:
        """What a page may show of it."""
        shown = [rules.masked_name(self.companions), rules.masked_name(self.needs), rules.masked_plate(self.plate)]
        return [word for word in shown if word]


async def kept_for(token: str) -> Kept | None:
    """What is kept for the browser that has a token; never found by a phone that somebody types."""
    person = Remembered.customer
    rows = await Remembered.select(*Remembered.all_columns(), person.phone).where(
        Remembered.token_hash == token_hash(token)
    ) if token else []  # fmt: skip
    return _kept(rows[0]) if rows else None


async def is_kept(person: UUID, *, token: str, subject: UUID) -> bool:
    """Whether something of somebody is kept for the browser that has a token, or was allowed with a subject."""
    those = (Remembered.token_hash == token_hash(token)) | (Remembered.subject == subject)
    return await Remembered.exists().where(Remembered.customer == person, those)


async def proof(*, phone: str, browser: str) -> Proof | None:
    """The code that was sent to a phone for a browser, if it still counts: to be typed, or typed already."""
    return await Proof.objects().where(
        Proof.browser == holder(browser), Proof.phone_index == proof_key(phone), Proof.expires_at > clock.now(),
        Proof.proven_at.is_not_null() | (Proof.tries < rules.CODE_TRIES),
    ).first()  # fmt: skip


async def proofs(ids: list[UUID]) -> dict[UUID, Proof]:
    """Codes on their way, by id; those past their time are sent no more."""
    found = await Proof.objects().where(Proof.id.is_in(ids), Proof.expires_at > clock.now()) if ids else []
    return {one.id: one for one in found}


def proof_key(phone: str) -> str:
    """What tries of a phone are counted under, and its codes are found by."""
    return sealing.index(phone, PROOF)


def holder(browser: str) -> str:
    """What of a browser's id stands in the database."""
    return hashlib.sha256(f"hold\0{browser}".encode()).hexdigest()


def _kept(row: dict[str, Any]) -> Kept:
    words = {name: sealing.unseal(row[name], f"remembered.{name}:{row['id']}") for name in rules.KEPT}
    phone = sealing.unseal(row["customer.phone"], f"{PERSON}:{row['customer']}")
    return Kept(phone=phone, language=row["language"], agreed_at=row["agreed_at"], **words)
