"""The ladder: who is told when nobody takes notice, rung by rung, each of them once."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal import clock
from portal.domain.accounts.tables import Role
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.queues.queries import escalations, items
from portal.domain.queues.services import clocks, deeds, escalating, ladder
from portal.domain.queues.tables import Escalation
from portal.domain.sites import queries as sites
from portal.errors import NotFound
from portal.events import queries as events
from portal.events.tables import Delivery
from tests import factories, stories
from tests.cast import Cast
from tests.stories import Case

pytestmark = pytest.mark.usefixtures("db")
Travel = Callable[[datetime], None]
NOON = datetime.fromisoformat("2026-11-22T12:00:00+08:00")
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture(autouse=True)
def noon(travel: Travel) -> None:
    """Every story here begins at noon."""
    travel(NOON)


async def looked(travel: Travel, at: datetime) -> None:
    """The worker looks at an instant, and again."""
    travel(at)
    for _twice in range(2):
        await clocks.look_at_clocks()
        await ladder.climb()


async def told(case: Case) -> list[tuple[int, str]]:
    """Level and role of each rung that was told, in order."""
    return [(one.level, one.role) for one in await escalations.of_item(case.id)]


async def test_the_managers_are_told_at_once_and_the_owner_an_hour_later(cast: Cast, travel: Travel) -> None:
    """P09: each rung once."""
    case = await stories.filed(cast.hotel)

    await looked(travel, NOON + 31 * MINUTE)
    assert await told(case) == [(1, "manager")]
    await looked(travel, NOON + 90 * MINUTE)
    assert await told(case) == [(1, "manager")]
    await looked(travel, NOON + 92 * MINUTE)
    await looked(travel, NOON + 9 * HOUR)

    assert await told(case) == [(1, "manager"), (2, "owner")]
    assert {row["recipient"] for row in await Delivery.select()} == {cast.manager.id, cast.owner.id}
    happened = [one for one in await events.timeline(case.id) if one.kind == "item.escalated"]
    assert [(one.particulars["level"], one.particulars["role"]) for one in happened] == [(1, "manager"), (2, "owner")]


async def test_the_ladder_is_the_sites_own(cast: Cast, travel: Travel) -> None:
    await stories.decided(cast.hotel, complaint__ladder="desk, floor 10, manager 20")
    case = await stories.filed(cast.hotel)

    for minutes in (31, 42, 63):
        await looked(travel, NOON + minutes * MINUTE)

    assert await told(case) == [(1, "desk"), (2, "floor"), (3, "manager")]


async def test_who_acknowledges_ends_the_ladder_and_no_clock(cast: Cast, travel: Travel) -> None:
    case = await stories.filed(cast.hotel)
    await looked(travel, NOON + 31 * MINUTE)

    await escalating.acknowledge(await case.card(), DEEDS["acknowledgement"], site=cast.hotel, by=cast.manager)
    await looked(travel, NOON + 9 * HOUR)

    (one,) = await escalations.of_item(case.id)
    assert (one.open, one.acknowledged_by, one.next_at) == (False, cast.manager.name, None)
    assert (await case.card()).late


async def test_a_clock_that_stops_ends_its_ladder(cast: Cast, travel: Travel) -> None:
    case = await stories.filed(cast.hotel)
    await looked(travel, NOON + 31 * MINUTE)

    await deeds.claim(await case.card(), DEEDS["claim"], site=cast.hotel, by=cast.receptionist)
    await looked(travel, NOON + 9 * HOUR)

    assert await told(case) == [(1, "manager")]
    assert await Escalation.count().where(Escalation.next_at.is_not_null()) == 0


async def test_a_rung_that_nobody_stands_on_tells_the_managers(cast: Cast, travel: Travel) -> None:
    await stories.decided(cast.tower, complaint__ladder="kitchen")
    await stories.filed(cast.tower)

    await looked(travel, NOON + 31 * MINUTE)

    told = await Delivery.select().where(Delivery.event.kind == "item.escalated")
    assert [row["recipient"] for row in told] == [cast.strange_manager.id]


async def test_a_ladder_that_was_shortened_ends_where_it_stands(cast: Cast, travel: Travel) -> None:
    case = await stories.filed(cast.hotel)
    await looked(travel, NOON + 31 * MINUTE)
    await stories.decided(cast.hotel, complaint__ladder="manager")

    await looked(travel, NOON + 9 * HOUR)

    assert await told(case) == [(1, "manager")]


async def test_a_clock_set_back_and_forth_tells_nobody_twice(cast: Cast, travel: Travel) -> None:
    """P15."""
    case = await stories.filed(cast.hotel)
    for minutes in (31, -29, 31, 92, 32, 93, 300, 240):
        await looked(travel, NOON + minutes * MINUTE)

    assert await told(case) == [(1, "manager"), (2, "owner")]
    assert await Delivery.count() == 2


async def test_a_long_pause_skips_no_rung(cast: Cast, travel: Travel) -> None:
    """P15: a worker that stood still for three days tells one rung after the other."""
    await stories.decided(cast.hotel, complaint__ladder="desk, floor 10, manager 20", complaint__resolve_hours=2000,
                          complaint__answer_hours=2000)  # fmt: skip
    case = await stories.filed(await stories.anew(cast.hotel))

    await looked(travel, NOON + 72 * HOUR)
    assert await told(case) == [(1, "desk")]
    await looked(travel, clock.now() + 72 * HOUR)
    await looked(travel, clock.now() + 72 * HOUR)

    assert await told(case) == [(1, "desk"), (2, "floor"), (3, "manager")]


async def test_an_owner_sees_what_was_escalated_to_him_and_nothing_else(cast: Cast, travel: Travel) -> None:
    """CMP-26."""
    case, other = await stories.filed(cast.hotel), await stories.filed(cast.hotel)
    await looked(travel, NOON + 31 * MINUTE)
    await escalating.acknowledge(await other.card(), DEEDS["acknowledgement"], site=cast.hotel, by=cast.manager)
    with pytest.raises(NotFound):
        await items.item(cast.owner, cast.hotel, case.number)

    await looked(travel, NOON + 92 * MINUTE)

    assert (await items.item(cast.owner, cast.hotel, case.number)).number == case.number
    with pytest.raises(NotFound):
        await items.item(cast.owner, cast.hotel, other.number)
    assert (await items.counts(cast.owner, cast.hotel))["open"] == 1
    assert (await items.counts(cast.owner, cast.tower))["open"] == 0


async def test_a_unit_sees_what_was_escalated_to_it_though_it_is_not_its_subject(cast: Cast, travel: Travel) -> None:
    await stories.decided(cast.hotel, complaint__ladder="kitchen")
    case = await stories.filed(cast.hotel, category="room")

    await looked(travel, NOON + 31 * MINUTE)

    assert (await items.item(cast.kitchen, cast.hotel, case.number)).number == case.number


async def test_somebody_who_may_no_longer_sign_in_is_not_told(cast: Cast, travel: Travel) -> None:
    await stories.decided(cast.hotel, complaint__ladder="desk")
    account = await factories.make_staff((cast.hotel, Role.DESK))
    await stories.disabled(account)
    await stories.filed(cast.hotel)

    await looked(travel, NOON + 31 * MINUTE)

    assert {row["recipient"] for row in await Delivery.select()} == {cast.receptionist.id, cast.second.id}


async def test_the_ladder_of_a_site_is_read_as_it_is_written(cast: Cast) -> None:
    site = await sites.site_by_id(cast.hotel.id)

    assert site.slug == "hotel"
    with pytest.raises(NotFound):
        await sites.site_by_id(cast.manager.id)


async def test_where_a_role_has_nobody_the_managers_are_told_and_take_notice(cast: Cast) -> None:
    """CMP-19: nothing waits for somebody who is not there."""
    await stories.decided(cast.tower, complaint__escalate_to="kitchen")
    site = await stories.anew(cast.tower)
    case = await stories.claimed(site, by=cast.strange_manager)
    await escalating.escalate(await case.card(), DEEDS["escalation"], site=site, by=cast.strange_manager, reason="急")

    await escalating.acknowledge(await case.card(), DEEDS["acknowledgement"], site=site, by=cast.strange_manager)

    assert [(one.role, one.open) for one in await escalations.of_item(case.id)] == [(Role.MANAGER, False)]
