"""The desk's own doors of a complaint: taking it down, and each step of its way, on the page where one looks for it."""

import re
from typing import Any

import httpx
import pytest

from portal.domain.accounts.tables import Role
from portal.domain.complaints.rules.way import INTAKE_CHANNELS, OFFERED
from portal.domain.complaints.services import handling
from portal.domain.complaints.tables import Complaint
from portal.domain.queues.queries import words
from portal.domain.queues.tables import WorkItem
from tests import factories, stories
from tests.cast import Cast
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("db")
NEW, TAKE = "/desk/hotel/complaints/new", "/desk/hotel/complaints"
TOLD: dict[str, Any] = {"channel": "letter", "body": "空调滴水", "phone": "13800138000", "name": "张小龙"}
TRIAGE: dict[str, Any] = {"severity": "severe", "category": "room", "kind": "complaint", "cause": "堵塞", "wish": "换房"}


async def said(case: stories.Case, kind: str) -> list[str]:
    return [entry.body for entry in await words.written(case.id) if entry.kind == kind]


@pytest.mark.parametrize("who", ["receptionist", "guard", "floor", "sales", "manager"])
async def test_who_takes_a_complaint_down_comes_to_its_page(cast: Cast, client: httpx.AsyncClient, who: str) -> None:
    """CMP-01; table 2.2, row 1."""
    page = await (await stories.enter(client, getattr(cast, who))).get(NEW)

    page = await page.submit(TAKE, **TOLD)

    (row,) = await WorkItem.select(WorkItem.number, WorkItem.first_asked)
    assert page.path == f"/desk/hotel/items/{row['number']}"
    assert row["first_asked"] == getattr(cast, who).id


