"""Where people are called to."""

from portal.domain.arrivals.tables import Station
from portal.domain.sites.tables import Site


async def stations(site: Site) -> list[Station]:
    """The windows, rooms and tables of a site in their order, also those that are closed."""
    return await Station.objects().where(Station.site == site.id).order_by(Station.position, Station.code)
