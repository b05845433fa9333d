"""The shared queue on a page, and the deeds that every item knows."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from portal import clock
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import ranking
from portal.domain.queues.queries import words
from portal.domain.queues.services import digest, escalating, pauses
from portal.domain.queues.tables import PauseReason
from portal.events import queries as events
from portal.events import services
from tests import stories
from tests.cast import Cast
from tests.pages import Browser, Page

pytestmark = pytest.mark.usefixtures("db")
QUEUE = "/desk/hotel/queue"
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


def rows(page: Page) -> list[tuple[str, str, str]]:
    """Number, state and owner of each row."""
    return [(row.get("data-number"), row.get("data-state"), row.get("data-owner")) for row in page.css("#queue ol > li")]


async def test_a_row_says_number_state_and_owner(cast: Cast, client: httpx.AsyncClient) -> None:
    new = await stories.filed(cast.hotel)
    mine = await stories.planned(cast.hotel, by=cast.receptionist)
    page = await (await stories.enter(client, cast.receptionist)).get(QUEUE)

    assert sorted(rows(page)) == [(new.number, "received", ""), (mine.number, "planned", "hotel.desk")]
    assert [link.get("href") for link in page.css("#queue ol a")] == [f"/desk/hotel/items/{row[0]}" for row in rows(page)]


async def test_no_phone_and_no_full_name_is_in_the_list(cast: Cast, client: httpx.AsyncClient) -> None:
    """P40."""
    await stories.filed(cast.hotel, email="zhang@example.com")
    page = await (await stories.enter(client, cast.receptionist)).get(QUEUE)

    never = ("13800138000", "138 0", "138*", "张小龙", "zhang@")  # three digits alone stand in many an id
    assert [word for word in never if word in page.response.text] == []
    assert "张**" in page.text("#queue")


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, "new request severe theirs"),
        ({"kind": "request"}, "request"),
        ({"category": "room"}, "request"),
        ({"severity": "severe"}, "severe"),
        ({"state": "planned"}, "theirs"),
        ({"state": "closed"}, "over"),
        ({"state": "open"}, "new request severe theirs"),
        ({"owner": "me"}, "severe"),
        ({"owner": "none"}, "new request"),
        ({"owner": "hotel.desk2"}, "theirs"),
        ({"owner": "me", "kind": "request"}, ""),
        ({"kind": "nonsense"}, ""),
        ({"after": "nonsense"}, "new request severe theirs"),
    ],
)
async def test_the_queue_is_narrowed_by_its_address(
    cast: Cast, client: httpx.AsyncClient, asked: dict[str, str], found: str
) -> None:
    """CMP-05, CMP-10."""
    cases = {
        "new": await stories.filed(cast.hotel),
        "request": await stories.filed(cast.hotel, kind="request", category="room"),
        "severe": await stories.triaged(cast.hotel, by=cast.receptionist, severity="severe"),
        "theirs": await stories.planned(cast.hotel, by=cast.second),
        "over": await stories.closed(cast.hotel, by=cast.receptionist),
    }
    names = {case.number: name for name, case in cases.items()}
    page = await (await stories.enter(client, cast.receptionist)).get(f"{QUEUE}?{httpx.QueryParams(asked)}")

    assert sorted(names[number] for number, _state, _owner in rows(page)) == found.split()


async def test_the_filter_keeps_what_was_chosen(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-10."""
    page = await (await stories.enter(client, cast.receptionist)).get(QUEUE)

    page = await page.submit(QUEUE, kind="request", severity="severe", category="room", state="planned", owner="me")

    assert page.form(QUEUE) == {
        "state": "planned", "kind": "request", "category": "room", "severity": "severe", "owner": "me",
    }  # fmt: skip


