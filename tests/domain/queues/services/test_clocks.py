"""The clocks of an item: when they run out, what stops them, and that each is marked once whoever looks."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from portal import clock
from portal.domain.complaints.forms.filing import Message
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import following, handling, promising
from portal.domain.queues.services import clocks, deeds, pauses
from portal.domain.queues.tables import Clock, Escalation, PauseReason
from portal.domain.sites import services
from portal.events import queries as events
from portal.events.tables import Delivery
from tests import stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
Travel = Callable[[datetime], None]
NOON = datetime.fromisoformat("2026-11-22T12:00:00+08:00")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def noon(travel: Travel) -> None:
    """Every story here begins at noon."""
    travel(NOON)


async def standing(item: UUID) -> dict[tuple[str, int], dict[str, timedelta | None]]:
    """Each clock by kind and round: its instants, counted from noon."""
    rows = await Clock.select().where(Clock.item == item)
    instants = ("started_at", "warn_at", "due_at", "warned_at", "missed_at", "stopped_at")
    return {(row["kind"], row["round"]): {name: _since_noon(row[name]) for name in instants} for row in rows}


def _since_noon(at: datetime | None) -> timedelta | None:
    """To the second: the portal's clock goes on while a test runs."""
    return None if at is None else timedelta(seconds=round((at - NOON).total_seconds() / 10) * 10)


async def kinds(item: UUID) -> list[str]:
    return [one.kind for one in await events.timeline(item)]


async def test_filing_starts_half_an_hour_and_three_days(cast: Cast) -> None:
    """CMP-12, CMP-14."""
    case = await stories.filed(cast.hotel)

    found = await standing(case.id)
    assert {key: one["due_at"] for key, one in found.items()} == {
        ("acknowledge", 1): 30 * MINUTE, ("answer", 1): 72 * HOUR, ("resolve", 1): 72 * HOUR,
    }  # fmt: skip
    assert {key: one["warn_at"] for key, one in found.items()} == {
        ("acknowledge", 1): 24 * MINUTE, ("answer", 1): 57.6 * HOUR, ("resolve", 1): 57.6 * HOUR,
    }  # fmt: skip
    assert _since_noon((await case.card()).due_at) == 30 * MINUTE


async def test_a_request_is_to_be_done_within_a_day(cast: Cast) -> None:
    """CMP-05, CMP-14."""
    case = await stories.filed(cast.hotel, kind="request")

    assert (await standing(case.id))["resolve", 1]["due_at"] == 24 * HOUR


async def test_the_first_claim_acknowledges(cast: Cast, travel: Travel) -> None:
    """CMP-12."""
    case = await stories.filed(cast.hotel)
    travel(NOON + 10 * MINUTE)

    await deeds.claim(await case.card(), DEEDS["claim"], site=cast.hotel, by=cast.receptionist)

    found = await standing(case.id)
    assert found["acknowledge", 1]["stopped_at"] == 10 * MINUTE
    assert found["resolve", 1]["stopped_at"] is None
    assert _since_noon((await case.card()).due_at) == 72 * HOUR


async def test_a_message_to_the_customer_acknowledges_what_nobody_claimed(cast: Cast, travel: Travel) -> None:
    case = await stories.filed(cast.hotel)
    travel(NOON + 10 * MINUTE)

    await handling.write_to_customer(await case.card(), Message(body="马上来"), site=cast.hotel, by=cast.manager)

    assert (await standing(case.id))["acknowledge", 1]["stopped_at"] == 10 * MINUTE


async def test_the_customers_own_message_acknowledges_nothing(cast: Cast) -> None:
    case = await stories.filed(cast.hotel)

    await following.write(await case.card(), Message(body="还在等"), site=cast.hotel)

    assert (await standing(case.id))["acknowledge", 1]["stopped_at"] is None


async def test_the_answer_stops_the_clock_and_the_silence_begins(cast: Cast) -> None:
    case = await stories.answered(cast.hotel, by=cast.receptionist)

    assert (await standing(case.id))["resolve", 1]["stopped_at"] is not None
    assert _since_noon((await case.card()).due_at) == timedelta(days=7)


