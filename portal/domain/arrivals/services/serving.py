"""Calling people to a window, serving them, and what else becomes of somebody who waits: each one conditional update.

The item's row is moved first and held to the end of the transaction, so that what stands on the arrival's own row goes
with it. Nobody loses the place in the line by what staff do: the rank stays that of the coming.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from portal import clock, database
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.arrivals.queries.line import LONGEST
from portal.domain.arrivals.rules import way
from portal.domain.arrivals.rules.way import DEEDS
from portal.domain.arrivals.tables import Arrival, State, Station
from portal.domain.bookings.services import after as visits
from portal.domain.bookings.tables import VisitType
from portal.domain.queues.queries.items import Card
from portal.domain.queues.rules import UNDO_WITHIN
from portal.domain.queues.services import deeds
from portal.domain.queues.tables import EntryKind, WorkItem
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.events import services as events
from portal.i18n.translations import _

Values = dict[Column | str, Any]
# What is forgotten of a call that is over.
UNCALLED: Values = {Arrival.station: None, Arrival.calls: 0, Arrival.called_at: None, Arrival.rung_at: None}
_FIRST = f"""
SELECT i.id FROM work_item i JOIN arrival a ON a.id = i.id
WHERE i.site = {{}} AND i.line = '{way.LINE}' AND i.closed_at IS NULL AND i.state = '{State.WAITING}' AND a.came_at > {{}}
  AND (a.not_before IS NULL OR a.not_before <= {{}}) AND (a.station IS NULL OR a.station = {{}}) %s
