"""What was written about work items, opened."""

import logging
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal import sealing
from portal.domain.queues.tables import Entry, WorkItem

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Words:
    """What somebody wrote, opened."""

    id: UUID
    event: UUID
    kind: str
    author: UUID | None
    at: datetime
    body: str


async def written(item_id: UUID) -> list[Words]:
    """Everything written about an item, oldest first."""
    rows = await Entry.select().where(Entry.item == item_id).order_by(Entry.at, Entry.id)
    return [
        Words(row["id"], row["event"], row["kind"], row["author"], row["at"], opened(row["body"], "entry.body", row["id"]))
        for row in rows
    ]


async def texts(ids: list[UUID]) -> dict[UUID, str]:
    """Some entries' words, opened, by their id."""
    rows = await Entry.select(Entry.id, Entry.body).where(Entry.id.is_in(ids)) if ids else []
    return {row["id"]: opened(row["body"], "entry.body", row["id"]) for row in rows}


def opened(cell: str, column: str, row: UUID) -> str:
    """A sealed column of a row, opened; one that does not open is a dash, so that it does not take its whole list down."""
    try:
        return sealing.unseal(cell, f"{column}:{row}")
    except sealing.Unreadable:
        log.error("unreadable: %s of %s", column, row)
        return "–"


async def readable() -> bool:
    """Whether the keys at hand are those of this database: whether a sealed cell of it opens."""
    row = await WorkItem.select(WorkItem.id, WorkItem.title).where(WorkItem.title != "").first()
    try:
        return row is None or bool(sealing.unseal(row["title"], f"work_item.title:{row['id']}"))
    except sealing.Unreadable:
        return False