@pytest.mark.parametrize(("severity", "hours"), [("severe", 24), ("normal", 72), ("minor", 72)])
async def test_severity_is_counted_from_the_filing_not_from_the_triage(
    cast: Cast, travel: Travel, severity: str, hours: int
) -> None:
    """CMP-14."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    travel(NOON + 5 * HOUR)

    await stories.triage(case, by=cast.receptionist, severity=severity)

    assert (await standing(case.id))["resolve", 1]["due_at"] == hours * HOUR


async def test_a_case_that_turns_severe_too_late_is_late_at_once(cast: Cast, travel: Travel) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    travel(NOON + 30 * HOUR)

    await stories.triage(case, by=cast.receptionist, severity="severe")
    await clocks.look_at_clocks()

    assert (await case.card()).late


async def test_a_case_that_turns_severe_is_marked_again_as_due_soon(cast: Cast, travel: Travel) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    travel(NOON + 20 * HOUR)
    await clocks.look_at_clocks()
    assert not (await case.card()).soon

    await stories.triage(case, by=cast.receptionist, severity="severe")
    await clocks.look_at_clocks()

    assert (await case.card()).soon


async def test_at_four_fifths_of_its_time_it_is_marked_once(cast: Cast, travel: Travel) -> None:
    case = await stories.filed(cast.hotel)
    travel(NOON + 23 * MINUTE)
    await clocks.look_at_clocks()
    assert not (await case.card()).soon

    travel(NOON + 25 * MINUTE)
    looked = [await clocks.look_at_clocks() for _twice in range(2)]

    card = await case.card()
    assert (card.soon, card.late, card.escalated) == (True, False, False)
    assert looked == [1, 0]
    assert await kinds(case.id) == ["complaint.filed", "item.due-soon"]


async def test_at_the_deadline_it_is_late_and_goes_to_the_managers_exactly_once(cast: Cast, travel: Travel) -> None:
    """CMP-14."""
    case = await stories.filed(cast.hotel)
    travel(NOON + 31 * MINUTE)

    for _often in range(3):
        await clocks.look_at_clocks()

    card = await case.card()
    assert (card.late, card.escalated) == (True, True)
    assert await kinds(case.id) == ["complaint.filed", "item.due-soon", "item.escalated"]
    assert [row["level"] for row in await Escalation.select()] == [1]
    assert [row["recipient"] for row in await Delivery.select()] == [cast.manager.id]


async def test_only_the_managers_of_its_own_site_are_told(cast: Cast, travel: Travel) -> None:
    """P32."""
    await stories.filed(cast.tower)
    travel(NOON + 31 * MINUTE)

    await clocks.look_at_clocks()

    told = await Delivery.select(Delivery.recipient).where(Delivery.event.kind == "item.escalated")
    assert [row["recipient"] for row in told] == [cast.strange_manager.id]


async def test_a_claim_mends_what_was_late_for_want_of_one_and_the_miss_stays_on_record(cast: Cast, travel: Travel) -> None:
    case = await stories.filed(cast.hotel)
    travel(NOON + 31 * MINUTE)
    await clocks.look_at_clocks()

    await deeds.claim(await case.card(), DEEDS["claim"], site=cast.hotel, by=cast.receptionist)
    await clocks.look_at_clocks()

    card = await case.card()
    assert (card.late, card.soon, card.escalated) == (False, False, True)
    assert (await standing(case.id))["acknowledge", 1]["missed_at"] == 31 * MINUTE


async def test_a_claim_does_not_mend_a_late_answer(cast: Cast, travel: Travel) -> None:
    case = await stories.filed(cast.hotel)
    travel(NOON + 73 * HOUR)
    await clocks.look_at_clocks()

    await deeds.claim(await case.card(), DEEDS["claim"], site=cast.hotel, by=cast.receptionist)

    assert (await case.card()).late


async def test_a_missed_deadline_stays_missed_when_the_case_turns_out_minor(cast: Cast, travel: Travel) -> None:
    case = await stories.triaged(cast.hotel, by=cast.receptionist, severity="severe")
    travel(NOON + 25 * HOUR)
    await clocks.look_at_clocks()

    await stories.triage(case, by=cast.receptionist, severity="minor")

    assert (await standing(case.id))["resolve", 1]["missed_at"] == 25 * HOUR


async def test_what_was_answered_in_time_is_never_late(cast: Cast, travel: Travel) -> None:
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    travel(NOON + 100 * HOUR)

    assert await clocks.look_at_clocks() == 0
    assert not (await case.card()).late


async def test_a_rejection_starts_the_answer_clock_afresh_in_round_two(cast: Cast, travel: Travel) -> None:
    case = await stories.answered(cast.hotel, by=cast.receptionist, kind="request")
    travel(NOON + 50 * HOUR)

    await following.reject(await case.card(), "毛巾还是没来", site=cast.hotel)

    found = await standing(case.id)
    assert found["resolve", 2]["started_at"] == 50 * HOUR
    assert found["resolve", 2]["due_at"] == 74 * HOUR
    assert sorted(found) == [("acknowledge", 1), ("answer", 1), ("resolve", 1), ("resolve", 2)]


async def test_severity_after_a_rejection_is_counted_from_the_rejection(cast: Cast, travel: Travel) -> None:
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    travel(NOON + 50 * HOUR)
    await following.reject(await case.card(), "没修好", site=cast.hotel)

    await stories.triage(case, by=cast.manager, severity="severe")

    assert (await standing(case.id))["resolve", 2]["due_at"] == 74 * HOUR


async def test_each_round_escalates_once(cast: Cast, travel: Travel) -> None:
    """P09: exactly one escalation for each item, clock, round and level."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.triage(case, by=cast.receptionist)
    travel(NOON + 73 * HOUR)
    await clocks.look_at_clocks()
    await handling.plan(await case.card(), "换房", site=cast.hotel, by=cast.receptionist)
    await handling.answer(await case.card(), "已换", site=cast.hotel, by=cast.receptionist)
    await following.reject(await case.card(), "没换", site=cast.hotel)

    travel(clock.now() + 73 * HOUR)
    await clocks.look_at_clocks()
    await clocks.look_at_clocks()

    escalated = [one.particulars for one in await events.timeline(case.id) if one.kind == "item.escalated"]
    assert sorted((one["clock"], one["round"]) for one in escalated) == [("answer", 1), ("resolve", 1), ("resolve", 2)]


