"""What somebody did a moment ago and may take back still."""

from datetime import datetime
from uuid import UUID

from portal import clock
from portal.domain.accounts.queries import Staff
from portal.domain.queues import rules
from portal.domain.queues.queries import items
from portal.domain.queues.queries.items import Card
from portal.domain.sites.tables import Site
from portal.errors import NotFound
from portal.events import queries as events
from portal.events.queries import Happening

UNDONE = "item.undone"


async def just_done(staff: Staff, ids: list[UUID], *, since: datetime | None = None) -> dict[UUID, Happening]:
    """The last deed of this person on each of some items within the time of an undo, the undo itself among them."""
    begin = since or clock.now() - rules.UNDO_WITHIN
    return await events.lately(ids, (*rules.UNDOABLE, UNDONE), by=staff.id, since=begin) if ids else {}


async def item(staff: Staff, site: Site, number: str) -> Card:
    """The item of a number, if this person may see it, or has just taken it out of reach; raises NotFound."""
    try:
        return await items.item(staff, site, number)
    except NotFound:
        known = await items.id_of(site, number)
        if known is None or not await just_done(staff, [known]):
            raise
        return await items.latest(staff, site, known)
