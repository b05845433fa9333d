"""What the customer does with a complaint of his own, by its link."""

from collections.abc import Sequence

from portal import clock
from portal.database import transaction
from portal.domain.complaints.forms.filing import Message, Rating
from portal.domain.complaints.rules import promises
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import ending, promising, sharing
from portal.domain.complaints.tables import Complaint
from portal.domain.queues.queries import items
from portal.domain.queues.queries.items import Card
from portal.domain.queues.services import deeds, pauses, telling
from portal.domain.queues.tables import EntryKind, WorkItem
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.events import services as events
from portal.i18n.translations import _
from portal.photos import services as photos
from portal.photos.services import Stored


async def write(item: Card, form: Message, *, site: Site, pictures: Sequence[Stored] = ()) -> None:
    """Add something: an answer that waits for acceptance waits anew from here, a pause for the customer ends.

    After the end it starts no clock. To a merged item too: then whoever goes on with it reads it there.
    """
    now = clock.now()
    async with transaction():
        if item.merged_into_id is None:
            await deeds.move(item, DEEDS["message of the customer"], site=site, by=None)
            item = await items.item_by_id(item.id)  # somebody may have merged it until then
        onward = item.merged_into_id or item.id
        anew = await (
            Complaint.update({Complaint.silent_from: now, Complaint.reminded_at: None})
            .where(Complaint.id == onward, Complaint.silent_from.is_not_null(), Complaint.accepted_at.is_null())
            .returning(Complaint.id)
        )
        if anew:
            waits: deeds.Changes = {WorkItem.due_at: promises.closable_at(site, now), WorkItem.due_from: now}
            await WorkItem.update(waits).where(WorkItem.id == onward)
        event = await events.record("complaint.wrote", site=site.id, subject=item.id, by=None, customer=True)
        entry = await deeds.write(item.id, event, EntryKind.MESSAGE_IN, form.body, by=None, pictured=bool(pictures))
        await photos.attach(pictures, site=site.id, subject=item.id, entry=entry)
        if await pauses.end(onward, site=site, by=None, only=pauses.FOR_CUSTOMER, customer=True):
            await promising.enter(onward, site=site)
        if item.merged_into_id is None:
            await telling.tell(item.id, event, [item.owner_id] if item.owner_id else [])
        else:
            await sharing.forward(item, form, entry, site=site)


async def accept(item: Card, *, site: Site) -> None:
    """Take the answer; final. Staff close it."""
    async with transaction():
        await deeds.move(item, DEEDS["acceptance"], site=site, by=None)
        rows = await (
            Complaint.update({Complaint.accepted_at: clock.now()})
            .where(Complaint.id == item.id, Complaint.accepted_at.is_null())
            .returning(Complaint.id)
        )
        if not rows:
            raise Conflict(_("You have accepted the answer already."))
        event = await events.record("complaint.accepted", site=site.id, subject=item.id, by=None, customer=True)
        await ending.ask_for_a_visit(event, item, site=site)


async def reject(item: Card, reason: str, *, site: Site) -> None:
    """Refuse the answer: it goes back to triage without an owner, for managers, with a new clock (counted)."""
    async with transaction():
        changes: deeds.Changes = {
            WorkItem.owner: None, WorkItem.giver: None, WorkItem.managers_only: True, WorkItem.round: WorkItem.round + 1,
        }  # fmt: skip
        await deeds.move(item, DEEDS["rejection"], site=site, by=None, changes=changes)
        rows = await (
            Complaint.update({Complaint.rejections: Complaint.rejections + 1})
            .where(Complaint.id == item.id, Complaint.accepted_at.is_null())
            .returning(Complaint.id)
        )
        if not rows:
            raise Conflict(_("The answer counts as accepted already. If something is missing, write to us."))
        await ending.begin_again(item, site=site)
        event = await events.record("complaint.rejected", site=site.id, subject=item.id, by=None, customer=True)
        await deeds.write(item.id, event, EntryKind.REJECTION, reason, by=None)
        await telling.tell_leaders(item.id, event)


async def rate(item: Card, form: Rating, *, site: Site) -> None:
    """One to five, once, after closing."""
    if item.merged_into_id:
        raise Conflict(_("This is no longer possible."))
    async with transaction():
        await deeds.move(item, DEEDS["rating"], site=site, by=None)
        rows = await (
            Complaint.update({Complaint.rating: form.score})
            .where(Complaint.id == item.id, Complaint.rating.is_null())
            .returning(Complaint.id)
        )
        if not rows:
            raise Conflict(_("You have rated this already. Thank you."))
        event = await events.record("complaint.rated", site=site.id, subject=item.id, by=None, customer=True,
                                    score=form.score)  # fmt: skip
        await deeds.write(item.id, event, EntryKind.COMMENT, form.comment, by=None)
        await telling.tell(item.id, event, [item.owner_id] if item.owner_id else [])
