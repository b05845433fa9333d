"""The ladder of a site: a missed clock tells its first rung, and the next while nobody acknowledges; each exactly once."""

import logging
from datetime import datetime
from uuid import UUID

from portal import clock, database
from portal.database import transaction
from portal.domain.accounts.tables import Role
from portal.domain.queues import rules
from portal.domain.queues.queries import people
from portal.domain.queues.rules import Rung
from portal.domain.queues.services import telling
from portal.domain.queues.tables import Clock, Escalation, WorkItem
from portal.domain.sites import queries as sites
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.events import services as events
from portal.ids import new_id

log = logging.getLogger(__name__)


async def begin(clock_id: UUID, *, item: UUID, kind: str, number: int, site: UUID, now: datetime) -> None:
    """Tell the first rung of a clock that is missed, in the transaction that says so."""
    await _tell(clock_id, 1, item=item, kind=kind, number=number, site=await sites.site_by_id(site), now=now)


async def climb(*, most: int = 200) -> int:
    """Tell the next rung where nobody acknowledged in time, each once whoever else looks (P09); how many were due."""
    now = clock.now()
    due = await (
        Escalation.select(Escalation.id, Escalation.clock.item)
        .where(Escalation.next_at <= now)
        .order_by(Escalation.next_at)
        .limit(most)
    )
    done = 0
    for row in due:
        try:
            await _climb(row["id"], row["clock.item"], now)
            done += 1
        except Exception as error:  # one row that cannot climb must not stop those behind it
            log.error("escalation %s: %s", row["id"], type(error).__name__)
    return done


async def place(clock_id: UUID, level: int, *, item: UUID, site: Site, role: Role, now: datetime) -> tuple[Role, list[UUID]]:
    """Write down that a role is told now, and when the next one will be; which role it was, and who is told.

    Where a role has nobody who may hear of it, the managers are told in its place.
    """
    role, told = await people.above(item, site, role)
    above = _rungs(site)[level:]
    next_at = now + above[0].after if above else None
    row = {"id": new_id(), "clock": clock_id, "level": level, "at": now, "role": role, "next_at": next_at}
    await database.insert(Escalation, row)
    return role, told


async def go_on(clocks: list[UUID]) -> None:
    """Take a rung whose hour came while its clock stood stopped: it is due again, and climbs with the next look."""
    for row in await Escalation.select(Escalation.id, Escalation.level, Escalation.clock).where(
        Escalation.clock.is_in(clocks), Escalation.acknowledged_at.is_null(), Escalation.next_at.is_null()
    ):
        higher = (Escalation.clock == row["clock"]) & (Escalation.level > row["level"])
        if not await Escalation.exists().where(higher):
            await Escalation.update({Escalation.next_at: clock.now()}).where(Escalation.id == row["id"])


async def _climb(escalation: UUID, item: UUID, now: datetime) -> None:
    async with transaction():
        # The item's row first, as in every deed: whoever acknowledges or stops the clock has done it, or waits for this.
        held = await WorkItem.update({WorkItem.escalated: True}).where(WorkItem.id == item).returning(WorkItem.site)
        rows = await (
            Escalation.update({Escalation.next_at: None})
            .where(Escalation.id == escalation, Escalation.next_at <= now)
            .returning(Escalation.clock, Escalation.level)
        )
        for row in rows:
            running = await Clock.select().where(Clock.id == row["clock"], Clock.stopped_at.is_null()).first()
            if running:
                await _tell(row["clock"], row["level"] + 1, item=item, kind=running["kind"], number=running["round"],
                            site=await sites.site_by_id(held[0]["site"]), now=now)  # fmt: skip


async def _tell(clock_id: UUID, level: int, *, item: UUID, kind: str, number: int, site: Site, now: datetime) -> None:
    rungs = _rungs(site)
    if level > len(rungs):  # the ladder was shortened meanwhile
        return
    role, told = await place(clock_id, level, item=item, site=site, role=rungs[level - 1].role, now=now)
    event = await events.record("item.escalated", site=site.id, subject=item, by=None, clock=kind, round=number,
                                level=level, role=role)  # fmt: skip
    await telling.tell(item, event, told)


def _rungs(site: Site) -> tuple[Rung, ...]:
    return rules.rungs(str(site_rules.value(site, "complaint.ladder")))
