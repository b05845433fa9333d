"""A manager's today: what needs one, each matter once in its part, and only what this person sees."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from portal import clock
from portal.domain.complaints.forms.ending import Promise
from portal.domain.complaints.forms.filing import Rating
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import following, redress
from portal.domain.queues.services import clocks, deeds
from portal.domain.queues.tables import WorkItem
from tests import stories, takeaway
from tests.cast import Cast
from tests.ground.probes import statements
from tests.month import Travel
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("db")
TODAY = "/desk/hotel/today"


def parts(page: Page) -> dict[str, list[str]]:
    """The numbers in each part of the page."""
    found = {}
    for part in page.css(".today__part"):
        links = [link.get("href") for link in part.cssselect("a.card")]
        found[str(part.get("aria-labelledby")).removeprefix("part-")] = [href.rpartition("/")[2] for href in links]
    return found


async def marked(case: stories.Case, **columns: Any) -> stories.Case:
    await WorkItem.update(dict(columns.items())).where(WorkItem.id == case.id)
    return case


async def test_what_needs_a_manager_is_late_nearly_late_sent_back_or_to_approve(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    """Late, nearly late, refused by the customer, approvals: each in its part; what goes well is in none."""
    await stories.filed(cast.hotel)
    late = await marked(await stories.filed(cast.hotel), on_time=False)
    soon = await marked(await stories.filed(cast.hotel), soon=True)
    refused = await stories.rejected(cast.hotel, by=cast.receptionist)
    asked = await stories.claimed(cast.hotel, by=cast.receptionist)
    promise = Promise.model_construct(amount=100_000, remedy="免一晚房费")
    await redress.propose(await asked.card(), promise, site=cast.hotel, by=cast.receptionist)

    page = await (await stories.enter(client, cast.manager)).get(TODAY)

    assert parts(page) == {"late": [late.number], "soon": [soon.number], "refused": [refused.number],
                           "compensation": [asked.number]}  # fmt: skip


async def test_nobody_approves_what_is_his_own(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.claimed(cast.hotel, by=cast.manager)
    promise = Promise.model_construct(amount=900_000, remedy="免单")
    await redress.propose(await case.card(), promise, site=cast.hotel, by=cast.manager)

    assert parts(await (await stories.enter(client, cast.manager)).get(TODAY)) == {}
    assert parts(await (await stories.enter(client, cast.auditor)).get(TODAY)) == {"compensation": [case.number]}


async def test_ten_stand_there_and_all_of_them_on_a_page_of_their_own(cast: Cast, client: httpx.AsyncClient) -> None:
    for _number in range(12):
        await marked(await stories.filed(cast.hotel), on_time=False)
    browser = await stories.enter(client, cast.manager)
    page = await browser.get(TODAY)

    assert len(parts(page)["late"]) == 10
    assert [link.get("href") for link in page.css(".today__part .button")] == [f"{TODAY}?part=late"]
    assert len((await browser.get(f"{TODAY}?part=late")).css("a.card")) == 12
    await browser.get(f"{TODAY}?part=nothing")


async def test_nothing_that_is_kept_from_somebody_is_in_his_today(cast: Cast, client: httpx.AsyncClient) -> None:
    """P32: what is restricted, what is another site's."""
    await marked(await stories.filed(cast.hotel), on_time=False, restricted=True)
    await marked(await stories.filed(cast.tower), on_time=False)

    assert parts(await (await stories.enter(client, cast.auditor)).get(TODAY)) == {}
    await (await stories.enter(client, cast.receptionist)).get(TODAY, status=403)
    await (await stories.enter(client, cast.strange_manager)).get(TODAY, status=404)


