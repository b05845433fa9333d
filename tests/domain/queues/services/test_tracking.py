"""The daily note on a severe case: when it is waited for, what begins it anew, and what ends it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from portal.domain.complaints.forms.filing import Message
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import following, handling
from portal.domain.queues.queries import escalations
from portal.domain.queues.services import clocks, deeds
from portal.domain.queues.tables import Clock, ClockKind
from tests import stories
from tests.cast import Cast
from tests.stories import Case

pytestmark = pytest.mark.usefixtures("db")
Travel = Callable[[datetime], None]
NOON = datetime.fromisoformat("2026-11-22T12:00:00+08:00")
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def noon(travel: Travel) -> None:
    """Every story here begins at noon."""
    travel(NOON)


async def dues(case: Case) -> list[tuple[int, bool]]:
    """The tracking clocks of an item: hours from noon until each is due, and whether it runs."""
    rows = await Clock.select().where(Clock.item == case.id, Clock.kind == ClockKind.TRACKING).order_by(Clock.round)
    return [(round((row["due_at"] - NOON) / HOUR), row["stopped_at"] is None) for row in rows]


async def severe(cast: Cast) -> Case:
    return await stories.triaged(cast.hotel, by=cast.receptionist, severity="severe", kind="complaint")


async def note(case: Case, cast: Cast) -> None:
    await deeds.note(await case.card(), DEEDS["notes"], site=case.site, by=cast.receptionist, body="已联系客人")


async def test_a_severe_case_waits_for_a_note_within_a_day(cast: Cast) -> None:
    """CMP-11."""
    assert await dues(await severe(cast)) == [(24, True)]
    assert await dues(await stories.triaged(cast.hotel, by=cast.receptionist)) == []


async def test_each_note_and_each_message_begins_it_anew(cast: Cast, travel: Travel) -> None:
    """CMP-11."""
    case = await severe(cast)
    travel(NOON + 20 * HOUR)
    await note(case, cast)
    travel(NOON + 30 * HOUR)
    message = Message(body="我们一直在跟进")

    await handling.write_to_customer(await case.card(), message, site=cast.hotel, by=cast.receptionist)

    assert await dues(case) == [(24, False), (44, False), (54, True)]


async def test_the_customers_own_message_is_no_note(cast: Cast) -> None:
    """CMP-11."""
    case = await severe(cast)

    await following.write(await case.card(), Message(body="还在等"), site=cast.hotel)

    assert await dues(case) == [(24, True)]


async def test_a_missing_note_makes_it_late_and_climbs_the_ladder_and_a_note_mends_it(cast: Cast, travel: Travel) -> None:
    """CMP-11."""
    case = await severe(cast)
    await Clock.update({Clock.due_at: NOON + 300 * HOUR, Clock.warn_at: NOON + 300 * HOUR}).where(
        Clock.item == case.id, Clock.kind.is_in([ClockKind.ANSWER, ClockKind.RESOLVE])
    )
    travel(NOON + 25 * HOUR)
    await clocks.look_at_clocks()
    assert (await case.card()).late
    assert [(one.clock, one.role) for one in await escalations.of_item(case.id)] == [("tracking", "manager")]

    await note(case, cast)

    assert not (await case.card()).late
    assert [one.open for one in await escalations.of_item(case.id)] == [False]


async def test_two_notes_at_once_leave_one_clock_running(cast: Cast) -> None:
    case = await severe(cast)

    await note(case, cast)
    await note(case, cast)

    assert [running for _due, running in await dues(case)] == [False, False, True]


async def test_the_answer_ends_it_and_a_rejection_begins_it_again(cast: Cast, travel: Travel) -> None:
    """CMP-11."""
    case = await stories.answered(cast.hotel, by=cast.receptionist, severity="severe")
    assert await dues(case) == [(24, False)]
    travel(NOON + 2 * HOUR)

    await following.reject(await case.card(), "没修好", site=cast.hotel)

    assert await dues(case) == [(24, False), (26, True)]


async def test_a_case_that_is_not_severe_after_all_waits_for_none(cast: Cast) -> None:
    """CMP-11."""
    case = await severe(cast)
    await stories.triage(case, by=cast.receptionist, severity="severe")
    assert await dues(case) == [(24, True)]

    await stories.triage(case, by=cast.receptionist, severity="normal")
    assert await dues(case) == [(24, False)]
    await note(case, cast)
    assert await dues(case) == [(24, False)]

    await stories.triage(case, by=cast.receptionist, severity="severe")
    assert await dues(case) == [(24, False), (24, True)]


async def test_how_often_is_the_sites_to_say(cast: Cast) -> None:
    """CMP-11."""
    await stories.decided(cast.hotel, complaint__tracking_hours=4)
    case = await stories.claimed(cast.hotel, by=cast.receptionist)

    await stories.triage(replace(case, site=await stories.anew(cast.hotel)), by=cast.receptionist, severity="severe")

    assert await dues(case) == [(4, True)]


async def test_it_is_no_promise_that_the_customer_is_told_of(cast: Cast) -> None:
    case = await stories.planned(cast.hotel, by=cast.receptionist, severity="severe")

    assert (await case.view()).promised_at == (await case.card()).arrived_at + 24 * HOUR
    await stories.decided(cast.hotel, complaint__tracking_hours=1)
    await note(case, cast)
    assert (await case.view()).promised_at == (await case.card()).arrived_at + 24 * HOUR
