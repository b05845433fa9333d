"""The daily digest: once a day, everybody who owns something and every manager is shown what waits longest."""

from datetime import date
from zoneinfo import ZoneInfo

from portal import clock, database
from portal.database import transaction
from portal.domain.queues.queries import people
from portal.domain.queues.tables import Digest
from portal.domain.sites import queries as sites
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.events import services as events
from portal.ids import new_id


async def make_due() -> int:
    """Make the digest of each site whose hour has come, once a day whoever else looks; how many were made."""
    made = 0
    for site in await sites.sites():
        here = clock.now().astimezone(ZoneInfo(site.zone))
        today = (Digest.site == site.id) & (Digest.made_on == here.date())
        if f"{here:%H:%M}" >= str(site_rules.value(site, "digest.at")) and not await Digest.exists().where(today):
            made += await _make(site, here.date())
    return made


async def _make(site: Site, day: date) -> int:
    """One row a day lets one worker in; to whom nothing is open, nothing is sent."""
    async with transaction():
        digest = new_id()
        row = {"id": digest, "site": site.id, "made_on": day, "at": clock.now()}
        made = await database.insert(Digest, row, unless_there=True)
        readers = await people.concerned(site) if made else []
        if readers:
            event = await events.record("digest.made", site=site.id, subject=digest, by=None)
            await events.tell(event, readers)
    return made
