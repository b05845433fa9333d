"""P33: who loses a right loses it with the next request, and on an open stream within ten seconds."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import pytest

from portal.domain.accounts import services as accounts
from portal.domain.accounts.tables import Membership, Role
from tests import cast as actors
from tests.cast import Cast
from tests.ground import environment, processes
from tests.promises.stage import Record, Seat, listening, seat, servers

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
SOON = 10.0
Taking = Callable[[Cast, Seat], Awaitable[None]]


async def disabled(cast: Cast, _tablet: Seat) -> None:
    await accounts.disable(cast.receptionist.username, site=cast.hotel, by=cast.manager)


async def of_another_role(cast: Cast, _tablet: Seat) -> None:
    await Membership.update({Membership.role: Role.GUARD}).where(Membership.account == cast.receptionist.id)


async def of_no_role(cast: Cast, _tablet: Seat) -> None:
    await Membership.delete().where(Membership.account == cast.receptionist.id)


async def signed_out(_cast: Cast, tablet: Seat) -> None:
    assert (await tablet.post("/sign-out")).status_code == 303


@pytest.mark.parametrize("take", [disabled, of_another_role, of_no_role, signed_out])
async def test_an_open_stream_ends_soon_and_the_next_request_is_refused(figure: Record, take: Taking) -> None:
    cast = await actors.enter()
    with processes.portal(environment.WORKER) as running:
        async with seat(running.url, cast.receptionist) as tablet, seat(running.url, cast.second) as other:
            session = tablet.client.cookies["session"]
            async with listening(tablet.client) as ear, listening(other.client) as unconcerned:
                await ear.until(lambda: bool(ear.events() and unconcerned.events()), 5)
                await take(cast, tablet)
                taken = time.monotonic()
                tablet.client.cookies.set("session", session)
                log = await tablet.client.get("/desk/hotel/posters")
                gone = await ear.until(ear.bye.is_set, SOON) if not ear.bye.is_set() else 0.0
                await asyncio.sleep(max(0.0, taken + 6 - time.monotonic()))
                assert not unconcerned.bye.is_set()

    assert log.status_code in ({403} if take is of_another_role else {404} if take is of_no_role else {303})
    assert ear.events("bye")
    assert gone <= SOON
    figure(f"a stream ends after its listener is {take.__name__.replace('_', ' ')}", gone, "s", "P33")


async def test_a_change_at_one_server_is_heard_at_the_other(figure: Record) -> None:
    cast, waits = await actors.enter(), []
    with servers() as running:
        here, there = running[0].url, running[-1].url
        async with seat(here, cast.second) as one, seat(there, cast.receptionist) as other, listening(other.client) as ear:
            await ear.until(lambda: bool(ear.events()), 5)
            for number in range(10):
                heard = len(ear.events())
                fields = {"kind": "complaint", "body": f"电梯 {number}", "phone": "13800138000", "channel": "desk"}
                assert (await one.post("/desk/hotel/complaints", fields)).status_code == 303
                waits.append(await ear.until(lambda heard=heard: len(ear.events()) > heard, 5))  # type: ignore[misc]

    assert sorted(waits)[-2] <= 1
    figure("a change at one process is heard at the other, slowest of 10 but one", sorted(waits)[-2], "s", "P17")
