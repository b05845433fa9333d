"""The daily note on a severe case: a clock that each note, and each message to the customer, begins anew (CMP-11)."""

from uuid import UUID

from portal import clock, database
from portal.domain.queues.queries.items import Card
from portal.domain.queues.rules import Promise
from portal.domain.queues.services import clocks
from portal.domain.queues.tables import Clock, ClockKind
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.rules.calendar import round_the_clock
from portal.domain.sites.tables import Site


async def begin(item: Card, *, site: Site) -> None:
    """From now on somebody writes a note every so many hours, day and night; nothing where that is so already."""
    earlier = await Clock.count().where(Clock.item == item.id, Clock.kind == ClockKind.TRACKING)
    await _begin(item.id, earlier + 1, site)


async def renew(item: Card, *, site: Site) -> None:
    """Somebody wrote: the time to the next note begins, where one is waited for."""
    rows = await (
        Clock.update({Clock.stopped_at: clock.now()})
        .where(Clock.item == item.id, Clock.kind == ClockKind.TRACKING, Clock.stopped_at.is_null())
        .returning(Clock.round)
    )
    for row in rows:
        await _begin(item.id, row["round"] + 1, site)


async def end(item: Card) -> None:
    """No more notes are waited for: it is answered, or not severe after all."""
    await clocks.stop_clock(item, ClockKind.TRACKING)


async def _begin(item: UUID, number: int, site: Site) -> None:
    promise = Promise(minutes=site_rules.figure(site, "complaint.tracking_hours") * 60, always=True)
    row = clocks.new_clock(item, ClockKind.TRACKING, promise, site=site, calendar=round_the_clock(site.zone),
                           started_at=clock.now(), number=number)  # fmt: skip
    await database.insert(Clock, row, unless_there=True)
    await clocks.settle([item])
