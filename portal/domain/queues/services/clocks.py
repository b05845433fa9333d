"""The clocks of work items: they run, warn, are missed once, stop, and decide how an item stands in the queue."""

import logging
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from portal import clock, database
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.queues import rules
from portal.domain.queues.queries.items import Card
from portal.domain.queues.rules import Promise, Stretch
from portal.domain.queues.services import ladder
from portal.domain.queues.tables import Clock, ClockKind, Pause, WorkItem
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.rules.calendar import Calendar
from portal.domain.sites.tables import Site
from portal.events import services as events
from portal.ids import new_id

log = logging.getLogger(__name__)

Changes = dict[Column | str, Any]
News = list[tuple[dict[str, Any], dict[str, Any]]]  # rows of clocks, and what was found to be written over each
RUNS = Clock.stopped_at.is_null() & Clock.paused_at.is_null()


def new_clock(
    item: UUID, kind: ClockKind, promise: Promise, *, site: Site, calendar: Calendar, started_at: datetime, number: int = 1
) -> dict[str, Any]:
    """The row of a clock that begins to run; it warns at the share of its time that the site has set."""
    return {
        "id": new_id(), "item": item, "kind": kind, "round": number, "started_at": started_at,
        **_computed(promise, site=site, calendar=calendar, started_at=started_at, pauses=()),
    }  # fmt: skip


async def stop_clock(item: Card, *kinds: ClockKind, then_due: datetime | None = None) -> list[UUID]:
    """Stop the running clocks of these kinds, and say which; a missed one stays missed.

    `then_due` is what is waited for if none runs.
    """
    rows = await (
        Clock.update({Clock.stopped_at: clock.now()})
        .where(Clock.item == item.id, Clock.kind.is_in(list(kinds)), Clock.stopped_at.is_null())
        .returning(Clock.id)
    )
    if rows or then_due:
        await settle([item.id], then_due=then_due)
    return [row["id"] for row in rows]


async def go_on(item: UUID, stopped: list[UUID]) -> None:
    """Let clocks of an item run as if they had never been stopped, with their ladders."""
    await Clock.update({Clock.stopped_at: None}).where(Clock.id.is_in(stopped))
    await ladder.go_on(stopped)
    await settle([item])


async def renew(
    promises: dict[UUID, dict[ClockKind, Promise]], *, site: Site, calendar: Calendar, why: str, by: Staff | None = None
) -> int:
    """Compute the running clocks of some items anew, each from when it began; what was missed stays missed.

    `promises` says for each item what its clocks are promised now; a kind that is not named keeps what it was promised.
    Old and new due time stand in the item's timeline, with `why`. Returns how many clocks were written.
    """
    items = list(promises)
    rows = await Clock.select().where(Clock.item.is_in(items), Clock.stopped_at.is_null())
    pauses = await _pauses(items)
    now = clock.now()
    news = []
    for row in rows:
        promise = promises[row["item"]].get(row["kind"]) or rules.promise_of(row)
        found = _computed(promise, site=site, calendar=calendar, started_at=row["started_at"],
                          pauses=_stretches(pauses.get(row["item"], []), row["kind"], now))  # fmt: skip
        if any(row[name] != value for name, value in found.items()):
            news.append((row, found))
    if news:
        news = await _write(news, site=site, why=why, by=by, now=now)
    await settle(items)
    return len(news)


async def settle(items: list[UUID], *, then_due: datetime | None = None) -> None:
    """Write on items what their running clocks say: what is due next, whether it is late or soon due.

    Clocks that stand still count only where no other runs. `then_due` is what an item without a clock waits for.
    """
    marks = ", ".join("{}" for _item in items)
    first = f"FROM clock c WHERE c.item = work_item.id AND c.stopped_at IS NULL AND c.kind <> '{ClockKind.SUPERIOR}'"
    next_one = f"{first} ORDER BY c.paused_at IS NOT NULL, c.due_at LIMIT 1"
    otherwise = ("{}", "{}") if then_due else ("due_at", "due_from")
    await WorkItem.raw(
        f"UPDATE work_item SET due_at = coalesce((SELECT c.due_at {next_one}), {otherwise[0]}), "
        f"due_from = coalesce((SELECT c.started_at {next_one}), {otherwise[1]}), "
        f"on_time = NOT EXISTS (SELECT 1 {first} AND c.missed_at IS NOT NULL), "
        f"soon = EXISTS (SELECT 1 {first} AND c.warned_at IS NOT NULL) WHERE id IN ({marks})",
        *((then_due, clock.now()) if then_due else ()),
        *items,
    )


