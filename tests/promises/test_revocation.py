"""P33: who loses a right loses it with the next request, and on an open stream within ten seconds."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from portal.domain.accounts import services as accounts
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Membership, Role
from tests import cast as actors
from tests import factories
from tests.cast import Cast
from tests.ground import environment, processes
from tests.ground.processes import Running
from tests.promises.stage import Record, Seat, listening, seat, servers

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
SOON = 10.0
Taking = Callable[[Staff, Cast, Seat], Awaitable[None]]


async def disabled(person: Staff, cast: Cast, _tablet: Seat) -> None:
    await accounts.disable(person.username, site=cast.hotel, by=cast.manager)


async def of_another_role(person: Staff, _cast: Cast, _tablet: Seat) -> None:
    await Membership.update({Membership.role: Role.GUARD}).where(Membership.account == person.id)


async def of_no_role(person: Staff, _cast: Cast, _tablet: Seat) -> None:
    await Membership.delete().where(Membership.account == person.id)


async def signed_out(_person: Staff, _cast: Cast, tablet: Seat) -> None:
    assert (await tablet.post("/sign-out")).status_code == 303


REFUSED = {disabled: 303, of_another_role: 403, of_no_role: 404, signed_out: 303}


async def test_an_open_stream_ends_soon_and_the_next_request_is_refused(figure: Record) -> None:
    """Each in a way of their own, beside one who loses nothing and hears on."""
    cast = await actors.enter()
    with processes.portal(environment.WORKER) as running:
        async with seat(running.url, cast.second) as other, listening(other.client) as unconcerned:
            await unconcerned.until(lambda: bool(unconcerned.events()), 5)
            lost = await asyncio.gather(*(loses(take, cast, running) for take in REFUSED))
            looked_at_again = max(one.at for one in lost) + 6
            await asyncio.sleep(max(0.0, looked_at_again - time.monotonic()))
            assert not unconcerned.bye.is_set()

    for take, one in zip(REFUSED, lost, strict=True):
        assert one.status == REFUSED[take], take
        assert one.told, take
        assert one.gone <= SOON, take
        figure(f"a stream ends after its listener is {take.__name__.replace('_', ' ')}", one.gone, "s", "P33")


@dataclass(frozen=True)
class Lost:
    """When somebody lost a right, what the next request came to, whether the stream said good-bye, and after how long."""

    at: float
    status: int
    told: bool
    gone: float


async def loses(take: Taking, cast: Cast, running: Running) -> Lost:
    """Somebody at the desk listens, and loses the right to."""
    person = await factories.make_staff((cast.hotel, Role.DESK))
    async with seat(running.url, person) as tablet, listening(tablet.client) as ear:
        session = tablet.client.cookies["session"]
        await ear.until(lambda: bool(ear.events()), 5)
        await take(person, cast, tablet)
        at = time.monotonic()
        tablet.client.cookies.set("session", session)
        answer = await tablet.client.get("/desk/hotel/posters")
        gone = await ear.until(ear.bye.is_set, SOON)
    return Lost(at, answer.status_code, bool(ear.events("bye")), gone)


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
