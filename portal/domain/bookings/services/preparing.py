"""Preparing for a visit, and what the desk says of it on the day: ready, arrived, did not come."""

from collections.abc import Collection
from dataclasses import replace
from uuid import UUID

from portal import clock, database
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.bookings.queries import agenda
from portal.domain.bookings.rules import preparing
from portal.domain.bookings.rules.way import DEEDS
from portal.domain.bookings.services import agreeing, reserving, waiting
from portal.domain.bookings.tables import Booking, Preparation, State
from portal.domain.queues import rules as queues
from portal.domain.queues.queries.items import Card
from portal.domain.queues.services import deeds, undoing
from portal.domain.queues.tables import WorkItem
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.events import queries as happened
from portal.events import services as events
from portal.i18n.translations import _, gettext
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


async def arrive(
    item: Card, *, site: Site, by: Staff | None, version: int | None = None, tapped: bool = False
) -> UUID:
    """The visitor has come: one tap keeps when and who saw it (VIS-11). What still stood open stands open no more.

    `by` none: he has checked in himself, at a door. What somebody `tapped` can be taken back.
    """
    deed = DEEDS["arrival" if by else "check-in"]
    async with transaction():
        now = await deeds.move(item, deed, site=site, by=by, version=version)
        was = {"was": item.state, "version": now} if tapped and now == item.version + 1 else {}
        await reserving.give_up(item.id, standby=True)
        seen_by = by.id if by else None
        facts = {Booking.arrived_at: clock.now(), Booking.arrived_by: seen_by, **agreeing.NOTHING_ASKED}
        await agreeing.note(item, facts)
        return await events.record(deed.event, site=site.id, subject=item.id, by=by, customer=by is None,
                                   **was)  # fmt: skip


async def not_arrived(item: Card, event: UUID, *, site: Site, by: Staff) -> None:
    """It was the wrong line: for ten seconds who tapped it takes an arrival back, if nothing else happened to it since.

    A change that stood open stays given up: the visit is as it was agreed.
    """
    deed = DEEDS["arrival undone"]
    deeds.check(deed, site=site, by=by)
    done = await happened.happening(event, subject=item.id)
    if done is None or done.by != by.id or "was" not in done.particulars:
        raise Conflict(_("There is nothing here that you could undo."))
    if clock.now() - done.at > queues.UNDO_WITHIN:
        raise Conflict(_("It can be undone for ten seconds, and they are over."))
    was = done.particulars["was"]
    before = replace(deed, after=State.CONFIRMED if was == State.CHANGED else was)
    async with transaction():
        try:
            await deeds.move(item, before, site=site, by=by, version=done.particulars["version"])
        except Conflict as changed:
            raise Conflict(gettext(undoing.SINCE)) from changed
        await agreeing.note(item, {Booking.arrived_at: None, Booking.arrived_by: None})
        await events.record(deed.event, site=site.id, subject=item.id, by=by, deed=done.kind, event=done.id)


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
