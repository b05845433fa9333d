"""The front that everybody sees: the houses, one house with its ways to reach it, and the choice of language."""

import httpx
import pytest

from portal.controllers.home import A_YEAR
from tests.cast import Cast
from tests.pages import Browser

pytestmark = pytest.mark.usefixtures("db")


async def test_the_houses_are_listed_and_lead_to_their_pages(cast: Cast, browser: Browser) -> None:
    page = await browser.get("/")

    assert [link.get("href") for link in page.css("main a")] == ["/s/hotel", "/s/tower"]


async def test_a_portal_without_houses_says_so(browser: Browser) -> None:
    page = await browser.get("/")

    assert page.css("main a") == []
    assert page.text("main") != ""


async def test_a_house_shows_the_form_and_beside_it_hotline_and_mailbox(cast: Cast, browser: Browser) -> None:
    """CMP-01: the public page shows hotline and mailbox next to the form."""
    page = await browser.get("/s/hotel")

    assert [link.get("href") for link in page.css("main a")] == [
        "/s/hotel/complaints/new", "/s/hotel/complaints/new?kind=request", "tel:0532-8888-6666", "mailto:care@bay.example",
    ]  # fmt: skip


async def test_there_is_no_house_by_another_name(cast: Cast, browser: Browser) -> None:
    await browser.get("/s/palace", status=404)


@pytest.mark.parametrize(("lang", "heading"), [("en", "Where are you?"), ("zh-CN", "您在哪里？")])
async def test_the_language_is_chosen_for_a_year(
    cast: Cast, browser: Browser, client: httpx.AsyncClient, lang: str, heading: str
) -> None:
    client.cookies.set("lang", "en" if lang == "zh-CN" else "zh-CN", domain=client.base_url.host)
    page = await browser.get("/")

    page = await page.submit("/language", lang=lang)

    assert page.text("h1") == heading
    assert page.one("html").get("lang") == lang
    assert page.before is not None
    assert f"Max-Age={A_YEAR}" in page.before.headers["set-cookie"]


async def test_the_language_leads_back_to_the_page_one_was_on(cast: Cast, browser: Browser) -> None:
    page = await browser.get("/s/hotel/complaints/new?place=1203")

    page = await page.submit("/language", lang="en", follow=False)

    assert (page.status, page.location) == (303, "/s/hotel/complaints/new?place=1203")


@pytest.mark.parametrize(
    "there",
    [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "javascript:alert(1)",
        "",
        "desk",
        "/\tevil",
        "/a\r\nSet-Cookie: x",
    ],
)
async def test_the_language_leads_to_no_other_house(cast: Cast, browser: Browser, there: str) -> None:
    page = await browser.get("/")

    page = await page.submit("/language", lang="en", next=there, follow=False)

    assert (page.status, page.location) == (303, "/")


async def test_a_language_that_nobody_speaks_here_is_not_chosen(cast: Cast, browser: Browser) -> None:
    page = await browser.get("/")

    page = await page.submit("/language", lang="tlh", follow=False)

    assert page.status == 303
    assert "set-cookie" not in page.response.headers


async def test_nobody_else_chooses_my_language(cast: Cast, browser: Browser) -> None:
    """F7: without a token of this browser, nothing."""
    page = await browser.post("/language", {"lang": "en", "next": "/"})

    assert page.status == 403


async def test_without_a_choice_the_browser_is_heard(cast: Cast, browser: Browser) -> None:
    english = await browser.get("/", headers={"accept-language": "fr, en-GB;q=0.9"})
    other = await browser.get("/", headers={"accept-language": "fr"})

    assert (english.one("html").get("lang"), other.one("html").get("lang")) == ("en", "zh-CN")
