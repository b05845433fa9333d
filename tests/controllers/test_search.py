"""The field on the desk: posted, logged, and open to whoever has a queue."""

import httpx
import pytest

from portal.access_log import AccessEntry
from portal.domain.search import queries
from tests import stories
from tests.cast import Cast
from tests.pages import Browser

pytestmark = pytest.mark.usefixtures("db")
SEARCH = "/desk/hotel/search"


async def test_the_field_stands_on_the_pages_of_the_desk_and_finds_what_was_just_filed(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    case = await stories.filed(cast.hotel, place="1203")
    browser = await stories.enter(client, cast.receptionist)
    for path in ("/desk/hotel", "/desk/hotel/queue", case.item, "/desk/hotel/posters", SEARCH):
        page = await browser.get(path)
        assert [field.get("data-key") for field in page.css("[name=q]")] == ["/"]
    page = await page.submit(SEARCH, q="滴水")

    assert page.status == 200
    assert page.one(".hit").get("data-number") == case.number
    assert page.one(".hit a").get("href") == case.item
    assert "事情经过" in page.text(".hit")
    assert page.one("[name=q]").get("value") == "滴水"
    assert (await page.submit(SEARCH, q=case.number)).one(".hit").get("data-number") == case.number


async def test_a_phone_is_nowhere_but_in_the_field(cast: Cast, client: httpx.AsyncClient) -> None:
    """P40: neither in the address nor in the list nor in the log."""
    case = await stories.filed(cast.hotel)
    page = await (await stories.enter(client, cast.receptionist)).get(SEARCH)
    page = await page.submit(SEARCH, q="138 0013 8000")

    assert page.one(".hit").get("data-number") == case.number
    assert page.path == SEARCH
    assert "138" not in page.text()
    assert stories.NAME not in page.text()


async def test_each_search_stands_in_the_access_log_without_what_was_typed(cast: Cast, client: httpx.AsyncClient) -> None:
    """P44."""
    await stories.filed(cast.hotel)
    page = await (await stories.enter(client, cast.receptionist)).get(SEARCH)
    await page.submit(SEARCH, q=stories.PHONE)
    rows = await AccessEntry.select().where(AccessEntry.action == "search")

    assert [(row["account"], row["site"], row["field"], row["subject"]) for row in rows] == [
        (cast.receptionist.id, cast.hotel.id, "", None)
    ]
    log = await (await stories.enter(client, cast.manager)).get("/desk/hotel/log")
    assert "搜索" in log.text("table")


async def test_too_little_is_refused_with_the_reason_and_logs_nothing(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.receptionist)).get(SEARCH)
    for typed in ("房", "a", "", " ７ "):
        refused = await page.submit(SEARCH, q=typed)
        assert refused.status == 422
        assert set(refused.errors()) == {"q"}

    assert await AccessEntry.count().where(AccessEntry.action == "search") == 0


async def test_nothing_found_says_what_else_to_try(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.receptionist)).get(SEARCH)
    page = await page.submit(SEARCH, q="琥珀")

    assert page.status == 200
    assert page.css(".hit") == []
    assert "没有找到" in page.text("main")


async def test_more_than_are_shown_is_said(cast: Cast, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST", 1)
    for _number in range(2):
        await stories.filed(cast.hotel)
    page = await (await stories.enter(client, cast.receptionist)).get(SEARCH)
    page = await page.submit(SEARCH, q="空调")

    assert len(page.css(".hit")) == 1
    assert "只显示最新的 1 件" in page.text("main")


@pytest.mark.parametrize(("who", "status"), [("admin", 403), ("stranger", 404), ("guard", 200), ("finance", 200)])
async def test_who_may_search(cast: Cast, client: httpx.AsyncClient, who: str, status: int) -> None:
    browser: Browser = await stories.enter(client, getattr(cast, who))

    await browser.get(SEARCH, status=status)
