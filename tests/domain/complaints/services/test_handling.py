"""What staff do with a complaint: each deed once, in its order, kept beside what was said before it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal import access_log, clock, ids
from portal.access_log import AccessEntry
from portal.domain.complaints.forms.filing import Message
from portal.domain.complaints.forms.handling import Triage
from portal.domain.complaints.queries import customer, staff
from portal.domain.complaints.services import following, handling, minding
from portal.domain.queues.queries import words
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.events import queries as events
from tests import stories
from tests.cast import Cast
from tests.ground.probes import Fault, failing

pytestmark = pytest.mark.usefixtures("db")
Travel = Callable[[datetime], None]


async def said(case: stories.Case, kind: str) -> list[str]:
    return [words.body for words in await words.written(case.id) if words.kind == kind]


async def test_triage_says_what_it_really_is(cast: Cast) -> None:
    """CMP-03, CMP-10."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)

    await stories.triage(
        case, by=cast.receptionist, kind="request", category="room", severity="severe", cause="堵塞", wish="换房"
    )

    card = await case.card()
    assert (card.state, card.kind, card.category_code, card.severity) == ("triaged", "request", "room", "severe")
    assert (await said(case, "cause"), await said(case, "wish")) == (["堵塞"], ["换房"])
    assert (await events.timeline(case.id))[-1].particulars == {
        "severity": "severe",
        "category": "room",
        "to_kind": "request",
    }


async def test_triage_into_the_category_of_another_site_is_refused(cast: Cast) -> None:
    """P32."""
    case = await stories.filed(cast.tower)
    form = Triage.model_validate(
        {"severity": "minor", "category": "food", "kind": "complaint", "cause": "c", "wish": "w"},
        context={"categories": {"food"}},
    )

    with pytest.raises(Invalid) as refused:
        await handling.triage(await case.card(), form, site=cast.tower, by=cast.strange_manager)

    assert list(refused.value.fields) == ["category"]


async def test_a_correction_is_shown_as_a_further_entry(cast: Cast) -> None:
    """CMP-27: history is append-only; edits are shown as edits."""
    case = await stories.planned(cast.hotel, by=cast.receptionist)
    await stories.triage(case, by=cast.receptionist, severity="minor", cause="是邻房的水管")
    await handling.plan(await case.card(), "改修邻房水管", site=cast.hotel, by=cast.receptionist)

    view = await staff.for_staff(await case.card(), cast.hotel)
    assert [one.kind for one in await events.timeline(case.id)] == [
        "complaint.filed",
        "item.claimed",
        "complaint.triaged",
        "complaint.planned",
        "complaint.retriaged",
        "complaint.replanned",
    ]
    assert await said(case, "cause") == ["冷凝管堵塞", "是邻房的水管"]
    assert await said(case, "plan") == ["今晚换房，明早维修", "改修邻房水管"]
    assert (view.cause, view.plan) == ("是邻房的水管", "改修邻房水管")
    assert (await case.card()).state == "planned"


async def test_without_a_plan_there_is_no_answer(cast: Cast) -> None:
    """CMP-13."""
    case = await stories.triaged(cast.hotel, by=cast.receptionist)

    with pytest.raises(Conflict):
        await handling.answer(await case.card(), "已换", site=cast.hotel, by=cast.receptionist)

    assert (await case.card()).state == "triaged"
    assert await said(case, "reply") == []


@pytest.mark.parametrize("kind", ["enquiry", "suggestion"])
async def test_an_enquiry_and_a_suggestion_are_answered_without_a_plan(cast: Cast, kind: str) -> None:
    """CMP-13."""
    case = await stories.triaged(cast.hotel, by=cast.receptionist, kind=kind)

    await handling.answer(await case.card(), "早餐七点", site=cast.hotel, by=cast.receptionist)

    assert (await case.view()).reply == "早餐七点"


async def test_what_became_a_complaint_meanwhile_is_not_answered_without_a_plan(cast: Cast) -> None:
    """CMP-13: decided by the row, not by what the page showed."""
    case = await stories.triaged(cast.hotel, by=cast.receptionist, kind="enquiry")
    old = await case.card()
    await stories.triage(case, by=cast.receptionist, kind="complaint")

    with pytest.raises(Conflict):
        await handling.answer(old, "七点", site=cast.hotel, by=cast.receptionist)


async def test_nobodys_complaint_is_not_planned_not_even_by_a_manager(cast: Cast) -> None:
    """CMP-12: it cannot go on without a named handler."""
    case = await stories.filed(cast.hotel)
    await stories.triage(case, by=cast.manager)

    with pytest.raises(Conflict):
        await handling.plan(await case.card(), "换房", site=cast.hotel, by=cast.manager)

    assert (await case.card()).state == "triaged"


async def test_a_deed_on_an_old_page_is_refused_and_overwrites_nothing(cast: Cast) -> None:
    """P06."""
    case = await stories.triaged(cast.hotel, by=cast.receptionist)
    seen = await case.card()
    await handling.plan(seen, "换房", site=cast.hotel, by=cast.receptionist, version=seen.version)

    with pytest.raises(Conflict):
        await handling.plan(seen, "退款", site=cast.hotel, by=cast.manager, version=seen.version)

    assert await said(case, "plan") == ["换房"]


