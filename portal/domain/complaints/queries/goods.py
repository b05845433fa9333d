"""What a product complaint is about, and the notes of goods that come back."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from portal.domain.complaints.rules import goods as rules
from portal.domain.complaints.rules.goods import Compared, Line
from portal.domain.complaints.tables import Product, ReturnNote
from portal.domain.queues.queries.items import Card
from portal.domain.queues.queries.words import opened
from portal.errors import NotFound

PLAIN = ("id", "number", "state", "issued_by", "issued_at", "decided_by", "decided_at", "shipped_at", "received_by",
         "received_at")  # fmt: skip
WORDS = ("reason", "treatment", "basis", "refusal", "instruction")


@dataclass(frozen=True)
class Goods:
    """What was bought: the four facts that are checked before anybody investigates (CMP-06)."""

    order_no: str
    part_no: str
    quantity: int
    shipped_on: date


@dataclass(frozen=True)
class Note:
    """A return note, opened; `differs` says that what arrived is not what it says."""

    id: UUID
    number: int
    state: str
    reason: str
    treatment: str
    basis: str
    refusal: str
    instruction: str
    lines: list[Line]
    arrived: list[Line]
    issued_by: UUID
    issued_at: datetime
    decided_by: UUID | None
    decided_at: datetime | None
    shipped_at: datetime | None
    received_by: UUID | None
    received_at: datetime | None

    @property
    def differs(self) -> bool:
        return bool(self.arrived) and not rules.same(self.lines, self.arrived)

    @property
    def compared(self) -> list[Compared]:
        """What it says of each part, and what came."""
        return rules.compared(self.lines, self.arrived)

    @property
    def printable(self) -> bool:
        """Only an approved note is issued (CMP-35)."""
        return self.state not in ("requested", "refused")


async def product(item: Card) -> Goods | None:
    """The four facts of a product complaint."""
    row = await Product.select().where(Product.id == item.id).first()
    if row is None:
        return None
    words = {name: opened(row[name], f"product.{name}", item.id) for name in ("order_no", "part_no")}
    return Goods(**words, quantity=row["quantity"], shipped_on=row["shipped_on"])


async def notes(item: Card) -> list[Note]:
    """The return notes of an item, oldest first."""
    rows = await ReturnNote.select().where(ReturnNote.item == item.id).order_by(ReturnNote.number)
    return [_note(row) for row in rows]


async def note(item: Card, identity: UUID) -> Note:
    """One return note of an item; raises NotFound."""
    row = await ReturnNote.select().where(ReturnNote.item == item.id, ReturnNote.id == identity).first()
    if row is None:
        raise NotFound
    return _note(row)


def _note(row: dict[str, Any]) -> Note:
    def text(name: str) -> str:
        return opened(row[name], f"return_note.{name}", row["id"])

    plain: dict[str, Any] = {name: row[name] for name in PLAIN}
    plain |= {name: text(name) for name in WORDS}
    return Note(**plain, lines=rules.read(text("lines")), arrived=rules.read(text("arrived")))
