"""Notices: hung up with numbers of the quarter before, none of which stands for fewer than five (DUTY-25, CMP-31)."""

from datetime import date
from typing import Any
from uuid import UUID

import pytest

from portal import database
from portal.domain.reports.forms.boards import Notice as NoticeForm
from portal.domain.reports.queries import boards as queries
from portal.domain.reports.queries import figures
from portal.domain.reports.rules.boards import Quarter
from portal.domain.reports.rules.ranges import RECEIVED, Range
from portal.domain.reports.services import boards, counting
from portal.domain.reports.tables import BoardState
from portal.domain.sites.tables import Site
from portal.errors import Conflict, NotFound
from portal.ids import new_id
from tests import month, stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
NOW = "2026-11-22T12:00:00+08:00"


def form(**typed: Any) -> NoticeForm:
    given = {
        "quarter": "2026Q4",
        "title_zh": "第三季度的情况",
        "body_zh": "谢谢您的意见。",
        "figures": "many in_time median subjects",
    }
    return NoticeForm.model_validate(given | typed, context={"quarters": ["2026Q4", "2027Q1"]})


async def drafted(cast: Cast, **typed: Any) -> UUID:
    identity = new_id()
    await boards.draft(cast.hotel, form(**typed), identity=identity, by=cast.manager)
    return identity


async def published(cast: Cast, **typed: Any) -> UUID:
    identity = await drafted(cast, **typed)
    notice = await queries.notice(cast.hotel, identity)
    await boards.publish(cast.hotel, notice, by=cast.manager, version=notice.version)
    return identity


async def states(site: Site) -> list[tuple[str, int]]:
    return [(one.state, one.edition) for one in reversed(await queries.notices(site))]


async def test_a_notice_keeps_the_numbers_of_the_quarter_before_as_they_were(cast: Cast, travel: Any) -> None:
    """DUTY-25: decided from the figures; what comes later does not change what hangs there."""
    travel("2026-09-30T12:00:00+08:00")
    for _number in range(6):
        await stories.filed(cast.hotel)
    await stories.filed(cast.tower)
    travel(NOW)
    await stories.filed(cast.hotel)
    await counting.catch_up()

    first = await queries.notice(cast.hotel, await published(cast))
    await database.rows("UPDATE fact SET merged = 1")

    assert first.numbers is not None
    assert (first.numbers.many, first.numbers.first, first.numbers.last) == (6, date(2026, 7, 1), date(2026, 9, 30))
    assert [many for _zh, _en, many in first.numbers.subjects] == [6]
    assert (await queries.notice(cast.hotel, first.id)).numbers == first.numbers


async def test_what_is_kept_from_somebody_is_in_no_public_number(cast: Cast, travel: Any) -> None:
    """P32."""
    travel("2026-09-30T12:00:00+08:00")
    for _number in range(5):
        await stories.filed(cast.hotel)
    kept_one = await stories.filed(cast.hotel)
    await database.rows("UPDATE work_item SET restricted = true WHERE id = {}", kept_one.id)
    travel(NOW)
    await counting.catch_up()

    notice = await queries.notice(cast.hotel, await published(cast))

    assert notice.numbers is not None
    assert notice.numbers.many == 5


async def test_a_new_edition_replaces_the_one_for_the_same_customers(cast: Cast, travel: Any) -> None:
    travel(NOW)
    first, important = await published(cast), await published(cast, tiers="important")
    again = new_id()
    await boards.edit(cast.hotel, await queries.notice(cast.hotel, first), identity=again, by=cast.manager)
    notice = await queries.notice(cast.hotel, again)
    assert (notice.state, notice.title) == (BoardState.DRAFT, "第三季度的情况")

    await boards.publish(cast.hotel, notice, by=cast.manager, version=notice.version)

    assert sorted(await states(cast.hotel)) == [("published", 1), ("published", 2), ("replaced", 1)]
    assert {one.id for one in await queries.hanging(cast.hotel, Quarter(2026, 4))} == {again, important}


async def test_nobody_writes_over_what_another_did_meanwhile(cast: Cast, travel: Any) -> None:
    travel(NOW)
    board = await drafted(cast)
    stale = await queries.notice(cast.hotel, board)
    await boards.write(cast.hotel, board, form(title_zh="改过"), by=cast.manager, version=stale.version)

    for late in (
        boards.write(cast.hotel, board, form(), by=cast.manager, version=stale.version),
        boards.publish(cast.hotel, stale, by=cast.manager, version=stale.version),
        boards.withdraw(cast.hotel, board, by=cast.manager, version=stale.version),
    ):
        with pytest.raises(Conflict):
            await late
    assert (await queries.notice(cast.hotel, board)).title == "改过"


async def test_what_was_published_is_changed_no_more_and_can_be_taken_down(cast: Cast, travel: Any) -> None:
    travel(NOW)
    board = await published(cast)
    with pytest.raises(Conflict):
        await boards.write(cast.hotel, board, form(), by=cast.manager, version=None)

    await boards.withdraw(cast.hotel, board, by=cast.manager, version=None)

    assert await queries.hanging(cast.hotel, Quarter(2026, 4)) == []
    assert await queries.quarters(cast.hotel) == []
    with pytest.raises(Conflict):
        await boards.withdraw(cast.hotel, board, by=cast.manager, version=None)
    with pytest.raises(NotFound):
        await boards.withdraw(cast.tower, board, by=cast.manager, version=None)


async def test_a_browser_counts_once_and_only_for_what_hangs_there(cast: Cast, travel: Any) -> None:
    """CMP-31: with read receipt."""
    travel(NOW)
    board, other = await published(cast), await drafted(cast)

    for reader in ("a", "a", "b"):
        await boards.read(cast.hotel, board, reader=reader)

    assert (await queries.notice(cast.hotel, board)).readings == 2
    assert await queries.read_by("a", [board, other]) == {board}
    for site, one in ((cast.tower, board), (cast.hotel, other), (cast.hotel, new_id())):
        with pytest.raises(NotFound):
            await boards.read(site, one, reader="a")


async def test_a_notice_says_what_the_report_of_its_days_says(cast: Cast, travel: Any) -> None:
    """DUTY-25: what was reopened is promised anew, on the board as in the report."""
    travel("2026-09-10T12:00:00+08:00")
    await stories.closed(cast.hotel, by=cast.receptionist)
    await stories.rejected(cast.hotel, by=cast.receptionist)
    travel(NOW)
    await month.look()
    await counting.catch_up()
    days = Range(RECEIVED, date(2026, 7, 1), date(2026, 9, 30), cast.hotel.zone, 240)

    told, found = await queries.counted(cast.hotel, days), await figures.tally(cast.manager, cast.hotel, days)

    assert (told.many, told.answers) == (found.many, found.of["resolve_own"].total()) == (2, 2)
    assert (told.due, told.in_time) == (3, found.sum["resolve_intime"])
