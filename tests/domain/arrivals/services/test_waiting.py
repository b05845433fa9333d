"""Waiting: five more minutes, once; going; and what the clock does with those who wait."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal import clock
from portal.domain.arrivals.queries import waiting as queries
from portal.domain.arrivals.services import minding, waiting
from portal.domain.arrivals.tables import Arrival
from portal.domain.queues.tables import WorkItem
from portal.errors import Conflict, NotFound
from portal.events.tables import Delivery, Event
from tests import visits
from tests.cast import Cast
from tests.domain.arrivals.services.test_coming import NOON, come, take

pytestmark = pytest.mark.usefixtures("db")


async def test_five_more_minutes_are_given_once_and_change_neither_number_nor_rank(
    cast: Cast, travel: Callable[[str], None]
) -> None:
    travel(NOON)
    token = await take(cast.hotel, await visits.make_type(cast.hotel, code="counter"))
    before, site = await queries.by_token(token)
    rank = await WorkItem.select(WorkItem.due_at).first()

    await waiting.delay(before.item, site=site)
    with pytest.raises(Conflict):
        await waiting.delay(before.item, site=site)

    after, _site = await queries.by_token(token)
    assert after.not_before is not None
    assert timedelta(0) < clock.now() + timedelta(minutes=5) - after.not_before < timedelta(seconds=20)
    assert (after.ticket, after.can_delay, await WorkItem.select(WorkItem.due_at).first()) == (before.ticket, False, rank)
    assert after.prospect is not None and after.prospect.latest == 5


async def test_who_leaves_is_called_no_more_and_may_take_another_number(cast: Cast) -> None:
    kind = await visits.make_type(cast.hotel, code="counter")
    token = await take(cast.hotel, kind, phone="+8613800138000")
    arrival, site = await queries.by_token(token)

    await waiting.leave(arrival.item, site=site)

    assert await WorkItem.count().where(WorkItem.closed_at.is_null()) == 0
    assert (await queries.by_token(token))[0].state == "left"
    with pytest.raises(Conflict):
        await waiting.delay(arrival.item, site=site)
    assert await take(cast.hotel, kind, phone="+8613800138000", browser="theirs") != token


async def test_a_link_dies_with_the_day_of_the_house_and_what_is_left_over_ends(
    cast: Cast, travel: Callable[[str], None]
) -> None:
    """P35."""
    travel("2026-03-02T23:00+08:00")
    token = await take(cast.hotel, await visits.make_type(cast.hotel, code="counter"), phone="+8613800138000")

    travel("2026-03-03T03:59+08:00")
    assert (await queries.by_token(token))[0].waits
    assert await minding.end_the_day() == 0
    travel("2026-03-03T04:00+08:00")
    with pytest.raises(NotFound):
        await queries.by_token(token)
    assert not await queries.lives(token)
    assert await minding.end_the_day() == 1
    assert await minding.end_the_day() == 0

    assert await WorkItem.select(WorkItem.state).where(WorkItem.closed_at.is_not_null()).first() == {"state": "left"}
    assert await Arrival.count().where(Arrival.ended_at.is_null()) == 0


async def test_name_and_phone_are_erased_after_the_time_that_the_site_keeps_them(
    cast: Cast, travel: Callable[[str], None]
) -> None:
    """P42."""
    travel(NOON)
    kind = await visits.make_type(cast.hotel, code="counter")
    await take(cast.hotel, kind, name="李雷", phone="+8613800138000")
    travel("2026-05-31T12:00+08:00")
    assert await minding.erase() == 0
    travel("2026-06-01T12:00+08:00")
    assert await minding.erase() == 1
    assert await minding.erase() == 0

    row = await Arrival.select(Arrival.name, Arrival.phone, Arrival.phone_index, Arrival.browser).first()
    assert row is not None and set(row.values()) == {""}


async def test_managers_are_told_once_when_somebody_waits_too_long(cast: Cast, travel: Callable[[str], None]) -> None:
    """HALL-03: above 15 minutes; again only after nobody waited that long."""
    travel(NOON)
    kind = await visits.make_type(cast.hotel, code="counter")
    tokens = [await take(cast.hotel, kind)]
    told = [await minding.tell_of_long_waits()]
    for at in ("2026-03-02T12:15:01+08:00", "2026-03-02T12:16+08:00"):
        travel(at)
        told.append(await minding.tell_of_long_waits())
    tokens.append(await take(cast.hotel, kind))
    travel("2026-03-02T12:40+08:00")
    told.append(await minding.tell_of_long_waits())
    for token in tokens:
        await waiting.leave((await queries.by_token(token))[0].item, site=cast.hotel)
    await take(cast.hotel, kind)
    travel("2026-03-02T13:00+08:00")
    told.append(await minding.tell_of_long_waits())

    assert told == [0, 1, 0, 0, 1]
    notices = await Delivery.select(Delivery.recipient).where(Delivery.event.kind == "arrival.waits-long")
    assert [row["recipient"] for row in notices] == [cast.manager.id] * 2
    assert await Event.count().where(Event.kind == "arrival.waits-long") == 2


async def test_who_is_early_for_a_booking_waits_from_the_booked_time_on(cast: Cast, travel: Callable[[str], None]) -> None:
    """HALL-03."""
    travel("2026-03-02T09:00+08:00")
    kind = await visits.make_type(cast.hotel)
    booked = await visits.make_booking(cast.hotel, kind, at=datetime.fromisoformat("2026-03-02T13:00+08:00"))
    travel(NOON)
    await come(cast.hotel, booked)
    travel("2026-03-02T13:10+08:00")
    assert await minding.tell_of_long_waits() == 0
    travel("2026-03-02T13:16+08:00")
    assert await minding.tell_of_long_waits() == 1
