"""What the clock does with those who wait: it tells of waits that are too long, and ends the day."""

import contextlib
from datetime import timedelta
from typing import Any

from piccolo.columns import Column

from portal import clock, database
from portal.database import transaction
from portal.domain.arrivals.rules.way import DEEDS
from portal.domain.arrivals.tables import Arrival, State
from portal.domain.queues.queries import items
from portal.domain.queues.services import deeds, telling
from portal.domain.queues.tables import WorkItem
from portal.domain.sites import queries as sites
from portal.domain.sites.rules import days
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.events import services as events

ERASED: dict[Column | str, Any] = {
    Arrival.name: "", Arrival.phone: "", Arrival.phone_index: "", Arrival.browser: "", Arrival.token: "",
}  # fmt: skip
# Who is early for a booking waits from the booked time on.
_LONG = """
SELECT a.id, a.alerted_at FROM arrival a JOIN work_item i ON i.id = a.item LEFT JOIN booking b ON b.id = a.booking
WHERE i.site = {} AND i.line = 'arrivals' AND i.closed_at IS NULL AND i.state = 'waiting' AND a.came_at < {}
  AND (b.begins_at IS NULL OR b.begins_at < {}) ORDER BY a.came_at, a.id
"""
_LEFT_OVER = """
SELECT i.id, i.state FROM work_item i JOIN arrival a ON a.item = i.id
WHERE i.site = {} AND i.line = 'arrivals' AND i.closed_at IS NULL AND a.day < {} ORDER BY i.due_at, i.id LIMIT {}
"""


async def tell_of_long_waits() -> int:
    """Tell the managers when somebody waits too long (HALL-03), once until nobody does any more; at how many sites."""
    return sum([await _tell(site) for site in await sites.sites()])


async def end_the_day(*, most: int = 200) -> int:
    """End what is left over of the days before; how many."""
    done = 0
    for site in await sites.sites():
        for row in await database.rows(_LEFT_OVER, site.id, days.today(site, clock.now()), most):
            with contextlib.suppress(Conflict):  # somebody did something with it in the same moment
                await _lapse(site, row)
                done += 1
    return done


async def erase() -> int:
    """Erase name and phone of those who came so long ago as the site keeps them (P42); of how many."""
    done = 0
    for site in await sites.sites():
        kept = timedelta(days=site_rules.figure(site, "arrival.retention_days"))
        long_ago = Arrival.day < days.today(site, clock.now()) - kept
        these = (Arrival.site == site.id) & long_ago & (Arrival.name != "")
        done += len(await Arrival.update(ERASED).where(these).returning(Arrival.id))
    return done


async def _tell(site: Site) -> bool:
    since = clock.now() - timedelta(minutes=site_rules.figure(site, "arrival.alert_minutes"))
    async with transaction():
        rows = await database.rows(_LONG, site.id, since, since)
        new = [row["id"] for row in rows if row["alerted_at"] is None]
        marked = await (
            Arrival.update({Arrival.alerted_at: clock.now()})
            .where(Arrival.id.is_in(new), Arrival.alerted_at.is_null())
            .returning(Arrival.id)
        ) if new else []  # fmt: skip
        if not marked or len(new) < len(rows):
            return False
        event = await events.record("arrival.waits-long", site=site.id, subject=site.id, by=None, arrival=new[0])
        await telling.tell_leaders(new[0], event)
    return True


async def _lapse(site: Site, row: dict[str, Any]) -> None:
    deed, now = DEEDS["lapse served" if row["state"] == State.SERVING else "lapse"], clock.now()
    async with transaction():
        await deeds.move(await items.item_by_id(row["id"]), deed, site=site, by=None, changes={WorkItem.closed_at: now})
        await Arrival.update({Arrival.ended_at: now}).where(Arrival.id == row["id"])
        await events.record(deed.event, site=site.id, subject=row["id"], by=None)
