"""P09 and P15, as far as ladders go: under a moved clock each rung is told once, whoever looks, and whoever dies over it."""

import asyncio
from datetime import timedelta
from functools import partial

import pytest

from portal import clock, database
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.queues.queries import items
from portal.domain.queues.services import clocks, escalating, ladder
from portal.domain.queues.tables import Clock, Escalation, WorkItem
from portal.events.tables import Delivery, Event
from tests import cast as actors
from tests.promises.stage import Record, Scale, Travel, stock
from tests.promises.workers import looked, no_constraint

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
HOUR, SECOND = timedelta(hours=1), timedelta(minutes=61)


async def test_three_workers_one_of_them_killed_tell_each_rung_once(scale: Scale, figure: Record, travel: Travel) -> None:
    many = scale(150, 1_000)
    await escalated(many)

    killed, _spans = await looked(further, until=many // 10, kill=True, ahead=SECOND)

    assert killed > 0
    assert await standing() == [many, many, 2 * many, 2 * many]
    for step in (-HOUR, SECOND, -HOUR, 9 * HOUR):
        travel(clock.now() + step)
        await clocks.look_at_clocks()
        await ladder.climb()
    assert await standing() == [many, many, 2 * many, 2 * many]
    figure("second rungs that three workers saw at once, each told once, also with the clock set back", many, "", "P09, P15")
    figure("of them told when a worker was killed -9", killed, "", "P09, P15")


async def test_without_the_condition_they_tell_it_more_than_once(scale: Scale, figure: Record) -> None:
    many = scale(50, 200)

    async with no_constraint():
        await escalated(many)
        await looked(further, guard="climb", ahead=SECOND)
        rows = await further()

    assert rows > many
    figure(f"control: second rungs of {many} ladders with the condition taken out", rows, "", "P09, P15")


async def test_who_takes_notice_while_the_next_rung_is_told_takes_notice_of_both(scale: Scale, travel: Travel) -> None:
    """Either the notice comes first and nobody further is told, or it holds for the next rung too."""
    cast = await escalated(scale(40, 400))
    cards = [await items.item_by_id(row["id"]) for row in await WorkItem.select(WorkItem.id).order_by(WorkItem.id)]
    travel(clock.now() + SECOND)

    async def notice() -> None:
        for card in reversed(cards):
            taken = partial(escalating.acknowledge, card, DEEDS["acknowledgement"], site=cast.hotel, by=cast.manager)
            await database.retried(taken)

    await asyncio.gather(database.spawn(notice()), *(database.spawn(ladder.climb()) for _two in range(2)))

    assert await Escalation.count().where(Escalation.acknowledged_at.is_null()) == 0
    assert await Escalation.count().where(Escalation.next_at.is_not_null()) == 0


async def escalated(many: int) -> actors.Cast:
    """So many complaints that a manager was told of, and nobody has acknowledged."""
    cast = await actors.enter()
    await stock(cast.hotel, many)
    before = clock.now() - timedelta(minutes=1)
    await Clock.update({Clock.due_at: before, Clock.warn_at: before}, force=True).where(Clock.kind == "acknowledge")
    while await clocks.look_at_clocks():
        pass
    return cast


async def further() -> int:
    """How often the second rung was told."""
    return int(await Escalation.count().where(Escalation.level == 2))


async def standing() -> list[int]:
    """First rungs, second rungs, events of both, notices of both."""
    kind = "item.escalated"
    first = await Escalation.count().where(Escalation.level == 1)
    told = await Delivery.count().where(Delivery.event.kind == kind)
    return [first, await further(), await Event.count().where(Event.kind == kind), told]
