"""Forms: read without ever raising for what was typed, and done once."""

import asyncio
from dataclasses import replace
from typing import Any

import httpx
import pytest

from portal import settings
from portal.domain.complaints.forms.handling import Triage
from portal.domain.complaints.tables import Complaint
from portal.domain.queues.tables import WorkItem
from portal.errors import Invalid
from portal.once import FormUse
from portal.web.forms import FIELDS_MOST, WORDS_MOST, Form, Replayed, next_path
from tests import stories
from tests.cast import Cast
from tests.pages import Browser

FILE = "/s/hotel/complaints"
POSTED = {"content-type": "application/x-www-form-urlencoded"}
TYPED: dict[str, Any] = {"body": "空调滴水", "phone": "13800138000"}


def test_a_form_without_a_value_is_empty_and_not_valid() -> None:
    form = Form[Triage]({"body": "x"})

    assert (form.value("body"), form.value("wish"), form.error("body"), form.valid) == ("x", "", "", False)
    with pytest.raises(ValueError, match="not valid"):
        _ = form.data


@pytest.mark.parametrize(
    ("text", "version"), [("7", 7), ("", None), ("-1", None), ("x", None), ("٣", None), ("9" * 12, None)]
)
def test_the_version_a_form_was_made_for_is_a_number_or_none(text: str, version: int | None) -> None:
    assert Form[Triage]({"version": text}).version == version


def test_what_the_business_refused_stands_beside_its_fields() -> None:
    form = Form[Triage](errors={"cause": "a"})

    form.refuse(Invalid({"category": "b"}))

    assert form.errors == {"cause": "a", "category": "b"}


def test_where_a_form_goes_on_to_is_ours_or_the_usual_place() -> None:
    assert next_path({"next": "/desk/hotel"}, "/desk") == "/desk/hotel"
    assert next_path({"next": "//evil.example"}, "/desk") == "/desk"
    assert next_path({}, "/desk") == "/desk"


def test_a_replay_knows_the_first_answer() -> None:
    assert Replayed("/c/x").answer == "/c/x"


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", {"kind": "choose one of these", "body": "please fill this in", "phone": "Enter a phone number"}),
        ("zh-CN", {"kind": "请", "body": "请填写", "phone": "请"}),
    ],
)
async def test_each_message_is_in_the_readers_language(
    cast: Cast, browser: Browser, client: httpx.AsyncClient, lang: str, said: dict[str, str]
) -> None:
    client.cookies.set("lang", lang, domain=client.base_url.host)
    page = await browser.get(f"{FILE}/new")
    sent = page.form(FILE) | {"kind": "x", "body": "", "phone": "12"}

    page = await browser.post(FILE, sent)

    summary = page.text("[role=alert]")
    assert [field for field, words in said.items() if words not in summary] == []


@pytest.mark.usefixtures("db")
async def test_a_field_sent_twice_and_a_field_nobody_asked_for_do_no_harm(
    cast: Cast, browser: Browser, client: httpx.AsyncClient
) -> None:
    token = (await browser.get(f"{FILE}/new")).form(FILE)["form_token"]
    body: list[tuple[str, str | int | float | bool | None]] = [
        ("form_token", token),
        ("kind", "complaint"),
        ("body", "一"),
        ("body", "二"),
        ("phone", "13800138000"),
        ("state", "closed"),
        ("owner", "hotel.desk"),
    ]

    answer = await client.post(
        FILE, content=str(httpx.QueryParams(body)), headers={"content-type": "application/x-www-form-urlencoded"}
    )

    row = await WorkItem.select(WorkItem.state, WorkItem.owner).first()
    assert (answer.status_code, row) == (303, {"state": "received", "owner": None})


