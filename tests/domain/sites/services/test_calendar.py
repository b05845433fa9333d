"""Two people who decide the opening times at the same instant."""

import asyncio

import pytest

from portal.domain.sites import queries, services
from portal.domain.sites.forms import OwnDays, Week
from portal.errors import Conflict
from portal.events import queries as events
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("committed")


async def test_of_two_weeks_at_the_same_instant_one_is_written_and_the_other_told(cast: Cast) -> None:
    """P06: a guard that reads first and saves later would let both through."""
    weeks = [Week.model_validate({"monday": f"9-{until}"}) for until in (12, 13)]

    found = await asyncio.gather(
        *(services.write_week(cast.hotel, week, by=cast.manager, version=1) for week in weeks), return_exceptions=True
    )

    assert [type(one) for one in found if one] == [Conflict]
    site = await queries.site("hotel")
    assert (site.version, site.edition, len(await events.timeline(site.id))) == (2, 2, 1)
    assert (await queries.calendar(site)).week in [week.times for week in weeks]


async def test_of_two_who_write_the_same_days_at_the_same_instant_both_are_heard(cast: Cast) -> None:
    """Each change makes an edition of its own, so that nothing is reckoned by an old calendar."""
    days = [OwnDays.model_validate({"from": "2026-12-24", "to": "2026-12-26", "name": name}) for name in "甲乙"]

    await asyncio.gather(*(services.write_days(cast.hotel, one, by=cast.manager) for one in days))

    site = await queries.site("hotel")
    assert (site.edition, len(await queries.special_days(site.id))) == (3, 3)
    assert len({day.name_zh for day in await queries.special_days(site.id)}) == 1
