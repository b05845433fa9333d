"""What is done with a visitor who is here, and what follows: notes, tasks, seeing off, the summary, getting in touch."""

from datetime import datetime, timedelta
from uuid import UUID

from portal import clock, database, sealing
from portal.database import transaction
from portal.domain.accounts import queries as accounts
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.bookings.forms.after import (
    Background,
    Done,
    FollowUp,
    Negotiation,
    Note,
    Papers,
    Satisfaction,
)
from portal.domain.bookings.forms.booking import StaffBooking
from portal.domain.bookings.queries import times
from portal.domain.bookings.rules import way
from portal.domain.bookings.rules.way import DEEDS
from portal.domain.bookings.services import booking, preparing
from portal.domain.bookings.services.booking import Booked
from portal.domain.bookings.tables import Booking, Channel, Satisfied, State
from portal.domain.queues.queries import absences, items
from portal.domain.queues.queries.items import Card
from portal.domain.queues.queries.words import opened
from portal.domain.queues.rules import DEPARTMENTS, Deed
from portal.domain.queues.services import deeds, tasks, telling
from portal.domain.queues.tables import EntryKind, Task, TaskKind, WorkItem
from portal.domain.sites import queries as sites
from portal.domain.sites.rules import calendar as calendars
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.rules.calendar import NeverOpen
from portal.domain.sites.tables import Site
from portal.errors import Invalid
from portal.events import services as events
from portal.i18n.translations import N_, _, gettext
from portal.ids import new_token

NEGOTIATION = "negotiation"
A_DAY = timedelta(days=1)
GET_IN_TOUCH = N_("Get in touch: thank the visitor, ask for an opinion, offer what may help.")
ASKED_BEFORE = N_("Papers were asked for before: say why this was not said then.")
NOT_SATISFIED = N_("The visitor was not satisfied: find out why, and put it right.")


async def arrive(item: Card, needs: str, *, site: Site, by: Staff, version: int | None = None) -> None:
    """The visitor has come (VIS-11); a special need that was said then goes to its department (VIS-13)."""
    async with transaction():
        await preparing.arrive(item, site=site, by=by, version=version, tapped=not needs)
        if needs:
            await note(item, Note(needs=needs), site=site, by=by)


async def receive(item: UUID, *, site: Site, by: Staff) -> None:
    """Whoever serves an arrival has received its booking; one that is past that stays as it is."""
    card, deed = await items.item_by_id(item), DEEDS["reception"]
    if card.state != State.ARRIVED:
        return
    async with transaction():
        await deeds.move(card, deed, site=site, by=by)
        await Booking.update({Booking.received_at: clock.now(), Booking.received_by: by.id}).where(Booking.id == item)
        await events.record(deed.event, site=site.id, subject=item, by=by)


async def know(item: Card, form: Background, *, site: Site, by: Staff) -> None:
    """Write down who the visitor is, as far as one knows before (VIS-10)."""
    deed = DEEDS["background"]
    said = form.model_dump()
    async with transaction():
        await deeds.move(item, deed, site=site, by=by)
        sealed = {name: sealing.seal(text, f"booking.{name}:{item.id}") for name, text in said.items()}
        await Booking.update({getattr(Booking, name): cell for name, cell in sealed.items()}).where(Booking.id == item.id)
        await events.record(deed.event, site=site.id, subject=item.id, by=by)


async def ask_papers(item: Card, form: Papers, *, site: Site, by: Staff) -> None:
    """Ask for papers: all of them at once; a second time needs a reason, and is counted (HALL-02)."""
    deed = DEEDS["papers"]
    async with transaction():
        await deeds.move(item, deed, site=site, by=by)
        times_asked = await count_papers(item.id, reason=form.reason)
        event = await events.record(deed.event, site=site.id, subject=item.id, by=by, times=times_asked)
        await deeds.write(item.id, event, EntryKind.PAPERS, form.missing, by=by)
        await deeds.write(item.id, event, EntryKind.REASON, form.reason, by=by)


