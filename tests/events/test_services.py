"""One event for a deed, in its transaction; who is told of it is told once."""

import contextlib
from uuid import UUID

import pytest

from portal import database, ids
from portal.events import queries, services
from portal.events.tables import Delivery, Event
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


async def recorded(cast: Cast) -> UUID:
    return await services.record("item.noted", site=cast.hotel.id, subject=cast.hotel.id, by=cast.manager)


@pytest.mark.parametrize(
    ("by", "customer", "actor"), [("manager", False, "staff"), (None, True, "customer"), (None, False, "portal")]
)
async def test_an_event_says_who_did_what_to_what(cast: Cast, by: str | None, customer: bool, actor: str) -> None:
    staff, subject = getattr(cast, by) if by else None, ids.new_id()

    await services.record("item.noted", site=cast.hotel.id, subject=subject, by=staff, customer=customer, field="phone")

    (happened,) = await queries.timeline(subject)
    assert (happened.kind, happened.actor, happened.by) == ("item.noted", actor, staff.id if staff else None)
    assert happened.particulars == {"field": "phone"}


async def test_what_is_not_done_did_not_happen(cast: Cast) -> None:
    """P10."""
    with contextlib.suppress(ZeroDivisionError):
        async with database.transaction():
            await services.tell(await recorded(cast), [cast.manager.id])
            raise ZeroDivisionError

    assert (await Event.count(), await Delivery.count()) == (0, 0)


async def test_everybody_is_told_once(cast: Cast) -> None:
    event = await recorded(cast)

    await services.tell(event, [cast.manager.id, cast.floor.id, cast.manager.id])
    await services.tell(event, [cast.manager.id])

    assert await Delivery.count() == 2


async def test_the_notices_that_were_seen_are_put_away_by_who_they_are_for(cast: Cast) -> None:
    for _number in range(3):
        await services.tell(await recorded(cast), [cast.manager.id, cast.floor.id])
    new, middle, old = await queries.unread(cast.manager.id, site=cast.hotel.id)

    await services.seen(cast.manager, [str(middle.id), str(old.id)])
    await services.seen(cast.floor, [str(new.id)])

    assert await queries.unread(cast.manager.id, site=cast.hotel.id) == [new]
    assert len(await queries.unread(cast.floor.id, site=cast.hotel.id)) == 3


async def test_a_notice_that_nobody_has_is_put_away_without_a_word(cast: Cast) -> None:
    await services.tell(await recorded(cast), [cast.manager.id])

    await services.seen(cast.manager, ["", "x", str(UUID(int=0))])

    assert len(await queries.unread(cast.manager.id, site=cast.hotel.id)) == 1
