"""P09, as far as clocks go: whoever looks at the same time, and whoever dies over it, each missed clock escalates once."""

from datetime import timedelta

import pytest

from portal import clock
from portal.domain.queues.tables import Clock, Escalation, WorkItem
from portal.events.tables import Delivery, Event
from tests import cast as actors
from tests.promises.stage import Record, Scale, stock
from tests.promises.workers import looked, no_constraint

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]


async def test_three_who_look_at_once_one_of_them_killed_escalate_each_clock_once(scale: Scale, figure: Record) -> None:
    many = scale(200, 1_000)
    await overdue(many)

    killed, spans = await looked(Escalation.count, until=many // 10, kill=True)

    assert killed > 0
    assert await Escalation.count() == many
    assert await escalated() == many
    assert await Delivery.count().where(Delivery.event.kind == "item.escalated") == many
    assert await Clock.count().where(Clock.missed_at.is_null(), Clock.due_at <= clock.now()) == 0
    assert await WorkItem.count().where(WorkItem.escalated == False) == 0  # noqa: E712
    figure("missed clocks that three workers saw at once, each escalated once", many, "", "P09")
    figure("of them escalated when a worker was killed -9", killed, "", "P09")
    if len(spans) > 1:
        assert max(began for began, _ended, _marked in spans) < min(ended for _began, ended, _marked in spans)


async def test_without_the_condition_they_escalate_more_than_once(scale: Scale, figure: Record) -> None:
    many = scale(50, 200)
    await overdue(many)

    async with no_constraint():
        await looked(Escalation.count, guard="miss")
        rows, told = await Escalation.count(), await escalated()

    assert rows > many
    assert told > many
    figure(f"control: escalations of {many} clocks with the condition taken out", told, "", "P09")


async def overdue(many: int) -> None:
    """So many complaints of which one clock each has run out."""
    cast = await actors.enter()
    await stock(cast.hotel, many)
    before = clock.now() - timedelta(minutes=1)
    await Clock.update({Clock.due_at: before, Clock.warn_at: before}, force=True).where(Clock.kind == "acknowledge")


async def escalated() -> int:
    """How often it was recorded as having happened."""
    return int(await Event.count().where(Event.kind == "item.escalated"))