async def test_many_that_are_due_at_once_are_each_marked_once(cast: Cast, travel: Travel) -> None:
    cases = [await stories.filed(cast.hotel) for _number in range(5)]
    travel(NOON + 31 * MINUTE)

    while await clocks.look_at_clocks(most=2):
        pass

    assert await Escalation.count() == 5
    assert {(await case.card()).late for case in cases} == {True}


async def test_a_running_clock_is_waited_for_before_one_that_stands_still(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist, leaves_at=(clock.now() + 216 * HOUR).isoformat())

    await pauses.pause(await case.card(), DEEDS["pause"], site=cast.hotel, by=cast.receptionist,
                       reason=PauseReason.PARTS, body="")  # fmt: skip

    (leave,) = await Clock.select().where(Clock.item == case.id, Clock.kind == "leave")
    assert (await case.card()).due_at == leave["due_at"]


async def test_who_is_due_later_now_is_not_marked_as_due_soon_any_more(cast: Cast, travel: Travel) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    (row,) = await Clock.select().where(Clock.item == case.id, Clock.kind == "resolve")
    travel(row["warn_at"])
    await clocks.look_at_clocks()
    assert (await case.card()).soon
    await stories.decided(cast.hotel, complaint__resolve_hours=240, complaint__answer_hours=240)
    await services.new_edition(cast.hotel)

    while await promising.renew_what_changed():
        pass

    assert not (await case.card()).soon