async def test_below_stands_what_is_open_by_unit_and_who_is_away(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.filed(cast.hotel, category="room")
    await stories.filed(cast.hotel, category="room")
    await stories.filed(cast.hotel, category="service")
    await stories.away(cast.kitchen, deputy=cast.floor, site=cast.hotel)
    page = await (await stories.enter(client, cast.manager)).get(TODAY)

    assert [row.text_content().strip()[-1] for row in page.css(".numbers tbody tr")] == ["2", "1"]
    assert cast.kitchen.name in page.text("[aria-labelledby=away-title]")
    assert clock.today("Asia/Shanghai").strftime("%Y") in page.text("#today header")


async def test_the_page_costs_the_same_however_much_waits(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.enter(client, cast.manager)
    costs = []
    for _more in range(3):
        await marked(await stories.filed(cast.hotel), on_time=False, severity=0)
        with statements() as asked:
            assert (await client.get(TODAY)).status_code == 200
        costs.append(len(asked))

    assert costs == [costs[0]] * 3


async def test_five_numbers_with_yesterday_beside_them_open_exactly_their_records(
    cast: Cast, client: httpx.AsyncClient, travel: Travel
) -> None:
    """The house's day begins at 04:00: 03:59 is yesterday, 04:00 and 23:59 are today."""
    for at in ("2026-11-21T05:00", "2026-11-22T03:59", "2026-11-22T04:00", "2026-11-22T23:59"):
        travel(f"{at}:00+08:00")
        await stories.answered(cast.hotel, by=cast.receptionist)
    travel("2026-11-23T03:50:00+08:00")
    await stories.filed(cast.hotel)
    rated = await stories.closed(cast.hotel, by=cast.receptionist)
    await following.rate(await rated.card(), Rating(score=4), site=cast.hotel)
    browser = await stories.enter(client, cast.manager)

    page = await browser.get(TODAY)

    told = [[link.text_content() for link in one.cssselect("a")] for one in page.css(".today__figure")]
    assert told == [["4", "昨日：2"], ["3", "昨日：2"], ["3", "昨日：2"], ["0", "今日开始时：0"], ["4.0", "昨日：–"]]
    assert "n = 1" in page.text(".today__figure:last-child")
    for one in page.css(".today__figure")[:3]:
        for link in one.cssselect("a"):
            records = await browser.get(link.get("href"))
            assert len(records.css("tbody tr")) == int(link.text_content().split("：")[-1])


async def test_who_is_late_now_stands_beside_who_was_when_the_day_began(
    cast: Cast, client: httpx.AsyncClient, travel: Travel
) -> None:
    travel("2026-11-21T12:00:00+08:00")
    first, second = await stories.filed(cast.hotel), await stories.filed(cast.hotel)
    travel("2026-11-21T14:00:00+08:00")
    await clocks.look_at_clocks()
    travel("2026-11-22T12:00:00+08:00")
    await deeds.claim(await first.card(), DEEDS["claim"], site=cast.hotel, by=cast.manager)
    await stories.triage(first, by=cast.manager)
    browser = await stories.enter(client, cast.manager)

    late = (await browser.get(TODAY)).one(".today__figure--late")

    now, then = late.cssselect("a")
    assert (now.text_content(), then.text_content()) == ("1", "今日开始时：2")
    assert [link.get("href") for link in (await browser.get(now.get("href"))).css("a.card")] == [second.item]
    assert len((await browser.get(then.get("href"))).css("a.card")) == 2


async def test_a_file_with_names_waits_for_another_person_than_who_asked(
    cast: Cast, client: httpx.AsyncClient, clients: Callable[[], httpx.AsyncClient]
) -> None:
    """Promises 2.2, row 27."""
    await stories.filed(cast.hotel)
    mine = await stories.enter(client, cast.manager)
    theirs = await stories.enter(clients(), await takeaway.colleague(cast))
    form = await mine.get("/desk/hotel/exports/contacts")
    fields: dict[str, Any] = {"from": "2025-01-01", "to": "2028-12-31", "reason": "回访"}
    asked = await form.submit("/desk/hotel/exports/contacts", **fields)

    shown = (await theirs.get(TODAY)).css(".today__files a")

    assert [link.get("href") for link in shown] == [asked.response.url.path]
    assert (await mine.get(TODAY)).css(".today__files") == []
