"""A visitor's answer to what stands open: an offered place, another time that was proposed, a change of what was agreed."""

from datetime import date, datetime
from typing import NoReturn
from uuid import UUID
from zoneinfo import ZoneInfo

from portal import clock
from portal.database import transaction
from portal.domain.bookings.queries import waiting as queries
from portal.domain.bookings.queries.waiting import Open
from portal.domain.bookings.rules.way import DEEDS
from portal.domain.bookings.services import reserving, telling, waiting
from portal.domain.bookings.tables import Booking, State, VisitType
from portal.domain.queues.queries import items
from portal.domain.queues.queries.items import Card
from portal.domain.queues.rules import Deed
from portal.domain.queues.services import deeds
from portal.domain.queues.services.deeds import Changes
from portal.domain.queues.tables import WorkItem
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.events import services as events
from portal.i18n.translations import N_, gettext

OFFER, PROPOSAL, CHANGE = "offer", "proposal", "change"
LATE = {
    OFFER: N_("The time to answer is over, and the place goes to the next in the line. You stay on the list."),
    PROPOSAL: N_("The time to answer is over. Your first wish stands, and we get in touch with you."),
    CHANGE: N_("The time to answer is over. Your visit stays as it was agreed."),
}
NOTHING = N_("Nothing stands open here any more. The page shows how your visit stands now.")
CLEARED: Changes = {
    Booking.asked: "", Booking.asked_begins_at: None, Booking.asked_place: None, Booking.asked_person: None,
    Booking.asked_until: None,
}  # fmt: skip


async def accept(booking: UUID, *, site: Site, version: int | None = None) -> None:
    """Take what is offered, proposed or changed: its place is the booking's, the old one is given up (VIS-25, VIS-26)."""
    async with transaction():
        await reserving.hold_open(site, booking)
        open_ = await _standing(booking)
        kind = await queries.kind(open_.type)
        deed = _taken(open_, kind)
        card = await items.item_by_id(booking)
        begins_at = open_.begins_at or card.due_at
        settled = deed.after == State.CONFIRMED
        changes: Changes = {WorkItem.due_at: begins_at}
        if open_.person:
            changes[WorkItem.owner] = open_.person
        await deeds.move(card, deed, site=site, by=None, version=version, changes=changes)
        place = open_.place or (kind.place if settled and open_.asked != CHANGE else None)
        await _take(open_, site, kind, begins_at, place=place, settled=settled)
        await reserving.change_over(booking)
        event = await events.record(deed.event, site=site.id, subject=booking, by=None, customer=True, begins_at=begins_at)
        await _told(deed, card, event, site)
        if open_.asked != OFFER:
            await waiting.offer_freed(site, kind, open_.day)


async def reject(booking: UUID, *, site: Site, version: int | None = None) -> None:
    """Leave what is offered, proposed or changed: what was asked for, or agreed, stands (VIS-25)."""
    async with transaction():
        open_ = await _standing(booking)
        kind = await queries.kind(open_.type)
        deed = DEEDS[f"{open_.asked} refused"]
        if open_.asked == OFFER:
            await waiting.let_pass(open_, deed, site=site, version=version)
        else:
            await leave(open_, deed, site=site, version=version)
        await waiting.offer_freed(site, kind, _day(site, open_.begins_at) if open_.begins_at else open_.day)


async def leave(open_: Open, deed: Deed, *, site: Site, version: int | None = None) -> None:
    """What was proposed or changed is given up, and the old stands: refused, or left without a word. In a transaction."""
    card = await items.item_by_id(open_.booking)
    await deeds.move(card, deed, site=site, by=None, version=version)
    this = (Booking.id == open_.booking) & (Booking.asked == open_.asked) & (Booking.asked_until == open_.until)
    if not await Booking.update(CLEARED).where(this).returning(Booking.id):
        raise Conflict(gettext(NOTHING))
    await reserving.give_up(open_.booking, standby=True)
    event = await events.record(deed.event, site=site.id, subject=open_.booking, by=None, customer="refused" in deed.name)
    await _told(deed, card, event, site)


async def _standing(booking: UUID) -> Open:
    """What stands open now; raises Conflict in plain words where it is over."""
    open_ = await queries.stands_open(booking)
    if not open_.stands():
        _over(open_)
    return open_


def _over(open_: Open) -> NoReturn:
    raise Conflict(gettext(LATE.get(open_.asked, NOTHING)))


def _taken(open_: Open, kind: VisitType) -> Deed:
    """The deed of taking it; a type that confirms by itself needs nobody's word."""
    by_itself = " by itself" if kind.instant and open_.asked != CHANGE else ""
    return DEEDS[f"{open_.asked} taken{by_itself}"]


async def _take(open_: Open, site: Site, kind: VisitType, begins_at: datetime, *, place: UUID | None, settled: bool) -> None:
    """One conditional update: of what still stands open, before its time is over."""
    now = clock.now()
    changes: Changes = {
        **CLEARED, Booking.begins_at: begins_at, Booking.ends_at: reserving.ends(kind, begins_at),
        Booking.day: _day(site, begins_at), Booking.sequence: Booking.sequence + 1,
    }  # fmt: skip
    if place:
        changes[Booking.place] = place
    if settled:
        changes[Booking.confirmed_at] = now
    this = (Booking.id == open_.booking) & (Booking.asked == open_.asked) & (Booking.asked_until == open_.until)
    if not await Booking.update(changes).where(this, Booking.asked_until > now).returning(Booking.id):
        _over(open_)


async def _told(deed: Deed, card: Card, event: UUID, site: Site) -> None:
    if deed.told == "owner":
        await telling.tell_owner(card.id, event, site=site)
    elif deed.told == "desk":
        await telling.tell_desk(card.id, event, site=site)


def _day(site: Site, at: datetime) -> date:
    return at.astimezone(ZoneInfo(site.zone)).date()
