"""What complaints are promised is kept true: calendars, policies, severities and tiers change, and due times follow."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from portal.domain.complaints.forms.filing import Message
from portal.domain.complaints.forms.settings import NewPolicy
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import following, governing, handling, promising, ranking
from portal.domain.complaints.tables import Complaint
from portal.domain.queues.services import clocks, deeds, pauses
from portal.domain.queues.tables import Clock, ClockKind, Pause, PauseReason, WorkItem
from portal.domain.sites import queries as sites
from portal.domain.sites import services
from portal.domain.sites.tables import Hours, Site
from portal.events import queries as events
from portal.ids import new_id
from tests import stories
from tests.cast import Cast
from tests.stories import Case

pytestmark = pytest.mark.usefixtures("db")
Travel = Callable[[datetime], None]
MONDAY_NOON = datetime.fromisoformat("2026-11-23T12:00:00+08:00")
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def noon(travel: Travel) -> None:
    travel(MONDAY_NOON)


async def due(item: UUID) -> dict[str, timedelta]:
    """When each running clock is due, in whole minutes from Monday noon."""
    rows = await Clock.select().where(Clock.item == item, Clock.stopped_at.is_null())
    return {row["kind"]: timedelta(minutes=round((row["due_at"] - MONDAY_NOON).total_seconds() / 60)) for row in rows}


async def office_hours(site: Site) -> Site:
    """Open from nine to six with an hour for lunch, Monday to Friday."""
    for weekday in range(5):
        for opens, closes in ((540, 720), (780, 1080)):
            await Hours.insert(Hours(id=new_id(), site=site.id, weekday=weekday, opens=opens, closes=closes))
    await services.new_edition(site)
    return await sites.site(site.slug)


async def policy(cast: Cast, **typed: Any) -> Site:
    """A policy is decided; the site as it is then."""
    form = NewPolicy.model_validate({"name": "急"} | typed, context={"categories": {"service", "food"}})
    await governing.write(cast.hotel, form, identity=new_id(), new=True, by=cast.manager)
    return await sites.site("hotel")


async def anew() -> None:
    while await promising.renew_what_changed():
        pass


async def moved(case: Case) -> list[tuple[str, str]]:
    return [(one.particulars["clock"], one.particulars["why"]) for one in await events.timeline(case.id)
            if one.kind == "item.due-moved"]  # fmt: skip


async def test_a_house_with_hours_counts_only_those(cast: Cast) -> None:
    """CMP-14: half an hour at noon on Monday ends after lunch, seventy-two hours of eight a day on the second Friday."""
    case = await stories.filed(await office_hours(cast.hotel))

    assert (await due(case.id))["acknowledge"] == HOUR + 30 * MINUTE
    assert (await due(case.id))["resolve"] == timedelta(days=11)


async def test_a_calendar_that_changes_moves_what_is_open_with_old_and_new_on_record(cast: Cast) -> None:
    case, done = await stories.filed(cast.hotel), await stories.answered(cast.hotel, by=cast.receptionist)
    before = await Clock.select().where(Clock.item == done.id)
    await office_hours(cast.hotel)

    await anew()
    await anew()

    assert (await due(case.id))["resolve"] == timedelta(days=11)
    assert sorted(await moved(case)) == [("acknowledge", "calendar"), ("answer", "calendar"), ("resolve", "calendar")]
    assert (await case.card()).due_at == MONDAY_NOON + HOUR + 30 * MINUTE
    assert await Clock.select().where(Clock.item == done.id) == before
    assert await moved(done) == []


async def test_what_was_missed_stays_missed_though_it_is_due_later_now(cast: Cast, travel: Travel) -> None:
    case = await stories.filed(cast.hotel)
    travel(MONDAY_NOON + 40 * MINUTE)
    await clocks.look_at_clocks()
    await office_hours(cast.hotel)

    await anew()

    (row,) = await Clock.select().where(Clock.item == case.id, Clock.kind == "acknowledge")
    assert row["due_at"] > row["missed_at"]
    assert (await case.card()).late


async def test_a_policy_holds_for_what_it_fits_from_then_on_and_for_what_is_open(cast: Cast) -> None:
    food, service = await stories.filed(cast.hotel, category="food"), await stories.filed(cast.hotel)

    await policy(cast, categories="food", answer_minutes="20", resolve_hours="6")
    await anew()

    assert await due(food.id) == {"acknowledge": 30 * MINUTE, "answer": 20 * MINUTE, "resolve": 6 * HOUR}
    assert (await due(service.id))["resolve"] == 72 * HOUR
    late = await stories.filed(await sites.site("hotel"), category="food")
    assert (await due(late.id))["resolve"] == 6 * HOUR


async def test_a_policy_by_severity_holds_with_the_triage(cast: Cast) -> None:
    site = await policy(cast, severities="severe", answer_minutes="5", resolve_hours="2", always="1")
    case = await stories.claimed(site, by=cast.receptionist)

    await stories.triage(case, by=cast.receptionist, severity="severe")

    assert await due(case.id) == {"answer": 5 * MINUTE, "resolve": 2 * HOUR, "tracking": 24 * HOUR}
    assert ("resolve", "triage") in await moved(case)


async def test_a_policy_may_let_the_time_stand_still_in_a_state_and_leaving_it_ends_that(cast: Cast, travel: Travel) -> None:
    site = await policy(cast, kinds="complaint", resolve_hours="72", pauses_in="planned")
    case = await stories.triaged(site, by=cast.receptionist)

    await handling.plan(await case.card(), "等零件", site=site, by=cast.receptionist)

    assert (await case.card()).paused
    travel(MONDAY_NOON + 5 * HOUR)
    await stories.triage(case, by=cast.receptionist)
    assert (await case.card()).paused, "a correction does not leave the state"
    await handling.answer(await case.card(), "好了", site=site, by=cast.receptionist)
    assert not (await case.card()).paused


async def test_an_important_guest_is_answered_first_and_nobody_is_answered_later_for_it(cast: Cast) -> None:
    """CMP-15, X-17: the first answer in ten minutes, the answer when it was due."""
    case, other = await stories.filed(cast.hotel), await stories.filed(cast.hotel)
    stranger = await stories.filed(cast.hotel, phone="13900139000")

    await ranking.rank(await case.card(), "important", site=cast.hotel, by=cast.receptionist)

    for mine in (case, other):
        assert await due(mine.id) == {"acknowledge": 30 * MINUTE, "answer": 10 * MINUTE, "resolve": 72 * HOUR}
    assert (await due(stranger.id))["answer"] == 72 * HOUR
    again = await stories.filed(cast.hotel)
    assert (await due(again.id))["answer"] == 10 * MINUTE
    tiers = {row["id"]: row["tier"] for row in await WorkItem.select(WorkItem.id, WorkItem.tier)}
    assert tiers[case.id] == tiers[other.id] == tiers[again.id] == 0 < tiers[stranger.id]


async def test_a_house_that_treats_all_alike_moves_nobody_forward(cast: Cast) -> None:
    """X-17: `queue.tier_weight`."""
    case = await stories.filed(cast.hotel)
    await ranking.rank(await case.card(), "key", site=cast.hotel, by=cast.manager)
    assert (await WorkItem.select(WorkItem.tier).where(WorkItem.id == case.id).first() or {})["tier"] == 1

    await services.decide(cast.hotel, {"queue.tier_weight": "off"}, by=cast.manager, may_all=False)
    await anew()

    assert (await WorkItem.select(WorkItem.tier).where(WorkItem.id == case.id).first() or {})["tier"] == 9


async def test_a_guest_who_leaves_is_answered_before(cast: Cast) -> None:
    case = await stories.filed(cast.hotel, leaves_at="2026-11-24T11:00")
    later = await stories.claimed(cast.hotel, by=cast.receptionist)

    await stories.triage(later, by=cast.receptionist, leaves_at="2026-11-25T11:00")

    assert (await due(case.id))["leave"] == 23 * HOUR
    assert (await due(later.id))["leave"] == 47 * HOUR
    assert (await later.card()).due_at == MONDAY_NOON + 47 * HOUR


async def test_due_times_behind_unpublished_holidays_are_provisional(cast: Cast, travel: Travel) -> None:
    await Site.update({Site.holidays: "CN"}).where(Site.id == cast.hotel.id)
    site = await office_hours(cast.hotel)
    travel(datetime.fromisoformat("2034-12-31T17:00:00+08:00"))

    case = await stories.filed(site)

    rows = await Clock.select().where(Clock.item == case.id)
    assert {row["kind"] for row in rows if row["provisional"]} >= {ClockKind.RESOLVE}


async def test_what_stands_in_a_state_stands_still_when_a_policy_says_so_and_goes_on_when_it_is_gone(cast: Cast) -> None:
    case, other = await stories.triaged(cast.hotel, by=cast.receptionist), await stories.filed(cast.hotel)
    form = NewPolicy.model_validate({"name": "等", "answer_minutes": "60", "pauses_in": "triaged"},
                                    context={"categories": set()})  # fmt: skip
    law = new_id()

    await governing.write(cast.hotel, form, identity=law, new=True, by=cast.manager)
    await anew()
    assert [(await one.card()).paused for one in (case, other)] == [True, False]
    await governing.remove(await sites.site("hotel"), law, by=cast.manager)
    await anew()

    assert not (await case.card()).paused


async def test_a_pause_by_hand_outlasts_every_policy(cast: Cast) -> None:
    case = await stories.triaged(cast.hotel, by=cast.receptionist)
    await pauses.pause(await case.card(), DEEDS["pause"], site=cast.hotel, by=cast.receptionist,
                       reason=PauseReason.PARTS, body="")  # fmt: skip

    await policy(cast, answer_minutes="60", pauses_in="planned")
    await anew()

    assert (await case.card()).paused


async def test_the_tier_of_a_guest_who_is_gone_stays_what_it_was_on_what_is_closed(cast: Cast) -> None:
    """CMP-16: a new tier is for what is open, and from now on."""
    over = await stories.closed(cast.hotel, by=cast.receptionist)
    case = await stories.claimed(cast.hotel, by=cast.receptionist)

    await ranking.rank(await case.card(), "key", site=cast.hotel, by=cast.receptionist)

    tiers = {row["id"]: row["tier"] for row in await Complaint.select(Complaint.id, Complaint.tier)}
    assert (tiers[over.id], tiers[case.id]) == ("", "key")


async def test_who_does_not_leave_after_all_is_due_before_nothing(cast: Cast) -> None:
    case = await stories.filed(cast.hotel, leaves_at="2026-11-24T11:00")
    await deeds.claim(await case.card(), DEEDS["claim"], site=cast.hotel, by=cast.receptionist)
    await stories.triage(case, by=cast.receptionist)
    assert "leave" in await due(case.id)

    await stories.triage(case, by=cast.receptionist, stays=True)

    assert ("leave" in await due(case.id), (await case.card()).leaves_at) == (False, None)
    await stories.triage(case, by=cast.receptionist, leaves_at="2026-11-25T11:00")
    assert "leave" in await due(case.id)


async def test_who_leaves_after_all_is_due_before_again_though_it_was_missed_once(cast: Cast, travel: Travel) -> None:
    """What was missed stays missed."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist, leaves_at="2026-11-23T13:00")
    travel(MONDAY_NOON + 3 * HOUR)
    await clocks.look_at_clocks()
    await stories.triage(case, by=cast.receptionist, stays=True)

    await stories.triage(case, by=cast.receptionist, leaves_at="2026-11-23T20:00")

    assert (await due(case.id))["leave"] == 8 * HOUR
    (row,) = await Clock.select().where(Clock.item == case.id, Clock.kind == "leave")
    assert row["missed_at"] is not None


async def test_a_pause_for_the_guest_that_ends_gives_way_to_that_of_the_state(cast: Cast) -> None:
    await policy(cast, answer_minutes="60", pauses_in="planned")
    case = await stories.triaged(await sites.site("hotel"), by=cast.receptionist)
    await pauses.pause(await case.card(), DEEDS["pause"], site=case.site, by=cast.receptionist,
                       reason=PauseReason.CUSTOMER, body="")  # fmt: skip
    await handling.plan(await case.card(), "换房", site=case.site, by=cast.receptionist)

    await following.write(await case.card(), Message(body="好的"), site=case.site)

    going = await Pause.select().where(Pause.item == case.id, Pause.ended_at.is_null())
    assert [row["reason"] for row in going] == ["other"]
