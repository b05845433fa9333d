"""P05: who takes a deed back while somebody else goes on with the item does not do both: exactly one of the two counts."""

import asyncio
from typing import Any
from uuid import UUID

import pytest

from portal.domain.complaints.rules.way import DEEDS
from portal.domain.queues.queries import items
from portal.domain.queues.services import deeds
from portal.domain.queues.tables import WorkItem
from portal.events import queries
from tests import cast as actors
from tests.cast import Cast
from tests.promises.racer import Answer, Post, overlapping, race
from tests.promises.stage import Record, Scale, Seat, seat, servers, stock

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
AT_ONCE = 20  # claimed and fought over within their ten seconds


async def test_an_undo_and_somebody_elses_deed_never_both_count(scale: Scale, figure: Record) -> None:
    many = scale(100, 1_000)

    rounds, owners = await contested(many)

    assert [sum(one.status == 303 for one in each) for each in rounds] == [1] * many
    assert {one.status for each in rounds for one in each} == {303, 409}
    undone = [each[0].status == 303 for each in rounds]
    assert [owner is None for owner in owners] == undone
    assert overlapping(rounds) >= 0.9
    figure("undos against a hand-over at the same instant, each with exactly one that counts", many, "", "P05")
    figure("of them the undo", sum(undone), "", "P05")
    figure("of them with both requests in flight together", overlapping(rounds) * 100, "%", "P05")


async def test_without_the_condition_both_count(scale: Scale, figure: Record) -> None:
    many = scale(100, 1_000)

    rounds, _owners = await contested(many, without="move")

    both = sum(all(one.status == 303 for one in each) for each in rounds)
    assert both > many / 20
    figure(f"control: of {many:,} undos and hand-overs both, with the condition taken out", both, "", "P05")


async def contested(many: int, *, without: str = "") -> tuple[list[tuple[Answer, ...]], list[Any]]:
    """So many items that one claims and takes back while a manager hands them over; what came of it, and who has them."""
    cast = await actors.enter()
    filed = [one.number for one in await stock(cast.hotel, many)]
    rounds: list[tuple[Answer, ...]] = []
    with servers(without=without) as running:
        async with seat(running[0].url, cast.receptionist) as one, seat(running[-1].url, cast.manager) as other:
            for begin in range(0, many, AT_ONCE):
                clients = await posts(cast, one, other, filed[begin : begin + AT_ONCE])
                rounds += await asyncio.to_thread(race, clients)
    rows = await WorkItem.select(WorkItem.number, WorkItem.owner)
    owners: dict[str, UUID | None] = {row["number"]: row["owner"] for row in rows}
    return rounds, [owners[number] for number in filed]


async def posts(cast: Cast, one: Seat, other: Seat, numbers: list[str]) -> list[Any]:
    """Both forms for each item, as they stand on the pages a moment after it was claimed."""
    undos, hands = [], []
    for number in numbers:
        item = await items.item(cast.receptionist, cast.hotel, number)
        await deeds.claim(item, DEEDS["claim"], site=cast.hotel, by=cast.receptionist)
        done = (await queries.timeline(item.id))[-1]
        path = f"/desk/hotel/items/{number}"
        undos.append(Post(f"{path}/undo", {"form_token": one.token(), "event": str(done.id)}))
        hands.append(Post(f"{path}/handover", {
            "form_token": other.token(), "to": "hotel.floor", "reason": "客房的事",
            "version": str(done.particulars["version"]),
        }))  # fmt: skip
    return [one.racing(undos), other.racing(hands)]