ORDER BY i.due_at, i.id LIMIT 1"""
_TAKE = f"""
UPDATE work_item SET state = '{State.CALLED}', owner = {{}}, version = version + 1
WHERE id = (%s) AND state = '{State.WAITING}' RETURNING id"""

_RING = "UPDATE arrival SET station = {}, calls = 1, called_at = {}, rung_at = {}, not_before = NULL WHERE id = {}"


async def call_next(site: Site, station: Station, *, by: Staff) -> UUID:
    """Call whoever is first for a window, by rank; returns the item. Raises Conflict where nobody waits for it.

    Of two who call at once each gets somebody else, or one of them nobody.
    """
    deed = DEEDS["call"]
    deeds.check(deed, site=site, by=by)
    now = clock.now()
    async with transaction():
        rows = await _take(site, station, by=by, now=now)
        if not rows:
            raise Conflict(_("Nobody is waiting for %(window)s.") % {"window": station.name})
        item = UUID(str(rows[0]["id"]))
        await _ring(item, station, now)
        await events.record(deed.event, site=site.id, subject=item, by=by, window=station.code)
    return item


async def call(item: Card, station: Station, *, site: Site, by: Staff, reason: str) -> None:
    """Call somebody out of turn: with a reason, so that those who are passed over know why."""
    deed = DEEDS["call out of turn"]
    async with transaction():
        await deeds.move(item, deed, site=site, by=by, changes={WorkItem.owner: by.id})
        await _ring(item.id, station, clock.now())
        event = await events.record(deed.event, site=site.id, subject=item.id, by=by, window=station.code, out_of_turn=True)
        await deeds.write(item.id, event, EntryKind.REASON, reason, by=by)


async def recall(item: Card, *, site: Site, by: Staff) -> None:
    """Call somebody again, three times at the most; after that it is a no-show, or parked."""
    deed = DEEDS["recall"]
    async with transaction():
        await deeds.move(item, deed, site=site, by=by)
        again: Values = {Arrival.calls: Arrival.calls + 1, Arrival.rung_at: clock.now()}
        if not await _write(item, again, Arrival.calls < way.MOST_CALLS):
            raise Conflict(_("It was called again three times: park it, or say that nobody came."))
        await events.record(deed.event, site=site.id, subject=item.id, by=by)


async def contact_host(item: Card, *, site: Site, by: Staff) -> None:
    """The person visited knows, and time and place are agreed (VIS-21)."""
    deed = DEEDS["host"]
    async with transaction():
        await deeds.move(item, deed, site=site, by=by)
        if not await _write(item, {Arrival.host_contacted_at: clock.now()}, Arrival.host_contacted_at.is_null()):
            raise Conflict(_("The person visited was contacted already."))
        await events.record(deed.event, site=site.id, subject=item.id, by=by)


async def serve(item: Card, *, site: Site, by: Staff) -> None:
    """Somebody who was called is there; the booking, if there is one, is in reception from now on.

    Where the house wants it so, only once the person visited was contacted (VIS-21).
    """
    deed = DEEDS["serving"]
    async with transaction():
        await deeds.move(item, deed, site=site, by=by, changes={WorkItem.owner: by.id})
        there = Arrival.host_contacted_at.is_not_null() if wants_host(site) else Arrival.id == item.id
        if not await _write(item, {Arrival.served_at: clock.now()}, there):
            raise Conflict(_("Contact the person visited first, then let the visitor in."))
        await events.record(deed.event, site=site.id, subject=item.id, by=by)
        row = await Arrival.select(Arrival.booking).where(Arrival.id == item.id).first()
        if row and row["booking"]:
            await visits.receive(row["booking"], site=site, by=by)


async def park(item: Card, *, site: Site, by: Staff) -> None:
    """Put somebody aside who has to fetch something."""
    await _step(item, "park", site=site, by=by, values={Arrival.rung_at: None})


async def transfer(
    item: Card, *, site: Site, by: Staff, kind: VisitType | None = None, station: Station | None = None, minutes: int = 0
) -> None:
    """Send somebody on, to another type or to one window, in so many minutes; ticket and place in the line stay.

    Raises Conflict where the same ticket, or the same person, stands in that line already.
    """
    values: Values = {
        **UNCALLED, Arrival.station: station.id if station else None, Arrival.served_at: None,
        Arrival.not_before: clock.now() + minutes * way.MINUTE if minutes else None,
    }  # fmt: skip
    if kind is not None:
        values[Arrival.type] = kind.id
    said = {"type": kind.code} if kind else {"window": station.code if station else ""}
    changes: deeds.Changes = {WorkItem.owner: None}
    try:
        await _step(item, "transfer", site=site, by=by, values=values, changes=changes, after=minutes, **said)
    except Exception as error:
        if not database.is_duplicate(error):
            raise
        raise Conflict(_("This number, or this person, stands in that line already.")) from error


async def bring_back(item: Card, *, site: Site, by: Staff) -> None:
    """Back into the line, at the place that the coming gave: also who was taken for somebody that did not come."""
    values: Values = {**UNCALLED, Arrival.not_before: None, Arrival.ended_at: None}
    changes: deeds.Changes = {WorkItem.owner: None, WorkItem.closed_at: None}
    try:
        await _step(item, "return", site=site, by=by, values=values, changes=changes)
    except Exception as error:
        if not database.is_duplicate(error):
            raise
        raise Conflict(_("This person has taken another number since.")) from error


async def miss(item: Card, *, site: Site, by: Staff) -> None:
    """Nobody came to the window."""
    now = clock.now()
    await _step(item, "no-show", site=site, by=by, values={Arrival.ended_at: now}, changes={WorkItem.closed_at: now})


async def finish(item: Card, *, site: Site, by: Staff) -> None:
    """It is done; whoever served reminds of the belongings (HALL-06)."""
    now = clock.now()
    changes: deeds.Changes = {WorkItem.closed_at: now, WorkItem.owner: by.id}
    await _step(item, "finish", site=site, by=by, values={Arrival.ended_at: now}, changes=changes)


async def undo_finish(item: Card, *, site: Site, by: Staff) -> None:
    """It was not done after all: for ten seconds, by whoever said so."""
    deed = DEEDS["undo"]
    async with transaction():
        await deeds.move(item, deed, site=site, by=by, changes={WorkItem.closed_at: None})
        if not await _write(item, {Arrival.ended_at: None}, Arrival.ended_at >= clock.now() - UNDO_WITHIN):
            raise Conflict(_("It can be undone for ten seconds, and they are over."))
        await events.record(deed.event, site=site.id, subject=item.id, by=by)


def wants_host(site: Site) -> bool:
    """Whether the person visited is contacted before a visitor is led in (VIS-21)."""
    return site_rules.value(site, "arrival.host_first") == "yes"


async def _take(site: Site, station: Station, *, by: Staff, now: datetime) -> list[Any]:
    """Move the first in the line to called: the row is chosen and changed in one statement.

    Whom somebody else has in hand this moment is passed over; where there is nobody else, that is waited for.
    """
    first, args = _first(site, station, now)
    rows = await database.rows(_TAKE % (first + database.taking("i")), by.id, *args)
    return rows or await database.rows(_TAKE % (first + database.taking("i", patient=True)), by.id, *args)


def _first(site: Site, station: Station, now: datetime) -> tuple[str, list[Any]]:
    """Who comes next at a window, as a subselect and its arguments."""
    types, args = station.types.split(), [site.id, now - LONGEST, now, station.id]
    if not types:
        return _FIRST % "", args
    marks = ", ".join("{}" for _code in types)
    return _FIRST % f"AND a.type IN (SELECT id FROM visit_type WHERE site = {{}} AND code IN ({marks}))", [
        *args, site.id, *types,
    ]  # fmt: skip


async def _ring(item: UUID, station: Station, now: datetime) -> None:
    await database.rows(_RING, station.id, now, now, item)


async def _step(
    item: Card, name: str, *, site: Site, by: Staff, values: Values, changes: deeds.Changes | None = None,
    **said: str | int,
) -> None:  # fmt: skip
    """One deed on the item, what it changes on the arrival, and its event."""
    deed = DEEDS[name]
    async with transaction():
        await deeds.move(item, deed, site=site, by=by, changes=changes)
        await _write(item, values, Arrival.id == item.id)
        await events.record(deed.event, site=site.id, subject=item.id, by=by, customer=False, **said)


async def _write(item: Card, values: Values, condition: Any) -> bool:
    """Change the arrival's own row, while the item's is held; whether the condition let it."""
    return bool(await Arrival.update(values).where(Arrival.id == item.id, condition).returning(Arrival.id))
