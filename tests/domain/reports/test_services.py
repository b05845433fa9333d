"""Facts are made of what happened, at once and by nobody twice."""

from typing import Any

import pytest

from portal import database
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import handling
from portal.domain.queues.services import pauses
from portal.domain.queues.tables import PauseReason, WorkItem
from portal.domain.reports.services import counting
from portal.domain.reports.tables import Fact, Uncounted
from portal.domain.sites import queries as site_queries
from portal.domain.sites.tables import Hours
from portal.ids import new_id
from tests import month, stories
from tests.cast import Cast
from tests.ground.probes import statements
from tests.month import Travel

pytestmark = pytest.mark.usefixtures("db")


async def fact(case: stories.Case, number: int = 1) -> dict[str, Any]:
    await counting.catch_up()
    row = await Fact.select().where(Fact.item == case.id, Fact.round == number).first()
    assert row is not None
    return row


async def facts() -> list[dict[str, Any]]:
    rows = await Fact.select().order_by(Fact.item, Fact.round)
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]


async def test_what_follows_from_events_is_what_follows_from_the_items(cast: Cast, travel: Travel) -> None:
    """RPT-06: after every kind of deed the facts are those that counting everything anew would make."""
    await month.lived(cast, travel)
    await counting.catch_up()
    kept = await facts()

    await database.rows("INSERT INTO uncounted (id, subject) SELECT id, id FROM work_item RETURNING id")
    await counting.catch_up()

    assert kept == await facts()
    assert len(kept) == await WorkItem.count() + 1  # the reopened one has two rounds


async def test_nothing_is_left_to_count_afterwards(cast: Cast) -> None:
    await stories.answered(cast.hotel, by=cast.receptionist)

    await counting.catch_up()

    assert (await Uncounted.count(), await counting.catch_up()) == (0, 0)


async def test_counting_three_asks_as_often_as_counting_one(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where this process has not remembered the site's calendar yet."""
    asked = []
    for many in (1, 3):
        for _number in range(many):
            await stories.answered(cast.hotel, by=cast.receptionist)
        monkeypatch.setattr(site_queries, "_calendars", {})
        with statements() as seen:
            await counting.catch_up()
        asked.append(len(seen))

    assert asked[0] == asked[1]


async def test_what_is_no_item_leaves_no_fact(cast: Cast) -> None:
    await stories.disabled(cast.kitchen)

    await counting.catch_up()

    assert await Fact.count() == 0


async def test_a_clocks_own_time_leaves_out_pauses_and_that_of_the_wall_does_not(cast: Cast, travel: Travel) -> None:
    """RPT-06: time used."""
    travel("2026-11-10T02:00:00Z")
    case = await stories.planned(cast.hotel, by=cast.receptionist)
    travel("2026-11-10T03:00:00Z")
    await pauses.pause(await case.card(), DEEDS["pause"], site=case.site, by=cast.receptionist, reason=PauseReason.PARTS,
                       body="等零件", until=None)  # fmt: skip
    travel("2026-11-10T05:00:00Z")
    await pauses.resume(await case.card(), DEEDS["resumption"], site=case.site, by=cast.receptionist)
    travel("2026-11-10T06:00:30Z")
    await handling.answer(await case.card(), "修好了", site=case.site, by=cast.receptionist)

    row = await fact(case)

    assert (row["resolve_own"] // 60, row["resolve_wall"] // 60, row["resolve_late"]) == (120, 240, 0)
    assert (row["acknowledge_own"] // 60, row["acknowledge_wall"] // 60) == (0, 0)


async def test_only_open_time_is_a_clocks_own(cast: Cast, travel: Travel) -> None:
    travel("2026-11-10T01:30:00Z")
    await database.insert(Hours, {"id": new_id(), "site": cast.hotel.id, "weekday": 1, "opens": 600, "closes": 660})
    case = await stories.planned(await stories.anew(cast.hotel), by=cast.receptionist)
    travel("2026-11-10T06:00:30Z")
    await handling.answer(await case.card(), "修好了", site=case.site, by=cast.receptionist)

    row = await fact(case)

    assert (row["resolve_own"] // 60, row["resolve_wall"] // 60) == (60, 270)


async def test_a_running_clock_is_late_only_once_it_was_missed(cast: Cast, travel: Travel) -> None:
    travel("2026-11-10T02:00:00Z")
    case = await stories.filed(cast.hotel)
    assert (await fact(case))["acknowledge_late"] is None

    travel("2026-11-20T02:00:00Z")
    await month.look()

    row = await fact(case)
    assert (row["acknowledge_late"], row["acknowledge_own"]) == (1, None)


async def test_each_round_of_a_reopened_one_keeps_its_times(cast: Cast, travel: Travel) -> None:
    """CMP-43: the old clocks keep their outcome, and both count."""
    travel("2026-11-10T02:00:00Z")
    case = await stories.rejected(cast.hotel, by=cast.receptionist)

    first, second = await fact(case), await fact(case, 2)

    assert (first["reopened"], first["resolve_late"], second["resolve_late"]) == (1, 0, None)
    assert (second["acknowledge_own"], second["acknowledge_late"]) == (None, None)


@pytest.mark.parametrize("place", ["", "1203"])
async def test_received_and_closed_are_minutes_of_the_sites_clock(cast: Cast, travel: Travel, place: str) -> None:
    travel("2026-11-10T15:59:59Z")  # 23:59:59 in Shanghai
    case = await stories.closed(cast.hotel, by=cast.receptionist, place=place)

    row = await fact(case)

    assert row["received"] % 1440 == row["closed"] % 1440 == 23 * 60 + 59
    assert row["place"] == place
