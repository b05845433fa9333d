"""What is done with a visitor who is here, and what follows (VIS-13 to VIS-20, HALL-02)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from portal import clock
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.bookings.forms.after import Background, Done, FollowUp, Negotiation, Note, Papers, Satisfaction
from portal.domain.bookings.queries import briefing
from portal.domain.bookings.rules.way import DEEDS
from portal.domain.bookings.services import after
from portal.domain.bookings.services.booking import Booked
from portal.domain.bookings.services.reserving import Full
from portal.domain.bookings.tables import Booking, Satisfied, State
from portal.domain.queues.queries import items, tasks, words
from portal.domain.queues.queries.items import Card
from portal.domain.queues.queries.tasks import Ask
from portal.domain.queues.tables import EntryKind, TaskKind, WorkItem
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Forbidden, Invalid
from portal.events import queries as events
from portal.i18n import formats
from tests import receptions, stories, visits
from tests.cast import Cast

Travel = Callable[[str | datetime], None]
pytestmark = pytest.mark.usefixtures("db")


async def here(cast: Cast, *, to: State = State.ARRIVED, **typed: Any) -> tuple[Booked, Card]:
    """Somebody with a booking who has come as far as this."""
    kind = await visits.make_type(cast.hotel)
    booked = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel), **typed)
    return booked, await receptions.bring(cast.receptionist, cast.hotel, booked, to=to)


async def asked(cast: Cast, item: Card) -> list[Ask]:
    return await tasks.of_item(item.id, cast.manager, cast.hotel, whole=True)


async def said(item: Card) -> list[tuple[str, str]]:
    return [(one.kind, one.body) for one in await words.written(item.id)]


async def told(staff: Staff, site: Site) -> list[str]:
    return [one.kind for one in await events.unread(staff.id, site=site.id)]


def noted(**typed: Any) -> Note:
    return Note.model_validate(typed)


async def test_whoever_serves_has_received_the_booking_once(cast: Cast) -> None:
    """`serving` moves a booking to in-reception; served a second time, after a transfer, it stays as it is."""
    booked, _item = await here(cast)

    await after.receive(booked.item, site=cast.hotel, by=cast.receptionist)
    await after.receive(booked.item, site=cast.hotel, by=cast.second)

    row = await Booking.objects().get(Booking.id == booked.item)
    assert (await items.item_by_id(booked.item)).state == State.RECEPTION
    assert row is not None and row.received_by == cast.receptionist.id and row.received_at is not None


async def test_a_note_has_three_boxes_sealed_and_appended(cast: Cast) -> None:
    """VIS-14: needs, opinions and key facts; a later note adds to them."""
    _booked, item = await here(cast)
    await after.note(item, noted(opinions="展厅太小", facts="有三个工厂"), site=cast.hotel, by=cast.receptionist)
    await after.note(item, noted(facts="年底扩产"), site=cast.hotel, by=cast.second)

    assert await said(item) == [("opinion", "展厅太小"), ("facts", "有三个工厂"), ("facts", "年底扩产")]
    rows = await receptions.cells("entry", "body", item.id)
    assert [row for row in rows if "工厂" in row] == []


async def test_a_note_without_a_word_is_refused() -> None:
    with pytest.raises(ValueError, match="need"):
        noted()
    with pytest.raises(ValueError, match="need"):
        noted(facts="x", upward="1")


@pytest.mark.parametrize(("typed", "department"), [({}, "floor"), ({"department": "kitchen"}, "kitchen")])
async def test_a_special_need_becomes_a_task_of_the_department(cast: Cast, typed: dict[str, str], department: str) -> None:
    """VIS-13: of the one that is named, else of the one the site has decided on; due in a quarter of an hour."""
    _booked, item = await here(cast)

    await after.note(item, noted(needs="需要轮椅", **typed), site=cast.hotel, by=cast.receptionist)

    (task,) = await asked(cast, item)
    assert (task.kind, task.department, task.body, task.open) == (TaskKind.NEED, department, "需要轮椅", True)
    assert task.due_at - clock.now() <= timedelta(minutes=15)
    assert [one.id for one in await tasks.waiting_for(getattr(cast, department), cast.hotel)] == [task.id]
    assert "booking.noted" not in await told(cast.manager, cast.hotel)


async def test_a_need_goes_to_the_managers_where_nobody_works_in_the_department(cast: Cast) -> None:
    """VIS-13: in a tower nobody is floor service."""
    kind = await visits.make_type(cast.tower)
    booked = await visits.make_booking(cast.tower, kind, at=visits.on(cast.tower))
    item = await receptions.bring(cast.stranger, cast.tower, booked, to=State.ARRIVED)

    await after.note(item, noted(needs="需要翻译"), site=cast.tower, by=cast.stranger)

    (task,) = await tasks.of_item(item.id, cast.strange_manager, cast.tower, whole=True)
    assert task.department == Role.MANAGER


async def test_what_exceeds_the_desk_is_reported_upward(cast: Cast) -> None:
    """VIS-13."""
    _booked, item = await here(cast)

    await after.note(item, noted(needs="要见总经理", upward="1"), site=cast.hotel, by=cast.receptionist)

    assert "booking.noted" in await told(cast.manager, cast.hotel)


async def test_a_question_goes_to_somebody_until_a_time_and_ends_with_its_answer(cast: Cast) -> None:
    """VIS-15: owner and due date; it is not done before it says what the visitor was answered."""
    _booked, item = await here(cast)
    formats.set_zone(cast.hotel.zone)
    due_at = (clock.now() + timedelta(days=2)).replace(tzinfo=None).isoformat()
    typed = {"department": "sales", "owner": "hotel.sales", "due_at": due_at, "body": "有没有团体价？"}

    task = await after.follow_up(item, FollowUp.model_validate(typed), site=cast.hotel, by=cast.receptionist)

    (ask,) = await tasks.waiting_for(cast.sales, cast.hotel)
    assert (ask.id, ask.kind, ask.owner_name) == (task, TaskKind.QUESTION, cast.sales.name)
    with pytest.raises(ValueError, match="owner"):
        FollowUp.model_validate({**typed, "owner": ""})
    with pytest.raises(Invalid):
        await after.finish(item, DEEDS["task done"], task, Done(), site=cast.hotel, by=cast.sales)
    done = Done.model_validate({"note": "十人以上九折"})
    await after.finish(await items.item_by_id(item.id), DEEDS["task done"], task, done, site=cast.hotel, by=cast.sales)
    assert ("note", "十人以上九折") in await said(item)


async def test_a_negotiation_is_booked_for_the_same_visitor_and_linked(cast: Cast) -> None:
    """VIS-17."""
    _booked, item = await here(cast, company="海蓝科技")
    await visits.make_type(cast.hotel, code="negotiation", instant=False)

    made = await after.negotiate(item, talk(cast), site=cast.hotel, by=cast.receptionist)

    row = await Booking.objects().get(Booking.id == made.item)
    linked = await briefing.briefing(await items.item_by_id(made.item), cast.hotel)
    assert row is not None and row.follows == item.id and row.people == 2
    assert (linked.follows, linked.company, (await items.item_by_id(made.item)).state) == (
        item.number, "海蓝科技", State.REQUESTED,
    )  # fmt: skip


async def test_a_site_without_negotiations_says_so_and_a_full_time_leaves_nothing(cast: Cast) -> None:
    """VIS-17: 422 in words; 409 with nothing booked and nothing told."""
    _booked, item = await here(cast)
    with pytest.raises(Invalid):
        await after.negotiate(item, talk(cast), site=cast.hotel, by=cast.receptionist)
    kind = await visits.make_type(cast.hotel, code="negotiation", parties=1)
    await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel, 3), phone="+8613900139000")

    with pytest.raises(Full):
        await after.negotiate(item, talk(cast), site=cast.hotel, by=cast.receptionist)

    assert await Booking.count().where(Booking.follows == item.id) == 0
    assert (await items.item_by_id(item.id)).version == item.version


def talk(cast: Cast) -> Negotiation:
    formats.set_zone(cast.hotel.zone)
    return Negotiation.model_validate({"day": visits.on(cast.hotel, 3).date().isoformat(), "time": "10:00"})


@pytest.mark.parametrize("answer", list(Satisfied))
async def test_satisfaction_is_asked_and_may_be_not_given(cast: Cast, answer: Satisfied) -> None:
    """VIS-18: whoever is not satisfied is told to the managers, with a task of theirs."""
    _booked, item = await here(cast, to=State.RECEPTION)

    await after.see_off(item, Satisfaction(satisfied=answer, opinions="讲解太快"), site=cast.hotel, by=cast.receptionist)

    row = await Booking.objects().get(Booking.id == item.id)
    assert row is not None and (row.satisfied, (await items.item_by_id(item.id)).state) == (answer, State.SEEN_OFF)
    kinds = [one.kind for one in await asked(cast, item)]
    assert kinds == ([TaskKind.DISSATISFIED] if answer is Satisfied.NO else [])
    assert ("booking.dissatisfied" in await told(cast.manager, cast.hotel)) == (answer is Satisfied.NO)
    assert ("opinion", "讲解太快") in await said(item)


async def test_satisfaction_is_never_skipped(cast: Cast) -> None:
    """VIS-18, VIS-19: nothing is no answer, and a visit whose end was not asked about is not closed."""
    _booked, item = await here(cast, to=State.RECEPTION)

    with pytest.raises(ValueError, match="satisfied"):
        Satisfaction.model_validate({})
    with pytest.raises(Conflict):
        await after.summarise(item, "谈完了", site=cast.hotel, by=cast.receptionist)


async def test_an_opinion_is_fed_to_the_department_it_concerns(cast: Cast) -> None:
    """VIS-18."""
    _booked, item = await here(cast)
    form = Satisfaction(satisfied=Satisfied.PARTLY, opinions="茶凉了", department=Role.KITCHEN)

    await after.see_off(item, form, site=cast.hotel, by=cast.receptionist)

    (task,) = await tasks.waiting_for(cast.kitchen, cast.hotel)
    assert (task.kind, task.body) == (TaskKind.OPINION, "茶凉了")


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-09-16T15:00+08:00", "2026-09-19T00:00+08:00"),  # Wednesday: to the end of Friday
        ("2026-09-18T15:00+08:00", "2026-09-22T00:00+08:00"),  # Friday: Sunday the 20th is made up, then Monday
        ("2026-09-24T15:00+08:00", "2026-09-30T00:00+08:00"),  # Thursday before Mid-Autumn: Monday and Tuesday
    ],
)
async def test_the_summary_closes_the_visit_and_somebody_gets_in_touch(
    cast: Cast, travel: Travel, now: str, until: str
) -> None:
    """VIS-19, VIS-20: two working days, of which a holiday is none and a make-up day is one."""
    travel(now)
    _booked, item = await here(cast, to=State.SEEN_OFF)

    await after.summarise(item, "谈了合作", site=await holidays(cast), by=cast.receptionist)

    card = await items.item_by_id(item.id)
    (task,) = await asked(cast, item)
    assert (card.state, task.kind, task.department) == (State.SUMMARISED, TaskKind.CONTACT, Role.DESK)
    assert card.closed_at is not None
    assert task.due_at == datetime.fromisoformat(until)
    assert ("summary", "谈了合作") in await said(item)


async def holidays(cast: Cast) -> Site:
    await Site.update({Site.holidays: "CN"}).where(Site.id == cast.hotel.id)
    return await stories.anew(cast.hotel)


async def test_the_receiving_person_gets_in_touch(cast: Cast) -> None:
    """VIS-20: as long as that one is here; else the department that receives."""
    _booked, item = await here(cast, to=State.SEEN_OFF)
    await WorkItem.update({WorkItem.owner: cast.second.id}).where(WorkItem.id == item.id)

    await after.summarise(await items.item_by_id(item.id), "谈完了", site=cast.hotel, by=cast.receptionist)

    (task,) = await asked(cast, item)
    assert task.owner_name == cast.second.name


async def test_getting_in_touch_says_what_came_of_it(cast: Cast) -> None:
    """VIS-20: thanked, an opinion, a problem, another visit; the visit is closed already."""
    _booked, item = await here(cast, to=State.SUMMARISED)
    (task,) = await asked(cast, item)
    deed = DEEDS["task done"]

    with pytest.raises(Invalid):
        await after.finish(item, deed, task.id, Done(note="打过电话"), site=cast.hotel, by=cast.receptionist)
    form = Done(outcome="next-visit", note="下月再来")
    await after.finish(item, deed, task.id, form, site=cast.hotel, by=cast.receptionist)
    with pytest.raises(Conflict):
        await after.finish(await items.item_by_id(item.id), deed, task.id, form, site=cast.hotel, by=cast.second)

    contacted = [one for one in await events.timeline(item.id) if one.kind == "booking.contacted"]
    assert [one.particulars["outcome"] for one in contacted] == ["next-visit"]


async def test_papers_are_asked_for_once_and_a_second_time_with_a_reason(cast: Cast) -> None:
    """HALL-02: counted, and with its reason beside it."""
    _booked, item = await here(cast)
    await after.ask_papers(item, Papers(missing="营业执照"), site=cast.hotel, by=cast.receptionist)
    again = await items.item_by_id(item.id)

    with pytest.raises(Invalid) as refused:
        await after.ask_papers(again, Papers(missing="身份证"), site=cast.hotel, by=cast.second)
    await after.ask_papers(again, Papers(missing="身份证", reason="规定改了"), site=cast.hotel, by=cast.second)

    assert list(refused.value.fields) == ["reason"]
    assert (await briefing.briefing(item, cast.hotel)).papers_asked == 2
    assert [kind for kind, _body in await said(item)] == [EntryKind.PAPERS, EntryKind.PAPERS, EntryKind.REASON]


async def test_what_is_known_of_a_visitor_is_sealed_and_stands_on_the_card(cast: Cast) -> None:
    """VIS-10."""
    _booked, item = await here(cast, company="海蓝", position="采购")
    form = Background(company="海蓝科技", position="采购经理", background="去年考察过三家")

    await after.know(item, form, site=cast.hotel, by=cast.sales)

    card = await briefing.briefing(item, cast.hotel)
    assert (card.company, card.position, card.background) == ("海蓝科技", "采购经理", "去年考察过三家")
    assert [cell for cell in await receptions.cells("booking", "background", item.id) if "考察" in cell] == []


@pytest.mark.parametrize("role", ["floor", "kitchen", "guard", "finance", "auditor", "admin"])
async def test_who_does_not_receive_visitors_writes_nothing_of_them(cast: Cast, role: str) -> None:
    _booked, item = await here(cast)

    with pytest.raises(Forbidden):
        await after.note(item, noted(facts="x"), site=cast.hotel, by=getattr(cast, role))
