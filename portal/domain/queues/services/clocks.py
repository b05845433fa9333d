"""The clocks of work items: they run, warn, are missed once, stop, and decide how an item stands in the queue."""

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from portal import clock
from portal.database import transaction
from portal.domain.queues import rules
from portal.domain.queues.queries.items import Card
from portal.domain.queues.services import ladder
from portal.domain.queues.tables import Clock, ClockKind, WorkItem
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.events import services as events
from portal.ids import new_id

log = logging.getLogger(__name__)

Changes = dict[Column | str, Any]


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
    promised = Clock.stopped_at.is_null() & (Clock.kind != ClockKind.SUPERIOR)
    running = await Clock.select().where(Clock.item == item, promised).order_by(Clock.due_at)
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
            await ladder.begin(clock_id, item=row["item"], kind=row["kind"], number=row["round"], site=item[0]["site"],
                               now=now)  # fmt: skip