async def test_an_answer_is_closed_after_it_was_accepted(cast: Cast) -> None:
    """CMP-38."""
    case = await stories.accepted(cast.hotel, by=cast.receptionist)
    assert (await case.card()).state == "answered"

    await handling.close(await case.card(), site=cast.hotel, by=cast.receptionist)

    card = await case.card()
    assert (card.state, card.closed_at is not None) == ("closed", True)
    assert (await events.timeline(case.id))[-1].particulars == {"accepted": True}


async def test_an_answer_is_not_closed_before_the_customer_spoke_or_a_week_went_by(cast: Cast, travel: Travel) -> None:
    """CMP-38."""
    case, start = await stories.answered(cast.hotel, by=cast.receptionist), clock.now()
    travel(start + timedelta(days=7) - timedelta(minutes=1))

    with pytest.raises(Conflict):
        await handling.close(await case.card(), site=cast.hotel, by=cast.receptionist)
    card = await case.card()
    assert (card.state, card.closed_at) == ("answered", None)

    travel(start + timedelta(days=7, minutes=1))
    await handling.close(await case.card(), site=cast.hotel, by=cast.receptionist)
    assert (await case.card()).state == "closed"
    assert (await events.timeline(case.id))[-1].particulars == {"accepted": False}


async def test_a_customer_who_writes_is_not_silent(cast: Cast, travel: Travel) -> None:
    case, start = await stories.answered(cast.hotel, by=cast.receptionist), clock.now()
    travel(start + timedelta(days=6))
    await following.write(await case.card(), Message(body="我再想想"), site=cast.hotel)

    travel(start + timedelta(days=8))
    with pytest.raises(Conflict):
        await handling.close(await case.card(), site=cast.hotel, by=cast.receptionist)


async def test_a_message_reaches_the_customer_under_role_and_surname(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)

    await handling.write_to_customer(await case.card(), Message(body="马上来"), site=cast.hotel, by=cast.receptionist)

    talk = (await case.view()).talk
    assert [(one.mine, one.body) for one in talk] == [(False, "马上来")]
    assert talk[0].author.endswith("王")
    assert cast.receptionist.name not in talk[0].author


async def test_a_look_at_a_contact_field_is_written_down_before_it_is_shown(cast: Cast) -> None:
    """P41."""
    case = await stories.filed(cast.hotel)
    view = await staff.for_staff(await case.card(), cast.hotel)

    shown = await handling.unmask(view, "phone", site=cast.hotel, by=cast.receptionist, reason="回电", address="10.0.0.1")

    rows, _after = await access_log.entries(cast.hotel.id, configuration=False)
    assert shown == "138 0013 8000"
    assert [(row["action"], row["account"], row["subject"], row["field"], row["role"], row["address"]) for row in rows] == [
        ("unmask", cast.receptionist.id, case.id, "phone", "desk", "10.0.0.1")
    ]
    assert await words.texts([rows[0]["entry"]]) == {rows[0]["entry"]: "回电"}
    assert "13800138000" not in str(rows) + str(await events.timeline(case.id))


async def test_what_cannot_be_written_down_is_not_shown(cast: Cast) -> None:
    """P41: the log fails, so nothing is unmasked."""
    case = await stories.filed(cast.hotel)
    view = await staff.for_staff(await case.card(), cast.hotel)
    asked = {"site": cast.hotel, "by": cast.receptionist, "reason": "回电", "address": ""}

    for statement in (1, 2, 3):
        with failing(statement), pytest.raises(Fault):
            await handling.unmask(view, "phone", **asked)  # type: ignore[arg-type]  # each fits its own parameter

    assert await AccessEntry.count() == 0
    assert await said(case, "reason") == []


async def test_a_new_link_kills_the_old_one(cast: Cast) -> None:
    """P35: revocable."""
    case, token = await stories.claimed(cast.hotel, by=cast.receptionist), ids.new_token()

    await handling.renew_link(await case.card(), token, site=cast.hotel, by=cast.receptionist)

    with pytest.raises(NotFound):
        await case.view()
    assert (await customer.by_token(token))[0].number == case.number
    assert token not in str(await events.timeline(case.id))


async def test_what_was_erased_gets_no_new_link(cast: Cast, travel: Travel) -> None:
    """P42."""
    case = await stories.closed(cast.hotel, by=cast.receptionist)
    travel(clock.now() + timedelta(days=181))
    await minding.erase_contacts()

    with pytest.raises(Conflict):
        await handling.renew_link(await case.card(), ids.new_token(), site=cast.hotel, by=cast.receptionist)


@pytest.mark.parametrize("who", ["floor", "kitchen", "guard", "sales", "finance", "auditor", "admin", "stranger"])
async def test_the_contact_is_not_for_every_role(cast: Cast, who: str) -> None:
    """Table 2.2, row 25; P41."""
    case = await stories.filed(cast.hotel)
    view = await staff.for_staff(await case.card(), cast.hotel)

    with pytest.raises(Forbidden):
        await handling.unmask(view, "phone", site=cast.hotel, by=getattr(cast, who), reason="好奇", address="")

    assert await AccessEntry.count() == 0
