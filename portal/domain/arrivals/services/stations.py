"""Saying where people are called to."""

from portal import access_log
from portal.database import transaction
from portal.domain.arrivals.tables import Station
from portal.domain.bookings.forms.offering import StationFacts
from portal.domain.sites.tables import Site
from portal.events import services as events
from portal.events.services import Actor
from portal.ids import new_id


async def write(site: Site, form: StationFacts, *, by: Actor) -> None:
    """Add a window, or give the one with this code these names and types; a closed one calls nobody (HALL-01, HALL-03)."""
    async with transaction():
        row = Station(id=new_id(), site=site.id, code=form.code, name_zh=form.name_zh, name_en=form.name_en,
                      types=form.types, active=form.active)  # fmt: skip
        await Station.insert(row).on_conflict(
            target=(Station.site, Station.code),
            action="DO UPDATE",
            values=(Station.name_zh, Station.name_en, Station.types, Station.active),
        )
        await events.record("site.station-written", site=site.id, subject=site.id, by=by, station=form.code)
        await access_log.record("settings", site=site.id, account=by.id, role="", subject=site.id, field="stations")
