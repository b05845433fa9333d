"""Of two tablets that call the next one at once each gets somebody else: nobody is called twice, nobody is passed over."""

import asyncio

import pytest

from portal import database
from portal.domain.bookings.tables import VisitType
from portal.domain.sites.tables import Site
from portal.events.tables import Event
from tests import cast as actors
from tests import visits
from tests.promises.racer import Answer, Post, overlapping, race
from tests.promises.stage import Record, Scale, Seat, seat, servers

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
AT_ONCE = 100  # calls of one tablet in a row, for twice as many who wait


async def test_two_who_call_at_once_never_call_the_same_person(scale: Scale, figure: Record) -> None:
    many = scale(200, 2_000)

    rounds, twice = await contested(many)

    assert len(rounds) == many
    assert [one.status for each in rounds for one in each] == [303] * many * 2
    assert twice == 0
    assert overlapping(rounds) >= 0.9
    figure("pairs of calls for the next one over HTTP, nobody called twice", many, "", "HALL-01")
    figure("of them with both requests in flight together", overlapping(rounds) * 100, "%", "HALL-01")


async def test_chosen_first_and_called_later_the_same_person_is_called_twice(scale: Scale, figure: Record) -> None:
    many = scale(100, 1_000)

    rounds, twice = await contested(many, without="call")

    assert overlapping(rounds) >= 0.9
    assert twice > many / 20
    figure(f"control: people called twice in {many:,} pairs, chosen first and called later", twice, "", "HALL-01")


async def contested(many: int, *, without: str = "") -> tuple[list[tuple[Answer, ...]], int]:
    """So many pairs of calls at once for a line that holds enough; the answers, and how many were called twice."""
    cast = await actors.enter()
    kind = await visits.make_type(cast.hotel)
    for code in ("1", "2"):
        await visits.make_station(cast.hotel, code=code)
    rounds: list[tuple[Answer, ...]] = []
    with servers(without=without) as running:
        async with seat(running[0].url, cast.receptionist) as one, seat(running[-1].url, cast.second) as other:
            while len(rounds) < many:
                pairs = min(AT_ONCE, many - len(rounds))
                await wait(cast.hotel, kind, pairs * 2)
                clients = [one.racing(calls(one, "1", pairs)), other.racing(calls(other, "2", pairs))]
                rounds += await asyncio.to_thread(race, clients)
                await database.engine().run_ddl("UPDATE work_item SET state = 'done' WHERE line = 'arrivals'")
    called = await Event.select(Event.subject).where(Event.kind == "arrival.called")
    everybody = [row["subject"] for row in called]
    return rounds, len(everybody) - len(set(everybody))


async def wait(site: Site, kind: VisitType, many: int) -> None:
    """So many who wait, in one commit."""
    async with database.transaction():
        for _somebody in range(many):
            await visits.make_arrival(site, kind)


def calls(by: Seat, window: str, many: int) -> list[Post]:
    return [Post("/desk/hotel/arrivals/call", {"form_token": by.token(), "window": window}) for _call in range(many)]
