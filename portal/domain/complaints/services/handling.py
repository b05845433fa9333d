"""What staff do with a complaint, each deed a row of way.DEEDS."""

from collections.abc import Sequence
from typing import Any

from portal import access_log, clock, sealing
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.complaints.forms.filing import Message
from portal.domain.complaints.forms.handling import Asking, Triage
from portal.domain.complaints.queries import ending as endings
from portal.domain.complaints.queries.staff import StaffView
from portal.domain.complaints.rules import promises, rights, way
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import confiding, copies, ending, extending, goods, promising, sharing, wording
from portal.domain.complaints.tables import Complaint, Kind, State
from portal.domain.queues.queries import people, tasks
from portal.domain.queues.queries.items import Card
from portal.domain.queues.services import clocks, deeds, pauses, telling, tracking
from portal.domain.queues.tables import ClockKind, EntryKind, Severity, WorkItem
from portal.domain.sites.tables import Category, Site
from portal.errors import Conflict, Forbidden, Invalid
from portal.events import services as events
from portal.i18n.formats import moment
from portal.i18n.translations import _
from portal.ids import token_hash
from portal.photos import services as photos
from portal.photos.services import Stored


async def triage(item: Card, form: Triage, *, site: Site, by: Staff, version: int | None = None) -> None:
    """Say what it really is: kind, area, severity, cause and wish (CMP-03, CMP-04, CMP-10); again later to correct it."""
    deed = DEEDS["triage" if item.state == State.RECEIVED else "retriage"]
    severity = {one.word: one for one in Severity}[form.severity]
    category = await Category.objects().where(Category.site == site.id, Category.code == form.category).first()
    if category is None or not (category.active or category.code == item.category_code):
        raise Invalid({"category": _("Choose one of these")})
    changes: deeds.Changes = {WorkItem.severity: severity, WorkItem.kind: form.kind.value, WorkItem.category: category.id,
                              WorkItem.leaves_at: None if form.stays else form.leaves_at or item.leaves_at}  # fmt: skip
    async with transaction():
        await deeds.move(item, deed, site=site, by=by, version=version, changes=changes)
        await (goods.keep(item.id, form) if form.kind is Kind.PRODUCT else goods.leave(item.id))
        await promising.rank([item.id], site)
        if form.stays:
            await promising.never_leaving(item)
        elif form.leaves_at:
            await promising.before_leaving(item, form.leaves_at, site=site)
        await promising.renew([item.id], site=site, why="triage", by=by)
        await (tracking.begin(item, site=site) if severity is Severity.SEVERE else tracking.end(item))
        event = await events.record(deed.event, site=site.id, subject=item.id, by=by, severity=form.severity,
                                    category=form.category, to_kind=form.kind.value)  # fmt: skip
        await deeds.write(item.id, event, EntryKind.CAUSE, form.cause, by=by)
        await deeds.write(item.id, event, EntryKind.WISH, form.wish, by=by)
        await confiding.confine(item.id, form.about, form.kind, site=site, by=by, restricted=item.restricted)


async def plan(item: Card, text: str, *, site: Site, by: Staff, version: int | None = None) -> None:
    """Write down how it will be put right; somebody must own it (CMP-12, CMP-13)."""
    deed = DEEDS["replan" if item.state == State.PLANNED else "plan"]
    async with transaction():
        await deeds.move(item, deed, site=site, by=by, version=version, owned=True)
        event = await events.record(deed.event, site=site.id, subject=item.id, by=by)
        await deeds.write(item.id, event, EntryKind.PLAN, text, by=by)
        await promising.enter(item.id, site=site)


async def answer(item: Card, text: str, *, site: Site, by: Staff, version: int | None = None) -> None:
    """Answer the customer (CMP-38): with a plan, or without one for an enquiry or a suggestion."""
    quick = item.state == State.TRIAGED and not way.needs_plan(item.kind)
    if item.state == State.TRIAGED and not quick and way.DEEDS["reply"].roles & by.roles_at(site):
        raise Conflict(_("Write the plan first: how will it be put right?"))
    deed = DEEDS["quick reply" if quick else "reply"]
    now = clock.now()
    async with transaction():
        await deeds.move(item, deed, site=site, by=by, version=version, changes={WorkItem.managers_only: False},
                          kind=item.kind if quick else None)  # fmt: skip
        await wording.look_at(text, field="reply", item=item, site=site)
        await pauses.end(item.id, site=site, by=by)
        await extending.lapse(item)
        await clocks.stop_clock(item, *ClockKind, then_due=promises.closable_at(site, now))
        await Complaint.update({Complaint.answered_at: now, Complaint.silent_from: now}).where(Complaint.id == item.id)
        event = await events.record(deed.event, site=site.id, subject=item.id, by=by)
        await deeds.write(item.id, event, EntryKind.REPLY, text, by=by)
        await copies.tell(item.id, event, site=site)
        await sharing.pass_on(deed.event, item, site=site, by=by)


