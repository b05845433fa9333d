"""The deeds that every work item knows, each one conditional update: claim, release, hand over, note, and the clocks."""

import logging
from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from piccolo.columns import Column

from portal import clock, database, sealing
from portal.database import transaction
from portal.domain.accounts import queries as accounts
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.queues import queries, rules
from portal.domain.queues.queries import Card
from portal.domain.queues.rules import Deed, Whose
from portal.domain.queues.tables import Clock, ClockKind, Entry, EntryKind, Escalation, Series, WorkItem
from portal.domain.sites import rules as site_rules
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Forbidden, Invalid
from portal.events import services as events
from portal.i18n.labels import label
from portal.i18n.translations import _
from portal.ids import new_id

log = logging.getLogger(__name__)

Changes = dict[Column | str, Any]


async def next_number(site: Site) -> str:
    """The next number of a site: its code, the year in its zone, at least six digits (HT-2026-000123)."""
    year = clock.now().astimezone(ZoneInfo(site.zone)).year
    raised = Series.update({Series.last: Series.last + 1}).where(Series.site == site.id, Series.year == year)
    rows = await raised.returning(Series.last)
    if not rows:
        first = {"id": new_id(), "site": site.id, "year": year, "last": 0}
        await database.insert(Series, first, unless_there=True)
        rows = await raised.returning(Series.last)
    return f"{site.code}-{year}-{rows[0]['last']:06d}"


async def move(
    item: Card,
    deed: Deed,
    *,
    site: Site,
    by: Staff | None,
    version: int | None = None,
    changes: Changes | None = None,
    owned: bool = False,
    kind: str | None = None,
) -> None:
    """Do a deed on the item's row: one conditional update of its state.

    `version`, where given, is the one its form was made for; `owned` asks that somebody owns it, `kind` that it is
    still of this kind. Raises Forbidden for a deed that these roles never have,
    Conflict with a sentence for one that the item's state, owner or version forbids.
    """
    roles = by.roles_at(site) if by else frozenset()
    if by and not rules.may(deed, roles):
        raise Forbidden(_("This is not among your tasks."))
    update: Changes = {WorkItem.version: WorkItem.version + 1, **(changes or {})}
    if deed.after:
        update[WorkItem.state] = deed.after
    query = WorkItem.update(update).where(WorkItem.id == item.id, WorkItem.state.is_in(sorted(deed.before)))
    if by and deed.whose is Whose.OWN and not rules.leads(roles):
        query = query.where(WorkItem.owner == by.id)
    if deed.whose is Whose.NOBODY:
        query = query.where(WorkItem.owner.is_null())
        if not rules.leads(roles):
            query = query.where(WorkItem.managers_only == False)  # noqa: E712
    if owned:
        query = query.where(WorkItem.owner.is_not_null())
    if kind is not None:
        query = query.where(WorkItem.kind == kind)
    if version is not None:
        query = query.where(WorkItem.version == version)
    if not await query.returning(WorkItem.id):
        await _explain(item, deed, site=site, by=by, owned=owned)


async def claim(item: Card, deed: Deed, *, site: Site, by: Staff) -> None:
    """Take an item on; of any number of people at once exactly one gets it, the others are told who (P05)."""
    async with transaction():
        await move(item, deed, site=site, by=by, changes={WorkItem.owner: by.id})
        await _first_asked(item, by.id)
        await stop_clock(item, ClockKind.ACKNOWLEDGE)
        await events.record(deed.event, site=site.id, subject=item.id, by=by)


async def release(item: Card, deed: Deed, *, site: Site, by: Staff, reason: str, version: int | None = None) -> None:
    """Put an item back into the queue."""
    async with transaction():
        changes: Changes = {WorkItem.owner: None, WorkItem.giver: None}
        await move(item, deed, site=site, by=by, version=version, changes=changes)
        event = await events.record(deed.event, site=site.id, subject=item.id, by=by)
        await write(item.id, event, EntryKind.REASON, reason, by=by)


