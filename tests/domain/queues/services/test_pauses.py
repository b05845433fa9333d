"""Waiting for somebody else: what stands still, what does not, and how the due time moves."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from portal.domain.complaints.forms.filing import Message
from portal.domain.complaints.queries import staff
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import following, handling
from portal.domain.queues.queries import clocks as explained
from portal.domain.queues.services import clocks, pauses
from portal.domain.queues.tables import Clock, Pause, PauseReason
from portal.errors import Conflict
from portal.events import queries as events
from tests import stories
from tests.cast import Cast
from tests.stories import Case

pytestmark = pytest.mark.usefixtures("db")
Travel = Callable[[datetime], None]
NOON = datetime.fromisoformat("2026-11-22T12:00:00+08:00")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def noon(travel: Travel) -> None:
    travel(NOON)


async def paused(cast: Cast, reason: PauseReason = PauseReason.CUSTOMER, until: datetime | None = None) -> Case:
    """Claimed and triaged at noon, and paused at once."""
    case = await stories.triaged(cast.hotel, by=cast.receptionist)
    await pauses.pause(await case.card(), DEEDS["pause"], site=cast.hotel, by=cast.receptionist, reason=reason,
                       body="等客人回复", until=until)  # fmt: skip
    return case


async def due(item: UUID) -> dict[str, timedelta]:
    """When each running clock is due, in whole minutes from noon."""
    rows = await Clock.select().where(Clock.item == item, Clock.stopped_at.is_null())
    return {row["kind"]: timedelta(minutes=round((row["due_at"] - NOON).total_seconds() / 60)) for row in rows}


async def test_a_pause_moves_the_first_answer_and_the_answer_by_its_length(cast: Cast, travel: Travel) -> None:
    case = await paused(cast)
    travel(NOON + 5 * HOUR)

    await pauses.resume(await case.card(), DEEDS["resumption"], site=cast.hotel, by=cast.receptionist)

    assert await due(case.id) == {"answer": 77 * HOUR, "resolve": 77 * HOUR}
    moved = [one.particulars for one in await events.timeline(case.id) if one.kind == "item.due-moved"]
    assert [(one["clock"], one["why"]) for one in moved] == [("answer", "pause"), ("resolve", "pause")]
    assert not (await case.card()).paused


async def test_what_stands_still_is_neither_marked_nor_missed(cast: Cast, travel: Travel) -> None:
    case = await paused(cast)
    travel(NOON + 100 * HOUR)

    assert await clocks.look_at_clocks() == 0
    assert not (await case.card()).late


async def test_taking_it_up_and_a_guest_who_leaves_wait_for_nobody(cast: Cast, travel: Travel) -> None:
    case = await stories.filed(cast.hotel, leaves_at="2026-11-22T20:00")
    await pauses.pause(await case.card(), DEEDS["pause"], site=cast.hotel, by=cast.manager, reason=PauseReason.PARTS,
                       body="")  # fmt: skip
    travel(NOON + 9 * HOUR)

    await clocks.look_at_clocks()

    missed = await Clock.select(Clock.kind).where(Clock.item == case.id, Clock.missed_at.is_not_null())
    assert sorted(row["kind"] for row in missed) == ["acknowledge", "leave"]


async def test_the_customers_message_ends_a_pause_for_the_customer_alone(cast: Cast, travel: Travel) -> None:
    asked, parts = await paused(cast), await paused(cast, PauseReason.PARTS)
    travel(NOON + HOUR)

    for case in (asked, parts):
        await following.write(await case.card(), Message(body="可以"), site=cast.hotel)

    assert (await asked.card()).paused is False
    assert await due(asked.id) == {"answer": 73 * HOUR, "resolve": 73 * HOUR}
    assert (await parts.card()).paused is True


async def test_a_pause_until_an_instant_ends_by_itself_once(cast: Cast, travel: Travel) -> None:
    case = await paused(cast, until=NOON + 2 * HOUR)
    travel(NOON + 3 * HOUR)

    await pauses.look()
    await pauses.look()

    assert [one.kind for one in await events.timeline(case.id)].count("item.resumed") == 1
    assert not (await case.card()).paused


async def test_there_is_one_pause_at_a_time_and_none_to_end_twice(cast: Cast) -> None:
    case = await paused(cast)

    with pytest.raises(Conflict):
        await pauses.pause(await case.card(), DEEDS["pause"], site=cast.hotel, by=cast.receptionist,
                           reason=PauseReason.PARTS, body="")  # fmt: skip
    await pauses.resume(await case.card(), DEEDS["resumption"], site=cast.hotel, by=cast.receptionist)
    with pytest.raises(Conflict):
        await pauses.resume(await case.card(), DEEDS["resumption"], site=cast.hotel, by=cast.receptionist)

    assert await Pause.count().where(Pause.item == case.id) == 1


async def test_the_answer_ends_a_pause(cast: Cast) -> None:
    case = await paused(cast)
    await handling.plan(await case.card(), "换房", site=cast.hotel, by=cast.receptionist)

    await handling.answer(await case.card(), "已换", site=cast.hotel, by=cast.receptionist)

    assert not (await case.card()).paused
    assert await due(case.id) == {}


async def test_two_pauses_and_the_time_between_them_sum_to_the_figure(cast: Cast, travel: Travel) -> None:
    case = await paused(cast)
    travel(NOON + HOUR)
    await pauses.resume(await case.card(), DEEDS["resumption"], site=cast.hotel, by=cast.receptionist)
    travel(NOON + 10 * HOUR)
    await pauses.pause(await case.card(), DEEDS["pause"], site=cast.hotel, by=cast.receptionist,
                       reason=PauseReason.PARTS, body="等零件")  # fmt: skip
    travel(NOON + 14 * HOUR)
    await pauses.resume(await case.card(), DEEDS["resumption"], site=cast.hotel, by=cast.manager)

    account = next(one for one in await explained.explanations(await case.card(), cast.hotel) if one.kind == "resolve")

    assert await due(case.id) == {"answer": 77 * HOUR, "resolve": 77 * HOUR}
    assert account.sum == account.promised == 72 * HOUR
    assert [stop.reason for stop in account.stops] == ["customer", "parts"]
    assert [(stop.began_by, stop.ended_by) for stop in account.stops] == [
        (cast.receptionist.name, cast.receptionist.name), (cast.receptionist.name, cast.manager.name),
    ]  # fmt: skip
    assert len(account.counted) == 3


async def test_a_first_word_of_a_person_stops_the_first_answer_and_a_claim_does_not(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    assert sorted(await due(case.id)) == ["answer", "resolve"]

    await handling.write_to_customer(await case.card(), Message(body="马上到"), site=cast.hotel, by=cast.receptionist)

    assert sorted(await due(case.id)) == ["resolve"]


async def test_what_was_first_answered_in_a_pause_does_not_stand_still_for_ever(cast: Cast) -> None:
    """The clock stopped in the pause; `/clock` and the page say that it is over."""
    case = await paused(cast, PauseReason.PARTS)
    await handling.write_to_customer(await case.card(), Message(body="等配件"), site=cast.hotel, by=cast.receptionist)
    await pauses.resume(await case.card(), DEEDS["resumption"], site=cast.hotel, by=cast.receptionist)

    told = {one.kind: one.paused for one in await explained.explanations(await case.card(), cast.hotel)}
    shown = {one.kind: one.paused for one in (await staff.for_staff(await case.card(), cast.hotel)).clocks}

    assert told["answer"] is False
    assert shown == told
