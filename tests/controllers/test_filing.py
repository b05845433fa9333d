"""A customer files on a phone: without an account, once however often it is sent, and losing nothing that was typed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from portal import clock
from portal.domain.complaints.rules.way import OFFERED
from portal.domain.complaints.tables import Complaint
from portal.domain.queues.tables import WorkItem
from portal.once import FormUse
from tests import factories, stories
from tests.cast import Cast
from tests.pages import Browser, Page

pytestmark = pytest.mark.usefixtures("db")
NEW, FILE = "/s/hotel/complaints/new", "/s/hotel/complaints"
TYPED: dict[str, Any] = {
    "body": "空调滴水",
    "phone": "138 0013 8000",
    "name": "张小龙",
    "place": "泳池边",
    "wish": "换房",
    "category": "room",
}


async def filled(browser: Browser, **typed: Any) -> tuple[Page, dict[str, str]]:
    """The form, and what it would send."""
    page = await browser.get(NEW)
    return page, page.form(FILE) | TYPED | typed


async def test_a_complaint_is_filed_and_its_page_shows_number_link_and_code(cast: Cast, browser: Browser) -> None:
    """CMP-01, CMP-45."""
    page = await browser.get(NEW)

    page = await page.submit(FILE, **TYPED)

    item = await WorkItem.select(WorkItem.number, WorkItem.kind, WorkItem.state).first()
    assert item == {"number": page.text(".receipt__number"), "kind": "complaint", "state": "received"}
    assert page.one("#complaint-follow").get("data-state") == "received"
    assert page.before is not None
    assert (page.before.status_code, page.before.headers["location"]) == (303, page.path)
    assert page.text("#follow-link") == f"http://127.0.0.1:8000{page.path}"
    assert len(page.css(".receipt svg")) > 0


async def test_every_kind_may_be_chosen_and_the_address_may_choose_before(cast: Cast, browser: Browser) -> None:
    """CMP-04, CMP-05, CMP-46."""
    page = await browser.get(f"{NEW}?kind=request")

    assert [choice.get("value") for choice in page.css('input[name="kind"]')] == [kind.value for kind in OFFERED]
    assert page.form(FILE)["kind"] == "request"
    assert "只有管理层能看到" in page.text(".report")


async def test_the_code_on_a_poster_fills_in_its_place(cast: Cast, browser: Browser) -> None:
    assert (await browser.get(f"{NEW}?place=1203")).form(FILE)["place"] == "1203 房"
    assert (await browser.get(f"{NEW}?place=f8")).form(FILE)["place"] == "f8"


@pytest.mark.parametrize("lang", ["zh-CN", "en"])
async def test_a_guest_reads_the_name_of_the_place_and_its_complaint_stands_there(
    cast: Cast, browser: Browser, client: httpx.AsyncClient, lang: str
) -> None:
    """CMP-02."""
    lobby = await factories.make_place(cast.hotel, code="LOBBY", name_zh="大堂", name_en="Lobby")
    client.cookies.set("lang", lang, domain=client.base_url.host)
    page = await browser.get(f"{NEW}?place=lobby")
    assert page.form(FILE)["place"] == {"zh-CN": "大堂", "en": "Lobby"}[lang]

    await page.submit(FILE, body="很冷", phone="13800138000")

    (row,) = await WorkItem.select(WorkItem.place, WorkItem.spot)
    assert row == {"place": lobby.id, "spot": ""}


async def test_of_two_places_with_one_name_the_code_says_which(cast: Cast, browser: Browser) -> None:
    for code in ("B1", "B2"):
        await factories.make_place(cast.hotel, code=code, name_zh="停车场", name_en="Car park")

    assert (await browser.get(f"{NEW}?place=b2")).form(FILE)["place"] == "B2"


async def test_the_form_says_how_soon_somebody_takes_it_up_and_how_long_the_contact_is_kept(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    await stories.decided(cast.hotel, complaint__acknowledge_minutes=17, complaint__retention_days=99)
    page = await Browser(client).get(NEW)

    assert ("17" in page.text("main"), "99" in page.text("main")) == (True, True)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"body": ""}, "body"),
        ({"body": "  \n"}, "body"),
        ({"phone": ""}, "phone"),
        ({"phone": "12"}, "phone"),
        ({"email": "x"}, "email"),
        ({"body": "字" * 4001}, "body"),
        ({"name": "字" * 61}, "name"),
        ({"place": "字" * 81}, "place"),
    ],
)
async def test_a_mistake_is_told_at_its_field_and_everything_typed_is_kept(
    cast: Cast, browser: Browser, typed: dict[str, str], field: str
) -> None:
    """CMP-02."""
    page, sent = await filled(browser, **typed)
    page = await browser.post(FILE, sent)

    assert page.status == 422
    assert list(page.errors()) == [field]
    assert page.form(FILE) == sent
    assert page.text("title").startswith(("Error:", "有误", "错误"))
    assert [link.get("href") for link in page.css("[role=alert] a")] == [f"#{field}"]
    assert await Complaint.count() == 0


async def test_all_mistakes_are_told_at_once(cast: Cast, browser: Browser) -> None:
    page, sent = await filled(browser, body="", phone="", email="")
    page = await browser.post(FILE, sent)

    assert list(page.errors()) == ["body", "phone"]


async def test_after_a_mistake_the_same_form_is_filed_with_its_token(cast: Cast, browser: Browser) -> None:
    page, sent = await filled(browser, body="")
    page = await browser.post(FILE, sent)
    assert page.form(FILE)["form_token"] == sent["form_token"]

    page = await page.submit(FILE, body="空调滴水")

    assert page.path.startswith("/c/")


@pytest.mark.parametrize(("field", "value"), [("kind", "rumour"), ("category", "tower"), ("category", "unknown")])
async def test_a_choice_that_was_never_offered_is_refused(cast: Cast, browser: Browser, field: str, value: str) -> None:
    await factories.make_category(cast.tower, code="tower")
    _page, sent = await filled(browser, **{field: value})
    page = await browser.post(FILE, sent)

    assert page.status == 422
    assert await Complaint.count() == 0


async def test_who_stays_anonymous_needs_no_contact_and_leaves_none(cast: Cast, browser: Browser) -> None:
    """CMP-02."""
    page = await browser.get(NEW)
    page = await page.submit(FILE, **{**TYPED, "phone": ""}, anonymous="1")

    row = await Complaint.select(Complaint.anonymous, Complaint.customer, Complaint.name).first()
    assert page.path.startswith("/c/")
    assert row is not None
    assert (bool(row["anonymous"]), row["customer"]) == (True, None)


async def test_the_same_form_sent_again_is_one_complaint_with_one_answer(cast: Cast, browser: Browser) -> None:
    """P07."""
    _page, sent = await filled(browser)

    first = await browser.post(FILE, sent, follow=False)
    again = [await browser.post(FILE, sent, follow=False) for _tap in range(3)]

    assert {(page.status, page.location) for page in [first, *again]} == {(303, first.location)}
    assert await Complaint.count() == 1


async def test_the_same_form_with_other_words_is_refused_and_changes_nothing(cast: Cast, browser: Browser) -> None:
    """P07."""
    _page, sent = await filled(browser)
    await browser.post(FILE, sent)

    page = await browser.post(FILE, sent | {"body": "另一件事"})

    assert page.status == 409
    assert "另一件事" in page.text()
    assert await Complaint.count() == 1


async def test_two_forms_on_two_tabs_are_two_complaints(cast: Cast, browser: Browser) -> None:
    (_one, first), (_two, second) = await filled(browser), await filled(browser)

    await browser.post(FILE, first)
    await browser.post(FILE, second)

    assert await Complaint.count() == 2


@pytest.mark.parametrize("token", [None, "", "x", "AAAA", "é", "A" * 5000])
async def test_a_missing_or_forged_token_files_nothing_and_gives_the_words_back(
    cast: Cast, browser: Browser, token: str | None
) -> None:
    _page, sent = await filled(browser)
    sent.pop("form_token")

    page = await browser.post(FILE, sent | ({} if token is None else {"form_token": token}))

    assert page.status == 403
    assert "空调滴水" in page.text("main") + "".join(box.text or "" for box in page.css("textarea"))
    assert await Complaint.count() == 0


async def test_the_token_of_another_browser_files_nothing(
    cast: Cast, browser: Browser, clients: Callable[[], httpx.AsyncClient]
) -> None:
    _page, sent = await filled(browser)
    other = Browser(clients())
    await other.get(NEW)

    assert (await other.post(FILE, sent)).status == 403
    assert (await Browser(clients()).post(FILE, sent)).status == 403
    assert await Complaint.count() == 0


async def test_a_token_lives_for_a_week(cast: Cast, browser: Browser, travel: Callable[[datetime], None]) -> None:
    (_one, first), (_two, second), start = await filled(browser), await filled(browser), clock.now()
    travel(start + timedelta(days=6, hours=23))
    assert (await browser.post(FILE, first, follow=False)).status == 303

    travel(start + timedelta(days=8))
    assert (await browser.post(FILE, second)).status == 403
    assert await Complaint.count() == 1


async def test_a_form_that_was_open_while_somebody_signed_in_is_of_another_person(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    _page, sent = await filled(Browser(client))
    browser = await stories.enter(client, cast.receptionist)

    assert (await browser.post(FILE, sent)).status == 403


async def test_a_browser_that_only_looks_leaves_no_row(cast: Cast, browser: Browser) -> None:
    """Issue 2, section 2: a browser gets its cookie with its first form, and no row until something is filed."""
    page = await browser.get(NEW)

    assert page.response.headers["set-cookie"].startswith("browser=")
    assert await FormUse.count() == 0


async def test_nobody_files_at_a_house_that_there_is_not(cast: Cast, browser: Browser) -> None:
    await browser.get("/s/palace/complaints/new", status=404)
    _page, sent = await filled(browser)

    assert (await browser.post("/s/palace/complaints", sent)).status == 404


async def test_another_house_files_nothing_here(cast: Cast, browser: Browser) -> None:
    """F7."""
    _page, sent = await filled(browser)

    page = await browser.post(FILE, sent, headers={"origin": "https://evil.example", "sec-fetch-site": "cross-site"})

    assert page.status == 403
    assert await Complaint.count() == 0


async def test_a_browser_that_says_nothing_of_its_origin_is_known_by_the_token(
    cast: Cast, browser: Browser, client: httpx.AsyncClient
) -> None:
    _page, sent = await filled(browser)

    answer = await client.post(FILE, data=sent)

    assert answer.status_code == 303


async def test_the_form_of_one_house_is_not_taken_as_that_of_another(cast: Cast, browser: Browser) -> None:
    _page, sent = await filled(browser)
    await browser.post(FILE, sent)

    page = await browser.post("/s/tower/complaints", sent | {"category": "service"})

    assert page.status == 409


async def test_what_was_typed_is_shown_as_words_not_as_a_page(cast: Cast, browser: Browser) -> None:
    """Stored XSS."""
    page = await browser.get(NEW)
    page = await page.submit(FILE, **{**TYPED, "body": "<script>alert(1)</script><b>x</b>", "place": '"><img src=x>'})

    assert "<script>alert(1)</script><b>x</b>" in page.text("#words")
    assert (page.css("#words b"), page.css("img")) == ([], [])


async def test_a_zero_byte_is_no_word(cast: Cast, browser: Browser) -> None:
    page = await browser.get(NEW)
    page = await page.submit(FILE, **{**TYPED, "body": "空\0调"})

    assert "空调" in page.text("#words")


async def test_the_language_of_the_page_is_that_of_the_complaint(
    cast: Cast, browser: Browser, client: httpx.AsyncClient
) -> None:
    client.cookies.set("lang", "en", domain=client.base_url.host)
    page = await browser.get(NEW)
    await page.submit(FILE, **TYPED)

    row = await Complaint.select(Complaint.language).first()
    assert row == {"language": "en"}
