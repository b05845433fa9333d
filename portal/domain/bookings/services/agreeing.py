"""Agreeing on a visit with its visitor: confirming, declining, proposing another time, changing, calling off.

Each deed moves the item first, so that of two who do one to the same booking only one goes on, and then takes rooms,
people and room in the book in one order.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal import access_log, clock
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.bookings.forms.agreeing import Change, Confirmation, Proposal
from portal.domain.bookings.queries import agenda
from portal.domain.bookings.queries.desk import Whole
from portal.domain.bookings.rules.way import DEEDS, RECEIVERS
from portal.domain.bookings.services import reserving, waiting
from portal.domain.bookings.services.reserving import Wish
from portal.domain.bookings.tables import Booking, VisitType
from portal.domain.queues.queries.items import Card
from portal.domain.queues.services import deeds, telling
from portal.domain.queues.tables import EntryKind, WorkItem
from portal.domain.sites import queries as sites
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Forbidden, Invalid
from portal.events import services as events
from portal.i18n.translations import _

NOTHING_ASKED: dict[Any, Any] = {
    Booking.asked: "", Booking.asked_begins_at: None, Booking.asked_place: None, Booking.asked_person: None,
    Booking.asked_until: None,
}  # fmt: skip
AT_LEAST = timedelta(minutes=30)  # for the visitor to answer


async def confirm(item: Card, form: Confirmation, *, site: Site, by: Staff, version: int | None = None) -> None:
    """Agree to a visit: place and receiving person, both free then (VIS-04, VIS-05); raises Engaged where one is not."""
    deeds.check(DEEDS["confirmation"], site=site, by=by)
    place, person = await find_place(site, form.place), await find_person(site, form.person)
    async with transaction():
        await deeds.move(item, DEEDS["confirmation"], site=site, by=by, version=version, changes={WorkItem.owner: person})
        booking, kind = await booking_of(item)
        begins = begins_at(booking)
        await reserving.give_up(item.id, standby=True)
        await reserving.engage(site, item.id, place=place, person=person, begins_at=begins, free_at=free_at(kind, begins))
        await note(item, {Booking.place: place, Booking.confirmed_at: clock.now(), **NOTHING_ASKED}, sequence=True)
        event = await events.record("booking.confirmed", site=site.id, subject=item.id, by=by, to=person)
        await _tell(item, event, person, by=by)


async def decline(item: Card, reason: str, *, site: Site, by: Staff, version: int | None = None) -> None:
    """A visit cannot be; the visitor reads why."""
    await _end(item, "decline", reason, site=site, by=by, version=version)


async def withdraw(item: Card, reason: str, *, site: Site, by: Staff, version: int | None = None) -> None:
    """The house calls a visit off, and says why."""
    await _end(item, "withdrawal", reason, site=site, by=by, version=version)


async def propose(item: Card, form: Proposal, *, site: Site, by: Staff, version: int | None = None) -> None:
    """Offer another time; it is kept until the visitor answers, and what was asked for, too (VIS-26)."""
    async with transaction():
        await deeds.move(item, DEEDS["proposal"], site=site, by=by, version=version)
        booking, kind = await booking_of(item)
        begins = form.begins_at
        if begins == booking.begins_at:
            raise Invalid({"time": _("This is the time that was asked for.")})
        until = await _stand_by(item, booking, kind, begins, site=site)
        await note(item, {**NOTHING_ASKED, Booking.asked: "proposal", Booking.asked_begins_at: begins,
                          Booking.asked_until: until})  # fmt: skip
        await events.record("booking.proposed", site=site.id, subject=item.id, by=by, begins=begins, until=until)


async def change(item: Card, form: Change, *, site: Site, by: Staff, version: int | None = None) -> None:
    """Ask for another time, place or person than was agreed; both stay until the visitor answers (VIS-25)."""
    async with transaction():
        await deeds.move(item, DEEDS["change"], site=site, by=by, version=version)
        booking, kind = await booking_of(item)
        old = begins_at(booking)
        begins = form.begins_at(old)
        if begins is None or (begins != old and begins < clock.now()):
            raise Invalid({"time": _("This time is over already")})
        place = await find_place(site, form.place) if form.place else booking.place
        person = await find_person(site, form.person) if form.person else item.owner_id
        if (begins, place, person) == (old, booking.place, item.owner_id):
            raise Invalid({"day": _("Nothing is different from what was agreed.")})
        until = await _stand_by(item, booking, kind, begins, site=site)
        await reserving.engage(site, item.id, place=place, person=person, begins_at=begins, free_at=free_at(kind, begins),
                               until=until)  # fmt: skip
        await note(item, {Booking.asked: "change", Booking.asked_begins_at: begins, Booking.asked_place: place,
                          Booking.asked_person: person, Booking.asked_until: until})  # fmt: skip
        event = await events.record("booking.change-asked", site=site.id, subject=item.id, by=by, begins=begins, until=until,
                                    to=person)  # fmt: skip
        await deeds.write(item.id, event, EntryKind.REASON, form.reason, by=by)


async def unmask(booking: Whole, *, site: Site, by: Staff, reason: str, address: str) -> str:
    """Show the visitor's phone to one person, with a reason, logged before it is shown (P41)."""
    roles = by.roles_at(site)
    if not RECEIVERS & roles:
        raise Forbidden(_("This is not among your tasks."))
    item = booking.card
    async with transaction():
        await deeds.hold(item, site=site, by=by)
        event = await events.record("item.unmasked", site=site.id, subject=item.id, by=by, field="phone")
        entry = await deeds.write(item.id, event, EntryKind.REASON, reason, by=by)
        await access_log.record("unmask", site=site.id, account=by.id, role=",".join(sorted(roles)), subject=item.id,
                                field="phone", entry=entry, address=address)  # fmt: skip
    return booking.phone_in_full()


