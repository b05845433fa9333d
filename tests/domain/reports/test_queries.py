"""Figures of a range, and the records behind them."""

from dataclasses import asdict
from datetime import date
from uuid import UUID

import pytest

from portal import database
from portal.domain.accounts.queries import Staff
from portal.domain.reports.queries import figures, records
from portal.domain.reports.rules.ranges import CLOSED, RECEIVED, Range
from portal.domain.reports.rules.tally import MEASURES, Tally
from portal.domain.reports.services import counting
from tests import month, stories
from tests.cast import Cast
from tests.month import Travel

pytestmark = pytest.mark.usefixtures("db")


def november(by: str = RECEIVED, first: date = date(2026, 11, 1)) -> Range:
    return Range(by, first, date(2026, 11, 30), "Asia/Shanghai", 240)


def rated(found: Tally) -> int:
    return sum(points * many for points, many in found.of["rating"].items())


@pytest.mark.parametrize("who", ["manager", "auditor", "finance", "owner"])
@pytest.mark.parametrize("by", [RECEIVED, CLOSED])
async def test_what_is_counted_is_what_is_listed(cast: Cast, travel: Travel, who: str, by: str) -> None:
    """CMP-43: figures and records are the same complaints, for everybody who reads them."""
    await month.lived(cast, travel)
    await counting.catch_up()
    staff: Staff = getattr(cast, who)

    found = await figures.tally(staff, cast.hotel, november(by))
    listed = [one async for one in records.every(staff, cast.hotel, november(by), {})]
    totals = await records.totals(staff, cast.hotel, november(by), {})

    assert found.many == len(listed) == totals.many
    assert {name: found.sum[name] for name in MEASURES if name != "reopened"} | {"rating": rated(found)} == totals.sums
    assert found.by("category").total() == found.of["half"].total() == found.many


async def test_a_range_of_many_months_is_counted_as_one(cast: Cast, travel: Travel) -> None:
    await month.lived(cast, travel)
    await counting.catch_up()

    whole = await figures.tally(cast.auditor, cast.hotel, november(first=date(2025, 12, 3)))
    part = await figures.tally(cast.auditor, cast.hotel, november())

    assert whole.many == part.many > 0
    assert (whole.of, whole.sum) == (part.of, part.sum)
    assert whole.others == part.others


async def test_what_is_kept_from_somebody_is_not_counted_for_the_public(cast: Cast, travel: Travel) -> None:
    """P32: whoever sees all of a site counts it, and everybody else the rest."""
    lived = await month.lived(cast, travel)
    await counting.catch_up()
    await database.rows("UPDATE fact SET kept = 0")
    whole = await figures.tally(cast.manager, cast.hotel, november())
    assert await figures.public(cast.hotel, november()) == whole

    await database.rows("UPDATE fact SET kept = 1 WHERE item = {}", lived["answered"].id)

    assert (await figures.tally(cast.manager, cast.hotel, november())).many == whole.many
    assert (await figures.public(cast.hotel, november())).many == whole.many - 1


async def test_the_answer_took_as_long_as_it_did(cast: Cast, travel: Travel) -> None:
    """RPT-06: time used."""
    lived = await month.lived(cast, travel)
    await counting.catch_up()

    listed = [one async for one in records.every(cast.auditor, cast.hotel, november(), {"took": "resolve"})]
    minutes = {one.number: one.measured["resolve_own"] // 60 for one in listed}

    assert minutes[lived["answered"].number] == 210
    assert lived["late"].number not in minutes


async def test_nobody_is_named_in_a_record(cast: Cast) -> None:
    """P40: a record is a number and what is measured of it."""
    await stories.answered(cast.hotel, by=cast.receptionist, name="张小龙", phone="13800138000")
    await counting.catch_up()

    listed = [one async for one in records.every(cast.auditor, cast.hotel, november(), {})]

    said = str([asdict(one) for one in listed])
    assert len(listed) == 1
    assert not any(word in said for word in ("张", "13800138000", stories.BODY))


async def test_the_days_before_are_counted_by_themselves(cast: Cast, travel: Travel) -> None:
    await month.at_the_edges(cast, travel)
    await counting.catch_up()
    days = Range(RECEIVED, date(2026, 11, 10), date(2026, 11, 11), "Asia/Shanghai", 240)

    before = await figures.before(cast.manager, cast.hotel, days)

    assert (before.many, before.due, before.share) == (1, 0, None)
    assert await figures.oldest(cast.hotel) == date(2026, 11, 9)
    assert await figures.oldest(cast.tower) is None


async def test_before_is_what_was_told_of_those_days_then(cast: Cast, travel: Travel) -> None:
    """CMP-43: what was reopened is promised anew, and counts again whenever one looks."""
    await month.lived(cast, travel)
    await counting.catch_up()
    december = Range(RECEIVED, date(2026, 12, 1), date(2026, 12, 30), "Asia/Shanghai", 240)

    found = await figures.tally(cast.auditor, cast.hotel, november())
    before = await figures.before(cast.auditor, cast.hotel, december)

    done, late = found.sum["resolve_intime"], found.sum["resolve_late"]
    assert (before.many, before.due, before.in_time) == (found.many, done + late, done)


async def test_what_is_measured_of_the_whole_is_not_summed_by_rounds(cast: Cast, travel: Travel) -> None:
    """CMP-43: a compensation is paid once, however often its complaint was answered."""
    await month.lived(cast, travel)
    await counting.catch_up()

    rounds = await records.totals(cast.auditor, cast.hotel, november(), {"due": "resolve"})
    whole = await records.totals(cast.auditor, cast.hotel, november(), {"compensated": "1"})

    assert rounds.many > 0
    assert (rounds.sums["fen"], whole.sums["fen"]) == (0, 12_000)


async def test_a_cursor_that_is_none_is_harmless(cast: Cast) -> None:
    await stories.filed(cast.hotel)
    await counting.catch_up()

    for after in (f"999999999999999.{UUID(int=0)}", f"-99999999999.{UUID(int=0)}", "x.y", "."):
        await records.page(cast.auditor, cast.hotel, november(), {}, after=after)
