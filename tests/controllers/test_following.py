"""The customer's page: where things stand, what was said, what may be done; nothing that is the staff's alone."""

import httpx
import pytest

from portal.domain.complaints.forms.ending import Promise
from portal.domain.complaints.forms.filing import Message
from portal.domain.complaints.queries import staff
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import ending, following, handling, redress
from portal.domain.queues.rules import Deed
from portal.domain.queues.services import deeds, pauses
from portal.domain.queues.tables import PauseReason
from portal.events import queries as events
from portal.ids import new_token
from tests import stories
from tests.cast import Cast
from tests.ground.probes import statements
from tests.pages import Browser

pytestmark = pytest.mark.usefixtures("db")
NOTE: Deed = DEEDS["notes"]


async def test_nothing_of_the_staffs_and_nothing_of_the_contact_is_on_the_page(cast: Cast, browser: Browser) -> None:
    """CMP-45, CMP-26, P40; issue 2, section 7: a complaint full of markers leaves none of them here."""
    case = await stories.filed(
        cast.hotel, name="MARKNAME", phone="13900139007", email="markmail@example.com", taken_by=cast.guard, place="1203"
    )
    me, card, site = cast.receptionist, case.card, cast.hotel
    await deeds.claim(await card(), DEEDS["claim"], site=site, by=me)
    await deeds.release(await card(), DEEDS["release"], site=site, by=me, reason="MARKRELEASE")
    await deeds.claim(await card(), DEEDS["claim"], site=site, by=cast.second)
    await stories.hand_over(case, by=cast.second, to=me, reason="MARKHANDOVER")
    await deeds.note(await card(), NOTE, site=site, by=cast.manager, body="MARKNOTE")
    await stories.triage(case, by=me, severity="severe", cause="MARKCAUSE", wish="MARKWISH")
    await stories.triage(case, by=me, severity="severe", cause="MARKRECAUSE", wish="MARKREWISH")
    await handling.plan(await card(), "MARKPLAN", site=site, by=me)
    await handling.plan(await card(), "MARKREPLAN", site=site, by=me)
    view = await staff.for_staff(await card(), site)
    await handling.unmask(view, "phone", site=site, by=me, reason="MARKUNMASK", address="")
    await handling.write_to_customer(await card(), Message(body="对客人说的话"), site=site, by=me)
    pages = [await browser.get(case.link)]
    await handling.answer(await card(), "给客人的答复", site=site, by=me)
    pages.append(await browser.get(case.link))
    await following.reject(await card(), "客人的理由", site=site)
    pages.append(await browser.get(case.link))
    await stories.hand_over(case, by=cast.manager, to=me, reason="MARKASSIGN")
    await handling.plan(await card(), "MARKTHIRDPLAN", site=site, by=me)
    await handling.answer(await card(), "第二次答复", site=site, by=me)
    await following.accept(await card(), site=site)
    pages.append(await browser.get(case.link))
    await stories.learned(case, by=me)
    dear = Promise.model_construct(amount=90_000, remedy="MARKREMEDY")
    await redress.propose(await card(), dear, site=site, by=me)
    await ending.verify(await card(), "MARKSEEN", site=site, by=me)
    await handling.close(await card(), site=site, by=me)
    pages.append(await browser.get(case.link))

    hidden = (
        "MARK",
        "mark",
        "1390013",
        "139 0013",
        "9007",
        me.name,
        me.username,
        cast.guard.name,
        "孙",
        "冷凝管",
        "李",
        "severe",
        "严重",
    )
    found = {word for page in pages for word in hidden if word in page.response.text}
    assert found == set()
    assert "对客人说的话" in pages[0].text("#words")
    assert pages[1].text(".answer__words") == "给客人的答复"


async def test_the_page_shows_number_state_and_answer(cast: Cast, browser: Browser) -> None:
    """CMP-38, CMP-45."""
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    page = await browser.get(case.link)

    shown = page.one("#complaint-follow")
    assert (shown.get("data-number"), shown.get("data-state")) == (case.number, "answered")
    assert page.text(".answer__words") == "已为您换到 1301 房"


