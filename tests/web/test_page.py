"""Pages and their regions, and the addresses that one is sent on to."""

from typing import Any

import httpx
import pytest

from portal.web.page import own_path
from tests import stories
from tests.cast import Cast
from tests.pages import Browser

pytestmark = pytest.mark.usefixtures("db")
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}
FULL = {"HX-Request": "true", "HX-Request-Type": "full"}
QUEUE = "/desk/hotel/queue"


@pytest.mark.parametrize("text", ["/", "/desk", "/desk/hotel/queue?state=closed&after=a%2Fb", "/s/hotel#main", "/中"])
async def test_an_address_of_ours_is_gone_to(text: str) -> None:
    assert own_path(text, "/there") == text


@pytest.mark.parametrize(
    "text", ["", "desk", "https://evil.example", "//evil.example", "///evil.example", "/\\evil.example", "\\\\evil.example",
             "javascript:alert(1)", "/a\\b", "/a\nb", "/a\x00b", "http:/desk", " /desk", "/\u202edesk"],
)  # fmt: skip
async def test_no_other_address_is(text: str) -> None:
    assert own_path(text, "/there") == "/there"


async def test_the_whole_page_or_its_region_is_given_by_what_was_asked_for(cast: Cast, client: httpx.AsyncClient) -> None:
    browser = await stories.enter(client, cast.receptionist)

    whole, region, navigated = [await browser.get(QUEUE, headers=headers) for headers in ({}, PARTIAL, FULL)]

    assert [page.response.text.lstrip()[:15] for page in (whole, region, navigated)] == [
        "<!doctype html>", "<section class=", "<!doctype html>",
    ]  # fmt: skip
    assert len(region.css("#queue")) == 1


async def test_a_region_is_the_same_as_in_its_page(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.filed(cast.hotel)
    browser = await stories.enter(client, cast.receptionist)

    whole, region = await browser.get(case.item), await browser.get(case.item, headers=PARTIAL)

    assert region.text("#item").split()[:40] == whole.text("#item").split()[:40]
    assert region.one("#item").attrib == whole.one("#item").attrib


async def test_what_differs_by_header_says_so(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.receptionist)).get(QUEUE)

    assert "HX-Request-Type" in page.response.headers["vary"].split(",")


async def test_after_a_deed_htmx_is_sent_to_the_whole_page(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.filed(cast.hotel)
    browser = await stories.enter(client, cast.receptionist)
    page = await browser.get(case.item)

    page = await page.submit(f"{case.item}/claim", headers={"HX-Request": "true"})

    assert (page.status, page.response.headers["hx-redirect"], page.response.text) == (200, case.item, "")


async def test_a_browser_gets_its_cookie_with_its_first_form_and_keeps_it(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await Browser(client).get("/s/hotel/complaints/new")
    first = client.cookies["browser"]
    given: Any = page.response.headers["set-cookie"]
    await Browser(client).get("/s/hotel/complaints/new")

    assert "Max-Age=604800" in given
    assert client.cookies["browser"] == first


async def test_a_browser_that_made_its_own_cookie_gets_one_of_ours(cast: Cast, client: httpx.AsyncClient) -> None:
    for value in ("chosen", "chosen.", ".x", "chosen.0123456789abcdef0123456789abcdef"):
        client.cookies.set("browser", value, domain=client.base_url.host)
        await Browser(client).get("/s/hotel/complaints/new")
        assert "chosen" not in client.cookies["browser"]


async def test_each_form_of_a_page_has_a_token_of_its_own(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    page = await (await stories.enter(client, cast.receptionist)).get(case.item)

    tokens = [field.get("value") for field in page.css('input[name="form_token"]')]
    assert len(tokens) > 5
    assert len(set(tokens)) == len(tokens)