async def test_the_way_it_came_must_be_said(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-01: a mandatory channel field, and nothing chosen beforehand."""
    page = await (await stories.enter(client, cast.receptionist)).get(NEW)
    assert [choice.get("value") for choice in page.css('input[name="channel"]')] == list(INTAKE_CHANNELS)
    assert "channel" not in page.form(TAKE)

    page = await page.submit(TAKE, body="空调滴水", phone="13800138000")

    assert page.status == 422
    assert [link.get("href") for link in page.css("[role=alert] a")] == ["#channel"]
    assert page.form(TAKE)["body"] == "空调滴水"
    assert await Complaint.count() == 0


async def test_staff_are_offered_the_kinds_of_their_site_and_their_own(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-01, CMP-08."""
    browser, grumbles = await stories.enter(client, cast.receptionist), ["grumble", "policy-grumble"]
    page = await browser.get(NEW)
    assert [choice.get("value") for choice in page.css('input[name="kind"]')] == [*OFFERED, *grumbles]

    await stories.decided(cast.hotel, complaint__kinds="both")

    page = await browser.get(NEW)
    chosen = [choice.get("value") for choice in page.css('input[name="kind"]')]
    assert chosen == [*OFFERED, "product", "recharge", *grumbles]


@pytest.mark.parametrize("speaks", ["zh-CN", "en"])
async def test_the_guest_is_written_to_in_his_language_and_not_in_that_of_the_staff(
    cast: Cast, client: httpx.AsyncClient, speaks: str
) -> None:
    """CMP-02."""
    clerk = await factories.make_staff((cast.hotel, Role.DESK), username="hotel.english", language="en")
    page = await (await stories.enter(client, clerk)).get(NEW)
    assert page.form(TAKE)["language"] == "zh-CN"

    await page.submit(TAKE, **TOLD, language=speaks)

    assert [row["language"] for row in await Complaint.select(Complaint.language)] == [speaks]


async def test_words_and_contact_are_asked_at_the_desk_too(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-02."""
    page = await (await stories.enter(client, cast.receptionist)).get(NEW)

    page = await page.submit(TAKE, channel="phone", name="张小龙")

    assert (page.status, list(page.errors())) == (422, ["body", "phone"])
    assert page.form(TAKE)["name"] == "张小龙"


async def test_taking_down_twice_is_once(cast: Cast, client: httpx.AsyncClient) -> None:
    """P07."""
    browser = await stories.enter(client, cast.receptionist)
    sent = (await browser.get(NEW)).form(TAKE) | TOLD

    answers = [await browser.post(TAKE, sent, follow=False) for _tap in range(3)]

    assert {(page.status, page.location) for page in answers} == {(303, answers[0].location)}
    assert await Complaint.count() == 1


async def test_the_category_of_another_site_is_refused(cast: Cast, client: httpx.AsyncClient) -> None:
    """P32: no foreign key of another site in a form."""
    await factories.make_category(cast.tower, code="garage")
    browser = await stories.enter(client, cast.receptionist)
    sent = (await browser.get(NEW)).form(TAKE) | TOLD
    assert (await browser.post(TAKE, sent | {"category": "garage"})).status == 422

    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    sent = (await browser.get(case.item)).form(f"{case.complaint}/triage") | TRIAGE
    page = await browser.post(f"{case.complaint}/triage", sent | {"category": "garage"})

    assert (page.status, list(page.errors())) == (422, ["category"])
    assert (await case.card()).state == "received"


async def go(page: Page, action: str, **typed: Any) -> Page:
    """One step on the way; the page of the item as it then stands."""
    page = await page.submit(action, **typed)
    assert page.status == 200, page.text("[role=alert]")
    return page


async def test_the_whole_way_goes_by_the_forms_of_the_page(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-03, CMP-04, CMP-10, CMP-12, CMP-13, CMP-34, CMP-38."""
    case = await stories.filed(cast.hotel)
    browser = await stories.enter(client, cast.receptionist)
    page, seen = await browser.get(case.item), []

    for action, typed in (
        (f"{case.item}/claim", {}),
        (f"{case.complaint}/triage", TRIAGE),
        (f"{case.complaint}/plan", {"plan": "今晚换房"}),
        (f"{case.complaint}/messages", {"body": "马上来"}),
        (f"{case.complaint}/reply", {"reply": "已换房"}),
        (f"{case.complaint}/cause", {"cause": "equipment"}),
        (f"{case.complaint}/actions", {"body": "每周检查", "owner": "hotel.floor", "due_on": "2099-12-31"}),
        (f"{case.complaint}/compensation", {"amount": "0"}),
    ):
        page = await go(page, action, **typed)
        article = page.one("#item")
        seen.append((article.get("data-state"), article.get("data-owner")))
    customer = await browser.get(case.link)
    await customer.submit(f"{case.link}/acceptance")
    page = await go(await browser.get(case.item), f"{case.complaint}/closure")

    assert seen == [(state, "hotel.desk") for state in ("received", "triaged", "planned", "planned", *["answered"] * 4)]
    assert page.one("#item").get("data-state") == "closed"
    assert (await said(case, "plan"), await said(case, "reply")) == (["今晚换房"], ["已换房"])


@pytest.mark.parametrize(
    ("state", "deed", "typed", "fields"),
    [
        ("claimed", "triage", {"cause": "", "wish": " "}, ["cause", "wish"]),
        ("claimed", "triage", {"severity": None, "category": ""}, ["severity", "category"]),
        ("triaged", "plan", {"plan": " "}, ["plan"]),
        ("planned", "reply", {"reply": ""}, ["reply"]),
        ("claimed", "messages", {"body": ""}, ["body"]),
    ],
)
async def test_a_step_without_its_words_is_refused_at_the_field(
    cast: Cast, client: httpx.AsyncClient, state: str, deed: str, typed: dict[str, Any], fields: list[str]
) -> None:
    """CMP-03, CMP-10, CMP-13, CMP-38."""
    case = await getattr(stories, state)(cast.hotel, by=cast.receptionist)
    before = (await case.card()).version
    page = await (await stories.enter(client, cast.receptionist)).get(case.item)
    sent = {**(TRIAGE if deed == "triage" else {}), **typed}

    page = await page.submit(f"{case.complaint}/{deed}", **sent)

    assert page.status == 422
    assert [link.get("href") for link in page.css("[role=alert] a")] == [f"#{deed}-{field}" for field in fields]
    assert (await case.card()).version == before


async def test_after_a_refused_triage_everything_typed_is_still_there(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    page = await (await stories.enter(client, cast.receptionist)).get(case.item)

    page = await page.submit(f"{case.complaint}/triage", **{**TRIAGE, "cause": ""})

    kept = page.form(f"{case.complaint}/triage")
    assert {name: kept[name] for name in TRIAGE} == {**TRIAGE, "cause": ""}


async def test_no_plan_no_answer(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-13: the page does not offer it, and the door does not take it."""
    case = await stories.triaged(cast.hotel, by=cast.receptionist)
    browser = await stories.enter(client, cast.receptionist)
    page = await browser.get(case.item)
    assert f"{case.complaint}/reply" not in page.forms()

    sent = {"form_token": page.form(f"{case.complaint}/plan")["form_token"], "reply": "已换房"}
    page = await browser.post(f"{case.complaint}/reply", sent)

    assert page.status == 409
    assert (await case.card()).state == "triaged"


async def test_no_acceptance_no_closure(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-38."""
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    browser = await stories.enter(client, cast.receptionist)
    page = await browser.get(case.item)
    assert f"{case.complaint}/closure" not in page.forms()

    page = await browser.post(f"{case.complaint}/closure", {"form_token": page.form(f"{case.item}/release")["form_token"]})

    assert page.status == 409
    assert (await case.card()).state == "answered"


async def test_who_answers_on_an_old_page_is_told_and_loses_no_word(cast: Cast, client: httpx.AsyncClient) -> None:
    """P06."""
    case = await stories.planned(cast.hotel, by=cast.receptionist)
    page = await (await stories.enter(client, cast.receptionist)).get(case.item)
    await handling.plan(await case.card(), "另一个办法", site=cast.hotel, by=cast.manager)

    page = await page.submit(f"{case.complaint}/reply", reply="我们的答复")

    assert page.status == 409
    assert page.form(f"{case.complaint}/reply")["reply"] == "我们的答复"
    assert await said(case, "reply") == []


async def test_a_step_sent_twice_is_one_step(cast: Cast, client: httpx.AsyncClient) -> None:
    """P07."""
    case = await stories.triaged(cast.hotel, by=cast.receptionist)
    browser = await stories.enter(client, cast.receptionist)
    sent = (await browser.get(case.item)).form(f"{case.complaint}/plan") | {"plan": "换房"}

    answers = [await browser.post(f"{case.complaint}/plan", sent, follow=False) for _tap in range(2)]

    assert [(page.status, page.location) for page in answers] == [(303, case.item)] * 2
    assert await said(case, "plan") == ["换房"]


async def test_a_new_link_is_shown_once_and_the_old_one_is_dead(cast: Cast, client: httpx.AsyncClient) -> None:
    """P35: revocable."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    browser = await stories.enter(client, cast.receptionist)
    page = await browser.get(case.item)
    sent = page.form(f"{case.complaint}/link")

    shown = await browser.post(f"{case.complaint}/link", sent)
    again = await browser.post(f"{case.complaint}/link", sent)

    (link,) = set(re.findall(r"http://127\.0\.0\.1:8000(/c/[\w-]+)", shown.response.text))
    assert (shown.status, shown.path) == (200, f"{case.complaint}/link")
    assert link not in again.response.text
    await browser.get(case.link, status=404)
    await browser.get(link)


async def test_an_item_of_another_site_cannot_be_handled_from_mine(cast: Cast, client: httpx.AsyncClient) -> None:
    """P32."""
    case = await stories.planned(cast.tower, by=cast.stranger)
    mine = await stories.planned(cast.hotel, by=cast.receptionist)
    browser = await stories.enter(client, cast.receptionist)
    token = (await browser.get(mine.item)).form(f"{mine.complaint}/reply")["form_token"]

    for path in (f"/desk/hotel/complaints/{case.number}/reply", f"{case.complaint}/reply"):
        assert (await browser.post(path, {"form_token": token, "reply": "x"})).status == 404

    assert (await case.card()).state == "planned"
