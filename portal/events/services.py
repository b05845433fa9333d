"""Recording what happened, in the transaction of the deed."""

import contextlib
import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from portal import clock, database
from portal.events.queries import READ
from portal.events.tables import DEAD, DESK, Delivery, Event, Heard
from portal.ids import new_id

# What is sent already is over, what was given up may be tried again; what goes to a customer is no business of the staff's.
ABOUT_STAFF = (Delivery.channel == DESK) | (
    (Delivery.audience == "staff") & (Delivery.done_at.is_null() | (Delivery.state == DEAD))
)


class Actor(Protocol):
    """Whoever does a deed and has an account."""

    @property
    def id(self) -> UUID: ...


async def record(
    kind: str, *, site: UUID | None, subject: UUID, by: Actor | None, customer: bool = False, **particulars: object
) -> UUID:
    """Insert one event and announce its site's topic; the particulars are ids and codes, never typed text.

    `by` none means the portal itself, or the customer where `customer` is set. Returns the event's id.
    """
    row = _row(kind, particulars, site=site, subject=subject, by=by, customer=customer)
    await database.insert(Event, row)
    if site is not None:
        await database.announce(topic(site))
    event: UUID = row["id"]
    return event


async def record_each(
    kind: str, happened: Sequence[tuple[UUID, dict[str, object]]], *, site: UUID, by: Actor | None
) -> None:
    """Insert one such event for each subject, with its particulars, and announce the site's topic once."""
    await database.insert(Event, *(_row(kind, said, site=site, subject=one, by=by) for one, said in happened))
    await database.announce(topic(site))


async def tell(event: UUID, recipients: list[UUID]) -> None:
    """Put a notice of the event on the desks of these accounts, once each."""
    now = clock.now()
    for recipient in dict.fromkeys(recipients):
        row = {"id": new_id(), "event": event, "recipient": recipient, "channel": DESK, "due_at": now}
        await database.insert(Delivery, row, unless_there=True)


async def told(subject: UUID) -> list[UUID]:
    """The accounts that have a notice of what happened to `subject`, or are about to get a message of it."""
    rows = await Delivery.select(Delivery.recipient).where(Delivery.event.subject == subject, ABOUT_STAFF)
    return sorted({row["recipient"] for row in rows})


async def untell(subject: UUID, recipients: list[UUID]) -> None:
    """Take back what these accounts were told of `subject`: the notices, and what was not sent yet."""
    if recipients:
        theirs = Delivery.recipient.is_in(recipients) & (Delivery.event.subject == subject) & ABOUT_STAFF
        for row in await Delivery.select(Delivery.id).where(theirs):
            await Delivery.delete().where(Delivery.id == row["id"])


async def take_back(event: UUID) -> bool:
    """Take back the notices of an event, and its messages that nobody tried to send; whether that was all of them."""
    await database.insert(Heard, {"id": event}, unless_there=True)  # else a worker could still make messages of it
    await Delivery.delete().where(Delivery.event == event, Delivery.tries == 0)
    return not await Delivery.exists().where(Delivery.event == event)


async def seen(by: Actor, shown: list[str]) -> datetime:
    """These notices (their ids) were read by the one they are for; what is no id of theirs is left alone.

    Returns the instant that is written on them.
    """
    ids, now = [], clock.now()
    for text in shown[:READ]:
        with contextlib.suppress(ValueError):
            ids.append(UUID(text))
    if ids:
        await Delivery.update({Delivery.done_at: now}).where(
            Delivery.id.is_in(ids), Delivery.recipient == by.id, Delivery.channel == DESK, Delivery.done_at.is_null()
        )
    return now


async def unseen(by: Actor, at: datetime) -> None:
    """The notices that somebody put away at one instant lie on the desk again."""
    mine = (Delivery.recipient == by.id) & (Delivery.channel == DESK)
    await Delivery.update({Delivery.done_at: None}).where(mine, Delivery.done_at == at)


def topic(site: UUID) -> str:
    """What the live pages of a site listen to."""
    return f"site.{site}"


def _row(
    kind: str, particulars: dict[str, object], *, site: UUID | None, subject: UUID, by: Actor | None,
    customer: bool = False,
) -> dict[str, Any]:  # fmt: skip
    return {
        "id": new_id(), "kind": kind, "site": site, "subject": subject, "by": by.id if by else None, "at": clock.now(),
        "actor": "staff" if by else "customer" if customer else "portal",
        "particulars": json.dumps(particulars, default=str) if particulars else "",
    }  # fmt: skip