async def test_the_promised_time_stands_there_as_an_instant(cast: Cast, browser: Browser) -> None:
    case = await stories.filed(cast.hotel)
    page = await browser.get(case.link)

    promised = (await case.view()).promised_at
    assert promised is not None
    (time,) = page.css(".promise time")
    assert time.get("datetime", "")[-6:] == "+08:00"


async def test_each_state_offers_what_may_be_done_and_no_more(cast: Cast, browser: Browser) -> None:
    offered = {}
    for state in ("filed", "claimed", "planned", "answered", "accepted", "rejected", "closed"):
        tell = getattr(stories, state)
        case = await (tell(cast.hotel) if state == "filed" else tell(cast.hotel, by=cast.receptionist))
        page = await browser.get(case.link)
        offered[state] = [action.rpartition("/")[2] for action in page.forms() if action.startswith("/c/")]

    assert offered == {
        "filed": ["messages"], "claimed": ["messages"], "planned": ["messages"],
        "answered": ["acceptance", "rejection", "messages"], "accepted": ["messages"], "rejected": ["messages"],
        "closed": ["rating", "messages"],
    }  # fmt: skip


async def test_the_customer_writes_and_reads_it_back(cast: Cast, browser: Browser) -> None:
    case = await stories.filed(cast.hotel)
    page = await browser.get(case.link)

    page = await page.submit(f"{case.link}/messages", body="还在滴水")

    assert page.path == case.link
    assert "还在滴水" in page.text("#words")


async def test_an_empty_message_is_refused_at_its_field(cast: Cast, browser: Browser) -> None:
    case = await stories.filed(cast.hotel)
    page = await browser.get(case.link)

    page = await page.submit(f"{case.link}/messages", body=" ")

    assert (page.status, list(page.errors())) == (422, ["body"])


async def test_the_answer_is_accepted_once_and_for_all(cast: Cast, browser: Browser) -> None:
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    page, other = await browser.get(case.link), await browser.get(case.link)

    page = await page.submit(f"{case.link}/acceptance")
    assert page.one("#complaint-follow").get("data-state") == "answered"

    assert (await other.submit(f"{case.link}/acceptance")).status == 409
    assert (await other.submit(f"{case.link}/rejection", reason="反悔")).status == 409
    assert (await case.view()).accepted


async def test_the_answer_is_rejected_with_a_reason(cast: Cast, browser: Browser) -> None:
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    page = await browser.get(case.link)
    page = await page.submit(f"{case.link}/rejection", reason="")
    assert (page.status, list(page.errors())) == (422, ["reason"])

    page = await page.submit(f"{case.link}/rejection", reason="没修好")

    assert page.one("#complaint-follow").get("data-state") == "triaged"
    assert "没修好" in page.text("#words")


async def test_what_is_closed_is_rated_once(cast: Cast, browser: Browser) -> None:
    case = await stories.closed(cast.hotel, by=cast.receptionist)
    page, other = await browser.get(case.link), await browser.get(case.link)
    wrong = await page.submit(f"{case.link}/rating", score="9")
    assert (wrong.status, wrong.css("#rating .field__message") != []) == (422, True)

    page = await page.submit(f"{case.link}/rating", score="4", comment="还行")

    assert page.css("#rating") == []
    assert (await other.submit(f"{case.link}/rating", score="1")).status == 409
    assert (await case.view()).rating == 4


@pytest.mark.parametrize("deed", ["messages", "acceptance", "rejection", "rating"])
async def test_a_deed_sent_twice_is_done_once(cast: Cast, browser: Browser, deed: str) -> None:
    """P07."""
    tell = stories.closed if deed == "rating" else stories.answered
    case = await tell(cast.hotel, by=cast.receptionist)
    sent = (await browser.get(case.link)).form(f"{case.link}/{deed}") | {"body": "谢", "reason": "没修好", "score": "5"}

    answers = [await browser.post(f"{case.link}/{deed}", sent, follow=False) for _tap in range(3)]

    assert {(page.status, page.location) for page in answers} == {(303, case.link)}
    happened = [one.kind for one in await events.timeline(case.id)]
    assert len(happened) == len({*happened})


