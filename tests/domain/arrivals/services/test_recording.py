"""What a service point writes (HALL-08), and papers asked for at a counter (HALL-02)."""

import pytest

from portal.domain.accounts.tables import Role
from portal.domain.arrivals.queries import register
from portal.domain.arrivals.services import recording
from portal.domain.bookings.forms.after import Papers, Record
from portal.domain.bookings.services import after
from portal.domain.queues.queries import items, tasks, words
from portal.domain.queues.tables import TaskKind, WorkItem
from portal.errors import Conflict, Invalid
from tests import receptions, visits
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


def written(**typed: str) -> Record:
    return Record.model_validate({"greeted": "1", "need": "办理停车证", **typed})


async def test_the_record_says_need_passed_on_and_recommended_and_asks_for_the_greeting_first(cast: Cast) -> None:
    """HALL-08, VIS-22."""
    item = await receptions.make_served(cast.hotel, await visits.make_type(cast.hotel, code="counter"), by=cast.receptionist)

    form = written(department="guard", recommended="月卡，附价目表")
    await recording.record(item, form, site=cast.hotel, by=cast.receptionist)

    assert [(one.kind, one.body) for one in await words.written(item.id)] == [
        ("needs", "办理停车证"), ("recommended", "月卡，附价目表"),
    ]  # fmt: skip
    (task,) = await tasks.waiting_for(cast.guard, cast.hotel)
    assert (task.kind, task.department, task.line) == (TaskKind.NEED, Role.GUARD, "arrivals")
    with pytest.raises(ValueError, match="greeted"):
        Record.model_validate({"need": "办理停车证"})
    with pytest.raises(ValueError, match="need"):
        written(need=" ")


async def test_papers_are_asked_for_once_at_a_counter_and_again_with_a_reason(cast: Cast) -> None:
    """HALL-02."""
    item = await receptions.make_served(cast.hotel, await visits.make_type(cast.hotel, code="counter"), by=cast.receptionist)
    await recording.ask_papers(item, Papers(missing="行驶证"), site=cast.hotel, by=cast.receptionist)
    item = await items.item_by_id(item.id)

    with pytest.raises(Invalid):
        await recording.ask_papers(item, Papers(missing="合同"), site=cast.hotel, by=cast.receptionist)
    await recording.ask_papers(item, Papers(missing="合同", reason="合同到期了"), site=cast.hotel, by=cast.receptionist)

    assert (await register.service(item)).papers_asked == 2


async def test_the_case_of_somebody_with_a_booking_is_the_booking(cast: Cast) -> None:
    """HALL-02: what was asked for before the visit counts at the counter."""
    kind = await visits.make_type(cast.hotel)
    booked = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel))
    before = await items.item_by_id(booked.item)
    await after.ask_papers(before, Papers(missing="执照"), site=cast.hotel, by=cast.receptionist)
    item = await receptions.make_served(cast.hotel, kind, by=cast.receptionist, booked=booked)

    with pytest.raises(Invalid):
        await recording.ask_papers(item, Papers(missing="公章"), site=cast.hotel, by=cast.receptionist)

    assert (await register.service(item)).papers_asked == 1


async def test_who_still_waits_has_no_record(cast: Cast) -> None:
    item = await receptions.make_served(cast.hotel, await visits.make_type(cast.hotel), by=cast.receptionist)
    await WorkItem.update({WorkItem.state: "waiting"}).where(WorkItem.id == item.id)

    with pytest.raises(Conflict):
        await recording.record(item, written(), site=cast.hotel, by=cast.receptionist)
