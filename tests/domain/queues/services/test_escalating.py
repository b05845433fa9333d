"""What people do with an escalation: take it to a superior by hand, and take notice."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import handling
from portal.domain.queues.queries import escalations, words
from portal.domain.queues.queries.escalations import Escalated
from portal.domain.queues.services import clocks, escalating, ladder
from portal.domain.queues.tables import Clock, EntryKind
from portal.errors import Conflict, Forbidden
from portal.events import queries as events
from portal.events.tables import Delivery
from tests import factories, stories
from tests.cast import Cast
from tests.stories import Case

pytestmark = pytest.mark.usefixtures("db")
Travel = Callable[[datetime], None]
NOON = datetime.fromisoformat("2026-11-22T12:00:00+08:00")
MINUTE = timedelta(minutes=1)


async def escalate(case: Case, by: Staff) -> None:
    site = await stories.anew(case.site)
    await escalating.escalate(await case.card(), DEEDS["escalation"], site=site, by=by, reason="客人要见经理")


async def acknowledge(case: Case, by: Staff, note: str = "") -> None:
    await escalating.acknowledge(await case.card(), DEEDS["acknowledgement"], site=case.site, by=by, note=note)


async def rungs(case: Case) -> list[Escalated]:
    return await escalations.of_item(case.id)


async def test_what_somebody_cannot_solve_goes_to_the_manager_with_a_reason(cast: Cast) -> None:
    """CMP-19."""
    case = await stories.triaged(cast.hotel, by=cast.receptionist)

    await escalate(case, cast.receptionist)

    assert [(one.clock, one.role, one.open) for one in await rungs(case)] == [("superior", "manager", True)]
    card = await case.card()
    assert (card.escalated, card.late, card.owner_id, card.state) == (True, False, cast.receptionist.id, "triaged")
    assert [row["recipient"] for row in await Delivery.select()] == [cast.manager.id]
    assert [one.body for one in await words.written(case.id) if one.kind == EntryKind.REASON] == ["客人要见经理"]


async def test_the_site_says_to_whom(cast: Cast) -> None:
    """X-16."""
    await stories.decided(cast.hotel, complaint__escalate_to="owner")
    case = await stories.claimed(cast.hotel, by=cast.receptionist)

    await escalate(case, cast.receptionist)

    assert [row["recipient"] for row in await Delivery.select()] == [cast.owner.id]


async def test_it_goes_further_up_until_somebody_acknowledges(cast: Cast, travel: Travel) -> None:
    """CMP-19."""
    travel(NOON)
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await escalate(case, cast.receptionist)

    for minutes in (59, 61, 900):
        travel(NOON + minutes * MINUTE)
        await ladder.climb()

    assert [one.role for one in await rungs(case)] == ["manager", "owner"]
    await acknowledge(case, cast.owner)
    assert [(one.open, one.acknowledged_by) for one in await rungs(case)] == [(False, cast.owner.name)] * 2


async def test_a_second_one_waits_until_the_first_is_acknowledged(cast: Cast) -> None:
    """CMP-19."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await escalate(case, cast.receptionist)
    with pytest.raises(Conflict, match="已经上报"):
        await escalate(case, cast.manager)

    await acknowledge(case, cast.manager)
    await escalate(case, cast.receptionist)

    assert [one.open for one in await rungs(case)] == [False, True]


async def test_it_is_the_owners_business_and_the_managers(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)

    with pytest.raises(Conflict):
        await escalate(case, cast.second)
    with pytest.raises(Forbidden):
        await escalate(case, cast.guard)
    await escalate(case, cast.manager)


async def test_the_answer_ends_what_nobody_acknowledged(cast: Cast, travel: Travel) -> None:
    travel(NOON)
    case = await stories.planned(cast.hotel, by=cast.receptionist)
    await escalate(case, cast.receptionist)

    await handling.answer(await case.card(), "已为您换房", site=cast.hotel, by=cast.receptionist)
    travel(NOON + 90 * MINUTE)
    await ladder.climb()

    assert [(one.role, one.open) for one in await rungs(case)] == [("manager", False)]
    with pytest.raises(Conflict):
        await acknowledge(case, cast.manager)


async def test_notice_is_taken_once_with_a_word_and_the_owner_of_the_item_hears_of_it(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await escalate(case, cast.receptionist)

    await acknowledge(case, cast.manager, "我五分钟后到")
    with pytest.raises(Conflict):
        await acknowledge(case, cast.manager)

    assert [one.body for one in await words.written(case.id)][-1] == "我五分钟后到"
    assert (await events.timeline(case.id))[-1].kind == "item.acknowledged"
    assert [one.kind for one in await events.unread(cast.receptionist.id, site=cast.hotel.id)] == ["item.acknowledged"]


async def test_notice_stops_no_promise(cast: Cast, travel: Travel) -> None:
    travel(NOON)
    case = await stories.filed(cast.hotel)
    travel(NOON + 31 * MINUTE)
    await clocks.look_at_clocks()

    await acknowledge(case, cast.manager)

    assert await Clock.count().where(Clock.item == case.id, Clock.stopped_at.is_null()) == 3


@pytest.mark.parametrize(("role", "who"), [(Role.MANAGER, "receptionist"), (Role.OWNER, "manager"), (Role.KITCHEN, "floor")])
async def test_notice_is_taken_by_the_role_that_was_told_or_one_above(cast: Cast, role: Role, who: str) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.escalated(case, role)

    with pytest.raises(Conflict):
        await acknowledge(case, getattr(cast, who))
    with pytest.raises(Forbidden):
        await acknowledge(case, cast.guard)
    await acknowledge(case, cast.owner)


async def test_notice_of_a_lower_rung_holds_for_those_above_it(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.escalated(case, Role.MANAGER, Role.OWNER)

    await acknowledge(case, cast.manager)

    assert [one.open for one in await rungs(case)] == [False, False]


async def test_notice_at_one_item_leaves_another_as_it_was(cast: Cast) -> None:
    first, second = [await stories.claimed(cast.hotel, by=cast.receptionist) for _twice in range(2)]
    await stories.escalated(first, Role.MANAGER)
    await stories.escalated(second, Role.MANAGER)

    await acknowledge(first, cast.manager)

    assert [one.open for one in await rungs(second)] == [True]


async def test_next_door_nobody_takes_notice(cast: Cast) -> None:
    """P32."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.escalated(case, Role.MANAGER)
    outsider = await factories.make_staff((cast.tower, Role.MANAGER))

    with pytest.raises(Forbidden):
        await acknowledge(case, outsider)
