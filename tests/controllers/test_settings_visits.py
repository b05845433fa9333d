"""The pages on which a site decides what can be booked (VIS-03, VIS-27, VIS-28, VIS-31, HALL-02)."""

from typing import Any

import httpx
import pytest

from portal.domain.bookings.queries import offering
from portal.domain.bookings.rules import asking
from portal.domain.sites import queries as sites
from portal.domain.sites.forms import WEEKDAYS
from tests import stories, visits
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
BASE = "/desk/hotel/settings"
VISITS, TOUR = f"{BASE}/visits", f"{BASE}/visits/tour"
NEW: dict[str, Any] = {"code": "tour", "name_zh": "参观", "name_en": "Tour"}


async def test_a_kind_of_visit_is_offered_with_its_hours_and_fields(cast: Cast, client: httpx.AsyncClient) -> None:
    """HALL-02: all papers at once; VIS-31: the role that must receive."""
    page = await (await stories.enter(client, cast.manager)).get(f"{VISITS}/new")

    page = await page.submit(VISITS, **NEW, role="sales", papers_zh="身份证\n预约单", fee="88.50", lead_minutes="30")
    assert (page.status, page.path) == (200, TOUR)
    assert "尚未设置时间" in page.text()
    page = await page.submit(f"{TOUR}/hours", monday="9-12, 13:30-18", holidays="1")
    assert page.form(f"{TOUR}/hours")["monday"] == "09:00–12:00, 13:30–18:00"

    kind = await offering.visit_type(cast.hotel, "tour")
    assert (kind.role, kind.papers, kind.fee, kind.lead_minutes, kind.holidays) == (
        "sales",
        ["身份证", "预约单"],
        8850,
        30,
        False,
    )
    assert (await offering.week(kind))[0] == ((540, 720), (810, 1080))
    assert page.form(TOUR)["fee"] == "88.50"


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        ({"minutes": "0", "parties": "x", "fee": "-1"}, ["minutes", "parties", "fee"]),
        ({"instant": "1"}, ["role", "place"]),
        ({"instant": "1", "role": "desk", "place": "nowhere"}, ["place"]),
        ({"people": "5", "most": "6"}, ["most"]),
        ({"code": "Ab c", "letter": "7"}, ["code", "letter"]),
        ({"code": "new"}, ["code"]),
    ],
)
async def test_what_cannot_be_is_told_at_its_field_and_nothing_typed_is_lost(
    cast: Cast, client: httpx.AsyncClient, typed: dict[str, Any], fields: list[str]
) -> None:
    """X-44: one that confirms by itself names its standing place and its role."""
    page = await (await stories.enter(client, cast.manager)).get(f"{VISITS}/new")

    page = await page.submit(VISITS, **NEW | typed)

    assert (page.status, list(page.errors())) == (422, fields)
    assert {name: page.form(VISITS).get(name) for name in typed} == typed


async def test_a_letter_and_a_code_belong_to_one_kind(cast: Cast, client: httpx.AsyncClient) -> None:
    await visits.make_type(cast.hotel)
    page = await (await stories.enter(client, cast.manager)).get(f"{VISITS}/new")

    page = await page.submit(VISITS, **NEW | {"code": "viewing", "letter": "t"})
    assert (page.status, list(page.errors())) == (422, ["letter"])
    page = await page.submit(VISITS, code="tour", letter="")
    assert (page.status, list(page.errors())) == (422, ["code"])


async def test_a_change_that_touches_visits_lists_them_before_it_is_saved(cast: Cast, client: httpx.AsyncClient) -> None:
    """VIS-25: none is dropped, and whoever goes on has seen each of them; P40: 李先生, and no phone."""
    house = cast.hotel
    kind = await visits.make_type(house, instant=False)
    booked = await visits.make_booking(house, kind, at=visits.on(house), people=3)
    page = await (await stories.enter(client, cast.manager)).get(TOUR)

    page = await page.submit(TOUR, most="2", notes_zh="请走东门\n勿停车")
    assert page.status == 409
    assert [line.get("data-number") for line in page.css("[data-number]")] == [booked.number]
    words = page.text("[data-number]")
    assert "李先生" in words
    assert "人数超过每批上限" in words
    assert "李雷" not in page.response.text
    assert "13800138000" not in page.response.text
    assert (await offering.visit_type(house, "tour")).most == 10

    page = await page.submit(TOUR)
    assert (page.status, page.path) == (200, TOUR)
    saved = await offering.visit_type(house, "tour")
    assert (saved.most, saved.notes_zh.split()) == (2, ["请走东门", "勿停车"])
    assert [one.number for one in (await offering.standing([kind.id]))[kind.id]] == [booked.number]


@pytest.mark.parametrize("where", ["hours", "days", "blackouts", "calendar"])
async def test_whatever_is_changed_the_list_comes_first(cast: Cast, client: httpx.AsyncClient, where: str) -> None:
    house, at = cast.hotel, visits.on(cast.hotel)
    kind = await visits.make_type(house, instant=False)
    booked = await visits.make_booking(house, kind, at=at)
    day = at.date().isoformat()
    doors: dict[str, tuple[str, str, dict[str, Any]]] = {
        "hours": (TOUR, f"{TOUR}/hours", dict.fromkeys(list(WEEKDAYS), "14-18")),
        "days": (TOUR, f"{TOUR}/days", {"from": day}),
        "blackouts": (f"{BASE}/blackouts", f"{BASE}/blackouts", {"from": day, "from_time": "10:30", "to_time": "11:00"}),
        "calendar": (f"{BASE}/calendar", f"{BASE}/calendar/days", {"from": day, "name": "停电"}),
    }  # fmt: skip
    browser = await stories.enter(client, cast.manager)
    address, action, typed = doors[where]

    page = await (await browser.get(address)).submit(action, **typed)
    assert (page.status, [line.get("data-number") for line in page.css("[data-number]")]) == (409, [booked.number])
    page = await page.submit(action)
    assert (page.status, page.path) == (200, address)
    assert not page.css("[data-number]")


