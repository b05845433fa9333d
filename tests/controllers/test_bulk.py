"""One deed for many items: done and refused are listed, and a form that comes twice does it once."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from portal import clock
from portal.domain.complaints.services import bulk as services
from portal.domain.complaints.services import confiding
from portal.domain.complaints.tables import Kind
from portal.domain.queues.forms import ManyItems
from portal.domain.queues.queries.items import Card
from portal.domain.queues.tables import Bulk
from portal.events import queries as events
from portal.ids import new_id
from tests import stories
from tests.cast import Cast
from tests.pages import Browser, Page
from tests.stories import Case

pytestmark = pytest.mark.usefixtures("db")
QUEUE, BULK = "/desk/hotel/queue", "/desk/hotel/queue/bulk"


async def form(browser: Browser) -> dict[str, str]:
    """What the form of the ticked queue would send, with nothing ticked."""
    return (await browser.get(f"{QUEUE}?select=1")).form(BULK)


async def do(browser: Browser, *cases: Case, sent: dict[str, Any] | None = None, **typed: str) -> Page:
    fields = sent or await form(browser)
    return await browser.post(BULK, {**fields, "numbers": [case.number for case in cases], **typed})


def listed(page: Page) -> dict[str, list[str]]:
    """The numbers of each section."""
    found = {name: page.css(f"#{name} li") for name in ("done", "refused", "left")}
    return {name: [row.get("data-number") for row in rows] for name, rows in found.items() if rows}


async def test_cards_are_ticked_only_where_one_asks_for_it(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.filed(cast.hotel)
    browser = await stories.enter(client, cast.receptionist)

    assert BULK not in (await browser.get(QUEUE)).forms()
    page = await browser.get(f"{QUEUE}?select=1")
    assert [box.get("value") for box in page.css("[name=numbers]")] == [case.number]
    assert page.one("#queue").get("hx-get") is None  # nothing moves under the finger


@pytest.mark.parametrize("who", ["auditor", "guard", "finance"])
async def test_who_handles_nothing_ticks_nothing(cast: Cast, client: httpx.AsyncClient, who: str) -> None:
    """Table 2.2, row 6."""
    await stories.filed(cast.hotel, taken_by=cast.guard)
    browser = await stories.enter(client, getattr(cast, who))
    page = await browser.get(f"{QUEUE}?select=1")

    assert BULK not in page.forms()
    assert page.css(".list__choose") == []
    token = page.form("/sign-out")["form_token"]
    assert (await browser.post(BULK, {"form_token": token, "deed": "claim", "numbers": "HT-2026-000001"})).status == 403


async def test_each_number_goes_by_the_rules_of_the_single_deed(cast: Cast, client: httpx.AsyncClient) -> None:
    """Done and refused with the reason."""
    free, theirs = await stories.filed(cast.hotel), await stories.claimed(cast.hotel, by=cast.second)
    foreign, rejected = await stories.filed(cast.tower), await stories.rejected(cast.hotel, by=cast.second)
    browser = await stories.enter(client, cast.receptionist)

    page = await do(browser, theirs, free, foreign, rejected, deed="claim")

    assert page.status == 200
    assert page.before is None
    assert listed(page) == {"done": [free.number], "refused": [theirs.number, foreign.number, rejected.number]}
    assert cast.second.name in page.text("#refused li:first-child")
    owners = [(await case.card()).owner_id for case in (free, theirs, foreign, rejected)]
    assert owners == [cast.receptionist.id, cast.second.id, None, None]


async def test_many_are_handed_over_with_one_reason(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-07, CMP-25."""
    mine = [await stories.claimed(cast.hotel, by=cast.receptionist) for _each in range(2)]
    browser = await stories.enter(client, cast.receptionist)

    page = await do(browser, *mine, deed="handover", to="hotel.floor", reason="交班")

    assert listed(page) == {"done": [case.number for case in mine]}
    cards: list[Card] = [await case.card() for case in mine]
    assert [(card.owner_id, card.handoffs) for card in cards] == [(cast.floor.id, 1)] * 2


