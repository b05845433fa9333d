"""Whom a complaint is about never learns of it; a report of wrongdoing is for managers, and whoever they hand it to."""

from collections.abc import Callable
from datetime import datetime
from itertools import permutations

import pytest

from portal import clock, database
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.complaints.forms.ending import Action, Decision, Promise
from portal.domain.complaints.forms.filing import Message
from portal.domain.complaints.forms.handling import Asking, Restriction, Split
from portal.domain.complaints.queries import redress as ledger
from portal.domain.complaints.queries import staff
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import confiding, ending, handling, learning, redress, sharing
from portal.domain.queues.forms import NewTask
from portal.domain.queues.queries import items, people, words
from portal.domain.queues.queries import tasks as waiting
from portal.domain.queues.queries.items import Card, Filters
from portal.domain.queues.services import absences, clocks, deeds, escalating, tasks
from portal.domain.queues.tables import EntryKind, Named, WorkItem
from portal.errors import Conflict, Invalid, NotFound
from portal.events import queries as events
from portal.events.tables import DEAD, DESK, Delivery, Event
from portal.ids import new_id
from tests import factories, stories
from tests.cast import Cast
from tests.stories import Case

pytestmark = pytest.mark.usefixtures("db")


async def restrict(case: Case, *about: Staff, by: Staff, item: Card | None = None) -> None:
    """Say anew whom it is about."""
    names = [one.username for one in about]
    form = Restriction.model_validate({"about": " ".join(names), "reason": "客人说的"}, context={"people": names})
    await confiding.restrict(item or await case.card(), form, site=case.site, by=by)


async def sees(case: Case, who: Staff) -> bool:
    """Whether somebody finds it, alone and in the queue; both always say the same."""
    listed = [card.number for card in (await items.waiting_in(who, case.site, Filters()))[0]]
    try:
        found = (await items.item(who, case.site, case.number)).number
    except NotFound:
        found = ""
    assert (found in listed) == bool(found)
    return bool(found)


async def notices(who: Staff, case: Case) -> list[str]:
    """What somebody was told of it."""
    return [one.kind for one in await events.unread(who.id, site=case.site.id) if one.subject == case.id]


async def test_a_report_is_seen_by_managers_alone_from_its_filing(cast: Cast) -> None:
    """CMP-04, CMP-26."""
    case = await stories.filed(cast.hotel, kind="report", category="room")

    assert await sees(case, cast.manager)
    for other in (cast.receptionist, cast.floor, cast.kitchen, cast.guard, cast.finance, cast.auditor, cast.owner):
        assert not await sees(case, other), other.username
    assert await notices(cast.manager, case) == ["complaint.restricted"]


async def test_who_takes_a_report_down_sees_it_no_more(cast: Cast) -> None:
    case = await stories.filed(cast.hotel, kind="report", taken_by=cast.guard)

    assert not await sees(case, cast.guard)


async def test_whom_a_manager_hands_a_report_to_sees_and_handles_it_until_he_gives_it_back(cast: Cast) -> None:
    case = await stories.filed(cast.hotel, kind="report")
    await stories.hand_over(case, by=cast.manager, to=cast.floor)
    assert await sees(case, cast.floor)
    assert not await sees(case, cast.receptionist)

    await stories.triage(case, by=cast.floor, kind="report", category="room")
    await deeds.release(await case.card(), DEEDS["release"], site=cast.hotel, by=cast.floor, reason="下班")

    assert not await sees(case, cast.floor)
    assert await sees(case, cast.manager)


async def test_what_turns_out_to_be_a_report_is_taken_from_whoever_is_no_manager(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)

    await stories.triage(case, by=cast.receptionist, kind="report")

    assert (await case.card()).owner_id is None
    assert not await sees(case, cast.receptionist)
    assert await notices(cast.manager, case) == ["complaint.restricted"]


async def test_another_kind_does_not_open_a_report_again_but_a_manager_may(cast: Cast) -> None:
    case = await stories.filed(cast.hotel, kind="report")
    await deeds.claim(await case.card(), DEEDS["claim"], site=cast.hotel, by=cast.manager)
    with pytest.raises(Invalid):
        await restrict(case, by=cast.manager)
    await stories.triage(case, by=cast.manager, kind="complaint")
    assert not await sees(case, cast.receptionist)

    await restrict(case, by=cast.manager)

    assert await sees(case, cast.receptionist)


