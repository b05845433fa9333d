"""The calendar of a site as it stands in the database, and remembered by its edition."""

import contextlib
from datetime import date

import pytest

from portal import database
from portal.domain.sites import queries, services
from portal.domain.sites.rules import calendar
from portal.domain.sites.rules.calendar import Calendar
from portal.domain.sites.tables import Hours, SpecialDay
from portal.ids import new_id
from tests.cast import Cast
from tests.ground.probes import statements


@pytest.mark.usefixtures("db")
async def test_a_site_that_wrote_down_no_hours_never_closes(cast: Cast) -> None:
    assert await queries.calendar(cast.hotel) == calendar.round_the_clock("Asia/Shanghai")


@pytest.mark.usefixtures("db")
async def test_a_calendar_is_what_was_written_down(cast: Cast) -> None:
    await Hours.insert(
        Hours(id=new_id(), site=cast.hotel.id, weekday=0, opens=810, closes=1080),
        Hours(id=new_id(), site=cast.hotel.id, weekday=0, opens=540, closes=720),
        Hours(id=new_id(), site=cast.tower.id, weekday=1, opens=0, closes=1440),
    )
    await SpecialDay.insert(
        SpecialDay(id=new_id(), site=cast.hotel.id, on=date(2026, 12, 24), name_zh="平安夜", hours="[[540, 720]]"),
        SpecialDay(id=new_id(), site=cast.tower.id, on=date(2026, 12, 25), name_zh="圣诞节", hours="[]"),
    )

    assert await queries.calendar(cast.hotel) == Calendar(
        "Asia/Shanghai", (((540, 720), (810, 1080)), *((),) * 6), "", ((date(2026, 12, 24), ((540, 720),)),)
    )


@pytest.mark.usefixtures("committed")
async def test_a_known_calendar_is_not_asked_for_again_until_the_edition_rises(cast: Cast) -> None:
    await queries.calendar(cast.hotel)

    with statements() as known:
        await queries.calendar(cast.hotel)
    cast.hotel.edition = await services.new_edition(cast.hotel)
    with statements() as risen:
        await queries.calendar(cast.hotel)

    assert known == []
    assert len(risen) == 2


@pytest.mark.usefixtures("committed")
async def test_what_a_transaction_read_before_it_failed_is_not_remembered(cast: Cast) -> None:
    with contextlib.suppress(RuntimeError):
        async with database.transaction():
            cast.hotel.edition = await services.new_edition(cast.hotel)
            await Hours.insert(Hours(id=new_id(), site=cast.hotel.id, weekday=0, opens=0, closes=60))
            assert (await queries.calendar(cast.hotel)).week[1] == ()
            raise RuntimeError

    assert (await queries.calendar(cast.hotel)).week[1] == calendar.ALL_DAY