async def close(item: Card, *, site: Site, by: Staff, version: int | None = None) -> None:
    """Close what was answered and accepted, or left without a word for as long as was announced."""
    now = clock.now()
    async with transaction():
        await deeds.move(item, DEEDS["closure"], site=site, by=by, version=version, changes={WorkItem.closed_at: now})
        if waiting := await tasks.still_open(item.id):
            raise Conflict(_("A department still has something to do for it: %(tasks)s") % {"tasks": "; ".join(waiting)})
        silent = await ending.fall_silent(item, site=site)
        kind: Any = Complaint.item.kind  # Piccolo follows references at run time
        row = await (
            Complaint.select(
                Complaint.accepted_at, Complaint.by_silence, Complaint.silent_from, Complaint.forwarded_at, kind
            )
            .where(Complaint.id == item.id)
            .first()
        )
        assert row is not None  # noqa: S101  # same id as its item
        if row["item.kind"] == Kind.POLICY_GRUMBLE and row["forwarded_at"] is None:
            raise Conflict(_("A policy grumble goes to the head of sales first: forward it, then close it."))
        if row["accepted_at"] is None and not silent:
            raise Conflict(
                _("The customer has not accepted the answer yet. Without a word it can be closed from %(day)s.")
                % {"day": moment(promises.closable_at(site, row["silent_from"]), full=True)}
            )
        missing = await endings.missing(item.id, site, severe=item.severity == Severity.SEVERE.word)
        if missing:
            raise Conflict(way.not_yet(missing))
        await events.record("complaint.closed", site=site.id, subject=item.id, by=by, accepted=not row["by_silence"])


async def forward(item: Card, reason: str, *, site: Site, by: Staff) -> None:
    """Pass an answered policy grumble on to the head of sales, a manager, who traces where it came from (CMP-30)."""
    async with transaction():
        await deeds.move(item, DEEDS["forwarding"], site=site, by=by, kind=Kind.POLICY_GRUMBLE)
        rows = await (
            Complaint.update({Complaint.forwarded_at: clock.now()})
            .where(Complaint.id == item.id, Complaint.forwarded_at.is_null())
            .returning(Complaint.id)
        )
        if not rows:
            raise Conflict(_("It has been forwarded already."))
        event = await events.record("complaint.forwarded", site=site.id, subject=item.id, by=by)
        await deeds.write(item.id, event, EntryKind.REASON, reason, by=by)
        await telling.tell_leaders(item.id, event, but=by.id)


async def ask_colleague(item: Card, form: Asking, *, site: Site, by: Staff) -> None:
    """Ask who knows: he is told at once, and a clock runs until the customer has the answer (DUTY-22)."""
    if item.kind not in way.QUESTIONS:
        raise Conflict(_("A colleague is asked about questions alone."))
    async with transaction():
        asked = await people.handler(site, form.to)
        if asked is None or asked == by.id:
            raise Invalid({"to": _("Choose a colleague who works here.")})
        if form.to not in await people.readers(site, item.category_code):
            unseen = _("This is of another unit: this colleague does not see it. Hand it over, or ask somebody else.")
            raise Invalid({"to": unseen})
        if not await people.hearing(item.id, [asked]):
            raise Invalid({"to": _("It is kept from this person.")})
        await deeds.move(item, DEEDS["colleague"], site=site, by=by, kind=item.kind)
        await promising.await_colleague(item, site=site)
        event = await events.record("complaint.colleague-asked", site=site.id, subject=item.id, by=by, to=asked)
        await deeds.write(item.id, event, EntryKind.QUESTION, form.body, by=by)
        await telling.tell(item.id, event, [asked])


async def write_to_customer(item: Card, form: Message, *, site: Site, by: Staff, pictures: Sequence[Stored] = ()) -> None:
    """A message to the customer; the first one acknowledges the complaint."""
    async with transaction():
        await deeds.move(item, DEEDS["messages"], site=site, by=by)
        await wording.look_at(form.body, field="body", item=item, site=site)
        await clocks.stop_clock(item, ClockKind.ACKNOWLEDGE, ClockKind.ANSWER)
        await tracking.renew(item, site=site)
        event = await events.record("complaint.told", site=site.id, subject=item.id, by=by)
        entry = await deeds.write(item.id, event, EntryKind.MESSAGE_OUT, form.body, by=by, pictured=bool(pictures))
        await photos.attach(pictures, site=site.id, subject=item.id, entry=entry)


async def unmask(complaint: StaffView, field: str, *, site: Site, by: Staff, reason: str, address: str) -> str:
    """Show one field of the contact to one person, with a reason, logged before it is shown (P41)."""
    roles = by.roles_at(site)
    if not rights.may_unmask(roles):
        raise Forbidden(_("This is not among your tasks."))
    item = complaint.item
    async with transaction():
        await deeds.hold(item, site=site, by=by)
        event = await events.record("item.unmasked", site=site.id, subject=item.id, by=by, field=field)
        entry = await deeds.write(item.id, event, EntryKind.REASON, reason, by=by)
        await access_log.record("unmask", site=site.id, account=by.id, role=",".join(sorted(roles)), subject=item.id,
                                field=field, entry=entry, address=address)  # fmt: skip
    return complaint.contact_field(field)


async def alert(item: Card, *, site: Site, by: Staff) -> None:
    """Tell the managers that somebody asks for more contacts in full than a person needs in an hour (P41)."""
    async with transaction():
        event = await events.record("item.unmaskings-refused", site=site.id, subject=item.id, by=by)
        await telling.tell_leaders(item.id, event)


async def renew_link(item: Card, token: str, *, site: Site, by: Staff) -> None:
    """Give the customer a new link; the old one is dead from now on (P35)."""
    async with transaction():
        await deeds.move(item, DEEDS["link"], site=site, by=by)
        sealed = sealing.seal(token, f"complaint.token:{item.id}")
        rows = await (
            Complaint.update({Complaint.token_hash: token_hash(token), Complaint.token: sealed})
            .where(Complaint.id == item.id, Complaint.token != "")
            .returning(Complaint.id)
        )
        if not rows:  # its contact was erased, and the link with it
            raise Conflict(_("This is no longer possible."))
        await events.record("complaint.link-renewed", site=site.id, subject=item.id, by=by)
