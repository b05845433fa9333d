"""The rooms behind the settings: places, written down many at once, and what a complaint may be about."""

from typing import Any

import httpx
import pytest

from portal.domain.sites import queries
from portal.events import queries as events
from tests import factories, stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
SETTINGS = "/desk/hotel/settings"
PLACES, CATEGORIES, CALENDAR = f"{SETTINGS}/places", f"{SETTINGS}/categories", f"{SETTINGS}/calendar"
POLICIES = f"{SETTINGS}/policies"
TOWELS: dict[str, Any] = {"code": "towels", "name_zh": "毛巾", "name_en": "Towels", "unit": "floor"}


async def codes(cast: Cast) -> list[str]:
    return [place.code for place in await queries.places(cast.hotel.id)]


async def happened(cast: Cast) -> list[str]:
    return [one.kind for one in await events.timeline(cast.hotel.id)]


@pytest.mark.parametrize("who", ["manager", "admin"])
async def test_the_settings_lead_to_them(cast: Cast, client: httpx.AsyncClient, who: str) -> None:
    page = await (await stories.enter(client, getattr(cast, who))).get(SETTINGS)

    more = ("causes", "templates", "phrases", "ladder", "absences", "visits", "blackouts", "receivers", "doors", "stations")
    rooms = [CATEGORIES, PLACES, POLICIES, CALENDAR, *(f"{SETTINGS}/{name}" for name in more)]
    assert [link.get("href") for link in page.css("main nav a")] == rooms


@pytest.mark.parametrize("who", ["receptionist", "auditor", "kitchen"])
async def test_others_stay_outside(cast: Cast, client: httpx.AsyncClient, who: str) -> None:
    """P31."""
    browser = await stories.enter(client, getattr(cast, who))

    await browser.get(PLACES, status=403)
    await browser.get(CATEGORIES, status=403)
    await browser.get(CALENDAR, status=403)
    await browser.get(POLICIES, status=403)


@pytest.mark.parametrize("who", ["manager", "admin"])
async def test_places_are_added_many_at_once_and_have_their_posters(
    cast: Cast, client: httpx.AsyncClient, who: str
) -> None:
    browser = await stories.enter(client, getattr(cast, who))

    page = await (await browser.get(PLACES)).submit(PLACES, kind="table", places="a1，一号桌，Table 1\r\nA2,二号桌")

    assert (page.status, page.path) == (200, f"{PLACES}?added=2&changed=0")
    assert page.text(".flash") == "已保存：新增 2 个，修改 0 个。"
    assert [head.text_content().strip() for head in page.css("main summary")] == ["房间 · 2", "餐桌 · 2"]
    assert page.form(PLACES)["places"] == ""
    assert await codes(cast) == ["1203", "1204", "A1", "A2"]
    assert await happened(cast) == ["site.places-changed"]
    assert "A1" in (await browser.get("/desk/hotel/posters")).text()


async def test_one_wrong_line_keeps_all_others_out_and_everything_typed(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.manager)).get(PLACES)
    typed = "A1，一号桌\nA 2，二号桌\n\nA3"

    page = await page.submit(PLACES, kind="table", places=typed)

    assert (page.status, list(page.errors())) == (422, ["places"])
    assert page.text("#places-message").split("; ") == [
        "第 2 行：代码最多 40 位，只能用字母、数字、点、连字符和下划线", "第 4 行：请写代码和中文名称，中间用逗号隔开",
    ]  # fmt: skip
    assert (page.form(PLACES)["places"], page.form(PLACES)["kind"]) == (typed, "table")
    assert await codes(cast) == ["1203", "1204"]
    page = await page.submit(PLACES, places="A1，一号桌\nA2，二号桌\n\nA3，三号桌")
    assert (page.status, len(await codes(cast))) == (200, 5)


async def test_the_lines_that_are_shown_again_are_those_that_were_counted(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.manager)).get(PLACES)

    page = await page.submit(PLACES, places="\n\nA1，一号桌\nA2")

    assert page.text("#places-message").startswith("第 2 行")
    assert page.form(PLACES)["places"].splitlines()[1] == "A2"


@pytest.mark.parametrize(("kind", "places", "fields"), [
    ("palace", "A1，一号桌", ["kind"]), ("room", "", ["places"]), (None, None, ["kind", "places"]),
])  # fmt: skip
async def test_what_is_missing_is_told_at_its_field(
    cast: Cast, client: httpx.AsyncClient, kind: str | None, places: str | None, fields: list[str]
) -> None:
    browser = await stories.enter(client, cast.manager)
    sent = (await browser.get(PLACES)).form(PLACES) | {"kind": kind, "places": places}

    page = await browser.post(PLACES, {name: text for name, text in sent.items() if text is not None})

    assert (page.status, list(page.errors())) == (422, fields)


