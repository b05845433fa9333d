"""The opening times of a site: written in words, refused at their weekday, and what holds from then on."""

from collections.abc import Callable
from datetime import date
from typing import Any

import httpx
import pytest

from portal.access_log import AccessEntry
from portal.domain.sites import queries
from portal.events import queries as events
from tests import stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
PAGE = "/desk/hotel/settings/calendar"
DAYS = f"{PAGE}/days"
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
OFFICE = ((540, 720), (810, 1080))
PARTY = ((1080, 1380),)


async def happened(cast: Cast) -> list[tuple[str, dict[str, object]]]:
    return [(one.kind, one.particulars) for one in await events.timeline(cast.hotel.id)]


def every(hours: str, days: tuple[str, ...] = WEEK[:4]) -> dict[str, Any]:
    """The same hours on several days."""
    return dict.fromkeys(days, hours)


async def edition() -> int:
    return (await queries.site("hotel")).edition


@pytest.mark.parametrize("who", ["manager", "admin"])
async def test_a_week_is_written_as_one_would_say_it(cast: Cast, client: httpx.AsyncClient, who: str) -> None:
    """CMP-14."""
    page = await (await stories.enter(client, getattr(cast, who))).get(PAGE)
    assert [page.form(PAGE)[day] for day in WEEK] == ["24h"] * 7

    day = "9:00-12:00，13：30至18:00"
    page = await page.submit(PAGE, **every(day), friday="22:00~06:00", saturday="", sunday="休息")

    assert (page.status, page.path) == (200, PAGE)
    shown = page.form(PAGE)
    assert [shown[day] for day in WEEK] == [*["09:00–12:00, 13:30–18:00"] * 4, "22:00–06:00", "", ""]
    assert (await queries.calendar(await queries.site("hotel"))).week == (*(OFFICE,) * 4, ((1320, 1800),), (), ())
    assert (await edition(), shown["version"]) == (2, "2")
    assert await happened(cast) == [("site.calendar-changed", {"week": True, "holidays": ""})]
    logged = await AccessEntry.select(AccessEntry.action, AccessEntry.field).where(AccessEntry.action == "settings")
    assert logged == [{"action": "settings", "field": "calendar"}]


async def test_saving_without_a_change_leaves_no_trace(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.manager)).get(PAGE)

    page = await page.submit(PAGE)

    assert (page.status, await edition(), await happened(cast)) == (200, 1, [])


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"monday": "morning", "tuesday": "25:00-26:00"}, ["monday", "tuesday"]),
        ({"wednesday": "09:00-12:00, 11:00-13:00"}, ["wednesday"]),
        ({"friday": "22:00-06:00", "saturday": "05:00-12:00"}, ["saturday"]),
        ({"monday": "05:00-12:00", "sunday": "22:00-06:00"}, ["monday"]),
        ({"monday": "09:00-09:00"}, ["monday"]),
        ({"monday": "09:00-33:01"}, ["monday"]),
        (every("", WEEK), ["monday"]),
    ],
)
async def test_what_cannot_be_is_told_at_its_weekday_and_nothing_typed_is_lost(
    cast: Cast, client: httpx.AsyncClient, typed: dict[str, Any], fields: list[str]
) -> None:
    page = await (await stories.enter(client, cast.manager)).get(PAGE)
    sent = every("", WEEK) | {"thursday": "9-17"} | typed

    page = await page.submit(PAGE, **sent, holidays="1")

    assert (page.status, list(page.errors())) == (422, fields)
    assert {day: page.form(PAGE)[day] for day in WEEK} == sent
    assert page.form(PAGE)["holidays"] == "1"
    assert (await edition(), await happened(cast)) == (1, [])
    page = await page.submit(PAGE, **every("9-17", WEEK))
    assert (page.status, await edition()) == (200, 2)


async def test_holidays_are_kept_and_shown_ahead_with_the_year_that_is_not_published(
    cast: Cast, client: httpx.AsyncClient, travel: Callable[[str], None]
) -> None:
    travel("2026-09-01T12:00+08:00")
    page = await (await stories.enter(client, cast.manager)).get(PAGE)
    assert not page.css("#coming-title")

    page = await page.submit(PAGE, **every("", WEEK[5:]), holidays="1")

    words = page.text("section[aria-labelledby=coming-title]")
    assert "2027 年的放假安排尚未公布，落在该年的到期时间为暂定。" in words
    assert "2026年10月1日（周四） – 2026年10月7日（周三） 国庆节" in words
    assert "2026年9月20日（周日） 按星期二的时间营业 调休上班" in words
    site = await queries.site("hotel")
    assert (site.holidays, site.holiday_data[:7], site.edition) == ("CN", "CN 2026", 2)
    assert (await queries.calendar(site)).hours(date(2026, 10, 1)) == ()


