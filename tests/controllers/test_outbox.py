"""The outbox: managers read what was told, administrators see that it goes, and what was given up may be tried again."""

from typing import Any

import httpx
import pytest

from portal import ids
from portal.domain.queues.queries import sight
from portal.events import outbox, queries
from portal.events.tables import DEAD, Delivery
from portal.notifications import delivery
from tests import stories
from tests.cast import Cast
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("db")
PAGE = "/desk/hotel/outbox"


async def told(cast: Cast, **typed: Any) -> stories.Case:
    """A complaint whose customer is told that it was filed."""
    case = await stories.filed(cast.hotel, **typed)
    await delivery.spread()
    return case


async def given_up() -> str:
    """The one message there is was given up; where it is tried again."""
    row = await Delivery.update({Delivery.state: DEAD, Delivery.outcome: "smtp-550", Delivery.tries: 1}).where(
        Delivery.state != ""
    ).returning(Delivery.id)
    return f"{PAGE}/{row[0]['id']}/retry"


def rows(page: Page) -> list[str]:
    return [" ".join(row.text_content().split()) for row in page.css("tbody tr")]


async def test_a_manager_reads_what_would_have_been_sent_but_neither_address_nor_key(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    case = await told(cast)
    page = await (await stories.enter(client, cast.manager)).get(PAGE)

    (row,) = rows(page)
    for words in ("客人", "短信", "138****8000", case.number, "通道未设置", "海湾酒店：您反馈的事项已收到"):
        assert words in row
    assert case.token not in page.response.text
    assert "13800138000" not in page.response.text


async def test_an_administrator_sees_that_it_goes_and_nothing_of_what_it_says(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await told(cast)
    page = await (await stories.enter(client, cast.admin)).get(PAGE)

    (row,) = rows(page)
    assert "短信" in row and "通道未设置" in row
    for words in (case.number, "138****8000", "您反馈"):
        assert words not in page.response.text


async def test_what_a_manager_may_not_see_is_not_in_the_outbox(
    cast: Cast, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P32."""
    await told(cast)
    again = await given_up()
    browser = await stories.enter(client, cast.manager)
    sent = (await browser.get(PAGE)).form(again)
    monkeypatch.setattr(sight, "visible", lambda _staff, _site: ("1 = 0", []))

    assert rows(await browser.get(PAGE)) == []
    assert (await browser.post(again, sent)).status == 404


@pytest.mark.parametrize("who", ["manager", "admin"])
async def test_what_was_given_up_is_tried_again_once(cast: Cast, client: httpx.AsyncClient, who: str) -> None:
    case = await told(cast)
    again = await given_up()
    browser = await stories.enter(client, getattr(cast, who))
    other = await browser.get(f"{PAGE}?state=dead")
    page = await (await browser.get(f"{PAGE}?state=dead")).submit(again)

    assert page.path == PAGE
    assert "待发" in rows(page)[0]
    assert (await other.submit(again)).status == 409
    assert [one.kind for one in await queries.timeline(case.id)][-1] == "message.revived"


async def test_a_message_of_another_site_is_not_here(cast: Cast, client: httpx.AsyncClient) -> None:
    """P32."""
    await told(cast)
    again = await given_up()
    browser = await stories.enter(client, cast.manager)
    sent = (await browser.get(PAGE)).form(again)
    stranger = await stories.enter(client, cast.strange_manager)

    assert (await stranger.post(again, sent)).status == 404
    await stories.enter(client, cast.manager)
    assert (await browser.post(f"{PAGE}/{ids.new_id()}/retry", sent)).status == 404


async def test_it_is_paged_newest_first(cast: Cast, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "PAGE", 2)
    cases = [await told(cast) for _number in range(3)]
    browser = await stories.enter(client, cast.manager)
    page = await browser.get(PAGE)
    (way,) = [link.get("href") for link in page.css("a") if "after=" in link.get("href", "")]

    numbers = [link.text for one in (page, await browser.get(way)) for link in one.css("tbody a.number")]
    assert numbers == [case.number for case in reversed(cases)]