async def count_papers(item: UUID, *, reason: str) -> int:
    """Count one more asking for papers of a booking, the first one freely; returns how many there were."""
    free = (Booking.id == item) if reason else (Booking.id == item) & (Booking.papers_asked == 0)
    rows = await Booking.update({Booking.papers_asked: Booking.papers_asked + 1}).where(free).returning(Booking.papers_asked)
    if not rows:
        raise Invalid({"reason": gettext(ASKED_BEFORE)})
    return int(rows[0]["papers_asked"])


async def note(item: Card, form: Note, *, site: Site, by: Staff) -> None:
    """Add to what came up (VIS-14); a special need goes to a department, and to the managers where it is more (VIS-13)."""
    deed = DEEDS["note"]
    async with transaction():
        await deeds.move(item, deed, site=site, by=by)
        event = await events.record(deed.event, site=site.id, subject=item.id, by=by, upward=form.upward)
        for kind, text in ((EntryKind.NEEDS, form.needs), (EntryKind.OPINION, form.opinions), (EntryKind.FACTS, form.facts)):
            await deeds.write(item.id, event, kind, text, by=by)
        if form.needs:
            await pass_on(item.id, form.needs, site=site, by=by, department=form.department)
        if form.upward:
            await telling.tell_leaders(item.id, event, but=by.id)


async def pass_on(
    item: UUID, need: str, *, site: Site, by: Staff | None, department: Role | None = None, kind: TaskKind = TaskKind.NEED
) -> UUID:
    """A special need becomes a task of the department concerned: the one named, else the one of the site's setting."""
    wanted = department or Role(str(site_rules.value(site, "visit.needs_role")))
    there = department is not None or bool(await accounts.with_role(site.id, wanted))
    due_at = clock.now() + timedelta(minutes=site_rules.figure(site, "visit.needs_minutes"))
    return await tasks.add(item, need[:1000], site=site, department=wanted if there else Role.MANAGER, due_at=due_at, by=by,
                           kind=kind)  # fmt: skip


async def follow_up(item: Card, form: FollowUp, *, site: Site, by: Staff) -> UUID:
    """Ask somebody for the answer to a question (VIS-15)."""
    return await tasks.ask(item, DEEDS["follow-up"], form, site=site, by=by, kind=TaskKind.QUESTION)


async def negotiate(item: Card, form: Negotiation, *, site: Site, by: Staff) -> Booked:
    """Book a talk about business for the same visitor, linked to this visit (VIS-17). Raises reserving.Full."""
    kind = next((one for one in await times.types(site) if one.code == NEGOTIATION), None)
    if kind is None:
        raise Invalid({"": _("This site offers no negotiations. A manager adds the kind of visit in the settings.")})
    deed = DEEDS["negotiation"]
    async with transaction():
        await deeds.move(item, deed, site=site, by=by)
        made = await booking.book(
            await _again(item, form), site=site, kind=kind, token=new_token(), by=by, source=item.id
        )
        await Booking.update({Booking.follows: item.id}).where(Booking.id == made.item)
        await events.record(deed.event, site=site.id, subject=item.id, by=by, number=made.number)
    return made


async def see_off(item: Card, form: Satisfaction, *, site: Site, by: Staff) -> None:
    """Thank the visitor, and write down what was said; not satisfied is the managers' (VIS-18)."""
    deed = DEEDS["satisfaction"]
    async with transaction():
        await deeds.move(item, deed, site=site, by=by)
        await Booking.update({Booking.satisfied: form.satisfied, Booking.seen_off_at: clock.now()}).where(
            Booking.id == item.id
        )
        kind = "booking.dissatisfied" if form.satisfied is Satisfied.NO else deed.event
        event = await events.record(kind, site=site.id, subject=item.id, by=by, satisfied=form.satisfied.value)
        await deeds.write(item.id, event, EntryKind.OPINION, form.opinions, by=by)
        if form.opinions and form.department:
            await pass_on(item.id, form.opinions, site=site, by=by, department=form.department, kind=TaskKind.OPINION)
        if form.satisfied is Satisfied.NO:
            await telling.tell_leaders(item.id, event)
            await tasks.add(item.id, form.opinions[:1000] or gettext(NOT_SATISFIED), site=site, department=Role.MANAGER,
                            due_at=clock.now() + A_DAY, by=by, kind=TaskKind.DISSATISFIED)  # fmt: skip


