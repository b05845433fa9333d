"""What people do with an escalation: take a matter up by hand, and say that they have taken notice."""

from portal import clock, database
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.queues import rules
from portal.domain.queues.queries.items import Card
from portal.domain.queues.rules import Deed
from portal.domain.queues.services import clocks, deeds, ladder, telling
from portal.domain.queues.tables import Clock, ClockKind, EntryKind, Escalation, WorkItem
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.events import services as events
from portal.i18n.translations import _
from portal.ids import new_id


async def escalate(item: Card, deed: Deed, *, site: Site, by: Staff, reason: str) -> None:
    """Take an item to a superior at once, and from there up the ladder until somebody acknowledges (CMP-19).

    It hangs on a clock that has run out already and makes nothing late; that one such clock runs, the database sees to.
    """
    now, role = clock.now(), Role(str(site_rules.value(site, "complaint.escalate_to")))
    async with transaction():
        await deeds.move(item, deed, site=site, by=by, changes={WorkItem.escalated: True})
        earlier = await Clock.count().where(Clock.item == item.id, Clock.kind == ClockKind.SUPERIOR)
        row = {
            "id": new_id(), "item": item.id, "kind": ClockKind.SUPERIOR, "round": earlier + 1, "started_at": now,
            "warn_at": now, "due_at": now, "warned_at": now, "missed_at": now,
        }  # fmt: skip
        if not await database.insert(Clock, row, unless_there=True):
            raise Conflict(_("It is escalated already, and nobody has acknowledged it yet."))
        role, told = await ladder.place(row["id"], 1, item=item.id, site=site, role=role, now=now)
        event = await events.record(deed.event, site=site.id, subject=item.id, by=by, role=role)
        await deeds.write(item.id, event, EntryKind.REASON, reason, by=by)
        await telling.tell(item.id, event, told)


async def acknowledge(item: Card, deed: Deed, *, site: Site, by: Staff, note: str = "") -> None:
    """Take notice of what was escalated: its ladder ends, and no promise to the customer does."""
    mine = sorted(rules.acknowledges(by.roles_at(site)))
    async with transaction():
        await deeds.move(item, deed, site=site, by=by)
        clock_ = Escalation.clock
        waiting = Escalation.acknowledged_at.is_null() & (clock_.item == item.id) & clock_.stopped_at.is_null()
        rows = await (
            Escalation.update({
                Escalation.acknowledged_at: clock.now(), Escalation.acknowledged_by: by.id, Escalation.next_at: None,
            })
            .where(
                Escalation.acknowledged_at.is_null(),
                Escalation.clock.is_in(Escalation.select(Escalation.clock).where(waiting, Escalation.role.is_in(mine))),
            )
            .returning(Escalation.id)
        )  # fmt: skip
        if not rows:
            raise Conflict(_("Nothing here waits for you to acknowledge it."))
        await clocks.stop_clock(item, ClockKind.SUPERIOR)
        event = await events.record(deed.event, site=site.id, subject=item.id, by=by)
        await deeds.write(item.id, event, EntryKind.REASON, note, by=by)
        await telling.tell(item.id, event, [item.owner_id] if item.owner_id and item.owner_id != by.id else [])
