"""What the clock does with bookings: it ends what nobody answered, reminds, gives up who did not come."""

import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from portal import clock, database
from portal.database import transaction
from portal.domain.bookings.queries import waiting as queries
from portal.domain.bookings.rules.way import AGREED, DEEDS
from portal.domain.bookings.services import answering, reserving, telling, waiting
from portal.domain.queues.queries import items
from portal.domain.queues.services import deeds
from portal.domain.queues.tables import WorkItem
from portal.domain.sites import queries as sites
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.events import services as events

log = logging.getLogger(__name__)

_AGREED = ", ".join(f"'{state}'" for state in sorted(AGREED))
_BOOKED = "work_item i JOIN booking b ON b.id = i.id WHERE i.site = {} AND i.line = 'bookings' AND i.closed_at IS NULL"
_UNANSWERED = """
SELECT b.id FROM booking b JOIN work_item i ON i.id = b.id
WHERE b.site = {} AND b.asked_until IS NOT NULL AND b.asked_until <= {} AND i.closed_at IS NULL
  AND (b.asked = 'offer' AND i.state = 'waiting' OR b.asked = 'proposal' AND i.state = 'proposed'
    OR b.asked = 'change' AND i.state = 'changed')
ORDER BY b.asked_until LIMIT {}
"""
_ABSENT = f"""
SELECT b.id FROM {_BOOKED} AND i.state IN ({_AGREED}) AND i.due_at <= {{}}
  AND (i.state <> 'changed' OR b.asked_until IS NULL OR b.asked_until <= {{}}) ORDER BY i.due_at LIMIT {{}}
"""
_UNCONFIRMED = f"SELECT b.id FROM {_BOOKED} AND i.state = 'requested' AND i.due_at <= {{}} ORDER BY i.due_at LIMIT {{}}"
_WAITED = f"SELECT b.id FROM {_BOOKED} AND i.state = 'waiting' AND b.asked = '' AND b.wanted_to < {{}} LIMIT {{}}"
# What settles when a visit is, or tells the visitor of it: a reminder that was due before is not sent any more.
_SETTLED = ", ".join(f"'booking.{what}'" for what in (
    "made", "confirmed", "moved", "offer-taken", "proposal-taken", "change-taken"))  # fmt: skip
_UNREMINDED = f"""
SELECT b.id, b.begins_at FROM {_BOOKED} AND i.state IN ({_AGREED}) AND i.due_at > {{}} AND i.due_at <= {{}}
  AND (b.reminded_%s IS NULL OR b.reminded_%s <> b.begins_at) ORDER BY i.due_at LIMIT {{}}
"""
_REMIND = f"""
UPDATE booking SET reminded_%s = begins_at WHERE id = {{}} AND begins_at = {{}}
  AND (reminded_%s IS NULL OR reminded_%s <> begins_at)
  AND EXISTS (SELECT 1 FROM work_item i WHERE i.id = booking.item AND i.state IN ({_AGREED}) AND i.closed_at IS NULL)
RETURNING id
"""
_LATER = f"SELECT 1 FROM event WHERE subject = {{}} AND kind IN ({_SETTLED}) AND at > {{}} LIMIT 1"


async def end_unanswered(*, most: int = 200) -> int:
    """What nobody answered in its time is over: an offer goes to the next, else the old stands and the desk is told."""
    return await _everywhere("not ended", _UNANSWERED, _end_answer, clock.now(), most)


async def release_absent(*, most: int = 200) -> int:
    """Who has not come so long after the time is given up, and his room with it."""
    done = 0
    for site in await sites.sites():
        now = clock.now()
        before = now - timedelta(minutes=site_rules.figure(site, "visit.no_show_minutes"))
        for row in await database.rows(_ABSENT, site.id, before, now, most):
            done += await _each("not released", partial(_close, "absence"), row["id"], site)
    return done


async def decline_unconfirmed(*, most: int = 200) -> int:
    """A wish whose time passes before anybody has confirmed it is declined, and the managers hear of it."""
    return await _everywhere("not declined", _UNCONFIRMED, partial(_close, "lapse"), clock.now(), most)


async def end_waiting(*, most: int = 200) -> int:
    """Nobody waits for a time that is over."""
    return await _everywhere("not ended", _WAITED, _end_waiting, clock.now(), most)


async def remind(*, most: int = 200) -> int:
    """Remind of the visits that are near, twice at the most, each once, and anew after a move."""
    done = 0
    for site in await sites.sites():
        first = timedelta(hours=site_rules.figure(site, "visit.remind_first_hours"))
        last = timedelta(hours=site_rules.figure(site, "visit.remind_last_hours"))
        if last:
            done += await _remind_all(site, "last", timedelta(), last, most)
        if first > last:
            done += await _remind_all(site, "first", last, first, most)
    return done


async def _remind_all(site: Site, which: str, after: timedelta, before: timedelta, most: int) -> int:
    """Those reminders of a site that are due `before` the visit, and whose next one is not due yet."""
    now, done = clock.now(), 0
    for row in await database.rows(_UNREMINDED.replace("%s", which), site.id, now + after, now + before, most):
        done += await _each("not reminded", partial(_remind, which, row["begins_at"], before), row["id"], site)
    return done


async def _remind(which: str, begins_at: Any, before: timedelta, booking: UUID, site: Site) -> bool:
    async with transaction():
        if not await database.rows(_REMIND.replace("%s", which), booking, begins_at):
            return False
        if await database.rows(_LATER, booking, begins_at - before):
            return False  # settled when the reminder was due already: it counts as given
        await events.record("booking.reminded", site=site.id, subject=booking, by=None, which=which)
    return True


async def _end_answer(booking: UUID, site: Site) -> bool:
    async with transaction():
        open_ = await queries.stands_open(booking)
        if not open_.asked or open_.stands():
            return False
        if open_.asked == answering.OFFER:
            await waiting.let_pass(open_, DEEDS["offer lapsed"], site=site)
        else:
            await answering.leave(open_, DEEDS[f"{open_.asked} unanswered"], site=site)
    await waiting.offer_freed(site, await queries.kind(open_.type), open_.day)
    return True


async def _end_waiting(booking: UUID, site: Site) -> bool:
    async with transaction():
        await waiting.end(booking, site=site)
    return True


async def _close(deed_name: str, booking: UUID, site: Site) -> bool:
    """The clock ends a booking: its room and its people are free again."""
    deed = DEEDS[deed_name]
    card = await items.item_by_id(booking)
    if card.due_at > clock.now():  # moved meanwhile
        return False
    async with transaction():
        await deeds.move(card, deed, site=site, by=None, version=card.version, changes={WorkItem.closed_at: clock.now()})
        await reserving.give_up(booking)
        event = await events.record(deed.event, site=site.id, subject=booking, by=None)
        if deed.told == "manager":
            await telling.tell_managers(booking, event)
    return True


async def _everywhere(failed: str, sql: str, work: Callable[[UUID, Site], Awaitable[bool]], before: Any, most: int) -> int:
    done = 0
    for site in await sites.sites():
        for row in await database.rows(sql, site.id, before, most):
            done += await _each(failed, work, row["id"], site)
    return done


async def _each(failed: str, work: Callable[[UUID, Site], Awaitable[bool]], booking: UUID, site: Site) -> bool:
    with contextlib.suppress(Conflict):  # somebody did something meanwhile, or another worker was first
        try:
            return await work(booking, site)
        except Conflict:
            raise
        except Exception as error:  # one that cannot be written must not keep the others
            log.error("%s: %s: %s", failed, booking, type(error).__name__)
    return False
