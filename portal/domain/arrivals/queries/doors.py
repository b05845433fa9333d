"""What stands at a door: the site behind it, and what one may take a number for."""

from portal import database
from portal.domain.bookings.queries import times
from portal.domain.bookings.tables import VisitType
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Door, Site
from portal.errors import NotFound

_DOOR = "SELECT * FROM door WHERE active = true AND (slug = {} OR code = {})"


async def door(typed: str) -> tuple[Door, Site]:
    """The door of an address, or of the code that its poster says, however its letters are written; raises NotFound."""
    text = typed.strip()
    rows = await database.rows(_DOOR, text.lower(), text.upper())
    if not rows:
        raise NotFound
    found = Door(**rows[0], _exists_in_db=True)
    return found, await sites.site_by_id(found.site)


async def numbered(site: Site) -> list[VisitType]:
    """What one takes a number for without a booking (HALL-01): the types that have a letter."""
    return [kind for kind in await times.types(site) if kind.letter]
