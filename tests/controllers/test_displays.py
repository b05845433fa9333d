"""Displays: made by a manager, shown by a link that is seen once, gone when it is revoked."""

from typing import Any

import httpx
import pytest

from portal.domain.arrivals.services import serving
from portal.domain.displays.tables import Display
from tests import stories, visits
from tests.cast import Cast
from tests.pages import Browser

pytestmark = pytest.mark.usefixtures("db")
DISPLAYS = "/desk/hotel/displays"
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial", "X-Live": "1"}


async def made(client: httpx.AsyncClient, cast: Cast) -> str:
    """The path of a new display's link, as the manager sees it once."""
    page = await (await stories.enter(client, cast.manager)).get(DISPLAYS)
    page = await page.submit(DISPLAYS, name="前台后面")
    assert page.status == 200
    assert page.css(".qr svg")
    return "/display/" + page.text("#made-link").rpartition("/")[2]


async def test_its_link_is_shown_once_and_opens_without_a_sign_in_or_a_cookie(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.filed(cast.hotel, place="1203")
    path = await made(client, cast)
    listed = await Browser(client).get(DISPLAYS)
    client.cookies.clear()
    page = await Browser(client).get(path)

    assert path.rpartition("/")[2] not in listed.response.text
    assert [line.get("data-number") for line in page.css("#wall li")] == [case.number]
    assert "set-cookie" not in page.response.headers
    assert page.tree.get("data-theme") == "dark"
    assert not [word for word in (stories.NAME, "张", stories.BODY[:4], "138") if word in page.text()]
    assert page.css("a[href]:not(.skip), form") == []


async def test_a_second_post_of_the_form_makes_no_second_one(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.manager)).get(DISPLAYS)
    first = await page.submit(DISPLAYS, name="前台")
    again = await page.submit(DISPLAYS, name="前台")

    assert (first.status, again.status) == (200, 200)
    assert (len(first.css("#made-link")), len(again.css("#made-link"))) == (1, 0)
    assert await Display.count() == 1


async def test_it_refetches_its_region_and_says_when_it_was_last_seen(cast: Cast, client: httpx.AsyncClient) -> None:
    path = await made(client, cast)
    await stories.filed(cast.hotel)
    region = (await Browser(client).get(path)).one("#wall")
    part = await Browser(client).get(region.get("hx-get"), headers=PARTIAL)

    assert region.get("hx-trigger") == "every 10s, queues from:body"
    assert "<html" not in part.response.text
    assert len(part.css("#wall li")) == 1
    assert "最近在线" in (await Browser(client).get(DISPLAYS)).text(".subjects")


async def test_a_revoked_one_answers_404_at_the_next_look(cast: Cast, client: httpx.AsyncClient) -> None:
    """P35."""
    path = await made(client, cast)
    page = await Browser(client).get(DISPLAYS)
    (action,) = [one for one in page.forms() if one.endswith("/revocation")]
    await page.submit(action)

    await Browser(client).get(path, status=404)
    await Browser(client).get(path, status=404, headers=PARTIAL)
    assert (await Browser(client).get(DISPLAYS)).css(".subjects") == []


async def test_wrong_links_are_counted(cast: Cast, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    """P36."""
    path = await made(client, cast)
    stories.limited(monkeypatch, link_guesses=(3, 60))
    answers = [(await client.get(f"/display/{number}")).status_code for number in range(5)]

    assert answers == [404, 404, 404, 429, 429]
    assert (await client.get(path)).status_code == 200


@pytest.mark.parametrize(("field", "word"), [("name", ""), ("kind", "x"), ("category", "tower"), ("unit", "guard")])
async def test_what_cannot_be_taken_is_said_at_its_field(
    cast: Cast, client: httpx.AsyncClient, field: str, word: str
) -> None:
    page = await (await stories.enter(client, cast.manager)).get(DISPLAYS)
    typed: dict[str, Any] = {"name": "前台", field: word}
    page = await page.submit(DISPLAYS, **typed)

    assert page.status == 422
    assert list(page.errors()) == [field]
    assert await Display.count() == 0


@pytest.mark.parametrize(("who", "status"), [("receptionist", 403), ("auditor", 403), ("admin", 403), ("stranger", 404)])
async def test_only_a_manager_hangs_them_up(cast: Cast, client: httpx.AsyncClient, who: str, status: int) -> None:
    await (await stories.enter(client, getattr(cast, who))).get(DISPLAYS, status=status)


async def test_a_display_of_calls_says_each_in_both_languages_and_who_it_is_in_none(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    """P40."""
    kind = await visits.make_type(cast.hotel)
    page = await (await stories.enter(client, cast.manager)).get(DISPLAYS)
    page = await page.submit(DISPLAYS, name="大厅", shows="calls", types="tour")
    path = "/display/" + page.text("#made-link").rpartition("/")[2]
    came = await visits.make_arrival(cast.hotel, kind, name="欧阳娜娜")
    await serving.call_next(cast.hotel, await visits.make_station(cast.hotel, code="2"), by=cast.receptionist)
    client.cookies.clear()
    page = await Browser(client).get(path)
    (call,) = page.css("#calls [data-ticket]")

    assert call.get("data-ticket") == came.ticket
    assert (call.get("data-zh"), call.get("data-en")) == ("请T 0 0 1号到2号窗口", "Number T 0 0 1, please come to Window 2")
    assert page.tree.xpath("//body/@data-live") == [f"{path}/live"]
    assert not [word for word in ("欧阳", "娜") if word in page.response.text]
    assert set(page.one("#voice").attrib) >= {"data-both", "data-zh", "data-en", "data-none"}
    assert "set-cookie" not in page.response.headers
    part = await Browser(client).get(page.one("#calls").get("hx-get"), headers=PARTIAL)
    assert "<html" not in part.response.text and part.css("#calls li")


async def test_nobody_listens_at_a_display_that_is_gone(cast: Cast, client: httpx.AsyncClient) -> None:
    """P35, P36."""
    path = await made(client, cast)
    await Display.update({Display.revoked_at: Display.made_at}, force=True)

    assert (await client.get(f"{path}/live")).status_code == 404