async def test_many_are_closed_and_one_that_waits_for_its_guest_is_not(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-38."""
    settled = await stories.accepted(cast.hotel, by=cast.receptionist)
    waiting = await stories.answered(cast.hotel, by=cast.receptionist)
    browser = await stories.enter(client, cast.receptionist)

    page = await do(browser, settled, waiting, deed="closure")

    assert listed(page) == {"done": [settled.number], "refused": [waiting.number]}
    assert [(await case.card()).state for case in (settled, waiting)] == ["closed", "answered"]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"numbers": ""}, "numbers"),
        ({"deed": "handover", "reason": "交班"}, "to"),
        ({"deed": "handover", "to": "hotel.floor"}, "reason"),
        ({"deed": "handover", "to": "tower.desk", "reason": "交班"}, "to"),
        ({"numbers": " ".join(f"HT-2026-{number:06d}" for number in range(101))}, "numbers"),
    ],
)
async def test_what_is_missing_is_told_at_its_field_and_nothing_ticked_is_lost(
    cast: Cast, client: httpx.AsyncClient, typed: dict[str, str], field: str
) -> None:
    case = await stories.filed(cast.hotel)
    browser = await stories.enter(client, cast.receptionist)
    sent = {**await form(browser), "numbers": case.number, "deed": "claim", **typed}

    page = await browser.post(BULK, sent)

    assert page.status == 422
    assert len(page.css(f'[role="alert"] a[href="#{field}"]')) == 1
    ticked = {box.get("value") for box in page.css("[name=numbers]") if box.get("checked") is not None}
    assert ticked == set(sent["numbers"].split())
    assert page.one("[name=reason]").get("value") == sent.get("reason", "")
    assert await Bulk.count() == 0


async def test_the_same_form_again_does_it_once_and_shows_the_same_result(cast: Cast, client: httpx.AsyncClient) -> None:
    """P07."""
    mine, theirs = await stories.filed(cast.hotel), await stories.claimed(cast.hotel, by=cast.second)
    browser = await stories.enter(client, cast.receptionist)
    sent = await form(browser)

    first = await do(browser, mine, theirs, sent=sent, deed="claim")
    again = await do(browser, mine, theirs, sent=sent, deed="claim")
    other = await do(browser, theirs, sent=sent, deed="claim")

    assert again.status == 200
    assert listed(again) == listed(first) == {"done": [mine.number], "refused": [theirs.number]}
    assert again.text("#refused") == first.text("#refused")
    assert other.status == 409
    kinds = [one.kind for one in await events.timeline(mine.id)]
    assert kinds == ["complaint.filed", "item.claimed"]


async def test_whoever_comes_back_to_what_came_of_it_has_an_address_for_it(cast: Cast, client: httpx.AsyncClient) -> None:
    browser, case = await stories.enter(client, cast.receptionist), await stories.filed(cast.hotel)
    page = await do(browser, case, deed="claim")

    again = await browser.get(page.one("[data-asked]").get("data-asked") or "")

    assert listed(again) == listed(page) == {"done": [case.number]}


async def test_what_came_of_it_is_shown_to_nobody_else(cast: Cast, client: httpx.AsyncClient) -> None:
    """P32."""
    case = await stories.filed(cast.hotel)
    browser = await stories.enter(client, cast.receptionist)
    sent = await form(browser)
    await do(browser, case, sent=sent, deed="claim")
    there = (await do(browser, case, sent=sent, deed="claim")).path
    assert case.number in (await browser.get(there)).text("#done")

    await (await stories.enter(client, cast.second)).get(there, status=404)


async def test_lines_that_were_pasted_are_as_good_as_ticks(cast: Cast, client: httpx.AsyncClient) -> None:
    cases = [await stories.filed(cast.hotel) for _each in range(3)]
    browser = await stories.enter(client, cast.receptionist)
    numbers = f"{cases[0].number}\r\n{cases[1].number}，{cases[2].number}, {cases[0].number}"

    page = await browser.post(BULK, {**await form(browser), "numbers": numbers, "deed": "claim"})

    assert listed(page) == {"done": [case.number for case in cases]}


async def test_what_was_not_come_to_is_listed_as_such(cast: Cast, client: httpx.AsyncClient) -> None:
    """A server that is killed between two numbers: what was done is known, and the rest may be asked for again."""
    asked, bulk = ManyItems(numbers=["HT-2026-000001", "HT-2026-000002"], deed="claim"), new_id()
    await services.begin(bulk, asked, site=cast.hotel, by=cast.receptionist)

    page = await (await stories.enter(client, cast.receptionist)).get(f"{BULK}/{bulk}")

    assert listed(page) == {"left": ["HT-2026-000001", "HT-2026-000002"]}


async def test_what_came_of_it_is_kept_as_long_as_its_form_lives(
    cast: Cast, client: httpx.AsyncClient, travel: Callable[[datetime], None]
) -> None:
    case, now = await stories.filed(cast.hotel), clock.now()
    await do(await stories.enter(client, cast.receptionist), case, deed="claim")

    counts = []
    for days in (6, 8):
        travel(now + timedelta(days=days))
        await services.forget_old()
        counts.append(await Bulk.count())

    assert counts == [1, 0]


async def test_what_came_of_it_names_nothing_that_is_kept_from_the_asker_by_now(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    """CMP-26."""
    case = await stories.filed(cast.hotel)
    page = await do(await stories.enter(client, cast.second), case, deed="claim")
    assert case.number in page.text("main")
    row = await Bulk.select(Bulk.id).first()
    assert row is not None

    await confiding.confine(case.id, [cast.second.username], Kind.COMPLAINT, site=cast.hotel, by=cast.manager)

    assert case.number not in (await page.browser.get(f"{BULK}/{row['id']}")).text("main")