async def test_a_card_of_a_narrowed_queue_keeps_that_queue_beside_it(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-10: and so does the item after a deed, on the way back, and where the deed was refused."""
    await stories.filed(cast.hotel)
    case = await stories.claimed(cast.hotel, by=cast.receptionist, kind="request", category="room")
    narrowed = "kind=request&owner=me"
    browser = await stories.enter(client, cast.receptionist)
    queue = await browser.get(f"{QUEUE}?severity=&{narrowed}&state=open")
    (card,) = queue.css("#queue ol a")
    assert card.get("href") == f"{case.item}?{narrowed}"

    page = await browser.get(card.get("href"))

    assert [number for number, _state, _owner in rows(page)] == [case.number]
    assert [link.get("href") for link in page.css("#queue ol a, .item__back")] == [card.get("href"), f"{QUEUE}?{narrowed}"]
    assert page.one("#queue").get("hx-get") == f"{QUEUE}?{narrowed}&current={case.number}"
    assert page.one("#item").get("hx-get") == card.get("href")
    beside = await browser.get(page.one("#queue").get("hx-get"), headers=PARTIAL)
    assert rows(beside) == rows(page)
    assert beside.one("#queue").get("hx-get") == page.one("#queue").get("hx-get")

    there = {"referer": f"{client.base_url}{card.get('href')}"}
    refused = await page.submit(f"{case.item}/notes", body="", headers=there)
    done = await page.submit(f"{case.item}/notes", body="常客", headers=there, follow=False)
    given = await page.submit(f"{case.item}/release", reason="下班", headers=there, follow=False)
    assert (refused.status, rows(refused)) == (422, rows(page))
    assert (done.location, given.location) == (card.get("href"), card.get("href"))


@pytest.mark.parametrize(
    "referer",
    ["", "http://[", "{here}//[x?", "https://evil.example/desk?owner=me", "{here}/desk?owner=%00&state=%00&next=x&%00=%00"],
)
async def test_after_a_deed_nothing_but_a_choice_of_ours_is_taken_along(
    cast: Cast, client: httpx.AsyncClient, referer: str
) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    page = await (await stories.enter(client, cast.receptionist)).get(case.item)
    there = {"referer": referer.format(here=str(client.base_url).rstrip("/"))}

    refused = await page.submit(f"{case.item}/notes", body="", headers=there)
    done = await page.submit(f"{case.item}/notes", body="常客", headers=there, follow=False)

    assert (refused.status, done.status, done.location) == (422, 303, case.item)


async def test_a_part_of_the_page_is_asked_for_alone(cast: Cast, client: httpx.AsyncClient) -> None:
    browser = await stories.enter(client, cast.receptionist)

    part = await browser.get(QUEUE, headers=PARTIAL)

    assert part.response.text.startswith('<section class="list" id="queue"')
    assert part.response.headers["vary"].split(",") == ["HX-Request-Type", "Accept-Encoding"]


async def test_one_of_two_gets_it_and_the_other_is_told_who(
    cast: Cast, client: httpx.AsyncClient, clients: Callable[[], httpx.AsyncClient]
) -> None:
    """P05."""
    case = await stories.filed(cast.hotel)
    one, two = await stories.enter(client, cast.receptionist), await stories.enter(clients(), cast.second)
    first, second = await one.get(case.item), await two.get(case.item)

    won = await first.submit(f"{case.item}/claim")
    lost = await second.submit(f"{case.item}/claim")

    assert (won.status, won.one("#item").get("data-owner")) == (200, "hotel.desk")
    assert (lost.status, lost.one("#item").get("data-owner")) == (409, "hotel.desk")
    assert cast.receptionist.name in lost.text("[role=alert], #flash")


@pytest.mark.parametrize("deed", ["release", "handover"])
async def test_a_page_that_is_out_of_date_gives_nothing_away(cast: Cast, client: httpx.AsyncClient, deed: str) -> None:
    """P06: whoever gives it back or hands it over has seen what it is by now."""
    case = await stories.triaged(cast.hotel, by=cast.receptionist)
    page = await (await stories.enter(client, cast.receptionist)).get(case.item)
    await stories.triage(case, by=cast.manager, severity="severe")

    fields: dict[str, Any] = {"reason": "下班了"} | ({"to": "hotel.floor"} if deed == "handover" else {})
    late = await page.submit(f"{case.item}/{deed}", **fields)

    assert (late.status, late.one("#item").get("data-owner")) == (409, "hotel.desk")
    assert late.form(f"{case.item}/{deed}")["reason"] == "下班了"


async def test_giving_back_and_handing_over_need_a_reason(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-07, CMP-25."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    page = await (await stories.enter(client, cast.receptionist)).get(case.item)

    back = await page.submit(f"{case.item}/release", reason=" ")
    over = await page.submit(f"{case.item}/handover", to="hotel.floor", reason="")

    assert (back.status, list(back.errors())) == (422, ["reason"])
    assert (over.status, list(over.errors())) == (422, ["reason"])
    assert over.form(f"{case.item}/handover")["to"] == "hotel.floor"
    assert ((await case.card()).owner, (await case.card()).handoffs) == ("hotel.desk", 0)


async def test_it_is_handed_to_a_colleague_and_the_page_counts_it(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-18, CMP-25: number of hand-offs shown; the first-asked name stays."""
    case = await stories.filed(cast.hotel, taken_by=cast.guard)
    browser = await stories.enter(client, cast.receptionist)
    page = await browser.get(case.item)
    page = await page.submit(f"{case.item}/claim")

    page = await page.submit(f"{case.item}/handover", to="hotel.floor", reason="客房的事")

    assert page.one("#item").get("data-owner") == "hotel.floor"
    assert cast.guard.name in page.text(".item__line")
    assert "转交 1 次" in page.text(".tags")


async def test_a_hand_over_offers_those_who_handle_items_here_and_no_others(cast: Cast, client: httpx.AsyncClient) -> None:
    """P32."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    browser = await stories.enter(client, cast.receptionist)
    page = await browser.get(case.item)
    offered = [option.get("value") for option in page.css("#handover select option")]
    assert offered == ["", "hotel.desk2", "hotel.floor", "hotel.kitchen", "hotel.manager"]

    sent = page.form(f"{case.item}/handover") | {"to": "tower.desk", "reason": "r"}
    page = await browser.post(f"{case.item}/handover", sent)

    assert (page.status, list(page.errors())) == (422, ["to"])
    assert (await case.card()).owner == "hotel.desk"


async def test_a_note_is_written_down_for_colleagues(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.filed(cast.hotel)
    page = await (await stories.enter(client, cast.receptionist)).get(case.item)
    empty = await page.submit(f"{case.item}/notes", body=" ")
    assert (empty.status, list(empty.errors())) == (422, ["body"])

    page = await page.submit(f"{case.item}/notes", body="客人在大堂等")

    assert "客人在大堂等" in page.text("#item")


@pytest.mark.parametrize("deed", ["claim", "release", "handover", "notes"])
async def test_a_deed_sent_twice_is_done_once(cast: Cast, client: httpx.AsyncClient, deed: str) -> None:
    """P07."""
    case = await (stories.filed(cast.hotel) if deed == "claim" else stories.claimed(cast.hotel, by=cast.receptionist))
    browser = await stories.enter(client, cast.receptionist)
    sent = (await browser.get(case.item)).form(f"{case.item}/{deed}") | {"reason": "r", "to": "hotel.desk2", "body": "b"}

    answers = [await browser.post(f"{case.item}/{deed}", sent, follow=False) for _tap in range(3)]

    happened = [one.kind for one in await events.timeline(case.id)]
    assert {(page.status, page.location) for page in answers} == {(303, case.item)}
    assert len(happened) == len(set(happened))


@pytest.mark.parametrize("deed", ["claim", "release", "handover", "notes", "unmask"])
async def test_a_deed_without_the_pages_token_is_not_done(cast: Cast, client: httpx.AsyncClient, deed: str) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    browser = await stories.enter(client, cast.receptionist)
    await browser.get(case.item)

    page = await browser.post(f"{case.item}/{deed}", {"reason": "r", "to": "hotel.floor", "body": "b", "field": "phone"})

    assert page.status == 403
    assert ((await case.card()).owner, len(await words.written(case.id))) == ("hotel.desk", 1)


async def test_the_token_of_a_colleague_on_the_same_tablet_does_nothing(cast: Cast, client: httpx.AsyncClient) -> None:
    """Issue 2, section 2: bound to the browser and to the person signed in."""
    case = await stories.filed(cast.hotel)
    sent = (await (await stories.enter(client, cast.receptionist)).get(case.item)).form(f"{case.item}/claim")

    page = await (await stories.enter(client, cast.second)).post(f"{case.item}/claim", sent)

    assert page.status == 403
    assert (await case.card()).owner == ""


async def test_after_the_end_learning_and_a_new_beginning_are_offered(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.closed(cast.hotel, by=cast.receptionist)
    browser: Browser = await stories.enter(client, cast.receptionist)

    page = await browser.get(case.item)

    assert [action for action in page.forms() if action.startswith(case.item) and "/unmask" not in action] == [
        f"{case.item}/notes"
    ]
    assert [action for action in page.forms() if action.startswith(case.complaint)] == [
        f"{case.complaint}/{deed}"
        for deed in ("reopening", "restriction", "cause", "actions", "return-visit", "rectification", "link")
    ]


async def test_who_cannot_solve_it_escalates_it_and_the_manager_takes_notice(
    cast: Cast, clients: Callable[[], httpx.AsyncClient]
) -> None:
    """CMP-19."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    page = await (await stories.enter(clients(), cast.receptionist)).get(case.item)
    page = await page.submit(f"{case.item}/escalation", reason="")
    assert (page.status, list(page.errors())) == (422, ["reason"])
    page = await page.submit(f"{case.item}/escalation", reason="客人要见经理")
    assert (page.status, page.path) == (200, case.item)
    assert f"{case.item}/escalation" not in page.forms()
    assert f"{case.item}/acknowledgement" not in page.forms()

    desk = await (await stories.enter(clients(), cast.manager)).get("/desk/hotel")
    assert [link.get("href") for link in desk.css("#notices a")] == [case.item]
    page = await desk.browser.get(case.item)
    assert "客人要见经理" in page.text(".story")
    form = page.form(f"{case.item}/acknowledgement")
    page = await page.submit(f"{case.item}/acknowledgement", reason="我五分钟后到")

    assert (page.status, page.path) == (200, case.item)
    assert cast.manager.name in page.text(".told-up")
    assert f"{case.item}/acknowledgement" not in page.forms()
    again = await page.browser.post(f"{case.item}/acknowledgement", {**form, "form_token": fresh(page)})
    assert again.status == 409


async def test_an_owner_comes_from_his_notice_to_the_item_and_takes_notice(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-19."""
    await stories.decided(cast.hotel, complaint__escalate_to="owner")
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    browser = await stories.enter(client, cast.owner)
    await browser.get(case.item, status=404)
    site = await stories.anew(cast.hotel)
    card = await case.card()
    await escalating.escalate(card, DEEDS["escalation"], site=site, by=cast.receptionist, reason="客人要见业主")

    page = await browser.get("/desk/hotel")
    page = await browser.get(page.css("#notices a")[0].get("href"))
    assert {f"{case.item}/acknowledgement", f"{case.item}/notes", f"{case.complaint}/triage"} <= set(page.forms())
    page = await page.submit(f"{case.item}/acknowledgement")

    assert (page.status, page.css(".told-up__form")) == (200, [])
    assert [row[0] for row in rows(await browser.get(QUEUE))] == [case.number]


async def test_what_has_waited_longest_shows_number_place_and_age_and_nothing_else(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    """P40."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist, place="1203")
    await digest._make(cast.hotel, clock.today(cast.hotel.zone))
    browser = await stories.enter(client, cast.receptionist)

    page = await browser.get("/desk/hotel")
    page = await browser.get(page.css("#notices a")[0].get("href"))

    assert page.path == "/desk/hotel/digest"
    assert [link.get("href") for link in page.css("main li a")] == [case.item]
    assert page.text("main li").startswith(f"{case.number} 1203 房 ")
    assert stories.BODY not in page.text()
    assert "张" not in page.text("main li")


def fresh(page: Page) -> str:
    """A form token that was not used yet."""
    return page.form("/sign-out")["form_token"]


async def test_a_guest_of_a_tier_and_a_pause_are_marked_on_the_card(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-16."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await ranking.rank(await case.card(), "key", site=cast.hotel, by=cast.receptionist)
    await pauses.pause(await case.card(), DEEDS["pause"], site=cast.hotel, by=cast.receptionist,
                       reason=PauseReason.PARTS, body="")  # fmt: skip
    other = await stories.filed(cast.hotel, phone="13900139000")

    page = await (await stories.enter(client, cast.receptionist)).get(QUEUE)

    marked = {card.get("data-number"): [" ".join(mark.itertext()).strip() for mark in card.cssselect(".card__mark")]
              for card in page.css("#queue [data-number]")}  # fmt: skip
    assert marked == {case.number: ["优先", "已暂停"], other.number: []}


async def test_an_address_says_only_numbers(cast: Cast, client: httpx.AsyncClient) -> None:
    """What somebody else has put into a link is not shown as our own word."""
    browser = await stories.enter(client, cast.receptionist)

    assert (await browser.get(f"{QUEUE}?kept=CALL-0900")).css(".notice") == []
    assert (await browser.get("/desk/hotel/complaints/new?filed=HELLO")).css(".notice") == []


async def test_several_notices_of_one_thing_are_one_line_and_put_away_together(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    case = await stories.filed(cast.hotel)
    for _twice in range(2):
        event = await services.record("item.escalated", site=cast.hotel.id, subject=case.id, by=None, clock="resolve")
        await services.tell(event, [cast.manager.id])

    page = await (await stories.enter(client, cast.manager)).get("/desk/hotel")
    assert len(page.css("#notices li")) == 1
    page = await page.submit("/desk/hotel/notices")

    assert page.css("#notices") == []
