"""Messages on their way out of the house: which events have theirs, whose turn a message is, and how it went."""

import contextlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from portal import clock, database
from portal.database import transaction
from portal.errors import Conflict, NotFound
from portal.events import services
from portal.events.services import Actor
from portal.events.tables import DEAD, DESK, OFF, WAITING, Delivery, Event, Heard
from portal.i18n.translations import _
from portal.ids import new_id

EMAIL, SMS = "email", "sms"
CUSTOMER, STAFF, PHONE = "customer", "staff", "phone"
Changes = dict[Column | str, Any]
PAGE = 50
LEASE = timedelta(minutes=2)  # longer than any try may take
AGAIN = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 25, 120, 360, 720))
# How far back one looks: an event may be committed after younger ones, or bear the time of a clock that was wrong.
LATE = timedelta(hours=2)


@dataclass(frozen=True)
class Happened:
    """An event that nobody outside has heard of yet."""

    id: UUID
    kind: str
    site: UUID | None
    subject: UUID


@dataclass(frozen=True)
class Addressed:
    """Somebody is to hear of an event: an account, or the customer of a complaint.

    `on`: the channel is set up; `wait`: as long as the deed may still be undone.
    """

    event: Happened
    audience: str
    recipient: UUID
    channel: str
    on: bool
    wait: timedelta = timedelta()


@dataclass(frozen=True)
class Message:
    """A message of the outbox; `kind` and `subject` are its event's."""

    id: UUID
    event: UUID
    kind: str
    subject: UUID
    site: UUID
    audience: str
    recipient: UUID
    channel: str
    state: str
    outcome: str
    tries: int
    due_at: datetime
    done_at: datetime | None
    at: datetime


# Literal, as in the conditions of the indexes.
_ANY, _DEAD = "d.state <> ''", "d.state = 'dead'"
_UNHEARD = """
SELECT e.id, e.kind, e.site, e.subject FROM event e LEFT JOIN heard h ON h.id = e.id
WHERE e.id > {} AND h.id IS NULL ORDER BY e.id LIMIT {}
"""
_MESSAGE = """
SELECT d.id, d.event, e.kind, e.subject, d.site, d.audience, d.recipient, d.channel, d.state, d.outcome, d.tries, d.due_at,
  d.done_at, e.at
FROM delivery d JOIN event e ON e.id = d.event
WHERE """


async def unheard(*, most: int) -> list[Happened]:
    """The oldest events that were not gone through, also one that was committed after younger ones."""
    rows = await Event.raw(_UNHEARD, await _back(LATE), most)
    return [Happened(row["id"], row["kind"], row["site"], row["subject"]) for row in rows]


async def hear(events: list[Happened], messages: list[Addressed]) -> None:
    """Put the messages of these events into the outbox, all or none; raises Conflict where another worker was faster."""
    now = clock.now()
    async with transaction():
        marked = await database.insert(Heard, *({"id": event.id} for event in events), unless_there=True)
        if marked != len(events):
            raise Conflict
        if messages:
            keys = sorted(new_id() for _message in messages)  # in the order of what happened, though made in one moment
            await database.insert(Delivery, *(
                {"id": key, "event": one.event.id, "recipient": one.recipient, "channel": one.channel,
                 "due_at": now + one.wait, "site": one.event.site, "audience": one.audience,
                 "state": WAITING if one.on else OFF, "done_at": None if one.on else now}
                for key, one in zip(keys, sorted(messages, key=lambda one: one.event.id), strict=True)
            ), unless_there=True)  # fmt: skip


async def noticed(events: list[Happened]) -> list[tuple[Happened, UUID]]:
    """Who has a notice of one of these events on the desk."""
    known = {event.id: event for event in events}
    rows = await Delivery.select(Delivery.event, Delivery.recipient).where(
        Delivery.event.is_in(list(known)), Delivery.channel == DESK
    )
    return [(known[row["event"]], row["recipient"]) for row in rows]