async def alert(item: Card, *, site: Site, by: Staff) -> None:
    """Tell the managers that somebody asks for more phones in full than a person needs in an hour (P41)."""
    async with transaction():
        event = await events.record("item.unmaskings-refused", site=site.id, subject=item.id, by=by)
        await telling.tell_leaders(item.id, event)


async def booking_of(item: Card) -> tuple[Booking, VisitType]:
    """The facts of a booking and its type, read while the item is held."""
    booking = (await Booking.objects().where(Booking.id == item.id))[0]
    return booking, (await VisitType.objects().where(VisitType.id == booking.type))[0]


def begins_at(booking: Booking) -> datetime:
    """When a visit begins; raises Conflict for one that still waits for a place."""
    if booking.begins_at is None:
        raise Conflict(_("It has no time yet: it waits for a place."))
    return booking.begins_at


def free_at(kind: VisitType, begins: datetime) -> datetime:
    """Until when a visit keeps its room and its person."""
    return reserving.ends(kind, begins) + timedelta(minutes=kind.buffer)


async def note(item: Card, changes: dict[Any, Any], *, sequence: bool = False) -> None:
    """Write facts of a booking whose item is held; `sequence`: the visitor's calendar gets them as a change."""
    more: dict[Any, Any] = {Booking.sequence: Booking.sequence + 1} if sequence else {}
    await Booking.update({**changes, **more}).where(Booking.id == item.id)


async def find_place(site: Site, typed: str) -> UUID:
    """A place of the site; raises Invalid."""
    found = await sites.place(site.id, typed)
    if found is None:
        raise Invalid({"place": _("Choose a place of this house.")})
    return found.id


async def find_person(site: Site, typed: str) -> UUID:
    """Somebody who receives visitors here, a guide among them (VIS-16); raises Invalid."""
    found = await agenda.receiver(site, typed)
    if found is None:
        raise Invalid({"person": _("Choose somebody who receives visitors here.")})
    return found


async def _stand_by(item: Card, booking: Booking, kind: VisitType, begins: datetime, *, site: Site) -> datetime:
    """Keep another time for a booking beside its own, instead of one that was kept before; returns until when.

    Where only place or person changes, its own time is not kept twice.
    """
    await reserving.give_up(item.id, standby=True)
    hours = timedelta(hours=site_rules.figure(site, "visit.answer_hours"))
    until = max(min(begins_at(booking), begins) - hours, clock.now() + AT_LEAST)
    if begins != booking.begins_at:
        wish = Wish(reserving.local_day(site, begins), begins, booking.people)
        await reserving.take(site, kind, wish, booking=item.id, until=until)
    return until


async def _end(item: Card, deed: str, reason: str, *, site: Site, by: Staff, version: int | None) -> None:
    async with transaction():
        await deeds.move(item, DEEDS[deed], site=site, by=by, version=version, changes={WorkItem.closed_at: clock.now()})
        booking, kind = await booking_of(item)
        await reserving.give_up(item.id)
        await note(item, NOTHING_ASKED, sequence=True)
        event = await events.record(DEEDS[deed].event, site=site.id, subject=item.id, by=by)
        if booking.begins_at:
            await waiting.offer_freed(site, kind, booking.day)
        await deeds.write(item.id, event, EntryKind.REASON, reason, by=by)
        if item.owner_id:
            await _tell(item, event, item.owner_id, by=by)
        await waiting.pass_on(item.id, site=site)


async def _tell(item: Card, event: UUID, person: UUID, *, by: Staff) -> None:
    if person != by.id:
        await telling.tell(item.id, event, [person])
