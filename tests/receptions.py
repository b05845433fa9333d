"""Visitors who have come, for tests to stand on: a booking led to its end, somebody at a counter."""

from uuid import UUID

from portal import clock, database
from portal.domain.accounts.queries import Staff
from portal.domain.arrivals.tables import Arrival
from portal.domain.arrivals.tables import State as Stage
from portal.domain.bookings.forms.after import Satisfaction
from portal.domain.bookings.rules.way import DEEDS
from portal.domain.bookings.services import after
from portal.domain.bookings.services.booking import Booked
from portal.domain.bookings.tables import State, VisitType
from portal.domain.queues.queries import items
from portal.domain.queues.queries.items import Card
from portal.domain.queues.services import deeds
from portal.domain.queues.tables import WorkItem
from portal.domain.sites.tables import Site
from tests import visits

STEPS = [State.CONFIRMED, State.ARRIVED, State.RECEPTION, State.SEEN_OFF, State.SUMMARISED]


async def bring(staff: Staff, site: Site, booked: Booked, *, to: State) -> Card:
    """Lead a confirmed booking by its deeds to a state, up to its end; the item as it then stands."""
    now = State((await items.item_by_id(booked.item)).state)
    for state in STEPS[STEPS.index(now) + 1 : STEPS.index(to) + 1]:
        card = await items.item_by_id(booked.item)
        match state:
            case State.ARRIVED:
                await deeds.move(card, DEEDS["arrival"], site=site, by=staff)
            case State.RECEPTION:
                await after.receive(booked.item, site=site, by=staff)
            case State.SEEN_OFF:
                await after.see_off(card, Satisfaction.model_validate({"satisfied": "yes"}), site=site, by=staff)
            case State.SUMMARISED:
                await after.summarise(card, "谈了合作", site=site, by=staff)
    return await items.item_by_id(booked.item)


async def make_served(site: Site, kind: VisitType, *, by: Staff, booked: Booked | None = None) -> Card:
    """Somebody who is served at a counter, with a booking or without."""
    came = await visits.make_arrival(site, kind, state=Stage.SERVING, booked=booked)
    await WorkItem.update({WorkItem.owner: by.id}).where(WorkItem.id == came.item)
    await Arrival.update({Arrival.served_at: clock.now()}).where(Arrival.id == came.item)
    return await items.item_by_id(came.item)


async def cells(table: str, column: str, item: UUID) -> list[str]:
    """What of a column stands in the database for an item, as it stands."""
    known = "item" if table == "entry" else "id"
    return [row[column] for row in await database.rows(f"SELECT {column} FROM {table} WHERE {known} = {{}}", item)]