async def claimed(channel: str) -> Message | None:
    """Take the message that waited longest, and hold it for the time of a try (P09); who dies with it lets go by then."""
    while True:
        now = clock.now()
        where = "d.channel = {} AND d.state = 'waiting' AND d.due_at <= {} ORDER BY d.due_at, d.id LIMIT 1"
        rows = await Delivery.raw(_MESSAGE + where, channel, now)
        if not rows:
            return None
        row = rows[0]
        taken = await (
            Delivery.update({Delivery.tries: Delivery.tries + 1, Delivery.due_at: now + LEASE})
            .where(Delivery.id == row["id"], Delivery.state == WAITING, Delivery.tries == row["tries"])
            .returning(Delivery.id)
        )
        if taken:
            return Message(**{**row, "tries": row["tries"] + 1})


async def ended(message: Message, state: str, outcome: str = "") -> None:
    """Write down that it was sent, or will not be; only who holds it may."""
    await _held(message, {Delivery.state: state, Delivery.outcome: outcome, Delivery.done_at: clock.now()})


async def failed(message: Message, outcome: str) -> None:
    """It could not be sent now: again later, and after a day's tries no more."""
    if message.tries > len(AGAIN):
        await ended(message, DEAD, outcome)
        return
    await _held(message, {Delivery.outcome: outcome, Delivery.due_at: clock.now() + AGAIN[message.tries - 1]})


async def revive(message: Message, *, by: Actor) -> None:
    """Try a message that was given up again from the beginning; raises Conflict for any other."""
    anew: Changes = {Delivery.state: WAITING, Delivery.tries: 0, Delivery.outcome: "", Delivery.due_at: clock.now(),
                     Delivery.done_at: None}  # fmt: skip
    async with transaction():
        given_up = (Delivery.id == message.id) & (Delivery.state == DEAD)
        if not await Delivery.update(anew).where(given_up).returning(Delivery.id):
            raise Conflict(_("This message was not given up: it is sent, or still being tried."))
        await services.record("message.revived", site=message.site, subject=message.subject, by=by, message=message.id)


async def listed(site: UUID, *, dead: bool = False, after: str = "") -> tuple[list[Message], str]:
    """A page of a site's outbox, newest first, and the cursor of the next (empty: the last); `dead` those given up alone."""
    where, args = f"d.site = {{}} AND {_DEAD if dead else _ANY}", [site]
    with contextlib.suppress(ValueError):
        args.append(UUID(after))
        where += " AND d.id < {}"
    rows = await Delivery.raw(f"{_MESSAGE}{where} ORDER BY d.id DESC LIMIT {PAGE + 1}", *args)
    messages = [Message(**row) for row in rows]
    return messages[:PAGE], str(messages[PAGE - 1].id) if len(messages) > PAGE else ""


async def of(message: UUID, *, site: UUID) -> Message:
    """One message of a site; raises NotFound."""
    rows = await Delivery.raw(f"{_MESSAGE}d.id = {{}} AND d.site = {{}} AND {_ANY}", message, site)
    if not rows:
        raise NotFound
    return Message(**rows[0])


async def pass_over(before: datetime) -> None:
    """Tell nobody of what happened before this instant."""
    await Heard.raw("INSERT INTO heard (id) SELECT id FROM event WHERE at < {} ON CONFLICT DO NOTHING", before)


async def forget_old() -> None:
    """Forget which events were gone through where none can come any more."""
    await Heard.delete().where(Heard.id < await _back(2 * LATE))


async def _held(message: Message, change: Changes) -> None:
    await Delivery.update(change).where(
        Delivery.id == message.id, Delivery.state == WAITING, Delivery.tries == message.tries
    )


async def _back(long: timedelta) -> UUID:
    """The least id made so long before the newest event that was gone through, or before now where that is in the future.

    A UUID of version 7 begins with its milliseconds.
    """
    newest = await Heard.select(Heard.id).order_by(Heard.id, ascending=False).first()
    last = min(newest["id"], new_id()) if newest else UUID(int=0)
    return UUID(int=max(0, (last.int >> 80) - int(long.total_seconds() * 1000)) << 80)
