"""What happened to a thing, in order, and what somebody has not read yet."""

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.events.tables import DESK, Delivery, Event

MOST, READ = 6, 60  # lines of notices on a desk at once, and notices that are looked at for them


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
    return [_happening(row) for row in await Event.select().where(Event.subject == subject).order_by(Event.at, Event.id)]


async def happening(event: UUID, *, subject: UUID) -> Happening | None:
    """One event of a thing."""
    row = await Event.select().where(Event.id == event, Event.subject == subject).first()
    return _happening(row) if row else None


async def lately(subjects: Collection[UUID], kinds: Collection[str], *, by: UUID, since: datetime) -> dict[UUID, Happening]:
    """The newest deed of these kinds that somebody did to each of some things since an instant."""
    rows = await (
        Event.select()
        .where(Event.subject.is_in(list(subjects)), Event.by == by, Event.at >= since, Event.kind.is_in(list(kinds)))
        .order_by(Event.at, Event.id)
    )
    return {row["subject"]: _happening(row) for row in rows}


async def touched(subject: UUID, done: Happening) -> bool:
    """Whether somebody else did anything to a thing since a deed."""
    other = Event.by.is_not_null() & (Event.by != done.by)
    return bool(await Event.exists().where(Event.subject == subject, Event.at >= done.at, other))


@dataclass(frozen=True)
class Notice:
    """An event that somebody was told of and has not put away."""

    id: UUID
    kind: str
    subject: UUID
    at: datetime


async def unread(recipient: UUID, *, site: UUID, most: int = READ) -> list[Notice]:
    """The newest notices at a site that somebody has not put away, newest first; of one instant always in one order."""
    event = Delivery.event
    rows = await (
        Delivery.select(Delivery.id, event.kind, event.subject, event.at)
        .where(Delivery.recipient == recipient, Delivery.channel == DESK, Delivery.done_at.is_null(), event.site == site)
        .order_by(event.at, Delivery.id, ascending=False)
        .limit(most)
    )
    return [Notice(row["id"], row["event.kind"], row["event.subject"], row["event.at"]) for row in rows]


def _happening(row: dict[str, Any]) -> Happening:
    particulars = json.loads(row["particulars"]) if row["particulars"] else {}
    return Happening(row["id"], row["kind"], row["actor"], row["by"], row["at"], particulars)
