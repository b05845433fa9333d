"""Tasks: a department is asked, sees the item for as long, and says once what came of it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from pydantic import ValidationError

from portal import clock
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import handling
from portal.domain.queues.forms import NewTask
from portal.domain.queues.queries import items, tasks, words
from portal.domain.queues.queries.items import Filters
from portal.domain.queues.services import tasks as services
from portal.domain.queues.tables import Task, TaskKind
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.events import queries as events
from tests import stories
from tests.cast import Cast
from tests.stories import Case

pytestmark = pytest.mark.usefixtures("db")
NOON = "2026-11-22T12:00+08:00"


def form(**typed: str) -> NewTask:
    return NewTask.model_validate({"department": "kitchen", "due_at": "2026-11-22T18:30", "body": "送一份果盘"} | typed)


async def asked(case: Case, by: Staff, **typed: str) -> Task:
    """A task on an item, as it stands in its row."""
    task = await services.ask(await case.card(), DEEDS["tasks"], form(**typed), site=case.site, by=by)
    row = await Task.objects().get(Task.id == task)
    assert row is not None
    return row


async def refuse(case: Case, task: Task, by: Staff, reason: str) -> None:
    await services.refuse(await case.card(), DEEDS["task refusal"], task.id, site=case.site, by=by, reason=reason)


async def finish(case: Case, task: Task, by: Staff, note: str = "") -> None:
    await services.finish(await case.card(), DEEDS["task done"], task.id, site=case.site, by=by, note=note)


async def sees(staff: Staff, case: Case) -> bool:
    """Whether somebody finds the item, by its number and in the queue alike."""
    cards, _after = await items.waiting_in(staff, case.site, Filters())
    found = case.number in [card.number for card in cards]
    try:
        await items.item(staff, case.site, case.number)
    except NotFound:
        return found
    assert found
    return True


@pytest.fixture(autouse=True)
def at_noon(travel: Callable[[str], None]) -> None:
    travel(NOON)


async def test_a_department_is_asked_and_who_was_asked_first_stays_named(cast: Cast) -> None:
    """DUTY-16, CMP-07: whom, what and until when; both names are kept."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)

    task = await asked(case, cast.receptionist)

    (shown,) = await tasks.of_item(case.id, cast.receptionist, cast.hotel, whole=True)
    assert (shown.department, shown.body, shown.asked_by) == ("kitchen", "送一份果盘", cast.receptionist.name)
    assert shown.due_at == datetime.fromisoformat("2026-11-22T18:30+08:00")
    assert (await case.card()).owner_id == (await case.card()).first_asked_id == cast.receptionist.id
    assert "果盘" not in task.body
    event = (await events.timeline(case.id))[-1]
    assert (event.kind, event.particulars) == ("item.task-added", {"task": str(task.id), "department": "kitchen"})


@pytest.mark.parametrize("who", ["floor", "kitchen", "guard", "sales"])
async def test_whoever_is_asked_sees_the_item_until_the_task_is_done(cast: Cast, who: str) -> None:
    """DUTY-16; table 2.2, row 5."""
    case, staff = await stories.claimed(cast.hotel, by=cast.receptionist), getattr(cast, who)
    assert not await sees(staff, case)

    task = await asked(case, cast.receptionist, department=who)
    assert await sees(staff, case)
    assert not await sees(cast.finance, case)
    assert [one.id for one in await tasks.waiting_for(staff, cast.hotel)] == [task.id]

    await finish(case, task, staff)
    assert not await sees(staff, case)
    assert await tasks.waiting_for(staff, cast.hotel) == []


async def test_a_task_next_door_opens_nothing_here(cast: Cast) -> None:
    """P32: the same role at another site sees nothing of it."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await asked(case, cast.receptionist, department="desk")

    assert await tasks.waiting_for(cast.stranger, cast.tower) == []
    assert await tasks.of_item(case.id, cast.stranger, cast.tower, whole=False) != []  # the door asks for the item first
    with pytest.raises(NotFound):
        await items.item(cast.stranger, cast.tower, case.number)


async def test_a_named_person_is_told_and_must_be_of_the_department(cast: Cast) -> None:
    """DUTY-16."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)

    with pytest.raises(Invalid) as refused:
        await asked(case, cast.receptionist, owner="hotel.floor")
    assert list(refused.value.fields) == ["owner"]
    await asked(case, cast.receptionist, owner="hotel.kitchen")

    assert [one.kind for one in await events.unread(cast.kitchen.id, site=cast.hotel.id)] == ["item.task-added"]