async def hand_over(
    item: Card, deed: Deed, *, site: Site, by: Staff, to: str, reason: str, version: int | None = None
) -> None:
    """Give an item to somebody, at once; the third hand-off tells the managers (CMP-25). The first-asked stays (CMP-18)."""
    counted = 1 if item.owner_id else 0
    async with transaction():
        receiver = await queries.handler(site, to)
        if receiver is None:
            raise Invalid({"to": _("Choose somebody who works here.")})
        if receiver == item.owner_id:
            raise Invalid({"to": _("It is with this person already.")})
        changes: Changes = {
            WorkItem.owner: receiver, WorkItem.giver: by.id, WorkItem.handoffs: WorkItem.handoffs + counted,
        }  # fmt: skip
        seen = item.version if version is None else version
        await move(item, deed, site=site, by=by, version=seen, changes=changes)
        if not item.owner_id:
            await _first_asked(item, receiver)
            await stop_clock(item, ClockKind.ACKNOWLEDGE)
        event = await events.record(deed.event, site=site.id, subject=item.id, by=by, to=receiver)
        await write(item.id, event, EntryKind.REASON, reason, by=by)
        told = [receiver]
        if counted and item.handoffs + 1 == site_rules.figure(site, "complaint.handoffs_told"):
            told += await accounts.with_role(site.id, Role.MANAGER)
        await events.tell(event, told)


async def note(item: Card, deed: Deed, *, site: Site, by: Staff, body: str) -> None:
    """Write something down that the customer never sees."""
    async with transaction():
        if not rules.may(deed, by.roles_at(site)):
            raise Forbidden(_("This is not among your tasks."))
        event = await events.record(deed.event, site=site.id, subject=item.id, by=by)
        await write(item.id, event, EntryKind.NOTE, body, by=by)


async def write(
    item: UUID, event: UUID, kind: EntryKind, body: str, *, by: Staff | None, pictured: bool = False
) -> UUID:
    """Append words to an item, sealed; returns the entry's id. For no words nothing is written, unless photos hang on it."""
    entry = new_id()
    if body or pictured:
        await database.insert(Entry, sealed_entry(entry, item, event, kind, body, by=by))
    return entry


def sealed_entry(
    entry: UUID, item: UUID, event: UUID, kind: EntryKind, body: str, *, by: Staff | None
) -> dict[str, Any]:
    """The row of an entry."""
    return {
        "id": entry, "item": item, "event": event, "kind": kind, "author": by.id if by else None, "at": clock.now(),
        "body": sealing.seal(body, f"entry.body:{entry}"),
    }  # fmt: skip


def new_clock(
    item: UUID, kind: ClockKind, *, site: Site, started_at: datetime, due_at: datetime, number: int = 1
) -> dict[str, Any]:
    """The row of a clock that begins to run; it warns at the share of its time that the site has set."""
    percent = site_rules.figure(site, "complaint.warn_percent")
    return {
        "id": new_id(), "item": item, "kind": kind, "round": number, "started_at": started_at, "due_at": due_at,
        "warn_at": rules.warns_at(started_at, due_at, percent),
    }  # fmt: skip


async def stop_clock(item: Card, kind: ClockKind, *, then_due: datetime | None = None) -> None:
    """Stop the running clocks of a kind; a missed one stays missed. `then_due` is what the item waits for if none runs."""
    rows = await (
        Clock.update({Clock.stopped_at: clock.now()})
        .where(Clock.item == item.id, Clock.kind == kind, Clock.stopped_at.is_null())
        .returning(Clock.id)
    )
    if rows or then_due:
        await settle(item.id, then_due=then_due)


async def move_clock(item: Card, kind: ClockKind, *, site: Site, started_at: datetime, due_at: datetime) -> None:
    """Compute the running clock of a kind anew; what was missed stays missed."""
    warn_at = rules.warns_at(started_at, due_at, site_rules.figure(site, "complaint.warn_percent"))
    await Clock.update({Clock.due_at: due_at, Clock.warn_at: warn_at, Clock.warned_at: None}).where(
        Clock.item == item.id, Clock.kind == kind, Clock.stopped_at.is_null(), Clock.started_at == started_at
    )
    await settle(item.id)


async def settle(item: UUID, *, then_due: datetime | None = None) -> None:
    """Write on the item what its running clocks say: what is due next, whether it is late or soon due."""
    running = await Clock.select().where(Clock.item == item, Clock.stopped_at.is_null()).order_by(Clock.due_at)
    update: Changes
    if running:
        update = {
            WorkItem.due_at: running[0]["due_at"],
            WorkItem.due_from: running[0]["started_at"],
            WorkItem.on_time: not any(row["missed_at"] for row in running),
            WorkItem.soon: any(row["warned_at"] for row in running),
        }
    else:
        update = {WorkItem.on_time: True, WorkItem.soon: False}
        if then_due is not None:
            update |= {WorkItem.due_at: then_due, WorkItem.due_from: clock.now()}
    await WorkItem.update(update).where(WorkItem.id == item)