async def test_whom_it_is_about_loses_it_at_once_and_finds_it_nowhere(cast: Cast) -> None:
    case = await stories.triaged(cast.hotel, by=cast.receptionist)
    await deeds.hand_over(await case.card(), DEEDS["handover"], site=cast.hotel, by=cast.manager,
                          to=cast.second.username, reason="他懂空调")  # fmt: skip
    before, own = await items.counts(cast.second, cast.hotel), await items.counts(cast.receptionist, cast.hotel)
    assert (before["open"], before["mine"], await notices(cast.second, case)) == (1, 1, ["item.handed-over"])

    await restrict(case, cast.second, by=cast.manager)

    item = await case.card()
    assert (item.owner_id, item.giver_id) == (None, None)
    assert not await sees(case, cast.second)
    assert not any((await items.counts(cast.second, cast.hotel)).values())
    assert await items.numbers_for(cast.second, cast.hotel, [case.id]) == {case.id: ("", "complaints")}
    assert await notices(cast.second, case) == []
    assert await items.counts(cast.receptionist, cast.hotel) == own | {"unowned": 1}  # the others see it as ever


async def test_naming_at_intake_and_at_triage(cast: Cast) -> None:
    taken = await stories.filed(cast.hotel, taken_by=cast.guard, about=cast.receptionist.username)
    case = await stories.claimed(cast.hotel, by=cast.receptionist)

    await stories.triage(case, by=cast.receptionist, about=cast.second.username)

    assert not await sees(taken, cast.receptionist)
    assert await sees(taken, cast.second)
    assert not await sees(case, cast.second)
    assert (await case.card()).owner_id == cast.receptionist.id


async def test_a_correction_of_the_triage_takes_no_name_off(cast: Cast) -> None:
    case = await stories.triaged(cast.hotel, by=cast.receptionist)
    await restrict(case, cast.second, by=cast.receptionist)

    await stories.triage(case, by=cast.receptionist)

    assert not await sees(case, cast.second)