@pytest.mark.parametrize(
    "due_at", ["2026-11-22T12:00", "2026-11-22T11:59", "2025-11-22T18:00", "0001-01-01", "9999-12-31T23:59"]
)
async def test_a_time_that_has_passed_is_refused_in_words_at_its_field(cast: Cast, due_at: str) -> None:
    """A sub-task is due in the time to come, and within a year."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)

    with pytest.raises(ValidationError) as refused:
        await asked(case, cast.receptionist, due_at=due_at)

    assert [error["loc"] for error in refused.value.errors()] == [("due_at",)]
    assert await Task.count() == 0


async def test_it_ends_once_and_the_owner_is_told(cast: Cast) -> None:
    """CMP-07: fed back promptly; the words stand in the timeline."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    task = await asked(case, cast.receptionist)

    await finish(case, task, cast.kitchen, "已送到")
    with pytest.raises(Conflict):
        await finish(case, task, cast.kitchen)
    with pytest.raises(Conflict):
        await refuse(case, task, cast.manager, "没有了")

    (shown,) = await tasks.of_item(case.id, cast.manager, cast.hotel, whole=True)
    assert (shown.state, shown.ended_by, shown.open) == ("done", cast.kitchen.name, False)
    assert [one.kind for one in await events.unread(cast.receptionist.id, site=cast.hotel.id)] == ["item.task-done"]
    assert "已送到" in [one.body for one in await words.written(case.id)]


async def test_a_refusal_says_why_and_the_owner_is_told(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    task = await asked(case, cast.receptionist)

    await refuse(case, task, cast.kitchen, "水果用完了")

    assert [one.kind for one in await events.unread(cast.receptionist.id, site=cast.hotel.id)] == ["item.task-refused"]
    assert (await words.written(case.id))[-1].body == "水果用完了"


async def test_another_department_ends_nothing_but_the_named_person_and_a_manager_may(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    kitchens, mine = await asked(case, cast.receptionist), await asked(case, cast.receptionist, department="floor")

    with pytest.raises(Forbidden):
        await finish(case, kitchens, cast.floor)
    with pytest.raises(Forbidden):
        await finish(case, kitchens, cast.finance)
    other = await stories.claimed(cast.hotel, by=cast.receptionist)
    with pytest.raises(NotFound):
        await finish(other, kitchens, cast.kitchen)
    await finish(case, mine, cast.floor)
    await finish(case, kitchens, cast.manager)

    assert await tasks.still_open(case.id) == []


async def test_nothing_is_closed_over_an_open_task_and_which_it_is_is_said(cast: Cast) -> None:
    """No closing over an open one; DUTY-16."""
    case = await stories.accepted(cast.hotel, by=cast.receptionist)
    task = await asked(case, cast.receptionist)

    with pytest.raises(Conflict, match="送一份果盘"):
        await handling.close(await case.card(), site=cast.hotel, by=cast.receptionist)
    assert (await case.card()).state == "answered"
    await finish(case, task, cast.kitchen)
    await handling.close(await case.card(), site=cast.hotel, by=cast.receptionist)

    assert (await case.card()).state == "closed"


async def test_another_deed_may_leave_a_task_too_even_after_the_end(cast: Cast) -> None:
    """CMP-42: a guest who is not satisfied becomes a task for the manager."""
    case = await stories.closed(cast.hotel, by=cast.receptionist)
    due_at = clock.now() + timedelta(hours=4)

    await services.add(case.id, "客人不满意：隔音", site=cast.hotel, department=Role.MANAGER, due_at=due_at, by=None,
                       kind=TaskKind.DISSATISFIED)  # fmt: skip

    (mine,) = await tasks.waiting_for(cast.manager, cast.hotel)
    assert (mine.number, mine.kind, mine.department) == (case.number, "dissatisfied", "manager")
    row = await Task.objects().get(Task.id == mine.id)
    assert row is not None
    await finish(case, row, cast.manager)