async def look_at_clocks(*, most: int = 200) -> int:
    """Mark what is due soon and what is missed, each once whoever else looks at the same time (P09); how many were."""
    now = clock.now()
    warn = await Clock.select(Clock.id).where(RUNS, Clock.warned_at.is_null(), Clock.warn_at <= now).limit(most)
    miss = await Clock.select(Clock.id).where(RUNS, Clock.missed_at.is_null(), Clock.due_at <= now).limit(most)
    done = 0
    for mark, rows in ((_warn, warn), (_miss, miss)):
        for row in rows:
            try:
                await mark(row["id"], now)
                done += 1
            except Exception as error:  # one row that cannot be marked must not stop those behind it
                log.error("clock %s: %s", row["id"], type(error).__name__)
    return done


def _computed(
    promise: Promise, *, site: Site, calendar: Calendar, started_at: datetime, pauses: Sequence[Stretch]
) -> dict[str, Any]:
    """The columns of a clock that follow from its promise."""
    due_at = rules.due_at(promise, calendar, started_at, pauses)
    percent = site_rules.figure(site, "complaint.warn_percent")
    return {
        "minutes": promise.minutes, "days": promise.days, "always": promise.always, "policy": promise.policy,
        "edition": site.edition, "due_at": due_at,
        "warn_at": rules.warns_at(promise, calendar, started_at, due_at, percent, pauses),
        "provisional": rules.is_provisional(promise, calendar, started_at, due_at),
    }  # fmt: skip


async def _write(news: News, *, site: Site, why: str, by: Staff | None, now: datetime) -> News:
    """Write what was found over the clocks that run still; those that were written.

    A mark that comes too early now is taken off.
    """
    running = [({"id": row["id"], "due_at": row["due_at"]}, found) for row, found in news]
    written = await database.rewrite(Clock, running, where="stopped_at IS NULL")
    news = [(row, found) for row, found in news if str(row["id"]) in written]
    early = [row["id"] for row, found in news if row["warned_at"] and found["warn_at"] > now]
    if early:
        await Clock.update({Clock.warned_at: None}).where(Clock.id.is_in(early), Clock.stopped_at.is_null())
    moved: list[tuple[UUID, dict[str, object]]] = [
        (row["item"], {"clock": row["kind"], "round": row["round"], "old": row["due_at"], "new": found["due_at"],
                       "why": why})
        for row, found in news if row["due_at"] != found["due_at"]
    ]  # fmt: skip
    if moved:
        await events.record_each("item.due-moved", moved, site=site.id, by=by)
    return news


async def _pauses(items: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in await Pause.select().where(Pause.item.is_in(items)).order_by(Pause.began_at):
        found.setdefault(row["item"], []).append(row)
    return found


def _stretches(pauses: list[dict[str, Any]], kind: str, now: datetime) -> list[Stretch]:
    """The pauses that a clock of this kind knows; one that goes on ends now, as far as anybody can say."""
    return [(row["began_at"], row["ended_at"] or now) for row in pauses] if kind in rules.PAUSABLE else []


async def _warn(clock_id: UUID, now: datetime) -> None:
    async with transaction():
        rows = await (
            Clock.update({Clock.warned_at: now})
            .where(Clock.id == clock_id, Clock.warned_at.is_null(), RUNS, Clock.warn_at <= now)
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
            .where(Clock.id == clock_id, Clock.missed_at.is_null(), RUNS, Clock.due_at <= now)
            .returning(Clock.item, Clock.kind, Clock.round)
        )
        for row in rows:
            late: Changes = {WorkItem.on_time: False, WorkItem.escalated: True}
            item = await WorkItem.update(late).where(WorkItem.id == row["item"]).returning(WorkItem.site)
            await ladder.begin(clock_id, item=row["item"], kind=row["kind"], number=row["round"], site=item[0]["site"],
                               now=now)  # fmt: skip
