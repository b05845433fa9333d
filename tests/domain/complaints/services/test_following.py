"""What a customer does by the link: writes, accepts for good, rejects for a manager, rates once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal import clock
from portal.domain.complaints.forms.filing import Message, Rating
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import following, handling
from portal.domain.complaints.tables import Complaint
from portal.domain.queues.services import deeds
from portal.domain.queues.tables import Clock
from portal.errors import Conflict
from portal.events import queries as events
from tests import stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
Travel = Callable[[datetime], None]


async def told(cast: Cast) -> dict[str, list[str]]:
    """The kinds of event that the manager, the owner and a colleague were told of, oldest first."""
    people = {"manager": cast.manager, "owner": cast.receptionist, "colleague": cast.second}
    return {
        name: [one.kind for one in reversed(await events.unread(staff.id, site=cast.hotel.id))]
        for name, staff in people.items()
    }


async def test_the_customer_sees_the_answer(cast: Cast) -> None:
    """CMP-38."""
    case = await stories.answered(cast.hotel, by=cast.receptionist)

    view = await case.view()
    assert (view.state, view.reply) == ("answered", "已为您换到 1301 房")
    assert (view.can_accept, view.can_reject, view.can_rate) == (True, True, False)


async def test_acceptance_is_final(cast: Cast) -> None:
    case = await stories.accepted(cast.hotel, by=cast.receptionist)

    view = await case.view()
    assert (view.state, view.accepted, view.can_accept, view.can_reject) == ("answered", True, False, False)
    with pytest.raises(Conflict):
        await following.accept(await case.card(), site=cast.hotel)
    with pytest.raises(Conflict):
        await following.reject(await case.card(), "反悔了", site=cast.hotel)
    card = await case.card()
    assert (card.state, card.owner, card.round) == ("answered", "hotel.desk", 1)


async def test_a_rejection_goes_back_to_triage_without_an_owner_for_managers_alone(cast: Cast) -> None:
    case = await stories.rejected(cast.hotel, by=cast.receptionist)

    card = await case.card()
    assert (card.state, card.owner_id, card.managers_only, card.round, card.reopened) == ("triaged", None, True, 2, True)
    with pytest.raises(Conflict):
        await deeds.claim(card, DEEDS["claim"], site=cast.hotel, by=cast.second)
    await deeds.claim(card, DEEDS["claim"], site=cast.hotel, by=cast.manager)
    assert (await case.card()).owner == "hotel.manager"


async def test_a_manager_may_also_assign_what_was_rejected(cast: Cast) -> None:
    case = await stories.rejected(cast.hotel, by=cast.receptionist)

    await stories.hand_over(case, by=cast.manager, to=cast.second)

    assert (await case.card()).owner == "hotel.desk2"


async def test_rejections_are_counted_and_the_managers_told(cast: Cast) -> None:
    case = await stories.rejected(cast.hotel, by=cast.receptionist)

    assert (await case.view()).rejected_count == 1
    assert await told(cast) == {"manager": ["complaint.rejected"], "owner": [], "colleague": []}


async def test_a_rejected_answer_is_gone_from_its_place_but_not_from_the_talk(cast: Cast) -> None:
    """CMP-27."""
    case = await stories.rejected(cast.hotel, by=cast.receptionist)

    view = await case.view()
    assert view.reply == ""
    assert [(one.mine, one.body) for one in view.talk] == [(False, "已为您换到 1301 房"), (True, "地毯还是湿的")]


async def test_an_answer_can_be_rejected_again_and_accepted_at_last(cast: Cast) -> None:
    case = await stories.rejected(cast.hotel, by=cast.receptionist)
    for _round in range(2):
        await deeds.claim(await case.card(), DEEDS["claim"], site=cast.hotel, by=cast.manager)
        await handling.plan(await case.card(), "换地毯", site=cast.hotel, by=cast.manager)
        await handling.answer(await case.card(), "地毯已换", site=cast.hotel, by=cast.manager)
        if (await case.card()).round == 2:
            await following.reject(await case.card(), "颜色不对", site=cast.hotel)

    await following.accept(await case.card(), site=cast.hotel)

    view = await case.view()
    assert (view.accepted, view.rejected_count, (await case.card()).round) == (True, 2, 3)


async def test_two_rejections_of_one_answer_are_one(cast: Cast) -> None:
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    seen = await case.card()
    await following.reject(seen, "没修好", site=cast.hotel)

    with pytest.raises(Conflict):
        await following.reject(seen, "没修好", site=cast.hotel)

    assert ((await case.view()).rejected_count, (await case.card()).round) == (1, 2)


async def test_the_owner_hears_of_a_message_an_acceptance_and_a_rating(cast: Cast) -> None:
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    await following.write(await case.card(), Message(body="谢谢"), site=cast.hotel)
    await following.accept(await case.card(), site=cast.hotel)
    await handling.close(await case.card(), site=cast.hotel, by=cast.receptionist)
    await following.rate(await case.card(), Rating(score=5), site=cast.hotel)

    assert await told(cast) == {
        "manager": [], "owner": ["complaint.wrote", "complaint.accepted", "complaint.rated"], "colleague": [],
    }  # fmt: skip


async def test_a_rating_is_given_once(cast: Cast) -> None:
    case = await stories.closed(cast.hotel, by=cast.receptionist)
    await following.rate(await case.card(), Rating(score=4, comment="还可以"), site=cast.hotel)

    with pytest.raises(Conflict):
        await following.rate(await case.card(), Rating(score=1), site=cast.hotel)

    view = await case.view()
    assert (view.rating, view.comment, view.can_rate) == (4, "还可以", False)
    assert (await events.timeline(case.id))[-1].particulars == {"score": 4}


async def test_a_word_after_the_end_reaches_the_owner_and_starts_no_clock(cast: Cast) -> None:
    case = await stories.closed(cast.hotel, by=cast.receptionist)

    await following.write(await case.card(), Message(body="谢谢"), site=cast.hotel)

    assert [one.body for one in (await case.view()).talk if one.mine] == ["谢谢"]
    assert await Clock.count().where(Clock.item == case.id, Clock.stopped_at.is_null()) == 0
    assert sorted((await told(cast))["owner"]) == ["complaint.accepted", "complaint.wrote"]
    assert (await case.card()).state == "closed"


async def test_of_an_acceptance_and_a_rejection_that_cross_the_first_counts(cast: Cast) -> None:
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    seen = await case.card()
    await following.accept(seen, site=cast.hotel)

    with pytest.raises(Conflict):
        await following.reject(seen, "没修好", site=cast.hotel)

    row = await Complaint.select(Complaint.rejections, Complaint.answered_at).where(Complaint.id == case.id).first()
    assert row is not None
    assert (row["rejections"], row["answered_at"] is not None) == (0, True)


async def test_a_word_after_the_answer_moves_what_the_queue_says_it_waits_for(cast: Cast, travel: Travel) -> None:
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    later = clock.now() + timedelta(days=2)
    travel(later)

    await following.write(await case.card(), Message(body="还有一件事"), site=cast.hotel)

    assert (await case.card()).due_at - later - timedelta(days=7) < timedelta(minutes=1)


async def test_who_takes_a_rejected_case_over_answers_it_and_it_is_anybodys_again(cast: Cast) -> None:
    case = await stories.rejected(cast.hotel, by=cast.receptionist)
    await deeds.claim(await case.card(), DEEDS["claim"], site=cast.hotel, by=cast.manager)
    await handling.plan(await case.card(), "换房", site=cast.hotel, by=cast.manager)

    await handling.answer(await case.card(), "已换", site=cast.hotel, by=cast.manager)

    assert not (await case.card()).managers_only
