"""P05: of two tablets that claim the same item at once exactly one gets it, and the other is told who."""

import asyncio
from dataclasses import dataclass

import pytest

from portal import database
from portal.domain.accounts.queries import Staff
from portal.domain.queues.tables import WorkItem
from portal.i18n.translations import _, set_language
from tests import cast as actors
from tests.promises.racer import Answer, Post, overlapping, race
from tests.promises.stage import Record, Scale, Seat, seat, servers, stock

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
ITEMS = 500


@dataclass
class Outcome:
    """What came of so many contests."""

    rounds: list[tuple[Answer, ...]]
    owned: int

    def winners(self, count: int) -> int:
        """The rounds that so many won."""
        return sum(sum(one.status == 303 for one in each) == count for each in self.rounds)

    @property
    def losers(self) -> list[Answer]:
        return [one for each in self.rounds for one in each if one.status != 303]


async def test_of_two_who_claim_at_once_one_wins_and_the_other_is_told_who(scale: Scale, figure: Record) -> None:
    many = scale(300, 10_000)

    outcome = await contested(many)

    overlap = overlapping(outcome.rounds)
    assert len(outcome.rounds) == many
    assert outcome.winners(1) == many
    assert outcome.owned == many
    assert {one.status for one in outcome.losers} == {409}
    assert all(one.told for one in outcome.losers)
    assert overlap >= 0.9
    figure("contested claims over HTTP, each with exactly one winner", many, "", "P05")
    figure("of them with both requests in flight together", overlap * 100, "%", "P05")
    figure("losers who were told who won", len(outcome.losers), "", "P05")


async def test_without_the_condition_on_the_owner_both_win(scale: Scale, figure: Record) -> None:
    many = scale(100, 1_000)

    outcome = await contested(many, without="move")

    twice = outcome.winners(2)
    assert overlapping(outcome.rounds) >= 0.9
    assert twice > many / 10
    figure(f"control: claims won twice of {many:,} with the condition taken out", twice, "", "P05")


async def contested(many: int, *, without: str = "") -> Outcome:
    """So many claims of one item by two browsers at once, over real servers."""
    cast = await actors.enter()
    filed = await stock(cast.hotel, min(many, ITEMS))
    numbers, owned = [one.number for one in filed], 0
    rounds: list[tuple[Answer, ...]] = []
    with servers(without=without) as running:
        first, second = running[0].url, running[-1].url
        async with seat(first, cast.receptionist) as one, seat(second, cast.second) as other:
            while len(rounds) < many:
                here = numbers[: many - len(rounds)]
                clients = [one.racing(claims(one, here, cast.second)), other.racing(claims(other, here, cast.receptionist))]
                rounds += await asyncio.to_thread(race, clients)
                owned += await WorkItem.count().where(WorkItem.owner.is_not_null())
                await database.engine().run_ddl("UPDATE work_item SET owner = NULL")
    return Outcome(rounds, owned)


def claims(by: Seat, numbers: list[str], rival: Staff) -> list[Post]:
    """A claim of each item, that should say the rival's name if it comes too late."""
    set_language("zh-CN")
    told = _("%(name)s was first and has it now.") % {"name": rival.name}
    return [Post(f"/desk/hotel/items/{number}/claim", {"form_token": by.token()}, told) for number in numbers]
