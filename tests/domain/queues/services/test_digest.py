"""The daily digest: when it is made, for whom, and that nobody gets two."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.queues.queries import items
from portal.domain.queues.services import digest
from portal.domain.sites.tables import Site
from portal.events.tables import Delivery
from tests import factories, stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
Travel = Callable[[datetime], None]
MORNING = datetime.fromisoformat("2026-11-23T08:30:00+08:00")
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def early(travel: Travel) -> None:
    """Every story here begins the evening before."""
    travel(MORNING - DAY / 2)


async def told() -> set[UUID]:
    return {row["recipient"] for row in await Delivery.select(Delivery.recipient)}


async def test_at_half_past_eight_owners_of_open_items_and_managers_are_told_once(cast: Cast, travel: Travel) -> None:
    await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.filed(cast.hotel)
    await stories.closed(cast.hotel, by=cast.second)
    await Delivery.delete(force=True)
    travel(MORNING - MINUTE)
    await digest.make_due()
    assert await told() == set()

    travel(MORNING)
    for _often in range(3):
        await digest.make_due()

    assert await told() == {cast.receptionist.id, cast.manager.id}
    assert await Delivery.count() == 2


async def test_the_next_day_brings_another_and_a_clock_set_back_does_not(cast: Cast, travel: Travel) -> None:
    """P15."""
    await stories.claimed(cast.hotel, by=cast.manager)

    for at in (MORNING, MORNING - 60 * MINUTE, MORNING, MORNING + DAY, MORNING + DAY - 60 * MINUTE, MORNING + DAY):
        travel(at)
        await digest.make_due()

    assert await Delivery.count() == 2


async def test_an_outage_over_the_hour_delays_it_and_one_over_the_day_leaves_it_out(cast: Cast, travel: Travel) -> None:
    """P15."""
    await stories.claimed(cast.hotel, by=cast.manager)

    travel(MORNING + 3 * DAY + 300 * MINUTE)
    await digest.make_due()
    await digest.make_due()

    assert await Delivery.count() == 1


async def test_where_nothing_is_open_nobody_is_told_not_even_when_something_comes_later(cast: Cast, travel: Travel) -> None:
    travel(MORNING)
    await digest.make_due()
    await stories.claimed(cast.hotel, by=cast.receptionist)
    travel(MORNING + 60 * MINUTE)

    await digest.make_due()

    assert await told() == set()


async def test_the_hour_is_the_sites_and_in_its_zone(cast: Cast, travel: Travel) -> None:
    """P13."""
    far = await factories.make_site(zone="Europe/Berlin")
    await stories.filed(far, category="other")
    staff = await factories.make_staff((far, Role.MANAGER))
    await stories.decided(far, digest__at="07:15")

    travel(datetime.fromisoformat("2026-11-23T07:14:00+01:00"))
    await digest.make_due()
    assert staff.id not in await told()
    travel(datetime.fromisoformat("2026-11-23T07:15:00+01:00"))
    await digest.make_due()

    assert staff.id in await told()


async def test_one_site_tells_nobody_of_another(cast: Cast, travel: Travel) -> None:
    """P32."""
    await stories.claimed(cast.tower, by=cast.stranger)
    travel(MORNING)

    await digest.make_due()

    assert await told() == {cast.stranger.id, cast.strange_manager.id}


async def test_it_shows_ones_own_oldest_and_a_manager_those_of_the_house(cast: Cast, travel: Travel) -> None:
    async def numbers(staff: Staff, site: Site) -> list[str]:
        return [card.number for card in await items.oldest(staff, site, most=3)]

    first = await stories.filed(cast.hotel)
    mine = [await stories.claimed(cast.hotel, by=cast.receptionist) for _four in range(4)]
    await stories.closed(cast.hotel, by=cast.receptionist)

    assert await numbers(cast.receptionist, cast.hotel) == [one.number for one in mine[:3]]
    assert await numbers(cast.manager, cast.hotel) == [first.number, *(one.number for one in mine[:2])]
    assert await numbers(cast.second, cast.hotel) == []