@pytest.mark.parametrize("deed", ["messages", "acceptance", "rejection", "rating"])
async def test_a_deed_without_the_pages_token_is_not_done(cast: Cast, browser: Browser, deed: str) -> None:
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    before = len(await events.timeline(case.id))

    page = await browser.post(f"{case.link}/{deed}", {"body": "x", "reason": "x", "score": "5"})

    assert page.status == 403
    assert len(await events.timeline(case.id)) == before


@pytest.mark.parametrize("path", ["", "/photos/01a2020c-4283-782c-bbc1-753d1a1a2ced"])
async def test_a_wrong_link_opens_nothing(browser: Browser, path: str) -> None:
    await browser.get(f"/c/{new_token()}{path}", status=404)


async def test_a_deed_on_a_wrong_link_is_done_nowhere(cast: Cast, browser: Browser) -> None:
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    sent = (await browser.get(case.link)).form(f"{case.link}/acceptance")

    assert (await browser.post(f"/c/{new_token()}/acceptance", sent)).status == 404
    assert not (await case.view()).accepted


async def test_looking_changes_nothing(cast: Cast, browser: Browser) -> None:
    """P35: GET never changes state."""
    case = await stories.answered(cast.hotel, by=cast.receptionist)

    with statements() as asked:
        for deed in ("", "/messages", "/acceptance", "/rejection", "/rating"):
            await browser.client.get(f"{case.link}{deed}")

    assert [sql for sql in asked if not sql.lstrip().upper().startswith("SELECT")] == []


async def test_the_page_leads_to_no_other_house_and_is_kept_by_nobody(cast: Cast, browser: Browser) -> None:
    """P35, P37."""
    await stories.decided(cast.hotel, public__icp="鲁ICP备12345号")
    case = await stories.filed(cast.hotel)
    page = await browser.get(case.link)

    assert [link.get("href") for link in page.css("a") if "://" in link.get("href", "")] == []
    assert page.response.headers["cache-control"] == "no-store"
    assert page.response.headers["referrer-policy"] == "same-origin"


async def test_the_page_refreshes_its_own_part_while_it_is_open(
    cast: Cast, browser: Browser, client: httpx.AsyncClient
) -> None:
    case = await stories.filed(cast.hotel)
    page = await browser.get(case.link)
    asks = page.one("#complaint-follow")
    assert (asks.get("hx-get"), asks.get("hx-trigger")) == (case.link, "every 15s")

    part = await browser.get(case.link, headers={"HX-Request": "true", "HX-Request-Type": "partial"})

    assert part.response.text.startswith('<section class="stack follow" id="complaint-follow"')


async def test_the_customers_page_asks_a_constant_number_of_questions(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    asked = []
    for _more in range(3):
        with statements() as heard:
            await client.get(case.link)
        asked.append(len(heard))
        for _message in range(3):
            await following.write(await case.card(), Message(body="还在等"), site=cast.hotel)

    assert asked == [asked[0]] * 3


async def test_a_guest_reads_that_the_house_waits_for_him_and_the_time_again_when_it_goes_on(
    cast: Cast, browser: Browser
) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    assert (await browser.get(case.link)).css(".promise")
    await pauses.pause(await case.card(), DEEDS["pause"], site=cast.hotel, by=cast.receptionist,
                       reason=PauseReason.CUSTOMER, body="等身份证号")  # fmt: skip

    page = await browser.get(case.link)

    assert page.css(".promise") == []
    assert "我们在等您的回复" in page.text("#complaint-follow")
    assert "身份证号" not in page.text()
    page = await page.submit(f"{case.link}/messages", body="已发到前台")
    assert page.css(".promise")
