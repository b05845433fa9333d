"""What happened to a thing, in order, and what somebody has not read yet."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.events.tables import Delivery, Event


@dataclass(frozen=True)
class Happening:
    """One event as a reader needs it."""

    id: UUID
    kind: str
    actor: str
    by: UUID | None
    at: datetime
    particulars: dict[str, Any]


async def timeline(subject: UUID) -> list[Happening]:
    """Everything that happened to `subject`, oldest first."""
    rows = await Event.select().where(Event.subject == subject).order_by(Event.at, Event.id)
    return [
        Happening(
            row["id"], row["kind"], row["actor"], row["by"], row["at"],
            json.loads(row["particulars"]) if row["particulars"] else {},
        )
        for row in rows
    ]  # fmt: skip


async def unread(recipient: UUID, *, site: UUID, most: int = 20) -> list[dict[str, Any]]:
    """The newest notices somebody has not read: their id, and kind, subject and time of the event."""
    return await (
        Delivery.select(Delivery.id, Delivery.event.kind, Delivery.event.subject, Delivery.event.at)
        .where(Delivery.recipient == recipient, Delivery.done_at.is_null(), Delivery.event.site == site)
        .order_by(Delivery.due_at, ascending=False)
        .limit(most)
    )
