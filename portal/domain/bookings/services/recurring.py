"""Bookings that belong together: made at once, and agreed on, changed or called off one, from one on, or all."""

import contextlib
from collections.abc import Awaitable, Callable
from datetime import timedelta
from zoneinfo import ZoneInfo

from portal import clock, database
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.bookings.forms.agreeing import Change, Confirmation, Proposal
from portal.domain.bookings.forms.taking import TakenDown
from portal.domain.bookings.queries import recurring as queries
from portal.domain.bookings.queries.recurring import Occurrence
from portal.domain.bookings.rules import way
from portal.domain.bookings.services import agreeing, booking
from portal.domain.bookings.services.booking import Booked
from portal.domain.bookings.tables import Booking, Recurrence, State, VisitType
from portal.domain.queues.queries import items
from portal.domain.queues.queries.items import Card
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid
from portal.i18n.translations import _
from portal.ids import new_id, new_token

WAITING = frozenset({State.REQUESTED, State.PROPOSED})
Work = Callable[[Card, int | None], Awaitable[object]]


async def look(form: TakenDown, *, site: Site, kind: VisitType) -> list[Occurrence]:
    """The bookings that a series would be, with what stands in their way."""
    place = await agreeing.find_place(site, form.place) if form.place else None
    person = await agreeing.find_person(site, form.person) if form.person else None
    return await queries.planned(form, site=site, kind=kind, place=place, person=person)


async def make(form: TakenDown, *, site: Site, kind: VisitType, by: Staff) -> list[Booked]:
    """Make a series, all of it or what is free of it, in one transaction; each booking has a number of its own.

    What is made over its conflicts needs a reason (VIS-03). Where the room or the person is with somebody else, it waits
    for a decision.
    """
    made: list[Booked] = []
    async with transaction():
        found = await look(form, site=site, kind=kind)
        wanted = [one for one in found if one.begins_at and (one.free or form.which == "all")]
        if any(one.why for one in wanted) and not form.override_reason:
            raise Invalid({"override_reason": _("Not all of them are free: give a reason to book all the same.")})
        if not wanted:
            raise Conflict(_("None of these times is free."))
        series = new_id()
        await database.insert(Recurrence, {
            "id": series, "site": site.id, "every": form.every, "unit": form.unit, "by": by.id, "made_at": clock.now(),
        })  # fmt: skip
        for one in wanted:
            made.append(await _one(form, one, site=site, kind=kind, by=by))
            await Booking.update({Booking.recurrence: series}).where(Booking.id == made[-1].item)
    return made


async def confirm(item: Card, form: Confirmation, *, site: Site, by: Staff, version: int | None = None) -> None:
    """Agree to a visit, or to those that belong to it, too (VIS-04, VIS-05)."""
    await _each(item, form.scope, WAITING, version, lambda card, seen: agreeing.confirm(
        card, form, site=site, by=by, version=seen))  # fmt: skip


async def withdraw(
    item: Card, reason: str, *, scope: str, site: Site, by: Staff, version: int | None = None
) -> None:
    """Call off a visit, or those that belong to it, too."""
    await _each(item, scope, way.OPEN, version, lambda card, seen: agreeing.withdraw(
        card, reason, site=site, by=by, version=seen))  # fmt: skip


async def change(item: Card, form: Change, *, site: Site, by: Staff, version: int | None = None) -> None:
    """Ask for a change of a visit, or of those that belong to it: each by so many days, to the same time (VIS-25).

    Of one that is not agreed on yet, another time is proposed; place and person are decided with it.
    """
    zone = ZoneInfo(site.zone)
    moved = timedelta() if form.day is None else form.day - item.due_at.astimezone(zone).date()

    async def work(card: Card, seen: int | None) -> None:
        day = card.due_at.astimezone(zone).date() + moved
        if card.id == item.id:
            await agreeing.change(card, form, site=site, by=by, version=seen)
        elif card.state in way.AGREED:
            with contextlib.suppress(Invalid):  # nothing is different there, or it is over: it stays
                await agreeing.change(card, form.model_copy(update={"day": day}), site=site, by=by)
        elif moved or form.time:
            at = form.time or card.due_at.astimezone(zone).strftime("%H:%M")
            await agreeing.propose(card, Proposal.model_construct(day=day, time=at), site=site, by=by)

    await _each(item, form.scope, way.AGREED | WAITING, version, work)


async def _each(item: Card, scope: str, states: frozenset[State], version: int | None, work: Work) -> None:
    """Do one deed on each of those that are meant, or on none; what cannot be says of which booking."""
    async with transaction():
        for card in await queries.members(item, scope, states):
            try:
                await work(card, version if card.id == item.id else None)
            except Conflict as conflict:
                if card.id == item.id:
                    raise
                raise Conflict(f"{card.number}: {conflict.message}") from conflict


async def _one(form: TakenDown, one: Occurrence, *, site: Site, kind: VisitType, by: Staff) -> Booked:
    reason = form.override_reason if one.why else ""
    mine = form.model_copy(update={"day": one.day, "override_reason": reason})
    booked = await booking.book(mine, site=site, kind=kind, token=new_token(), by=by, limited=False)
    if form.place and form.person and not one.engaged and not kind.instant:
        agreed = Confirmation(place=form.place, person=form.person)
        await agreeing.confirm(await items.item_by_id(booked.item), agreed, site=site, by=by)
    return booked
