"""The notice board on its pages: a director writes, looks and publishes; everybody reads."""

from typing import Any

import httpx
import pytest

from portal.controllers.reports import boards
from portal.domain.reports.queries import boards as queries
from tests import stories
from tests.cast import Cast
from tests.pages import Browser, Page

pytestmark = pytest.mark.usefixtures("db")
BOARDS, NOTICES = "/desk/hotel/reports/boards", "/s/hotel/notices"
WORDS = {"title_zh": "上季度的情况", "title_en": "The last quarter", "body_zh": "谢谢您的意见。", "figures": "many"}


@pytest.fixture(autouse=True)
def now(travel: Any) -> None:
    travel("2026-11-22T12:00:00+08:00")


async def drafted(browser: Browser, **typed: str) -> Page:
    page = await browser.get(BOARDS)
    fields: dict[str, Any] = {"quarter": "2026Q4", **WORDS, **typed}
    return await page.submit(BOARDS, **fields)


async def test_a_notice_goes_from_draft_over_its_look_to_everybody(cast: Cast, client: httpx.AsyncClient) -> None:
    """DUTY-25: publish to the notice board, which shows the quarter; CMP-31: with a receipt."""
    await stories.filed(cast.hotel)
    browser = await stories.enter(client, cast.manager)
    report = await browser.get("/desk/hotel/reports/complaints")
    assert BOARDS in [link.get("href") for link in report.css("main a")]
    draft = await drafted(browser)
    assert "上季度的情况" in draft.text(".board")
    assert (await browser.get(NOTICES)).css(".board") == []

    done = await draft.submit(f"{draft.path}/publication")

    assert "已发布" in done.text(".tags")
    seen = await browser.get(NOTICES)
    assert "2026 年第 4 季度" in seen.text(".board__quarter")
    assert "不足 5 件" in seen.text(".board__figures")
    assert "/s/hotel/notices" in [link.get("href") for link in (await browser.get("/s/hotel")).css("main a")]
    (reading,) = [action for action in seen.forms() if action.endswith("/reading")]
    again = await seen.submit(reading)
    assert "您已阅读" in again.text("main")
    await browser.post(reading, {"form_token": again.form("/language")["form_token"]})
    assert (await queries.notices(cast.hotel))[0].readings == 1


async def test_the_notice_of_the_next_quarter_waits_for_it_and_then_stays_behind(
    cast: Cast, client: httpx.AsyncClient, travel: Any
) -> None:
    browser = await stories.enter(client, cast.owner)
    draft = await drafted(browser, quarter="2027Q1")
    await draft.submit(f"{draft.path}/publication")
    assert (await browser.get(NOTICES)).css(".board") == []
    await browser.get(f"{NOTICES}?quarter=2027Q1", status=404)

    travel("2027-01-01T06:00:00+08:00")
    assert len((await browser.get(NOTICES)).css(".board")) == 1

    travel("2027-04-01T06:00:00+08:00")
    later = await browser.get(NOTICES)
    assert later.css(".board") == []
    (older,) = [link.get("href") for link in later.css("nav[aria-labelledby=older-title] a")]
    assert len((await browser.get(older)).css(".board")) == 1


@pytest.mark.parametrize("quarter", ["2026Q3", "2026Q9", "x", "1999Q1"])
async def test_a_quarter_without_notices_is_not_there(cast: Cast, browser: Browser, quarter: str) -> None:
    await browser.get(f"{NOTICES}?quarter={quarter}", status=404)


async def test_what_is_wrong_is_told_at_its_field(cast: Cast, client: httpx.AsyncClient) -> None:
    browser = await stories.enter(client, cast.manager)
    page = await browser.get(BOARDS)

    refused = await page.submit(BOARDS, title_zh="", body_zh="")

    assert refused.status == 422
    assert set(refused.errors()) == {"title_zh", "body_zh"}
    token = refused.form(BOARDS)["form_token"]
    wrong = {"quarter": "2031Q1", "tiers": "gold", "figures": "names"}
    answer = await browser.post(BOARDS, {"form_token": token, **WORDS, **wrong})
    assert answer.status == 422


async def test_two_directors_do_not_write_over_each_other(cast: Cast, client: httpx.AsyncClient) -> None:
    browser = await stories.enter(client, cast.manager)
    draft = await drafted(browser)
    stale = await browser.get(draft.path)
    await draft.submit(draft.path, title_zh="改过的标题")

    late = await stale.submit(draft.path, title_zh="旧页面")
    published = await stale.submit(f"{draft.path}/publication")

    assert (late.status, published.status) == (409, 409)
    assert (await queries.notices(cast.hotel))[0].title == "改过的标题"


async def test_a_new_edition_begins_with_the_words_of_the_old_one(cast: Cast, client: httpx.AsyncClient) -> None:
    browser = await stories.enter(client, cast.manager)
    draft = await drafted(browser)
    done = await draft.submit(f"{draft.path}/publication")

    edition = await done.submit(f"{draft.path}/edition")

    assert edition.form(edition.path)["title_zh"] == "上季度的情况"
    await edition.submit(f"{edition.path}/publication")
    assert [one.state for one in await queries.notices(cast.hotel)] == ["published", "replaced"]
    old = await browser.get(draft.path)
    assert f"{draft.path}/publication" not in old.forms()


async def test_nobody_else_writes_notices(cast: Cast, client: httpx.AsyncClient) -> None:
    browser = await stories.enter(client, cast.manager)
    draft = await drafted(browser)

    await (await stories.enter(client, cast.auditor)).get(BOARDS, status=403)
    await (await stories.enter(client, cast.strange_manager)).get(draft.path, status=404)
    await (await stories.enter(client, cast.strange_manager)).get(
        draft.path.replace("/hotel/", "/tower/"), status=404
    )


async def test_readings_from_one_address_are_limited(
    cast: Cast, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P36."""
    browser = await stories.enter(client, cast.manager)
    draft = await drafted(browser)
    await draft.submit(f"{draft.path}/publication")
    stories.limited(monkeypatch, filings_address=(1, 600))
    (reading,) = [action for action in (await browser.get(NOTICES)).forms() if action.endswith("/reading")]
    page = await browser.get(NOTICES)
    await page.submit(reading)

    token = (await browser.get(NOTICES)).form("/language")["form_token"]
    assert (await browser.post(reading, {"form_token": token})).status == 429


async def test_a_notice_waits_for_what_is_not_counted_yet(
    cast: Cast, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DUTY-25: what hangs there stays as it was counted, so nothing may lack in it."""
    monkeypatch.setattr(boards, "BEHIND", 0)
    browser = await stories.enter(client, cast.manager)
    draft = await drafted(browser)

    action = f"{draft.path}/publication"
    refused = await browser.post(action, draft.form(action))

    assert refused.status == 409

    assert [one.state for one in await queries.notices(cast.hotel)] == ["draft"]
