"""The end of a complaint by the forms of its page: fault, compensation, learning, the visit, templates, and the ledger."""

from typing import Any

import httpx
import pytest

from portal.domain.complaints.queries import redress as queries
from portal.domain.complaints.queries import wording
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import handling
from portal.domain.queues.queries import words
from portal.domain.queues.services import deeds
from tests import stories
from tests.cast import Cast
from tests.ground.probes import statements
from tests.pages import Browser, Page

pytestmark = pytest.mark.usefixtures("db")
SETTINGS = "/desk/hotel/settings"


async def template(browser: Browser, **typed: Any) -> None:
    """Write a template down on its page."""
    page = await (await browser.get(f"{SETTINGS}/templates")).submit(f"{SETTINGS}/templates", **typed)
    assert page.status == 200, page.errors()


def opened(page: Page) -> list[str]:
    """What stands unfolded."""
    return [fold.get("id") for fold in page.css("details[open]")]


async def test_what_was_promised_is_decided_by_another_person(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-28, CMP-29: an own approval is refused in words at its field."""
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    page = await (await stories.enter(client, cast.manager)).get(case.item)

    page = await page.submit(f"{case.complaint}/compensation", amount="3000.50", remedy="两晚房费")
    assert (page.status, page.text(".ending__one strong")) == (200, "¥3,000.50")
    page = await page.submit(f"{case.complaint}/compensation-approval", decision="approve", reason="应当")
    assert (page.status, page.text("#compensation-approval-decision-message")) == (422, "这是您自己提出的，须由他人审批。")
    assert page.form(f"{case.complaint}/compensation-approval")["reason"] == "应当"

    page = await (await stories.enter(client, cast.finance)).get(case.item)
    page = await page.submit(f"{case.complaint}/compensation-approval", decision="approve")

    assert (page.status, page.one(".ending__one").get("data-state")) == (200, "approved")
    guest = await Browser(client).get(case.link)
    assert "两晚房费 · ¥3,000.50" in guest.text("#answer")


async def test_a_no_has_its_reason(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-29."""
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    await stories.learned(case, by=cast.receptionist, fen=50_000)
    page = await (await stories.enter(client, cast.manager)).get(case.item)

    page = await page.submit(f"{case.complaint}/compensation-approval", decision="refuse")
    assert (page.status, list(page.errors())) == (422, ["reason"])

    page = await page.submit(f"{case.complaint}/compensation-approval", decision="refuse", reason="先换房")
    assert page.one(".ending__one[data-state]").get("data-state") == "refused"


@pytest.mark.parametrize("amount", ["", "-1", "1.234", "abc", "1e3", "12345678", "²"])
async def test_an_amount_that_is_none_is_refused_at_its_field(cast: Cast, client: httpx.AsyncClient, amount: str) -> None:
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    page = await (await stories.enter(client, cast.receptionist)).get(case.item)

    page = await page.submit(f"{case.complaint}/compensation", amount=amount, remedy="果篮")

    assert (page.status, list(page.errors())) == (422, ["amount"])
    assert page.form(f"{case.complaint}/compensation")["remedy"] == "果篮"
    assert {"ending-fold", "compensation-fold"} <= set(opened(page))
    assert await queries.promised(case.id) == []


async def test_money_without_words_is_refused_and_none_needs_none(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-28."""
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    page = await (await stories.enter(client, cast.receptionist)).get(case.item)

    page = await page.submit(f"{case.complaint}/compensation", amount="１００")
    assert (page.status, list(page.errors())) == (422, ["remedy"])
    page = await page.submit(f"{case.complaint}/compensation", amount="0")

    assert (page.status, [one.amount for one in await queries.promised(case.id)]) == (200, [0])


@pytest.mark.parametrize(("due_on", "fields"), [
    ("2020-01-01", ["due_on"]), ("", ["due_on"]), ("morgen", ["due_on"]), ("2099-02-30", ["due_on"]),
])  # fmt: skip
async def test_an_action_of_yesterday_is_refused_at_its_field(
    cast: Cast, client: httpx.AsyncClient, due_on: str, fields: list[str]
) -> None:
    """CMP-34."""
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    page = await (await stories.enter(client, cast.receptionist)).get(case.item)

    page = await page.submit(f"{case.complaint}/actions", body="每周检查", owner="hotel.floor", due_on=due_on)

    assert (page.status, list(page.errors())) == (422, fields)
    assert page.form(f"{case.complaint}/actions")["body"] == "每周检查"


async def test_whether_an_action_helped_is_said_on_the_page(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-34."""
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    await stories.learned(case, by=cast.receptionist)
    await stories.learned(case, by=cast.receptionist)
    page = await (await stories.enter(client, cast.manager)).get(case.item)
    first = next(action for action in page.forms() if action.endswith("/effect"))

    page = await page.submit(first, note="还没看")
    assert (page.status, len(page.css("#ending .field--wrong"))) == (422, 1)
    page = await page.submit(first, confirmed="no", note="还在滴")

    assert (page.status, first in page.forms()) == (200, False)
    assert "还在滴" in [one.body for one in await words.written(case.id)]


async def test_what_is_refused_loses_no_word(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-22, DUTY-23: the phrase is shown at its field."""
    case = await stories.planned(cast.hotel, by=cast.receptionist)
    page = await (await stories.enter(client, cast.receptionist)).get(case.item)

    for text, word in (("这个我不知道", "不知道"), ("非常抱歉", "抱歉")):
        page = await page.submit(f"{case.complaint}/reply", reply=text)
        assert (page.status, list(page.errors())) == (422, ["reply"])
        assert word in page.errors()["reply"]
        assert page.form(f"{case.complaint}/reply")["reply"] == text
    page = await page.submit(f"{case.complaint}/liability", liability="ours")
    page = await page.submit(f"{case.complaint}/reply", reply="非常抱歉，已为您换房")

    assert (page.status, (await case.view()).reply) == (200, "非常抱歉，已为您换房")


async def test_a_template_stands_filled_in_in_its_field(cast: Cast, client: httpx.AsyncClient) -> None:
    """ETQ-03: standard words are at hand, and nothing live takes them away again."""
    browser = await stories.enter(client, cast.manager)
    await template(browser, name="接手", language="zh-CN", body="{name}您好，{number}已在处理。")
    case = await stories.planned(cast.hotel, by=cast.receptionist)
    browser = await stories.enter(client, cast.receptionist)
    page = await browser.get(case.item)
    value = page.css("#reply-template option")[1].get("value")

    for into, field in (("reply", "reply"), ("messages", "body")):
        page = await browser.get(f"{case.item}?into={into}&template={value}")
        assert page.form(f"{case.complaint}/{into}")[field] == f"张先生/女士您好，{case.number}已在处理。"
        assert f"{into}-fold" in opened(page)
        assert page.one("#item").get("hx-get") is None

    for query in ("template=x&into=reply", f"template={value}&into=plan", f"template={case.id}&into=reply", "into=reply"):
        assert (await browser.get(f"{case.item}?{query}")).form(f"{case.complaint}/reply")["reply"] == ""


async def test_a_template_that_apologises_is_locked_until_the_fault_is_ours(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    """CMP-22."""
    browser = await stories.enter(client, cast.manager)
    await template(browser, name="致歉", language="zh-CN", body="这是我们的失误。", apology="1")
    case = await stories.planned(cast.hotel, by=cast.receptionist)
    (locked,) = await wording.templates(cast.hotel.id)
    page = await browser.get(f"{case.item}?into=reply&template={locked.id}")
    assert (page.css("#reply-template"), page.form(f"{case.complaint}/reply")["reply"]) == ([], "")
    assert page.text(".flash") != ""

    await page.submit(f"{case.complaint}/liability", liability="shared")
    page = await browser.get(f"{case.item}?into=reply&template={locked.id}")

    assert page.form(f"{case.complaint}/reply")["reply"] == "这是我们的失误。"


async def test_a_template_with_an_unknown_placeholder_is_refused_at_its_field(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    page = await (await stories.enter(client, cast.manager)).get(f"{SETTINGS}/templates")

    page = await page.submit(f"{SETTINGS}/templates", name="坏", language="en", body="Dear {nmae}, {} {number}")

    assert (page.status, list(page.errors())) == (422, ["body"])
    assert "{nmae}, {}" in page.errors()["body"]
    assert page.form(f"{SETTINGS}/templates")["body"] == "Dear {nmae}, {} {number}"
    assert await wording.templates(cast.hotel.id) == []


async def test_phrases_and_causes_are_decided_on_their_pages(cast: Cast, client: httpx.AsyncClient) -> None:
    """DUTY-23, CMP-34."""
    browser = await stories.enter(client, cast.admin)
    phrases, causes = f"{SETTINGS}/phrases", f"{SETTINGS}/causes"
    page = await (await browser.get(phrases)).submit(phrases, phrases="亲\r\n\r\n 哦 \n亲")
    assert (await wording.phrases(cast.hotel.id))[0] == ["亲", "哦"]
    assert page.form(phrases)["phrases"] == "亲\n哦"
    page = await page.submit(phrases, phrases="x" * 61)
    assert (page.status, list(page.errors())) == (422, ["phrases"])

    page = await (await browser.get(causes)).submit(causes, code="lift", name_zh="电梯", name_en="Lift")
    page = await page.submit(f"{causes}/staff/retirement")
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    item = await (await stories.enter(client, cast.receptionist)).get(case.item)

    offered = [option.get("value") for option in item.css("#cause-cause option")]
    assert ("lift" in offered, "staff" in offered) == (True, False)
    sent = item.form(f"{case.complaint}/cause") | {"cause": "staff"}
    assert (await item.browser.post(f"{case.complaint}/cause", sent)).status == 422


async def test_the_end_says_what_is_missing_and_gives_no_button(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-34."""
    case = await stories.accepted(cast.hotel, by=cast.receptionist, severity="severe")
    page = await (await stories.enter(client, cast.receptionist)).get(case.item)
    assert f"{case.complaint}/closure" not in page.forms()
    assert "原因、整改措施" in page.text(".deeds .notice")

    sent = page.form(f"{case.complaint}/cause")
    page = await page.browser.post(f"{case.complaint}/closure", sent)

    assert (page.status, "原因、整改措施" in page.text()) == (409, True)


async def test_a_guest_writes_after_the_end_and_the_owner_takes_it_up_with_one_tap(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    case = await stories.closed(cast.hotel, by=cast.receptionist)
    await (await Browser(client).get(case.link)).submit(f"{case.link}/messages", body="又滴水了")
    page = await (await stories.enter(client, cast.second)).get(case.item)
    assert f"{case.complaint}/reopening" not in page.forms()
    page = await (await stories.enter(client, cast.receptionist)).get(case.item)

    page = await page.submit(f"{case.complaint}/reopening")

    assert (page.status, page.one("#item").get("data-state")) == (200, "triaged")
    guest = await Browser(client).get(case.link)
    assert guest.one("#complaint-follow").get("data-state") == "triaged"


async def test_the_ledger_names_no_guest(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-28, P40; table 2.2, row 29."""
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    await stories.learned(case, by=cast.receptionist, fen=50_000)

    for staff in (cast.manager, cast.finance, cast.auditor):
        page = await (await stories.enter(client, staff)).get("/desk/hotel/ledger")
        assert page.text("tbody tr td:nth-child(2)") == case.number
        assert [word for word in ("张", "房费", stories.BODY, "138") if word in page.text("main")] == []
        assert (await page.browser.get(page.one("tbody a").get("href"))).status == 200
    for staff in (cast.receptionist, cast.floor, cast.admin):
        await (await stories.enter(client, staff)).get("/desk/hotel/ledger", status=403)


async def test_finance_sees_the_money_and_not_what_staff_wrote(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-26; table 2.2, rows 5 and 7."""
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    await stories.learned(case, by=cast.receptionist, fen=50_000)
    page = await (await stories.enter(client, cast.finance)).get(case.item)

    assert "免一晚房费" in page.text("#ending")
    assert [word for word in ("每周检查", "设备", "尚未认定") if word in page.text("#item")] == []
    assert [action for action in page.forms() if action.startswith(case.complaint)] == [
        f"{case.complaint}/compensation-approval"
    ]


async def test_a_page_costs_the_same_however_long_its_history(cast: Cast, client: httpx.AsyncClient) -> None:
    short = await stories.answered(cast.hotel, by=cast.receptionist)
    long = await stories.answered(cast.hotel, by=cast.receptionist)
    await stories.learned(short, by=cast.receptionist, fen=100)
    for _time in range(3):
        await stories.learned(long, by=cast.receptionist, fen=100)
        await deeds.note(await long.card(), DEEDS["notes"], site=cast.hotel, by=cast.manager, body="记")
    browser = await stories.enter(client, cast.receptionist)
    await browser.get(short.item)

    asked = []
    for case in (short, long):
        with statements() as heard:
            await browser.get(case.item)
        asked.append(len(heard))

    assert asked[0] == asked[1]


async def test_the_customer_is_told_until_when_silence_counts(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-38."""
    case = await stories.planned(cast.hotel, by=cast.receptionist)
    await handling.answer(await case.card(), "已换房", site=cast.hotel, by=cast.receptionist)
    page = await Browser(client).get(case.link)

    assert "将视为您接受" in page.text("#answer")
