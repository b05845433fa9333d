"""The portal with one guard taken out, for the controls of the proofs: `python -m tests.promises.unguarded move run`."""

import asyncio
import sys
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import datetime
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from portal import clock, database, once
from portal.commands.main import main
from portal.domain.accounts.queries import Staff
from portal.domain.arrivals.queries import line
from portal.domain.arrivals.services import serving
from portal.domain.arrivals.tables import Station
from portal.domain.bookings.queries import times
from portal.domain.bookings.services import reserving
from portal.domain.bookings.services.reserving import Full, Wish
from portal.domain.bookings.tables import VisitType
from portal.domain.queues.queries.items import Card
from portal.domain.queues.rules import Deed, Whose
from portal.domain.queues.services import clocks, deeds, ladder
from portal.domain.queues.tables import Clock, Escalation, WorkItem
from portal.domain.sites.tables import Site
from portal.once import Token


async def read_decide_save(
    item: Card, deed: Deed, *, site: Site, by: Staff | None, version: int | None = None,
    changes: Mapping[Column | str, Any] | None = None, owned: bool = False, kind: str | None = None,
) -> int:  # fmt: skip
    """`deeds.move` as one writes it who thinks of nobody else: decided by what was read, then saved."""
    taken = deed.whose is Whose.NOBODY and item.owner_id is not None
    stale = version is not None and version != item.version
    if item.state not in deed.before or taken or stale:
        await deeds._explain(item, deed, site=site, by=by, owned=owned)
    update: dict[Column | str, Any] = {WorkItem.version: WorkItem.version + 1, **(changes or {})}
    if deed.after:
        update[WorkItem.state] = deed.after
    rows = await WorkItem.update(update).where(WorkItem.id == item.id).returning(WorkItem.version)
    return int(rows[0]["version"])


async def never_used(token: Token, body: str, *, message: str) -> str | None:
    """`once.used` without a memory."""
    return None


async def not_used_up(token: Token, body: str, answer: str) -> None:
    """`once.use` without its row."""


async def missed_again(clock_id: UUID, now: datetime) -> None:
    """`clocks._miss` without the condition that only the first to look finds the row."""
    async with database.transaction():
        await Clock.update({Clock.missed_at: None}).where(Clock.id == clock_id)
        await _miss(clock_id, now)


async def climbed_again(escalation: UUID, item: UUID, now: datetime) -> None:
    """`ladder._climb` without the condition that only the first to look finds the rung's hour."""
    async with database.transaction():
        await Escalation.update({Escalation.next_at: now}).where(Escalation.id == escalation)
        await _climb(escalation, item, now)


async def types_and_what_is_taken(site: Site, **more: Any) -> list[VisitType]:
    """`times.types`, and what is taken by then: what the page of somebody who thinks of nobody else would go by."""
    rows = await database.rows("SELECT begins_at, count(*) AS many FROM reservation GROUP BY begins_at")
    _taken.set({row["begins_at"]: row["many"] for row in rows})
    await asyncio.sleep(0.05)
    return await _types(site, **more)


async def room_that_was_seen(kind: VisitType, _offer: object, wish: Wish, **_more: object) -> None:
    """`reserving._check` by what was taken when somebody looked."""
    if _taken.get().get(wish.begins_at, 0) >= kind.parties:
        raise Full("")


async def stations_and_firsts(site: Site) -> list[Station]:
    """`line.stations`, and who is first at each: what the page of somebody who thinks of nobody else would call."""
    found, firsts = await _stations(site), dict[UUID, list[Any]]()
    for station in found:
        first, args = serving._first(site, station, clock.now())
        firsts[station.id] = await database.rows(first, *args)
    _seen.set(firsts)
    return found


async def take_who_was_seen(site: Site, station: Station, *, by: Staff, now: datetime) -> list[Any]:
    """`serving._take` of whoever was first when somebody looked."""
    found = _seen.get()[station.id]
    if found:
        change = "UPDATE work_item SET state = 'called', owner = {}, version = version + 1 WHERE id = {}"
        await database.rows(change, by.id, found[0]["id"])
    return found


_seen: ContextVar[dict[UUID, list[Any]]] = ContextVar("seen")
_taken: ContextVar[dict[datetime, int]] = ContextVar("taken")
_stations, _types = line.stations, times.types
_miss, _climb = clocks._miss, ladder._climb
GUARDS: dict[str, list[tuple[Any, str, Any]]] = {
    "move": [(deeds, "move", read_decide_save)],
    "once": [(once, "used", never_used), (once, "use", not_used_up)],
    "miss": [(clocks, "_miss", missed_again)],
    "turn": [(times, "types", types_and_what_is_taken), (reserving, "_check", room_that_was_seen)],
    "call": [(line, "stations", stations_and_firsts), (serving, "_take", take_who_was_seen)],
    "climb": [(ladder, "_climb", climbed_again)],
}


def take_out(guard: str) -> None:
    """Let the portal of this process run without a guard."""
    for module, name, instead in GUARDS[guard]:
        setattr(module, name, instead)


if __name__ == "__main__":
    take_out(sys.argv.pop(1))
    main()
