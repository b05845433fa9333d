"""What a visitor does with a booking of his own, by its link: cancel it, move it, let details be forgotten.

Whoever wants room waits for the days first, in their order, and then holds the item, as every other deed does: of two
deeds one waits for the other, and never each for each.
"""

from typing import Any

from piccolo.columns import Column

from portal import clock
from portal.database import transaction
from portal.domain.bookings.forms.booking import When
from portal.domain.bookings.queries.visitor import Visit
from portal.domain.bookings.rules.way import DEEDS
from portal.domain.bookings.services import answering, booking, reserving, telling, waiting
from portal.domain.bookings.services.reserving import Wish
from portal.domain.bookings.tables import Booking, State
from portal.domain.customers import services as customers
from portal.domain.queues.services import deeds
from portal.domain.queues.tables import WorkItem
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.events import services as events
from portal.i18n.translations import N_, _, gettext

BEGUN = N_("This visit has begun already. Please ring us.")
Values = dict[Column | str, Any]



async def cancel(visit: Visit, *, site: Site) -> None:
    """Cancel a visit; its room is free from now on. The fee was shown before (HTL-03), and stands in the event."""
    item = visit.item
    if not visit.ahead:
        raise Conflict(gettext(BEGUN))
    async with transaction():
        await deeds.move(item, DEEDS["cancellation"], site=site, by=None, changes={WorkItem.closed_at: clock.now()})
        await reserving.give_up(item.id)
        await Booking.update({**answering.CLEARED, Booking.sequence: Booking.sequence + 1}).where(Booking.id == item.id)
        event = await events.record("booking.cancelled", site=site.id, subject=item.id, by=None, customer=True,
                                    fee=visit.fee)  # fmt: skip
        await telling.tell_owner(item.id, event, site=site)
        await waiting.offer_freed(site, visit.kind, visit.day)


async def move(visit: Visit, form: When, *, site: Site) -> None:
    """Take another time, and only then give up the old one; a move that fails leaves all as it was. Raises reserving.Full.

    What confirms by itself stays confirmed. Where staff had agreed, the same room and person come along if they are free;
    else it is asked for anew.
    """
    item, kind = visit.item, visit.kind
    if not visit.ahead:
        raise Conflict(gettext(BEGUN))
    if visit.own is not None and visit.own.begins_at == form.begins_at:
        raise Conflict(_("It is at this time already."))
    wish = Wish(form.day, form.begins_at, visit.people)
    async with transaction():
        await booking.in_time(site, kind, form.begins_at, visit.people)
        await reserving.turn(site, kind, wish, booking=item.id)
        state = State.REQUESTED if item.state == State.REQUESTED else State.CONFIRMED
        changes: deeds.Changes = {WorkItem.state: state, WorkItem.due_at: form.begins_at}
        await deeds.move(item, DEEDS["move"], site=site, by=None, version=item.version, changes=changes)
        agreed = state == State.CONFIRMED and not kind.instant
        row = await Booking.select(Booking.place).where(Booking.id == item.id).first() or {}
        along = await reserving.change(
            site, kind, wish, booking=item.id, place=row.get("place") if agreed else None,
            person=item.owner_id if agreed else None,
        )  # fmt: skip
        moved: Values = {
            Booking.day: form.day, Booking.begins_at: form.begins_at, Booking.ends_at: reserving.ends(kind, form.begins_at),
            Booking.sequence: Booking.sequence + 1,
        }  # fmt: skip
        if not along:
            state = State.REQUESTED
            moved |= {Booking.place: None, Booking.confirmed_at: None}
            await WorkItem.update({WorkItem.state: state, WorkItem.owner: None}).where(WorkItem.id == item.id)
        await Booking.update(moved).where(Booking.id == item.id)
        event = await events.record("booking.moved", site=site.id, subject=item.id, by=None, customer=True, state=state,
                                    fee=visit.fee)  # fmt: skip
        await telling.tell_owner(item.id, event, site=site)
        await waiting.offer_freed(site, kind, visit.day)


async def forget(visit: Visit, *, site: Site, token: str) -> None:
    """Keep no more of what was allowed with this booking, or in this browser."""
    if visit.customer is None:
        return
    async with transaction():
        if await customers.forget(person=visit.customer, token=token, subject=visit.item.id):
            await events.record("booking.details-forgotten", site=site.id, subject=visit.item.id, by=None, customer=True)
