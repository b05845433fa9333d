"""P06: of two edits of the same version one is saved; the other is refused, and its page has what was typed."""

import asyncio

import pytest

from portal import database
from portal.domain.complaints.tables import State
from portal.domain.queues.tables import Entry, EntryKind, WorkItem
from tests import cast as actors
from tests import factories
from tests.promises.racer import Answer, Post, overlapping, race
from tests.promises.stage import Record, Scale, Seat, seat, servers, stock

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
ITEMS = 200


async def test_of_two_edits_of_one_version_one_is_saved_and_the_other_keeps_its_words(figure: Record) -> None:
    many = 1_000

    rounds, plans, versions = await contested(many)

    losers = [one for each in rounds for one in each if one.status != 303]
    assert len(losers) == len(rounds) == many
    assert {one.status for one in losers} == {409}
    assert all(one.told for one in losers)
    assert plans == versions == many
    assert overlapping(rounds) >= 0.9
    figure("pairs of overlapping edits of one version, each saved once", many, "", "P06")
    figure("of them with both requests in flight together", overlapping(rounds) * 100, "%", "P06")
    figure("losers whose page has what they typed", sum(one.told for one in losers), "", "P06")


async def test_without_the_condition_on_the_version_edits_are_overwritten(scale: Scale, figure: Record) -> None:
    many = scale(100, 500)

    rounds, plans, _versions = await contested(many, without="move")

    overwritten = sum(all(one.status == 303 for one in each) for each in rounds)
    assert overlapping(rounds) >= 0.9
    assert overwritten > many / 10
    assert plans == many + overwritten
    figure(f"control: silent overwrites of {many:,} with the condition taken out", overwritten, "", "P06")


async def contested(many: int, *, without: str = "") -> tuple[list[tuple[Answer, ...]], int, int]:
    """The answers of so many pairs, the plans that were saved, and by how much the versions rose."""
    cast = await actors.enter()
    filed = await stock(cast.hotel, min(many, ITEMS))
    async with database.transaction():
        for one in filed:
            await factories.bring(one, site=cast.hotel, by=cast.receptionist, to=State.PLANNED)
    before, saved = await versions(), await plans()
    rounds: list[tuple[Answer, ...]] = []
    with servers(without=without) as running:
        first, second = running[0].url, running[-1].url
        async with seat(first, cast.receptionist) as owner, seat(second, cast.manager) as manager:
            while len(rounds) < many:
                seen = dict(list((await versions()).items())[: many - len(rounds)])
                clients = [who.racing(edits(who, seen, name, len(rounds))) for who, name in ((owner, "A"), (manager, "B"))]
                rounds += await asyncio.to_thread(race, clients)
    risen = sum((await versions()).values()) - sum(before.values())
    return rounds, await plans() - saved, risen


def edits(by: Seat, seen: dict[str, int], name: str, turn: int) -> list[Post]:
    """A new plan for each item in the version that was seen."""
    return [
        Post(
            f"/desk/hotel/complaints/{number}/plan",
            {"form_token": by.token(), "version": str(version), "plan": f"{typed(name, number, turn)}。"},
            typed(name, number, turn),
        )
        for number, version in seen.items()
    ]


def typed(name: str, number: str, turn: int) -> str:
    return f"检修电梯并致歉 {name} {number} {turn}"


async def versions() -> dict[str, int]:
    rows = await WorkItem.select(WorkItem.number, WorkItem.version).order_by(WorkItem.number)
    return {row["number"]: row["version"] for row in rows}


async def plans() -> int:
    return int(await Entry.count().where(Entry.kind == EntryKind.PLAN))
