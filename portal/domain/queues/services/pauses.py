"""Waiting for somebody else: the first answer and the answer of an item stand still, and their due times move."""

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from piccolo.custom_types import Combinable

from portal import clock, database
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.queues.queries.items import Card
from portal.domain.queues.rules import PAUSABLE, Deed
from portal.domain.queues.services import clocks, deeds
from portal.domain.queues.tables import Clock, EntryKind, Pause, PauseReason, WorkItem
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.events import services as events
from portal.i18n.translations import _
from portal.ids import new_id

log = logging.getLogger(__name__)

FOR_CUSTOMER = Pause.reason == PauseReason.CUSTOMER
BY_POLICY = Pause.began_by.is_null()


async def pause(
    item: Card, deed: Deed, *, site: Site, by: Staff, reason: PauseReason, body: str, until: datetime | None = None
) -> None:
    """Let the clocks stand still, with a reason, until somebody goes on (or `until`)."""
    async with transaction():
        await deeds.move(item, deed, site=site, by=by)
        if not await begin(item, site=site, reason=reason, by=by, until=until, body=body):
            raise Conflict(_("It is paused already."))


async def resume(item: Card, deed: Deed, *, site: Site, by: Staff) -> None:
    """Let the clocks go on."""
    async with transaction():
        await deeds.move(item, deed, site=site, by=by)
        if not await end(item.id, site=site, by=by):
            raise Conflict(_("It is not paused."))


async def begin(
    item: Card, *, site: Site, reason: PauseReason, by: Staff | None, until: datetime | None = None, body: str = ""
) -> bool:
    """Begin a pause, unless one goes on; whether it began. Part of another deed."""
    now = clock.now()
    running = WorkItem.update({WorkItem.paused: True}).where(WorkItem.id == item.id, WorkItem.paused == False)  # noqa: E712
    if not await running.returning(WorkItem.id):
        return False
    row = {"item": item.id, "reason": reason, "began_at": now, "began_by": by.id if by else None, "until": until}
    await database.insert(Pause, {"id": new_id(), **row})
    await Clock.update({Clock.paused_at: now}).where(
        Clock.item == item.id, clocks.RUNS, Clock.kind.is_in(list(PAUSABLE))
    )
    await clocks.settle([item.id])
    event = await events.record("item.paused", site=site.id, subject=item.id, by=by, reason=reason)
    await deeds.write(item.id, event, EntryKind.REASON, body, by=by)
    return True


async def end(
    item: UUID, *, site: Site, by: Staff | None, only: Combinable | None = None, customer: bool = False
) -> bool:
    """End the pause that goes on (if it is one of `only` these); its time is given back. Whether one ended."""
    going = (Pause.item == item) & Pause.ended_at.is_null()
    mine = going if only is None else going & only
    ended: dict[Any, Any] = {Pause.ended_at: clock.now(), Pause.ended_by: by.id if by else None}
    if not await Pause.update(ended).where(mine).returning(Pause.id):
        return False
    await WorkItem.update({WorkItem.paused: False}).where(WorkItem.id == item)
    await Clock.update({Clock.paused_at: None}).where(Clock.item == item, Clock.stopped_at.is_null())
    await events.record("item.resumed", site=site.id, subject=item, by=by, customer=customer)
    await clocks.renew({item: {}}, site=site, calendar=await sites.calendar(site), why="pause", by=by)
    return True


async def look(*, most: int = 200) -> None:
    """End the pauses whose time has come, each once whoever else looks."""
    slug = Pause.item.site.slug  # type: ignore[union-attr]  # Piccolo follows references at run time
    over = await Pause.select(Pause.item, slug).where(Pause.ended_at.is_null(), Pause.until <= clock.now()).limit(most)
    for row in over:
        try:
            async with transaction():
                await end(row["item"], site=await sites.site(row["item.site.slug"]), by=None)
        except Exception as error:  # one that cannot be ended must not keep the others
            log.error("pause of %s: %s", row["item"], type(error).__name__)
