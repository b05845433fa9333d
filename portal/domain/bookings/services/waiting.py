"""The waiting list: a place that is free is offered to the first whom it suits, kept for a while, then to the next."""

import dataclasses
import json
import logging
from datetime import date, datetime, timedelta
from uuid import UUID

from portal import clock, database
from portal.database import transaction
from portal.domain.bookings.forms.waiting import NewWaiting
from portal.domain.bookings.queries import times
from portal.domain.bookings.queries import waiting as queries
from portal.domain.bookings.queries.waiting import Open
from portal.domain.bookings.rules import lining, slots
from portal.domain.bookings.rules.lining import Entry
from portal.domain.bookings.rules.slots import Slot
from portal.domain.bookings.rules.way import DEEDS
from portal.domain.bookings.services import booking, reserving
from portal.domain.bookings.services.booking import Booked
from portal.domain.bookings.services.reserving import Wish
from portal.domain.bookings.tables import VisitType
from portal.domain.queues.queries import items
from portal.domain.queues.rules import Deed
from portal.domain.queues.services import deeds
from portal.domain.queues.tables import WorkItem
from portal.domain.sites import queries as sites
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid
from portal.events import services as events
from portal.i18n.translations import _

log = logging.getLogger(__name__)

_OFFER = """
UPDATE booking SET asked = 'offer', asked_begins_at = {}, asked_until = {} WHERE id = {} AND asked = '' RETURNING id
"""
_OVER = """
UPDATE booking SET asked = '', asked_begins_at = NULL, asked_until = NULL, lined_up_at = {}, passed = {}
WHERE id = {} AND asked = 'offer' AND asked_until = {} RETURNING id
"""


async def line_up(form: NewWaiting, *, site: Site, kind: VisitType, token: str) -> Booked:
    """Put somebody on the list of a day. `token` is new and opens the visitor's page."""
    first, last = form.begins_at, form.ends_at
    offered, now = await times.offer(site, kind), clock.now()
    earliest = now + times.lead(site, kind)
    begin = [at for _day, at in slots.beginnings(offered, form.day, form.day, now=now) if first <= at <= last]
    if not begin:
        raise Invalid({"from": _("At this time there are no visits.")})
    if begin[-1] < earliest:
        raise Invalid({"to": _("This is too soon; please ring us.")})
    return await booking.wait(form, site=site, kind=kind, token=token)


async def offer_freed(site: Site, kind: VisitType, day: date) -> int:
    """Offer what is free on a day to those who wait for it; how many offers were made.

    Called by whoever gives a place up, in the same transaction, and every few seconds by the clock.
    """
    offered = dataclasses.replace(await times.offer(site, kind), lead=timedelta())
    made = 0
    while found := await _next(site, kind, day, offered):
        try:
            await _offer(site, kind, *found)
        except Conflict:  # somebody else was faster, with the place or with the offer
            if await _next(site, kind, day, offered) == found:
                break
        else:
            made += 1
    return made


async def pass_on(booking_: UUID, *, site: Site) -> None:
    """Offer what a booking has just given up to those who wait for it."""
    row = await queries.stands_open(booking_)
    await offer_freed(site, await queries.kind(row.type), row.day)


async def offer_everywhere() -> int:
    """Look through all lists for what has become free, however that came; how many offers were made."""
    made = 0
    for site in await sites.sites():
        kinds: dict[UUID, VisitType] = {}
        for key, day in await queries.days(site):
            try:
                kinds[key] = kinds.get(key) or await queries.kind(key)
                made += await offer_freed(site, kinds[key], day)
            except Exception as error:  # one list that cannot be served must not keep the others
                log.error("not offered: %s: %s", key, type(error).__name__)
    return made


async def let_pass(open_: Open, deed: Deed, *, site: Site, version: int | None = None) -> None:
    """An offer was refused, or its time is over: who had it stays on the list, behind the others. In a transaction."""
    now = clock.now()
    card = await items.item_by_id(open_.booking)
    await deeds.move(card, deed, site=site, by=None, version=version)
    at = open_.begins_at.isoformat() if open_.begins_at else ""
    kept = json.dumps(json.loads(open_.passed) | {at: now.isoformat()})
    if not await database.rows(_OVER, now, kept, open_.booking, open_.until):
        raise Conflict(_("This offer is over already."))
    await reserving.give_up(open_.booking, standby=True)
    refused = deed is DEEDS["offer refused"]
    await events.record(deed.event, site=site.id, subject=open_.booking, by=None, customer=refused)


async def end(booking_: UUID, *, site: Site) -> None:
    """Nobody waits for a day that is over. In a transaction."""
    deed = DEEDS["waiting over"]
    card = await items.item_by_id(booking_)
    await deeds.move(card, deed, site=site, by=None, changes={WorkItem.closed_at: clock.now()})
    await reserving.give_up(booking_)
    await events.record(deed.event, site=site.id, subject=booking_, by=None)


async def _next(site: Site, kind: VisitType, day: date, offered: slots.Offer) -> tuple[Entry, Slot] | None:
    entries = await queries.entries(site, kind, day) if kind.active else []
    if not entries:
        return None
    free = await times.free(site, kind, day, day, offered=offered)
    return lining.match(entries, free, await queries.freed(site, kind, day))


async def _offer(site: Site, kind: VisitType, entry: Entry, slot: Slot) -> None:
    """Keep a place for somebody for a while: one waits for the day first, then holds who is to have it."""
    until, deed = _until(site, slot.begins_at), DEEDS["offer"]
    async with transaction():
        wish = Wish(slot.day, slot.begins_at, entry.people)
        await reserving.take(site, kind, wish, booking=entry.id, until=until)
        await deeds.move(await items.item_by_id(entry.id), deed, site=site, by=None)
        if not await database.rows(_OFFER, slot.begins_at, until, entry.id):
            raise Conflict
        await events.record(deed.event, site=site.id, subject=entry.id, by=None, begins_at=slot.begins_at, until=until)


def _until(site: Site, begins_at: datetime) -> datetime:
    kept = timedelta(minutes=site_rules.figure(site, "visit.offer_minutes"))
    return min(clock.now() + kept, begins_at)
