"""Preparing for a visit, and what the desk says of it on the day: ready, arrived, did not come."""

from collections.abc import Collection
from uuid import UUID

from portal import clock, database
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.bookings.queries import agenda
from portal.domain.bookings.rules import preparing
from portal.domain.bookings.rules.way import DEEDS
from portal.domain.bookings.services import agreeing, reserving, waiting
from portal.domain.bookings.tables import Booking, Preparation, State
from portal.domain.queues.queries.items import Card
from portal.domain.queues.services import deeds
from portal.domain.queues.tables import WorkItem
from portal.domain.sites.tables import Site
from portal.events import services as events
from portal.ids import new_id


async def tick(item: Card, items: Collection[str], *, site: Site, by: Staff, version: int | None = None) -> None:
    """What is ready for a visit; with all of its list it is prepared, and without, not any more (VIS-07, VIS-29)."""
    async with transaction():
        await deeds.move(item, DEEDS["preparation"], site=site, by=by, version=version)
        _booking, kind = await agreeing.booking_of(item)
        was = set((await agenda.done([item.id])).get(item.id, ()))
        now = clock.now()
        for code in sorted(set(items) - was):
            row = {"id": new_id(), "booking": item.id, "code": code, "done_at": now, "done_by": by.id}
            await database.insert(Preparation, row, unless_there=True)
        for code in sorted(was - set(items)):
            await Preparation.delete().where(Preparation.booking == item.id, Preparation.code == code)
        complete = set(preparing.checklist(kind)) <= set(items)
        await events.record("booking.preparation-noted", site=site.id, subject=item.id, by=by, done=sorted(items))
        state = (await WorkItem.select(WorkItem.state).where(WorkItem.id == item.id))[0]["state"]
        deed = {(State.CONFIRMED, True): "prepared", (State.PREPARED, False): "not prepared"}.get((state, complete))
        if deed:
            await deeds.move(item, DEEDS[deed], site=site, by=by)
            await events.record(DEEDS[deed].event, site=site.id, subject=item.id, by=by)


async def be_ready(item: Card, *, site: Site, by: Staff, version: int | None = None) -> None:
    """Somebody is at the post, with everything that is needed: when, and who (VIS-08)."""
    async with transaction():
        await deeds.move(item, DEEDS["ready"], site=site, by=by, version=version)
        await agreeing.note(item, {Booking.ready_at: clock.now(), Booking.ready_by: by.id})
        await events.record("booking.desk-ready", site=site.id, subject=item.id, by=by)


async def arrive(item: Card, *, site: Site, by: Staff | None, version: int | None = None) -> UUID:
    """The visitor has come: one tap keeps when and who saw it (VIS-11). What still stood open stands open no more.

    `by` none: he has checked in himself, at a door.
    """
    deed = DEEDS["arrival" if by else "check-in"]
    async with transaction():
        await deeds.move(item, deed, site=site, by=by, version=version)
        await reserving.give_up(item.id, standby=True)
        seen_by = by.id if by else None
        facts = {Booking.arrived_at: clock.now(), Booking.arrived_by: seen_by, **agreeing.NOTHING_ASKED}
        await agreeing.note(item, facts)
        return await events.record(deed.event, site=site.id, subject=item.id, by=by, customer=by is None)


async def miss(item: Card, *, site: Site, by: Staff, version: int | None = None) -> None:
    """The visitor did not come; the room is free for others."""
    async with transaction():
        await deeds.move(item, DEEDS["no-show"], site=site, by=by, version=version,
                         changes={WorkItem.closed_at: clock.now()})  # fmt: skip
        booking, kind = await agreeing.booking_of(item)
        await reserving.give_up(item.id)
        await agreeing.note(item, agreeing.NOTHING_ASKED)
        await events.record("booking.no-show", site=site.id, subject=item.id, by=by)
        await waiting.offer_freed(site, kind, booking.day)