async def started_at(item: UUID, kind: ClockKind) -> datetime | None:
    """When the running clock of a kind began, if one runs."""
    row = await Clock.select(Clock.started_at).where(
        Clock.item == item, Clock.kind == kind, Clock.stopped_at.is_null()
    ).first()
    return row["started_at"] if row else None


async def look_at_clocks(*, most: int = 200) -> int:
    """Mark what is due soon and what is missed, each once whoever else looks at the same time (P09); how many were."""
    now = clock.now()
    running = Clock.stopped_at.is_null()
    warn = await Clock.select(Clock.id).where(running, Clock.warned_at.is_null(), Clock.warn_at <= now).limit(most)
    miss = await Clock.select(Clock.id).where(running, Clock.missed_at.is_null(), Clock.due_at <= now).limit(most)
    done = 0
    for mark, rows in ((_warn, warn), (_miss, miss)):
        for row in rows:
            try:
                await mark(row["id"], now)
                done += 1
            except Exception as error:  # one row that cannot be marked must not stop those behind it
                log.error("clock %s: %s", row["id"], type(error).__name__)
    return done


async def _first_asked(item: Card, account: UUID) -> None:
    """Keep who had it first; who comes later never changes that (CMP-18)."""
    await WorkItem.update({WorkItem.first_asked: account}).where(
        WorkItem.id == item.id, WorkItem.first_asked.is_null()
    )


async def _warn(clock_id: UUID, now: datetime) -> None:
    async with transaction():
        rows = await (
            Clock.update({Clock.warned_at: now})
            .where(Clock.id == clock_id, Clock.warned_at.is_null(), Clock.stopped_at.is_null(), Clock.warn_at <= now)
            .returning(Clock.item, Clock.kind, Clock.round)
        )
        for row in rows:
            item = await WorkItem.update({WorkItem.soon: True}).where(WorkItem.id == row["item"]).returning(WorkItem.site)
            await events.record("item.due-soon", site=item[0]["site"], subject=row["item"], by=None, clock=row["kind"],
                                round=row["round"])  # fmt: skip


async def _miss(clock_id: UUID, now: datetime) -> None:
    async with transaction():
        rows = await (
            Clock.update({Clock.missed_at: now})
            .where(Clock.id == clock_id, Clock.missed_at.is_null(), Clock.stopped_at.is_null(), Clock.due_at <= now)
            .returning(Clock.item, Clock.kind, Clock.round)
        )
        for row in rows:
            late: Changes = {WorkItem.on_time: False, WorkItem.escalated: True}
            item = await WorkItem.update(late).where(WorkItem.id == row["item"]).returning(WorkItem.site)
            await database.insert(Escalation, {"id": new_id(), "clock": clock_id, "level": 1, "at": now})
            event = await events.record("item.escalated", site=item[0]["site"], subject=row["item"], by=None,
                                        clock=row["kind"], round=row["round"], level=1)  # fmt: skip
            await events.tell(event, await accounts.with_role(item[0]["site"], Role.MANAGER))


async def _explain(item: Card, deed: Deed, *, site: Site, by: Staff | None, owned: bool) -> None:
    """Say why the update found no row: always a refusal."""
    now = await queries.item_by_id(item.id)
    if now.state not in deed.before:
        raise Conflict(_("This is no longer possible: it is %(state)s.") % {"state": label("state", now.state)})
    if deed.whose is Whose.NOBODY and now.owner_id:
        if by and now.owner_id == by.id:
            raise Conflict(_("You have it already."))
        raise Conflict(_("%(name)s was first and has it now.") % {"name": now.owner_name})
    if deed.whose is Whose.NOBODY and now.managers_only:
        raise Conflict(_("The answer was rejected: a manager decides who goes on."))
    leads = by is not None and rules.leads(by.roles_at(site))
    if by and deed.whose is Whose.OWN and (not leads or owned) and now.owner_id != by.id:
        if now.owner_id and not leads:
            raise Conflict(_("%(name)s has it. Only the owner or a manager can do this.") % {"name": now.owner_name})
        if now.owner_id is None:
            raise Conflict(_("Nobody has it yet. Claim it first."))
    raise Conflict(_("Somebody changed this while you were typing. What you typed is still here; look at it again."))
