"""What comes after the answer: silence, the return visit, a look whether it was put right, and beginning again."""

from datetime import timedelta
from uuid import UUID

from portal import clock
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.complaints.forms.ending import Visit
from portal.domain.complaints.rules import promises, way
from portal.domain.complaints.rules.way import DEEDS, SILENCE
from portal.domain.complaints.services import promising
from portal.domain.complaints.tables import Complaint
from portal.domain.queues.queries import absences, people
from portal.domain.queues.queries.items import Card
from portal.domain.queues.rules import Whose
from portal.domain.queues.services import deeds, tasks, telling, tracking
from portal.domain.queues.tables import EntryKind, Severity, TaskKind, WorkItem
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.events import services as events
from portal.i18n.translations import N_, _, gettext

ASK_AGAIN = N_("The guest is not satisfied: find out why, and propose what to do.")
A_DAY = timedelta(days=1)


async def visit(item: Card, form: Visit, *, site: Site, by: Staff) -> None:
    """Write down what the customer said when asked afterwards; a dissatisfied one is the managers' (CMP-41, CMP-42)."""
    deed = way.visits(site)
    async with transaction():
        await deeds.move(item, deed, site=site, by=by)
        await deeds.not_merged(item)
        rows = await (
            Complaint.update({Complaint.visited_at: clock.now(), Complaint.satisfied: form.satisfied})
            .where(Complaint.id == item.id, Complaint.visited_at.is_null())
            .returning(Complaint.id)
        )
        if not rows:
            raise Conflict(_("The return visit was made already."))
        kind = deed.event if form.satisfied else "complaint.dissatisfied"
        event = await events.record(kind, site=site.id, subject=item.id, by=by)
        await deeds.write(item.id, event, EntryKind.VISIT, form.comment, by=by)
        if not form.satisfied:
            await telling.tell_leaders(item.id, event)
            await tasks.add(item.id, form.comment or gettext(ASK_AGAIN), site=site, department=Role.MANAGER,
                            due_at=clock.now() + A_DAY, by=by, kind=TaskKind.DISSATISFIED)  # fmt: skip


async def verify(item: Card, note: str, *, site: Site, by: Staff) -> None:
    """Write down, once an answer, that it was really put right (CMP-40)."""
    deed = DEEDS["rectification"]
    async with transaction():
        await deeds.move(item, deed, site=site, by=by)
        await deeds.not_merged(item)
        rows = await (
            Complaint.update({Complaint.verified_at: clock.now()})
            .where(Complaint.id == item.id, Complaint.verified_at.is_null())
            .returning(Complaint.id)
        )
        if not rows:
            raise Conflict(_("Somebody has looked at this already."))
        event = await events.record(deed.event, site=site.id, subject=item.id, by=by)
        await deeds.write(item.id, event, EntryKind.NOTE, note, by=by)


async def reopen(item: Card, *, site: Site, by: Staff) -> None:
    """Take up again what was closed, as after a rejection: back to triage, with a new time to answer."""
    deed = DEEDS["reopening"]
    async with transaction():
        owner = await _who_goes_on(item, site)
        changes: deeds.Changes = {WorkItem.closed_at: None, WorkItem.round: WorkItem.round + 1, WorkItem.owner: owner}
        if owner != item.owner_id:
            changes[WorkItem.giver] = None
        await deeds.move(item, deed, site=site, by=by, changes=changes)
        await deeds.not_merged(item)
        await begin_again(item, site=site)
        event = await events.record(deed.event, site=site.id, subject=item.id, by=by)
        if owner is None:
            await telling.tell_leaders(item.id, event, but=by.id)


async def _who_goes_on(item: Card, site: Site) -> UUID | None:
    """The owner, or whoever stands in (DUTY-17), unless it is kept from that one."""
    if item.owner_id is None:
        return None
    there = await absences.stand_in(site, item.owner_id)
    return there if there and (there == item.owner_id or await people.hearing(item.id, [there])) else None


async def begin_again(item: Card, *, site: Site) -> None:
    """The answer stands no longer: what belonged to it is empty again, and a new time runs (of the item's new round)."""
    await Complaint.update({
        Complaint.answered_at: None, Complaint.silent_from: None, Complaint.accepted_at: None, Complaint.by_silence: False,
        Complaint.reminded_at: None, Complaint.visited_at: None, Complaint.satisfied: None, Complaint.verified_at: None,
        Complaint.extended_days: 0, Complaint.rating: None,
    }).where(Complaint.id == item.id)  # fmt: skip
    await promising.begin_again(item.id, site=site, number=item.round + 1)
    if item.severity == Severity.SEVERE.word:
        await tracking.begin(item, site=site)
    await promising.enter(item.id, site=site)


async def accept_by_silence(item: Card, *, site: Site) -> None:
    """Take silence for acceptance, when the time that was announced is over; staff still close it."""
    async with transaction():
        await deeds.move(item, DEEDS[SILENCE], site=site, by=None)
        if not await fall_silent(item, site=site):
            raise Conflict(_("This is no longer possible."))


async def fall_silent(item: Card, *, site: Site) -> bool:
    """Write down, once, that nothing was said for as long as was announced; whether it was so. The item was moved before."""
    now = clock.now()
    rows = await (
        Complaint.update({Complaint.accepted_at: now, Complaint.by_silence: True})
        .where(Complaint.id == item.id, Complaint.accepted_at.is_null(), Complaint.answered_at.is_not_null(),
               Complaint.silent_from <= promises.silent_since(site, now))
        .returning(Complaint.id)
    )  # fmt: skip
    if rows:
        event = await events.record(DEEDS[SILENCE].event, site=site.id, subject=item.id, by=None)
        await ask_for_a_visit(event, item, site=site)
    return bool(rows)


async def ask_for_a_visit(event: UUID, item: Card, *, site: Site) -> None:
    """The answer was accepted: the owner may close it, and who was asked first makes the return visit (DUTY-18)."""
    visitor = item.first_asked_id if way.visits(site).whose is Whose.FIRST else None
    await telling.tell(item.id, event, [one for one in (item.owner_id, visitor) if one])