async def test_a_place_is_renamed_by_writing_it_again(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.filed(cast.hotel, place="1203")
    browser = await stories.enter(client, cast.manager)

    page = await (await browser.get(PLACES)).submit(PLACES, kind="room", places="1203，海景房，Sea view")

    assert page.path == f"{PLACES}?added=0&changed=1"
    assert "海景房" in (await browser.get(case.item)).text("h1")
    page = await page.submit(PLACES, kind="room", places="1203，海景房，Sea view")
    assert page.text(".flash") == "这些位置原来就有，没有变化。"
    assert await happened(cast) == ["site.places-changed"]


async def test_the_same_list_twice_is_written_once(cast: Cast, client: httpx.AsyncClient) -> None:
    """P04."""
    browser = await stories.enter(client, cast.manager)
    sent = (await browser.get(PLACES)).form(PLACES) | {"places": "A1，一号桌"}

    answers = [await browser.post(PLACES, sent, follow=False) for _tap in range(2)]

    assert [(page.status, page.location) for page in answers] == [(303, f"{PLACES}?added=1&changed=0")] * 2
    assert await happened(cast) == ["site.places-changed"]


async def test_an_address_makes_no_sentence_of_its_own(cast: Cast, client: httpx.AsyncClient) -> None:
    browser = await stories.enter(client, cast.manager)

    for query in ("added=x&changed=1", "added=-1&changed=1", "added=²&changed=1", "added=1"):
        assert (await browser.get(f"{PLACES}?{query}")).text(".flash") == ""


async def test_a_house_of_many_rooms_folds_them_away(cast: Cast, client: httpx.AsyncClient) -> None:
    browser = await stories.enter(client, cast.manager)
    assert len((await browser.get(PLACES)).css("main details[open]")) == 1

    for _room in range(30):
        await factories.make_place(cast.hotel)

    assert len((await browser.get(PLACES)).css("main details")) == 1
    assert len((await browser.get(PLACES)).css("main details[open]")) == 0


async def test_a_new_site_is_told_what_to_do(cast: Cast, client: httpx.AsyncClient) -> None:
    await factories.make_site(slug="spa")

    page = await (await stories.enter(client, cast.admin)).get("/desk/spa/settings/places")

    assert "还没有位置" in page.text(".empty")


async def test_a_new_category_is_offered_to_the_next_guest(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.manager)).get(CATEGORIES)

    page = await page.submit(CATEGORIES, **TOWELS)

    assert (page.status, page.path) == (200, CATEGORIES)
    assert page.text('[data-code="towels"] .subjects__names') == "毛巾 / Towels towels · 楼面"
    form = await page.browser.get("/s/hotel/complaints/new")
    assert "towels" in [option.get("value") for option in form.css('[name="category"] option, input[name="category"]')]
    assert await happened(cast) == ["site.category-added"]


async def test_a_category_that_cannot_be_is_refused_at_its_fields_and_kept_as_typed(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    browser = await stories.enter(client, cast.manager)
    sent = (await browser.get(CATEGORIES)).form(CATEGORIES) | {"code": "2 beds", "name_zh": "床", "unit": "guard"}

    page = await browser.post(CATEGORIES, sent)

    assert (page.status, list(page.errors())) == (422, ["code", "name_en", "unit"])
    assert (page.form(CATEGORIES)["code"], page.form(CATEGORIES)["name_zh"]) == ("2 beds", "床")
    assert await happened(cast) == []


async def test_a_retired_category_is_offered_no_longer_and_stays_on_what_was_filed(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    """CMP-10."""
    case = await stories.claimed(cast.hotel, by=cast.manager, category="food")
    browser = await stories.enter(client, cast.manager)
    page = await (await browser.get(CATEGORIES)).submit(f"{CATEGORIES}/food/retirement")
    assert f"{CATEGORIES}/food/return" in page.forms()

    form, queue, item = [await browser.get(path) for path in ("/s/hotel/complaints/new", "/desk/hotel/queue", case.item)]

    def offered(select: str) -> list[str | None]:
        return [option.get("value") for option in item.css(f"{select} option")]

    assert 'value="food"' not in form.response.text
    assert 'value="food"' in queue.response.text
    assert "food" in offered("#triage-category")
    triage = f"{case.complaint}/triage"
    item = await item.submit(triage, severity="normal", cause="粥凉了", wish="换一碗", category="service")
    assert (item.status, offered("#triage-category")) == (200, ["", "other", "room", "service"])
    sent = item.form(triage) | {"category": "food"}
    assert (await browser.post(triage, sent)).status == 422


async def test_what_was_filed_under_a_retired_category_may_keep_it(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.claimed(cast.hotel, by=cast.manager, category="food")
    browser = await stories.enter(client, cast.manager)
    await (await browser.get(CATEGORIES)).submit(f"{CATEGORIES}/food/retirement")

    item = await browser.get(case.item)
    item = await item.submit(f"{case.complaint}/triage", severity="normal", cause="粥凉了", wish="换一碗")

    assert (item.status, (await case.card()).category_code) == (200, "food")


async def test_a_retired_category_comes_back(cast: Cast, client: httpx.AsyncClient) -> None:
    browser = await stories.enter(client, cast.manager)
    page = await (await browser.get(CATEGORIES)).submit(f"{CATEGORIES}/food/retirement")

    page = await page.submit(f"{CATEGORIES}/food/return")

    assert f"{CATEGORIES}/food/retirement" in page.forms()
    assert await happened(cast) == ["site.category-retired", "site.category-returned"]


async def test_the_category_that_every_site_needs_stays(cast: Cast, client: httpx.AsyncClient) -> None:
    browser = await stories.enter(client, cast.manager)
    page = await browser.get(CATEGORIES)
    assert [action for action in page.forms() if "/other/" in action] == []

    sent = page.form(f"{CATEGORIES}/food/retirement")
    assert (await browser.post(f"{CATEGORIES}/other/retirement", sent)).status == 409
    assert (await browser.post(f"{CATEGORIES}/nothing/retirement", sent)).status == 404


async def test_a_manager_changes_nothing_next_door(cast: Cast, client: httpx.AsyncClient) -> None:
    """P32."""
    browser = await stories.enter(client, cast.manager)
    sent = (await browser.get(PLACES)).form(PLACES) | {"places": "A1，一号桌"}

    for path in ("places", "categories", "categories/service/retirement"):
        assert (await browser.post(f"/desk/tower/settings/{path}", sent)).status == 404

    assert await queries.place(cast.tower.id, "A1") is None
