"""Taking down a visit at the desk, whichever way it came."""

from typing import NamedTuple

from portal import clock
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.bookings.forms.agreeing import Confirmation
from portal.domain.bookings.forms.taking import TakenDown
from portal.domain.bookings.queries import times
from portal.domain.bookings.services import agreeing, booking
from portal.domain.bookings.services.booking import Booked
from portal.domain.bookings.tables import State, VisitType
from portal.domain.queues.queries import items
from portal.domain.sites.tables import Site
from portal.errors import Invalid
from portal.i18n import formats
from portal.i18n.translations import _


class Both(NamedTuple):
    """A place and a person, or neither."""

    place: str
    person: str


async def take_down(form: TakenDown, *, site: Site, kind: VisitType, token: str, by: Staff) -> Booked:
    """Book for somebody who asked; agreed on at once where place and person are named (VIS-04), and both are free.

    What comes too late for the site's lead time needs a reason (VIS-03).
    """
    earliest = clock.now() + times.lead(site, kind)
    if form.begins_at < earliest and not form.override_reason:
        said = _("Visits of this kind are booked before %(time)s; give a reason to book all the same.")
        raise Invalid({"override_reason": said % {"time": formats.moment(form.begins_at - times.lead(site, kind))}})
    both = Both(form.place, form.person)
    if any(both) and not all(both):
        raise Invalid({"person" if form.place else "place": _("To agree on it at once, name place and person.")})
    async with transaction():
        booked = await booking.book(form, site=site, kind=kind, token=token, by=by)
        if all(both):
            card = await items.item_by_id(booked.item)
            if card.state == State.REQUESTED:
                await agreeing.confirm(card, Confirmation(place=form.place, person=form.person), site=site, by=by)
        return booked