async def test_of_two_who_change_the_week_at_once_the_second_is_told(
    cast: Cast, clients: Callable[[], httpx.AsyncClient]
) -> None:
    """P06."""
    first = await (await stories.enter(clients(), cast.admin)).get(PAGE)
    second = await (await stories.enter(clients(), cast.manager)).get(PAGE)

    await first.submit(PAGE, monday="9-12")
    refused = await second.submit(PAGE, monday="9-13")

    assert (refused.status, refused.form(PAGE)["monday"]) == (409, "9-13")
    assert (await queries.calendar(await queries.site("hotel"))).week[0] == ((540, 720),)
    again = await refused.submit(PAGE)
    assert (again.status, again.form(PAGE)["monday"]) == (200, "09:00–13:00")


async def test_days_of_its_own_are_added_changed_and_taken_away(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.manager)).get(PAGE)

    page = await page.submit(DAYS, **typed("2026-12-24", "2026-12-26", "锅炉检修"))
    page = await page.submit(DAYS, **typed("2026-12-26", "", "年会", "18:00–23:00"))

    assert [" ".join(line.text_content().split()) for line in page.css("[data-day]")] == [
        "2026年12月24日（周四） – 2026年12月25日（周五） 锅炉检修 · 休息 删除",
        "2026年12月26日（周六） 年会 · 18:00–23:00 删除",
    ]
    calendar = await queries.calendar(await queries.site("hotel"))
    assert calendar.days == tuple((date(2026, 12, day), hours) for day, hours in ((24, ()), (25, ()), (26, PARTY)))
    page = await page.submit(f"{DAYS}/2026-12-24/removal")
    assert [line.get("data-day") for line in page.css("[data-day]")] == ["2026-12-26"]
    assert await happened(cast) == [
        ("site.calendar-changed", {"since": "2026-12-24", "until": "2026-12-26"}),
        ("site.calendar-changed", {"since": "2026-12-26", "until": "2026-12-26"}),
        ("site.calendar-changed", {"removed": "2026-12-24", "until": "2026-12-25"}),
    ]
    assert await edition() == 4


def typed(first: str, last: str, name: str, hours: str = "") -> dict[str, Any]:
    return {"from": first, "to": last, "name": name, "hours": hours}


@pytest.mark.parametrize(
    ("sent", "fields"),
    [
        (typed("2026-12-24", "2026-12-23", "年会"), ["to"]),
        (typed("2026-12-24", "2028-12-24", "年会"), ["to"]),
        (typed("2026-02-30", "", "年会"), ["from"]),
        (typed("", "", "", "9"), ["from", "name", "hours"]),
        (typed("2026-12-24", "", "年会", "9-12, 11-13"), ["hours"]),
    ],
)
async def test_days_that_cannot_be_are_told_at_their_field(
    cast: Cast, client: httpx.AsyncClient, sent: dict[str, Any], fields: list[str]
) -> None:
    page = await (await stories.enter(client, cast.manager)).get(PAGE)

    page = await page.submit(DAYS, **sent)

    assert (page.status, list(page.errors())) == (422, fields)
    assert {name: page.form(DAYS)[name] for name in sent} == sent
    assert (await edition(), await queries.special_days(cast.hotel.id)) == (1, [])


async def test_a_name_in_each_language_stands_beside_the_other(cast: Cast, client: httpx.AsyncClient) -> None:
    browser = await stories.enter(client, cast.manager)
    page = await (await browser.get(PAGE)).submit(DAYS, **typed("2026-12-24", "", "平安夜"))

    await page.submit("/language", lang="en")
    page = await (await browser.get(PAGE)).submit(DAYS, **typed("2026-12-24", "", "Christmas Eve"))

    (day,) = await queries.special_days(cast.hotel.id)
    assert (day.name_zh, day.name_en) == ("平安夜", "Christmas Eve")


@pytest.mark.parametrize("on", ["2026-12-24", "someday"])
async def test_a_day_that_is_not_there_cannot_be_taken_away(cast: Cast, client: httpx.AsyncClient, on: str) -> None:
    browser = await stories.enter(client, cast.manager)
    sent = (await browser.get(PAGE)).form(DAYS)

    page = await browser.post(f"{DAYS}/{on}/removal", {"form_token": sent["form_token"]})

    assert page.status == 404


async def test_a_manager_decides_nothing_next_door(cast: Cast, client: httpx.AsyncClient) -> None:
    """P32."""
    browser = await stories.enter(client, cast.manager)
    sent = (await browser.get(PAGE)).form(PAGE)

    page = await browser.post("/desk/tower/settings/calendar", sent | {"monday": "9-12"})

    assert page.status == 404
