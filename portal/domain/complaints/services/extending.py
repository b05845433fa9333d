"""More days for an answer, where days are counted: asked for by one person, decided by another."""

from datetime import datetime
from uuid import UUID

from portal import clock, database
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.complaints.forms.ending import Decision
from portal.domain.complaints.forms.handling import MoreTime
from portal.domain.complaints.rules import promises
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import promising
from portal.domain.complaints.tables import Complaint, Extension
from portal.domain.queues.queries.items import Card
from portal.domain.queues.services import deeds, telling
from portal.domain.queues.tables import Clock, ClockKind, EntryKind
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid
from portal.events import services as events
from portal.i18n.translations import _
from portal.ids import new_id

OPEN_REQUEST = Extension.decision == ""


async def ask(item: Card, form: MoreTime, *, site: Site, by: Staff) -> None:
    """Ask for more days; another person decides. Only where days are counted, and twice at the most."""
    async with transaction():
        await deeds.move(item, DEEDS["extension"], site=site, by=by)
        await _counts_days(item)
        asked = await Extension.select().where(Extension.item == item.id).order_by(Extension.number)
        granted = [row for row in asked if row["decision"] == "approve"]
        if any(not row["decision"] for row in asked):
            raise Conflict(_("More time has been asked for already; it waits for a decision."))
        if len(granted) == len(promises.BANK_EXTENSIONS):
            raise Conflict(_("It has been extended twice; there is no third time."))
        most = promises.BANK_EXTENSIONS[len(granted)]
        if form.days > most:
            raise Invalid({"days": _("At most %(most)d days this time.") % {"most": most}})
        await database.insert(Extension, {
            "id": new_id(), "item": item.id, "number": len(asked) + 1, "days": form.days, "asked_by": by.id,
            "asked_at": clock.now(), "decision": "",
        })  # fmt: skip
        event = await events.record("complaint.extension-asked", site=site.id, subject=item.id, by=by, days=form.days)
        await deeds.write(item.id, event, EntryKind.REASON, form.reason, by=by)
        await telling.tell_leaders(item.id, event, but=by.id)


async def decide(item: Card, form: Decision, *, site: Site, by: Staff) -> None:
    """Grant or refuse more days: never one's own request, and the second time another person than the first."""
    deed, granted_now = DEEDS["extension-approval"], form.decision == "approve"
    async with transaction():
        await deeds.move(item, deed, site=site, by=by)
        asked = await Extension.select().where(Extension.item == item.id).order_by(Extension.number)
        waiting = next((row for row in asked if not row["decision"]), None)
        if waiting is None:
            raise Conflict(_("Nobody asks for more time now."))
        if waiting["asked_by"] == by.id:
            raise Invalid({"decision": _("Somebody else has to decide what you asked for.")})
        granted = [row for row in asked if row["decision"] == "approve"]
        if granted_now:
            await _counts_days(item)
        if granted_now and any(row["decided_by"] == by.id for row in granted):
            raise Invalid({"decision": _("You granted the first extension: the second needs another person.")})
        await _decided(waiting["id"], form.decision, by=by, at=clock.now())
        event = await events.record(deed.event if granted_now else "complaint.extension-refused", site=site.id,
                                    subject=item.id, by=by, days=waiting["days"])  # fmt: skip
        await deeds.write(item.id, event, EntryKind.REASON, form.reason, by=by)
        await telling.tell(item.id, event, [waiting["asked_by"]])
        if granted_now:
            longer = Complaint.extended_days + waiting["days"]
            await Complaint.update({Complaint.extended_days: longer}).where(Complaint.id == item.id)
            await promising.renew([item.id], site=site, why="extension", by=by)


async def lapse(item: Card) -> None:
    """It is answered: nobody waits for more days any more. Part of the answer, which holds the item's row."""
    await Extension.update({Extension.decision: "lapsed", Extension.decided_at: clock.now()}).where(
        Extension.item == item.id, OPEN_REQUEST
    )


async def _counts_days(item: Card) -> None:
    """Raise Conflict where the answer is not due after days, but after hours."""
    running = (Clock.item == item.id) & (Clock.kind == ClockKind.RESOLVE) & Clock.stopped_at.is_null()
    if not await Clock.exists().where(running, Clock.days > 0):
        raise Conflict(_("Hours are counted here, not days: there is nothing to extend."))


async def _decided(extension: UUID, decision: str, *, by: Staff, at: datetime) -> None:
    rows = await (
        Extension.update({Extension.decision: decision, Extension.decided_by: by.id, Extension.decided_at: at})
        .where(Extension.id == extension, OPEN_REQUEST)
        .returning(Extension.id)
    )
    if not rows:
        raise Conflict(_("Somebody else has decided it already."))
