"""Hanging up a display, and taking it down."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal import clock, database, ids
from portal.domain.displays import queries, services
from portal.domain.displays.forms import NewDisplay
from portal.domain.displays.tables import Display
from portal.errors import Conflict, NotFound
from portal.events import queries as events
from tests.cast import Cast


async def hung(cast: Cast) -> tuple[str, Display]:
    token = ids.new_token()
    await services.make(cast.hotel, NewDisplay(name="前台"), token=token, by=cast.manager)
    return token, (await queries.by_token(token))[0]


@pytest.mark.usefixtures("db")
async def test_a_revoked_one_opens_no_more_and_is_revoked_once(cast: Cast) -> None:
    """P35."""
    token, display = await hung(cast)
    await services.revoke(cast.hotel, display.id, by=cast.manager)

    with pytest.raises(NotFound):
        await queries.by_token(token)
    with pytest.raises(Conflict):
        await services.revoke(cast.hotel, display.id, by=cast.manager)
    assert [one.kind for one in await events.timeline(display.id)] == ["display.made", "display.revoked"]
    assert await queries.displays(cast.hotel) == []


@pytest.mark.usefixtures("committed")
async def test_of_several_who_revoke_it_at_once_one_does(cast: Cast) -> None:
    _token, display = await hung(cast)
    work = (database.spawn(services.revoke(cast.hotel, display.id, by=cast.manager)) for _person in range(8))
    done = await asyncio.gather(*work, return_exceptions=True)

    assert [one for one in done if not isinstance(one, Conflict)] == [None]
    assert [one.kind for one in await events.timeline(display.id)] == ["display.made", "display.revoked"]


@pytest.mark.usefixtures("db")
async def test_nobody_revokes_one_of_another_site(cast: Cast) -> None:
    """P32."""
    token, display = await hung(cast)
    with pytest.raises(NotFound):
        await services.revoke(cast.tower, display.id, by=cast.strange_manager)

    assert (await queries.by_token(token))[0].id == display.id
    assert await queries.displays(cast.tower) == []


@pytest.mark.usefixtures("db")
async def test_when_it_last_asked_is_written_once_a_minute(cast: Cast, travel: Callable[[datetime], None]) -> None:
    token, display = await hung(cast)
    now = clock.now()
    seen = []
    for seconds in (0, 10, 59, 61):
        travel(now + timedelta(seconds=seconds))
        await services.seen((await queries.by_token(token))[0])
        seen.append((await queries.displays(cast.hotel))[0]["seen_at"])

    assert seen[0] == seen[1] == seen[2] < seen[3]
    assert display.seen_at is None
