"""What happened, in order; and what somebody has not read, at this site and no other."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from portal import clock, ids
from portal.events import queries, services
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


async def test_a_timeline_is_told_in_the_order_of_its_instants(cast: Cast, travel: Callable[[object], None]) -> None:
    subject, now = ids.new_id(), clock.now()
    for hours, kind in ((2, "third"), (0, "first"), (1, "second")):
        travel(now + timedelta(hours=hours))
        await services.record(kind, site=None, subject=subject, by=None)

    assert [one.kind for one in await queries.timeline(subject)] == ["first", "second", "third"]


async def test_a_timeline_is_of_its_own_subject(cast: Cast) -> None:
    mine, other = ids.new_id(), ids.new_id()
    await services.record("mine", site=cast.hotel.id, subject=mine, by=None)
    await services.record("other", site=cast.hotel.id, subject=other, by=None)

    assert [one.kind for one in await queries.timeline(mine)] == ["mine"]


async def test_the_unread_are_the_newest_of_this_site_and_this_person(cast: Cast) -> None:
    """P32."""
    for number in range(8):
        event = await services.record(f"item.{number}", site=cast.hotel.id, subject=ids.new_id(), by=None)
        await services.tell(event, [cast.manager.id])
    event = await services.record("next door", site=cast.tower.id, subject=ids.new_id(), by=None)
    await services.tell(event, [cast.manager.id])

    unread = await queries.unread(cast.manager.id, site=cast.hotel.id, most=3)

    assert [one.kind for one in unread] == ["item.7", "item.6", "item.5"]
    assert await queries.unread(cast.receptionist.id, site=cast.hotel.id) == []


async def test_notices_of_one_instant_have_an_order(cast: Cast, travel: Callable[[object], None]) -> None:
    travel(clock.now())
    for number in range(8):
        event = await services.record(f"item.{number}", site=cast.hotel.id, subject=ids.new_id(), by=None)
        await services.tell(event, [cast.manager.id])

    whole = await queries.unread(cast.manager.id, site=cast.hotel.id, most=8)

    assert await queries.unread(cast.manager.id, site=cast.hotel.id, most=4) == whole[:4]
    assert len({one.id for one in whole}) == 8
