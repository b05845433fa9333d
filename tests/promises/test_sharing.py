"""P05, P07: many hands at once: a task ends once, two that merge each other leave one, nothing closes over a new task."""

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial

import httpx
import pytest

from portal import clock, database
from portal.domain.accounts.tables import Role
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import handling, sharing
from portal.domain.queues.forms import NewTask
from portal.domain.queues.queries.items import Card
from portal.domain.queues.services import deeds, tasks
from portal.domain.queues.tables import Bulk, Task, TaskState, WorkItem
from portal.errors import PortalError
from portal.events.tables import Event
from tests import stories
from tests.cast import Cast
from tests.promises.unguarded import read_decide_save

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
Figure = Callable[[str, float, str, str], None]
TIMES = 20


async def at_once(*doings: Callable[[], Awaitable[object]]) -> Counter[str]:
    """Do all of them at the same time, each as a door does; how often which error came, "" for done."""

    async def one(doing: Callable[[], Awaitable[object]]) -> str:
        try:
            await database.retried(doing)
        except PortalError as refused:
            return type(refused).__name__
        return ""

    return Counter(await asyncio.gather(*(one(doing) for doing in doings)))


async def test_of_many_who_end_a_task_at_once_one_does(cast: Cast, figure: Figure) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    task = await tasks.add(case.id, "果盘", site=cast.hotel, department=Role.KITCHEN, due_at=clock.now(), by=None)
    card = await case.card()

    async def done() -> None:
        await tasks.finish(card, DEEDS["task done"], task, site=cast.hotel, by=cast.kitchen, note="好了")

    async def not_done() -> None:
        await tasks.refuse(card, DEEDS["task refusal"], task, site=cast.hotel, by=cast.manager, reason="没有了")

    found = await at_once(*[done, not_done] * (TIMES // 2))

    assert found == {"": 1, "Conflict": TIMES - 1}
    assert await Event.count().where(Event.kind.is_in(["item.task-done", "item.task-refused"])) == 1
    figure("ends of one task asked for at once, of which one is done", TIMES, "", "P05")


async def test_of_two_that_are_merged_into_each_other_one_goes_on(cast: Cast, figure: Figure) -> None:
    for _turn in range(TIMES):
        one, two = await stories.filed(cast.hotel), await stories.filed(cast.hotel)
        cards = await one.card(), await two.card()

        found = await at_once(
            partial(sharing.merge, cards[0], cards[1].number, site=cast.hotel, by=cast.manager),
            partial(sharing.merge, cards[1], cards[0].number, site=cast.hotel, by=cast.manager),
        )

        assert found == {"": 1, "Conflict": 1}

    assert await WorkItem.count().where(WorkItem.closed_at.is_null()) == TIMES
    figure("pairs merged into each other at once, of which one goes on", TIMES, "", "P05")


async def test_without_the_conditional_update_both_are_gone(
    cast: Cast, figure: Figure, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deeds, "move", read_decide_save)
    one, two = await stories.filed(cast.hotel), await stories.filed(cast.hotel)
    cards = await one.card(), await two.card()

    async def merge(item: Card, other: Card) -> None:
        monkeypatch.setattr(sharing, "_other", partial(_known, other))
        await sharing.merge(item, other.number, site=cast.hotel, by=cast.manager)

    for pair in (cards, cards[::-1]):  # each decides by what it read before the other
        await merge(*pair)

    assert await WorkItem.count().where(WorkItem.closed_at.is_null()) == 0
    figure("control: items left of two merged into each other with the condition taken out", 0, "", "P05")


async def _known(other: Card, *_asked: object, **_more: object) -> Card:
    return other


async def test_nothing_is_closed_over_a_task_that_comes_at_the_same_moment(cast: Cast, figure: Figure) -> None:
    tomorrow = (clock.now() + timedelta(days=1)).strftime("%Y-%m-%d %H:%M")
    form = NewTask.model_validate({"department": "kitchen", "due_at": tomorrow, "body": "果盘"})
    for _turn in range(TIMES):
        case = await stories.accepted(cast.hotel, by=cast.receptionist)
        card = await case.card()

        await at_once(
            partial(handling.close, card, site=cast.hotel, by=cast.receptionist),
            partial(tasks.ask, card, DEEDS["tasks"], form, site=cast.hotel, by=cast.receptionist),
        )

        over = (await case.card()).state == "closed"
        assert await Task.count().where(Task.item == case.id, Task.state == TaskState.OPEN) == (0 if over else 1)
    figure("closings at the moment of a new task, none over an open one", TIMES, "", "P05")


async def test_a_form_for_many_that_is_sent_twice_at_once_does_it_once(cast: Cast, client: httpx.AsyncClient) -> None:
    """P07: the second is led to what came of the first."""
    cases = [await stories.filed(cast.hotel) for _each in range(5)]
    browser = await stories.enter(client, cast.receptionist)
    form = (await browser.get("/desk/hotel/queue?select=1")).form("/desk/hotel/queue/bulk")
    sent = {**form, "deed": "claim", "numbers": [case.number for case in cases]}

    answers = await asyncio.gather(*(browser.post("/desk/hotel/queue/bulk", sent, follow=False) for _each in range(4)))

    assert Counter(answer.status for answer in answers) == {200: 1, 303: 3}
    assert len({answer.location for answer in answers if answer.location}) == 1
    assert await Bulk.count() == 1
    assert await Event.count().where(Event.kind == "item.claimed") == 5
    after = await browser.get(next(answer.location for answer in answers if answer.location))
    assert len(after.css("#done li")) == 5


async def test_merging_into_one_that_is_being_merged_leaves_nothing_behind(cast: Cast) -> None:
    """Whatever comes first: everything ends at one that is open."""
    for _turn in range(TIMES):
        first, second, third = [await (await stories.filed(cast.hotel)).card() for _each in range(3)]

        await at_once(
            partial(sharing.merge, first, second.number, site=cast.hotel, by=cast.manager),
            partial(sharing.merge, second, third.number, site=cast.hotel, by=cast.manager),
        )

        rows = await WorkItem.select(WorkItem.merged_into).where(WorkItem.id.is_in([first.id, second.id, third.id]))
        goals = {row["merged_into"] for row in rows if row["merged_into"]}
        assert goals <= {third.id}