async def test_fields_are_asked_under_a_condition_and_keep_their_keys(cast: Cast, client: httpx.AsyncClient) -> None:
    """VIS-10."""
    await visits.make_type(cast.hotel)
    asks = f"{TOUR}/asks"
    page = await (await stories.enter(client, cast.manager)).get(asks)

    typed: dict[str, Any] = {"zh_0": "怎么来", "en_0": "How?", "kind_0": "choice", "options_0": "大巴, Coach\n自驾，Car"}
    page = await page.submit(asks, **typed, required_0="1", zh_1="单位")
    page = await page.submit(asks, zh_2="车牌", only_2="a1=自驾")

    found = asking.parse((await offering.visit_type(cast.hotel, "tour")).asks)
    assert [(ask.key, ask.zh, ask.only_key, ask.only_value) for ask in found] == [
        ("a1", "怎么来", "", ""), ("a2", "单位", "", ""), ("a3", "车牌", "a1", "自驾"),
    ]  # fmt: skip
    assert [(one.value, one.zh, one.en) for one in found[0].options] == [("大巴", "大巴", "Coach"), ("自驾", "自驾", "Car")]
    assert page.css(".ask__more--2 input[name=ask-a3]")

    page = await page.submit(asks, zh_1="", options_0="大巴")
    assert (page.status, list(page.errors())) == (422, ["options_0", "only_2"])
    page = await page.submit(asks, options_0="大巴\n自驾, By car")
    found = asking.parse((await offering.visit_type(cast.hotel, "tour")).asks)
    assert [ask.key for ask in found] == ["a1", "a3"]


async def test_reception_officers_rooms_and_blackouts_are_written_down(cast: Cast, client: httpx.AsyncClient) -> None:
    """VIS-28."""
    base = f"{BASE}/receivers"
    page = await (await stories.enter(client, cast.manager)).get(base)

    page = await page.submit(base, place="1203", person="hotel.sales", parties="1")
    assert (page.status, list(page.errors())) == (422, ["person"])
    page = await page.submit(base, place="")
    page = await page.submit(f"{base}/officers", person="hotel.sales", duties="接待来宾，可安排车辆")
    assert page.css("[data-receiving='hotel.sales']")
    assert "可安排车辆" in page.text("[data-officer]")
    page = await page.submit(f"{base}/officers/hotel.sales/removal")
    assert not page.css("[data-officer]")

    where = f"{BASE}/blackouts"
    typed: dict[str, Any] = {"from": "2030-05-01", "from_time": "14:00", "to_time": "13:00"}
    page = await page.browser.get(where)
    page = await page.submit(where, **typed)
    assert (page.status, list(page.errors())) == (422, ["to_time"])
    page = await page.submit(where, to_time="")
    (stretch,) = page.css("[data-blackout]")
    page = await page.submit(f"{where}/{stretch.get('data-blackout')}/removal")
    assert not page.css("[data-blackout]")


async def test_a_door_has_an_address_that_nobody_else_has_and_a_code_that_stays(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    where = f"{BASE}/doors"
    await visits.make_door(cast.tower, slug="lobby", code="TOWER")
    page = await (await stories.enter(client, cast.manager)).get(where)

    page = await page.submit(where, slug="lobby", name_zh="大堂", name_en="Lobby")
    assert (page.status, list(page.errors())) == (422, ["slug"])
    page = await page.submit(where, slug="hotel-lobby", place="1203")
    (door,) = await sites.doors(cast.hotel.id)
    assert len(door.code) == 5
    page = await (await page.browser.get(f"{where}/hotel-lobby")).submit(f"{where}/hotel-lobby", name_zh="正门", active=None)
    (changed,) = await sites.doors(cast.hotel.id)
    assert (changed.code, changed.name_zh, changed.active) == (door.code, "正门", False)
    await page.browser.get(f"{where}/lobby", status=404)


async def test_windows_are_for_some_kinds_of_visit(cast: Cast, client: httpx.AsyncClient) -> None:
    """HALL-01."""
    where = f"{BASE}/stations"
    await visits.make_type(cast.hotel)
    page = await (await stories.enter(client, cast.manager)).get(where)

    page = await page.submit(where, code="3", name_zh="3号窗口", name_en="Window 3", types="tour")
    assert "参观" in page.text("[data-station='3']")
    page = await page.browser.get(f"{where}/3")
    assert page.form(where)["types"] == "tour"


async def test_a_manager_decides_nothing_next_door(cast: Cast, client: httpx.AsyncClient) -> None:
    """P32."""
    await visits.make_type(cast.tower)
    browser = await stories.enter(client, cast.manager)

    for path in ("visits", "visits/tour", "blackouts", "receivers", "doors", "stations"):
        await browser.get(f"/desk/tower/settings/{path}", status=404)
    await browser.get(TOUR, status=404)
    await (await stories.enter(client, cast.receptionist)).get(VISITS, status=403)