async def summarise(item: Card, summary: str, *, site: Site, by: Staff) -> None:
    """Close the visit with what was talked about (VIS-19); somebody gets in touch within some working days (VIS-20)."""
    deed = DEEDS["summary"]
    now = clock.now()
    department, owner = await _who_gets_in_touch(item, site)
    async with transaction():
        await deeds.move(item, deed, site=site, by=by, changes={WorkItem.closed_at: now})
        event = await events.record(deed.event, site=site.id, subject=item.id, by=by)
        await deeds.write(item.id, event, EntryKind.SUMMARY, summary, by=by)
        await tasks.add(item.id, gettext(GET_IN_TOUCH), site=site, department=department, owner=owner,
                        due_at=await in_touch_until(site, now), by=by, kind=TaskKind.CONTACT)  # fmt: skip


async def in_touch_until(site: Site, since: datetime) -> datetime:
    """Until when somebody gets in touch after a visit: the end of the last of some working days of the site."""
    days = site_rules.figure(site, "visit.follow_up_days")
    try:
        return calendars.end_of_working_day(await sites.calendar(site), since, days)
    except NeverOpen:
        return since + days * A_DAY


async def finish(item: Card, deed: Deed, task: UUID, form: Done, *, site: Site, by: Staff) -> None:
    """End a task; getting in touch says what came of it (VIS-20), a question what was answered (VIS-15)."""
    row = await Task.select(Task.kind).where(Task.id == task, Task.item == item.id).first()
    kind = row["kind"] if row else ""
    if kind == TaskKind.CONTACT and not form.outcome:
        raise Invalid({"outcome": _("Say what came of it.")})
    if kind == TaskKind.QUESTION and not form.note:
        raise Invalid({"note": _("Write down what the visitor was answered.")})
    async with transaction():
        await tasks.finish(item, deed, task, site=site, by=by, note=form.note)
        if kind == TaskKind.CONTACT:
            await events.record("booking.contacted", site=site.id, subject=item.id, by=by, outcome=form.outcome)


async def _again(item: Card, form: Negotiation) -> StaffBooking:
    """What somebody would type who books for the same visitor."""
    row = (await database.rows("SELECT * FROM booking WHERE id = {}", item.id))[0]
    who = {name: opened(row[name], f"booking.{name}", item.id) for name in ("name", "phone", "company", "position")}
    purpose = form.purpose or _("Negotiation after the visit %(number)s") % {"number": item.number}
    return StaffBooking.model_validate({
        **who, "day": form.day.isoformat(), "time": form.time, "people": form.people or row["people"], "purpose": purpose,
        "salutation": row["salutation"], "language": row["language"] or "zh-CN", "channel": Channel.DESK,
        "override_reason": form.override_reason,
    })  # fmt: skip


async def _who_gets_in_touch(item: Card, site: Site) -> tuple[Role, UUID | None]:
    """The receiving person, while that one is here; else whoever of the type's department."""
    rows = await database.rows(
        "SELECT t.role, m.role AS mine FROM booking b JOIN visit_type t ON t.id = b.type LEFT JOIN membership m "
        "ON m.site = b.site AND m.account = {} AND m.account IN (SELECT id FROM account WHERE disabled_at IS NULL) "
        "WHERE b.id = {} ORDER BY m.role", item.owner_id, item.id,
    )  # fmt: skip
    named = rows[0]["role"]
    department = Role(named) if named in set(DEPARTMENTS) else Role.DESK
    mine = [Role(row["mine"]) for row in rows if row["mine"] in set(DEPARTMENTS & way.RECEIVERS)]
    if item.owner_id is None or not mine or item.owner_id in await absences.away(site):
        return department, None
    return (department if department in mine else mine[0]), item.owner_id
