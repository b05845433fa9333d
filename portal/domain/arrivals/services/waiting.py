"""What somebody who waits does himself, by his link: five more minutes, once, or going."""

from datetime import timedelta
from uuid import UUID

from portal import clock
from portal.database import transaction
from portal.domain.arrivals.rules.way import DEEDS
from portal.domain.arrivals.tables import Arrival
from portal.domain.queues.queries import items
from portal.domain.queues.services import deeds
from portal.domain.queues.tables import WorkItem
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.events import services as events
from portal.i18n.translations import _

MORE_TIME = timedelta(minutes=5)


async def delay(item: UUID, *, site: Site) -> None:
    """Not to be called for five minutes; once. Number and rank stay."""
    deed = DEEDS["delay"]
    async with transaction():
        await deeds.move(await items.item_by_id(item), deed, site=site, by=None)
        rows = await (
            Arrival.update({Arrival.delayed: True, Arrival.not_before: clock.now() + MORE_TIME})
            .where(Arrival.id == item, Arrival.delayed == False)  # noqa: E712
            .returning(Arrival.id)
        )
        if not rows:
            raise Conflict(_("You have asked for more time already."))
        await events.record(deed.event, site=site.id, subject=item, by=None, customer=True)


async def leave(item: UUID, *, site: Site) -> None:
    """Go without having been served; the number is called no more."""
    deed, now = DEEDS["leaving"], clock.now()
    async with transaction():
        await deeds.move(await items.item_by_id(item), deed, site=site, by=None, changes={WorkItem.closed_at: now})
        await Arrival.update({Arrival.ended_at: now}).where(Arrival.id == item)
        await events.record(deed.event, site=site.id, subject=item, by=None, customer=True)
