"""What the clock does with bookings happens once, however many workers look, and whoever dies over it (P09)."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from portal import database
from portal.domain.bookings.services import minding
from portal.domain.bookings.tables import State
from portal.domain.queues.tables import WorkItem
from portal.events import services as events
from portal.events.tables import Event
from portal.jobs import bookings
from tests import cast as actors
from tests import visits

pytestmark = pytest.mark.usefixtures("committed")
Travel = Callable[[datetime], None]
MANY, WORKERS = 6, 3
LOOKS = (minding._ABSENT, *(minding._UNREMINDED.replace("%s", which) for which in ("first", "last")))


async def agreed() -> datetime:
    """Some visits that begin at the same time."""
    cast = await actors.enter()
    kind = await visits.make_type(cast.hotel, parties=MANY)
    at = visits.on(cast.hotel, 2)
    for number in range(MANY):
        await visits.make_booking(cast.hotel, kind, at=at, phone=f"+861390013900{number}")
    return at


@pytest.fixture
async def together(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker begins with what it has found before the others have looked for the same."""
    rows, all_of_them = database.rows, asyncio.Barrier(WORKERS)

    async def looked(sql: str, *values: Any) -> list[Any]:
        found = await rows(sql, *values)
        if sql in LOOKS:
            await all_of_them.wait()
        return found

    monkeypatch.setattr(database, "rows", looked)


async def look() -> None:
    await asyncio.gather(*(database.spawn(bookings.mind_visits()) for _worker in range(WORKERS)))


async def count(kind: str) -> int:
    return int(await Event.count().where(Event.kind == kind))


@pytest.mark.usefixtures("together")
async def test_three_workers_remind_and_give_up_each_visitor_once(travel: Travel) -> None:
    at = await agreed()
    travel(at - timedelta(hours=20))
    await look()
    assert await count("booking.reminded") == MANY

    travel(at + timedelta(minutes=20))
    await look()

    assert await count("booking.released") == MANY
    assert await WorkItem.count().where(WorkItem.state == State.NO_SHOW) == MANY


async def test_a_worker_that_dies_over_a_reminder_has_not_given_it(travel: Travel, monkeypatch: pytest.MonkeyPatch) -> None:
    at = await agreed()
    travel(at - timedelta(hours=20))
    record, seen = events.record, []

    async def dies(kind: str, **more: Any) -> Any:
        seen.append(kind)
        if len(seen) == 3:
            raise asyncio.CancelledError
        return await record(kind, **more)

    monkeypatch.setattr(events, "record", dies)
    with pytest.raises(asyncio.CancelledError):
        await database.spawn(bookings.mind_visits())
    assert await count("booking.reminded") == 2
    monkeypatch.undo()
    await look()

    assert await count("booking.reminded") == MANY


@pytest.mark.usefixtures("together")
async def test_without_the_condition_they_remind_more_than_once(travel: Travel, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control."""
    at = await agreed()
    travel(at - timedelta(hours=20))
    unguarded = "UPDATE booking SET reminded_%s = begins_at WHERE id = {} AND begins_at = {} RETURNING id"
    monkeypatch.setattr(minding, "_REMIND", unguarded)

    await look()

    assert await count("booking.reminded") == WORKERS * MANY