async def test_only_a_manager_takes_a_name_off(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await restrict(case, cast.second, by=cast.receptionist)
    await restrict(case, cast.second, cast.floor, by=cast.receptionist)
    with pytest.raises(Invalid):
        await restrict(case, cast.second, by=cast.receptionist)
    assert await Named.count() == 2

    await restrict(case, cast.floor, by=cast.manager)

    assert await sees(case, cast.second)


async def test_what_is_about_a_manager_goes_to_the_owner_who_is_a_manager_there(cast: Cast) -> None:
    other, case = await stories.filed(cast.hotel), await stories.claimed(cast.hotel, by=cast.receptionist)
    await restrict(case, cast.manager, by=cast.receptionist)
    assert not await sees(case, cast.manager)
    assert await sees(case, cast.owner)
    assert not await sees(other, cast.owner)
    assert await notices(cast.owner, case) == ["complaint.restricted"]

    await stories.triage(case, by=cast.owner)
    await handling.plan(await case.card(), "谈话", site=cast.hotel, by=cast.owner)
    await handling.answer(await case.card(), "已处理", site=cast.hotel, by=cast.owner)
    await stories.hand_over(case, by=cast.owner, to=cast.second)

    assert (await case.card()).owner_id == cast.second.id
    assert not await sees(case, cast.manager)


async def test_escalations_go_to_the_owner_where_a_manager_is_named(cast: Cast, travel: Callable[[datetime], None]) -> None:
    """P09 beside it: who hears of it, not how often."""
    case = await stories.filed(cast.hotel, kind="report")
    await deeds.claim(await case.card(), DEEDS["claim"], site=cast.hotel, by=cast.manager)
    second = await factories.make_staff((cast.hotel, Role.MANAGER), username="hotel.manager2")
    await restrict(case, cast.manager, by=second)
    await Delivery.delete().where(Delivery.channel == DESK)
    travel((await case.card()).due_at)

    await clocks.look_at_clocks()

    assert await notices(cast.owner, case) != []
    assert await notices(second, case) != []
    assert await notices(cast.manager, case) == []


async def test_it_is_not_handed_to_whom_it_is_about(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await restrict(case, cast.second, by=cast.receptionist)

    with pytest.raises(Invalid) as refused:
        await stories.hand_over(case, by=cast.receptionist, to=cast.second)

    assert list(refused.value.fields) == ["to"]


async def test_somebody_is_always_left_to_look_into_it(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)

    with pytest.raises(Invalid):
        await restrict(case, cast.manager, cast.owner, by=cast.receptionist)


async def test_a_deed_that_was_begun_before_the_naming_is_not_done_after_it(cast: Cast) -> None:
    """The guard is in the update of each deed, so that it holds whoever is faster."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    read = await case.card()
    await restrict(case, cast.manager, by=cast.receptionist)
    view = await staff.for_staff(read, cast.hotel)

    for deed in (
        deeds.note(read, DEEDS["notes"], site=cast.hotel, by=cast.manager, body="?"),
        deeds.release(read, DEEDS["release"], site=cast.hotel, by=cast.manager, reason="?"),
        handling.write_to_customer(read, Message(body="?"), site=cast.hotel, by=cast.manager),
        handling.unmask(view, "phone", site=cast.hotel, by=cast.manager, reason="?", address=""),
        restrict(case, by=cast.manager, item=read),
    ):
        with pytest.raises(NotFound):
            await deed
    with pytest.raises(Conflict):  # nobody's business but that it changed
        await deeds.note(read, DEEDS["notes"], site=cast.hotel, by=cast.receptionist, body="?")
    assert await WorkItem.count().where(WorkItem.id == case.id, WorkItem.circle == 1) == 1


async def test_the_managers_who_are_left_are_those_who_decide(cast: Cast) -> None:
    second = await factories.make_staff((cast.hotel, Role.MANAGER), username="hotel.manager2")
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    assert set(await people.leaders(case.id)) == {cast.manager.id, second.id}

    await restrict(case, cast.manager, by=cast.receptionist)

    assert set(await people.leaders(case.id)) == {second.id, cast.owner.id}


async def test_what_is_kept_from_different_people_is_not_merged(cast: Cast) -> None:
    """CMP-26: the other's words would be read by whom they are about."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    other = await stories.filed(cast.hotel)
    await restrict(case, cast.second, by=cast.receptionist)

    with pytest.raises(Invalid) as refused:
        await sharing.merge(await case.card(), other.number, site=cast.hotel, by=cast.receptionist)
    assert list(refused.value.fields) == ["into"]
    await restrict(other, cast.second, by=cast.manager)
    await sharing.merge(await case.card(), other.number, site=cast.hotel, by=cast.receptionist)

    assert (await case.card()).merged_into_id == other.id


async def test_what_was_merged_is_kept_from_whom_the_whole_is_about(cast: Cast) -> None:
    case, whole = await stories.filed(cast.hotel), await stories.filed(cast.hotel)
    await sharing.merge(await case.card(), whole.number, site=cast.hotel, by=cast.receptionist)
    await restrict(whole, cast.second, by=cast.manager)

    with pytest.raises(NotFound):
        await items.item(cast.second, cast.hotel, case.number)
    assert (await items.item(cast.receptionist, cast.hotel, case.number)).named


async def test_what_is_split_off_is_kept_from_the_same_people(cast: Cast) -> None:
    """CMP-39: the copies of the second one as well."""
    await stories.decided(cast.hotel, complaint__copy_roles="desk")
    site = await stories.anew(cast.hotel)
    case = await stories.claimed(site, by=cast.receptionist)
    await restrict(case, cast.second, by=cast.receptionist)
    said = [one.id for one in await words.written(case.id) if one.kind == EntryKind.FILING]

    form = Split.model_construct(messages=said, body="还有毛巾")
    made = await sharing.split(await case.card(), form, site=site, by=cast.receptionist, token="x")
    second = Case(site, made.item, made.number, made.token)

    assert not await sees(second, cast.second)
    assert await notices(cast.second, second) == []
    assert "complaint.filed" in await notices(cast.receptionist, second)


async def test_copies_do_not_reach_whom_it_is_about(cast: Cast) -> None:
    """CMP-20, X-16."""
    await stories.decided(cast.hotel, complaint__copy_roles="desk manager")
    site = await stories.anew(cast.hotel)
    case = await stories.filed(site, taken_by=cast.guard, about=cast.receptionist.username)

    assert await notices(cast.receptionist, case) == []
    assert await notices(cast.second, case) == ["complaint.filed"]
    report = await stories.filed(site, kind="report")
    assert await notices(cast.second, report) == []
    assert "complaint.filed" in await notices(cast.manager, report)


async def test_a_deputy_whom_it_is_about_does_not_get_it(cast: Cast) -> None:
    """DUTY-17: it goes back into the queue, and the managers know."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    open_one = await stories.claimed(cast.hotel, by=cast.receptionist)
    await restrict(case, cast.second, by=cast.receptionist)
    await stories.away(cast.receptionist, deputy=cast.second, site=cast.hotel)

    await absences.begin_due()

    assert [(await one.card()).owner_id for one in (case, open_one)] == [None, cast.second.id]
    assert "item.passed-on" in await notices(cast.manager, case)
    assert await notices(cast.second, case) == []


async def test_no_one_is_asked_about_what_is_kept_from_him(cast: Cast) -> None:
    """CMP-26, DUTY-22."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist, kind="enquiry")
    await restrict(case, cast.second, by=cast.receptionist)
    item, by = await case.card(), cast.receptionist
    asking = Asking(to=cast.second.username, body="几点？")
    action = Action.model_construct(body="培训", owner=cast.second.username, due_on=clock.today(cast.hotel.zone))
    task = NewTask.model_construct(department=Role.DESK, owner=cast.second.username, due_at=clock.now(), body="查一下")

    for asked, field in (
        (handling.ask_colleague(item, asking, site=cast.hotel, by=by), "to"),
        (learning.plan_action(item, action, site=cast.hotel, by=by), "owner"),
        (tasks.ask(item, DEEDS["tasks"], task, site=cast.hotel, by=by), "owner"),
    ):
        with pytest.raises(Invalid) as refused:
            await asked
        assert list(refused.value.fields) == [field]

    report = await stories.filed(cast.hotel, kind="report")
    with pytest.raises(Conflict):
        await tasks.ask(await report.card(), DEEDS["tasks"], task, site=cast.hotel, by=cast.manager)


async def test_neither_the_work_that_waits_nor_the_ledger_shows_it(cast: Cast) -> None:
    """CMP-26, CMP-28: not in the sums either."""
    case = await stories.planned(cast.hotel, by=cast.receptionist)
    form = Promise.model_validate({"amount": "50", "remedy": "早餐券"})
    await redress.propose(await case.card(), form, site=cast.hotel, by=cast.receptionist)
    await tasks.add(case.id, "查录像", site=cast.hotel, department=Role.DESK, due_at=clock.now(), by=None)
    assert [one.number for one in await waiting.waiting_for(cast.second, cast.hotel)] == [case.number]

    await restrict(case, cast.manager, cast.second, by=cast.receptionist)

    assert await waiting.waiting_for(cast.second, cast.hotel) == []
    assert await ledger.ledger(cast.manager, cast.hotel) == ([], "")
    assert (await ledger.totals(cast.manager, cast.hotel))["approved"] == (0, 0)
    assert (await ledger.totals(cast.finance, cast.hotel))["approved"] == (1, 5_000)


async def test_what_no_one_may_hear_of_goes_to_who_decides(cast: Cast) -> None:
    """CMP-19: a report that is escalated to a role that may not see it."""
    await stories.decided(cast.hotel, complaint__escalate_to="desk")
    site = await stories.anew(cast.hotel)
    case = await stories.filed(site, kind="report")
    await stories.hand_over(case, by=cast.manager, to=cast.floor)

    await escalating.escalate(await case.card(), DEEDS["escalation"], site=site, by=cast.floor, reason="我不敢查")

    assert "item.escalated-by-hand" in await notices(cast.manager, case)
    assert await notices(cast.receptionist, case) == []


async def test_a_department_whose_every_member_is_named_is_asked_nothing(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await restrict(case, cast.kitchen, by=cast.receptionist)
    form = NewTask.model_construct(department=Role.KITCHEN, owner="", due_at=clock.now(), body="查一下")

    with pytest.raises(Invalid) as refused:
        await tasks.ask(await case.card(), DEEDS["tasks"], form, site=cast.hotel, by=cast.receptionist)

    assert list(refused.value.fields) == ["department"]


async def test_the_timeline_says_from_whom_it_is_kept_and_when_from_nobody(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await restrict(case, cast.second, cast.guard, by=cast.receptionist)
    await restrict(case, by=cast.manager)
    report = await stories.filed(cast.hotel, kind="report")

    lines = [line.label for line in (await staff.for_staff(await case.card(), cast.hotel)).timeline]
    first = (await staff.for_staff(await report.card(), cast.hotel)).timeline[-1]

    assert lines[-1] == "不再对任何人保密"
    assert {lines[-2]} < {f"对{one}、{other}保密" for one, other in permutations((cast.guard.name, cast.second.name))}
    assert (first.label, first.who) == ("仅经理可见", "系统")


async def test_what_begins_again_goes_to_no_deputy_from_whom_it_is_kept(cast: Cast) -> None:
    """DUTY-17: nor may it sink with somebody who does not find it; who decides is told."""
    case = await stories.closed(cast.hotel, by=cast.receptionist)
    await restrict(case, cast.second, by=cast.manager)
    await stories.away(cast.receptionist, deputy=cast.second, site=cast.hotel)

    await ending.reopen(await case.card(), site=cast.hotel, by=cast.manager)

    assert (await case.card()).owner_id is None
    assert await notices(cast.second, case) == []


async def test_a_merged_one_is_restricted_where_it_goes_on(cast: Cast) -> None:
    case, whole = await stories.filed(cast.hotel), await stories.filed(cast.hotel)
    await sharing.merge(await case.card(), whole.number, site=cast.hotel, by=cast.receptionist)

    with pytest.raises(Conflict):
        await restrict(case, cast.second, by=cast.manager)


async def test_who_is_named_later_loses_what_was_split_off_and_what_it_was_split_from(cast: Cast) -> None:
    """Each names the other, and shares its words."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    form = Split.model_construct(messages=[one.id for one in await words.written(case.id)], body="还有毛巾")
    made = await sharing.split(await case.card(), form, site=cast.hotel, by=cast.receptionist, token="x")
    second = Case(cast.hotel, made.item, made.number, made.token)

    await restrict(case, cast.second, by=cast.receptionist)
    await restrict(second, cast.second, cast.floor, by=cast.manager)

    assert [await sees(one, cast.second) for one in (case, second)] == [False, False]
    assert set(await people.named_in(case.id)) == {cast.second.id, cast.floor.id}
    await restrict(second, by=cast.manager)
    assert set(await people.named_in(case.id)) == {cast.second.id, cast.floor.id}


async def test_what_was_asked_of_whom_it_is_about_is_the_departments(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await tasks.add(case.id, "查录像", site=cast.hotel, department=Role.DESK, due_at=clock.now(), by=None,
                    owner=cast.second.id)  # fmt: skip

    await restrict(case, cast.second, by=cast.receptionist)

    assert [one.number for one in await waiting.waiting_for(cast.receptionist, cast.hotel)] == [case.number]


async def test_a_letter_that_was_given_up_is_not_tried_again_for_whom_it_is_about(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    event = (await Event.select(Event.id).where(Event.subject == case.id).first() or {})["id"]
    await database.insert(Delivery, {
        "id": new_id(), "event": event, "recipient": cast.second.id, "channel": "email", "audience": "staff", "state": DEAD,
        "due_at": clock.now(), "done_at": clock.now(),
    })  # fmt: skip

    await restrict(case, cast.second, by=cast.receptionist)

    assert not await Delivery.exists().where(Delivery.recipient == cast.second.id)


async def test_whom_a_report_was_handed_to_gives_it_back_and_to_nobody_else(cast: Cast) -> None:
    """Managers decide who sees it."""
    case = await stories.filed(cast.hotel, kind="report")
    await stories.hand_over(case, by=cast.manager, to=cast.receptionist)

    with pytest.raises(Conflict):
        await stories.hand_over(case, by=cast.receptionist, to=cast.second)
    await deeds.release(await case.card(), DEEDS["release"], site=cast.hotel, by=cast.receptionist, reason="下班")


async def test_where_finance_may_not_hear_of_it_a_manager_decides_any_sum(cast: Cast) -> None:
    """CMP-29: never who proposed it."""
    case = await stories.filed(cast.hotel, kind="report")
    second = await factories.make_staff((cast.hotel, Role.MANAGER), username="hotel.manager2")
    await deeds.claim(await case.card(), DEEDS["claim"], site=cast.hotel, by=cast.manager)
    form = Promise.model_validate({"amount": "90000", "remedy": "赔偿"})
    await redress.propose(await case.card(), form, site=cast.hotel, by=cast.manager)
    yes = Decision.model_validate({"decision": "approve"})

    with pytest.raises(Invalid):
        await redress.decide(await case.card(), yes, site=cast.hotel, by=cast.manager)
    await redress.decide(await case.card(), yes, site=cast.hotel, by=second)

    assert [one.state for one in await ledger.promised(case.id)] == ["approved"]


async def test_who_reads_no_names_reads_that_it_is_kept_from_somebody(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await restrict(case, cast.second, by=cast.receptionist)

    view = await staff.for_staff(await case.card(), cast.hotel, roles=cast.finance.roles_at(cast.hotel))

    assert view.timeline[-1].label == "已对个别同事保密"
