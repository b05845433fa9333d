"""What only some kinds know: a colleague who is asked, a grumble that goes to sales before it is closed."""

from datetime import timedelta

import pytest

from portal.domain.accounts.tables import Role
from portal.domain.complaints.forms.filing import Message
from portal.domain.complaints.forms.handling import Asking
from portal.domain.complaints.services import handling, ranking
from portal.domain.queues.queries import items, people
from portal.domain.queues.queries.items import Filters
from portal.domain.queues.tables import Clock
from portal.errors import Conflict, Invalid
from portal.events.tables import Delivery
from tests import factories, stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


async def test_a_colleague_who_is_asked_is_told_and_the_guest_has_the_answer_within_half_an_hour(cast: Cast) -> None:
    """DUTY-22: one clock, whoever else is asked; only the answer stops it."""
    case = await stories.triaged(cast.hotel, by=cast.receptionist, kind="enquiry")

    for to in (cast.second, cast.manager):
        asking = Asking(to=to.username, body="泳池几点开？")
        await handling.ask_colleague(await case.card(), asking, site=cast.hotel, by=cast.receptionist)
        assert to.id in {row["recipient"] for row in await Delivery.select()}
    await handling.write_to_customer(await case.card(), Message(body="稍等"), site=cast.hotel, by=cast.receptionist)

    (clock,) = await Clock.select().where(Clock.item == case.id, Clock.kind == "colleague")
    assert (clock["due_at"] - clock["started_at"], clock["stopped_at"]) == (timedelta(minutes=30), None)
    assert (await case.card()).due_at == clock["due_at"]
    await handling.answer(await case.card(), "七点", site=cast.hotel, by=cast.receptionist)
    assert await Clock.count().where(Clock.item == case.id, Clock.stopped_at.is_null()) == 0


async def test_nobody_asks_himself_or_a_stranger_and_only_about_questions(cast: Cast) -> None:
    """DUTY-22."""
    question = await stories.triaged(cast.hotel, by=cast.receptionist, kind="recharge")
    complaint = await stories.triaged(cast.hotel, by=cast.receptionist)

    for to in (cast.receptionist, cast.guard, cast.kitchen):  # the kitchen does not see what is about the service
        with pytest.raises(Invalid):
            await handling.ask_colleague(await question.card(), Asking(to=to.username, body="?"), site=cast.hotel,
                                         by=cast.receptionist)  # fmt: skip
    with pytest.raises(Conflict):
        await handling.ask_colleague(await complaint.card(), Asking(to=cast.second.username, body="?"), site=cast.hotel,
                                     by=cast.receptionist)  # fmt: skip


async def test_a_policy_grumble_goes_to_the_head_of_sales_before_it_is_closed(cast: Cast) -> None:
    """CMP-30: answered, forwarded once, closed."""
    case = await stories.accepted(cast.hotel, by=cast.receptionist, kind="policy-grumble")
    with pytest.raises(Conflict):
        await handling.close(await case.card(), site=cast.hotel, by=cast.receptionist)

    await handling.forward(await case.card(), "没看懂政策", site=cast.hotel, by=cast.receptionist)

    assert cast.manager.id in {row["recipient"] for row in await Delivery.select()}
    with pytest.raises(Conflict):
        await handling.forward(await case.card(), "再转", site=cast.hotel, by=cast.receptionist)
    await handling.close(await case.card(), site=cast.hotel, by=cast.receptionist)


async def test_an_early_grumble_has_an_owner_and_a_due_time_and_can_be_answered_at_once(cast: Cast) -> None:
    """CMP-08."""
    case = await stories.filed(cast.hotel, kind="grumble", taken_by=cast.floor)
    card = await case.card()
    assert card.due_at > card.arrived_at

    case = await stories.triaged(cast.hotel, by=cast.receptionist, kind="grumble")
    await handling.answer(await case.card(), "已当面说明", site=cast.hotel, by=cast.receptionist)

    assert (await case.card()).owner_id == cast.receptionist.id


async def test_recharge_questions_stand_before_other_enquiries_in_the_queue(cast: Cast) -> None:
    """CMP-33: whichever came first, and also when triage finds out what it is."""
    enquiry = await stories.filed(cast.hotel, kind="enquiry", phone="13900139000")
    await ranking.rank(await enquiry.card(), "important", site=cast.hotel, by=cast.manager)
    found = await stories.claimed(cast.hotel, by=cast.receptionist, kind="enquiry")
    recharge = await stories.filed(cast.hotel, kind="recharge")

    await stories.triage(found, by=cast.receptionist, kind="recharge")

    cards, _after = await items.waiting_in(cast.manager, cast.hotel, Filters())
    numbers = [card.number for card in cards]
    assert sorted(numbers[:2]) == sorted([found.number, recharge.number])
    assert numbers[2:] == [enquiry.number]


async def test_whoever_has_two_roles_is_asked_by_either(cast: Cast) -> None:
    """DUTY-22: a cook who also serves sees what is of the floor."""
    both = await factories.make_staff((cast.hotel, Role.KITCHEN), (cast.hotel, Role.FLOOR), username="hotel.both")
    case = await stories.claimed(cast.hotel, by=cast.receptionist, kind="enquiry", category="room")

    assert both.username in await people.readers(cast.hotel, "room")
    await handling.ask_colleague(await case.card(), Asking(to=both.username, body="几点？"), site=cast.hotel,
                                 by=cast.receptionist)  # fmt: skip