@pytest.mark.usefixtures("db")
async def test_a_photo_field_with_words_and_a_word_field_with_a_photo_do_no_harm(cast: Cast, browser: Browser) -> None:
    sent = (await browser.get(f"{FILE}/new")).form(FILE) | TYPED | {"photos": "words"}
    assert (await browser.post(FILE, sent, follow=False)).status == 303

    sent = (await browser.get(f"{FILE}/new")).form(FILE) | {"phone": "13800138000"}
    sent.pop("body")
    page = await browser.post(FILE, sent, files=[("body", stories.photo())])
    assert (page.status, list(page.errors())) == (422, ["body"])


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("path", [FILE, "/sign-in"])
@pytest.mark.parametrize("body", ["&".join(["a=b"] * (FIELDS_MOST + 2)), "body=" + "x" * WORDS_MOST])
async def test_a_form_of_endless_fields_or_words_is_too_much(
    cast: Cast, client: httpx.AsyncClient, path: str, body: str
) -> None:
    assert (await client.post(path, content=body, headers=POSTED)).status_code == 413


@pytest.mark.usefixtures("db")
async def test_a_form_with_photos_takes_no_more_words_than_another(cast: Cast, browser: Browser) -> None:
    sent = (await browser.get(f"{FILE}/new")).form(FILE) | TYPED
    photos = [("photos", stories.photo())]

    page = await browser.post(FILE, sent | {"wish": "x" * WORDS_MOST}, files=photos)
    assert page.status == 413

    page = await browser.post(FILE, sent | {f"field-{number}": "x" for number in range(FIELDS_MOST)}, files=photos)
    assert page.status in (400, 413)
    assert await Complaint.count() == 0


@pytest.mark.usefixtures("committed")
async def test_twenty_taps_at_once_are_one_complaint_with_one_answer(cast: Cast, client: httpx.AsyncClient) -> None:
    """P07: the same token in parallel."""
    browser = Browser(client)
    sent = (await browser.get(f"{FILE}/new")).form(FILE) | TYPED

    pages = await asyncio.gather(*(browser.post(FILE, sent, follow=False) for _tap in range(20)))

    assert {(page.status, page.location) for page in pages} == {(303, pages[0].location)}
    assert (await Complaint.count(), await FormUse.count()) == (1, 1)


@pytest.mark.usefixtures("committed")
async def test_the_same_token_with_two_bodies_at_once_is_one_complaint_and_one_refusal(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    """P07."""
    browser = Browser(client)
    sent = (await browser.get(f"{FILE}/new")).form(FILE) | TYPED

    pages = await asyncio.gather(*(browser.post(FILE, sent | {"body": body}, follow=False) for body in ("一", "二")))

    assert sorted(page.status for page in pages) == [303, 409]
    assert await Complaint.count() == 1


@pytest.mark.usefixtures("db")
async def test_what_a_token_was_used_for_tells_nothing_of_the_words(cast: Cast, browser: Browser) -> None:
    """P40."""
    page = await browser.get(f"{FILE}/new")
    token = page.form(FILE)["form_token"]
    await page.submit(FILE, **TYPED)

    row = str(await FormUse.select())
    assert [part for part in ("空调", "13800138000", token) if part in row] == []


@pytest.mark.usefixtures("db")
async def test_a_new_key_makes_old_forms_worthless(cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = (await browser.get(f"{FILE}/new")).form(FILE) | TYPED
    other = replace(settings.current(), secret_key=b"another key, of more than 32 characters in all")
    monkeypatch.setattr(settings, "current", lambda: other)

    assert (await browser.post(FILE, sent)).status == 403


@pytest.mark.usefixtures("db")
async def test_words_of_every_script_come_back_as_they_were_typed(cast: Cast, browser: Browser) -> None:
    typed = "空调 🥵 \u200fעברית\u200f \N{COMBINING ACUTE ACCENT} &amp; <b> \"'`\r\n第二行"
    page = await browser.get(f"{FILE}/new")

    page = await page.submit(FILE, body=typed, phone="")

    assert page.status == 422
    assert page.form(FILE)["body"].split() == typed.split()
