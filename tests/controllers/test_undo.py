"""Undo on the page: a button beside what was just done, for ten seconds, also where the item has left one's reach."""

from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
import pytest

from portal import clock
from portal.domain.queues.tables import WorkItem
from portal.events.tables import Event
from tests import stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
Travel = Callable[[datetime], None]


async def test_what_was_just_done_can_be_undone_on_the_page_it_led_to(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.filed(cast.hotel)
    browser = await stories.enter(client, cast.receptionist)
    page = await (await browser.get(case.item)).submit(f"{case.item}/claim")
    assert page.text(".undo__words") == "接手"

    page = await page.submit(f"{case.item}/undo")

    assert (page.one("#item").get("data-owner"), page.text(".undo__words")) == ("", "已撤销")
    assert page.css("[data-undo]") == []
    assert "已撤销：接手" in page.text(".story")


async def test_nobody_else_is_offered_it_nor_is_it_once_something_happened(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    assert (await (await stories.enter(client, cast.second)).get(case.item)).css("[data-undo]") == []
    browser = await stories.enter(client, cast.receptionist)
    early = await browser.get(case.item)

    await stories.triage(case, by=cast.receptionist)

    assert (await browser.get(case.item)).css("[data-undo]") == []
    late = await early.submit(f"{case.item}/undo")
    assert (late.status, late.one("#item").get("data-owner")) == (409, "hotel.desk")
    assert "不能再撤销" in late.text("#flash")


async def test_after_ten_seconds_it_is_gone_and_says_so(cast: Cast, client: httpx.AsyncClient, travel: Travel) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    browser = await stories.enter(client, cast.receptionist)
    page = await browser.get(case.item)

    travel(clock.now() + timedelta(seconds=11))

    late = await page.submit(f"{case.item}/undo")
    assert (late.status, late.one("#item").get("data-owner")) == (409, "hotel.desk")
    assert "十秒" in late.text("#flash")
    assert (await browser.get(case.item)).css("[data-undo]") == []


async def test_the_guest_sees_what_is_so(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-45: nobody is on it, and nobody is said to be."""
    case = await stories.filed(cast.hotel)
    browser = await stories.enter(client, cast.receptionist)
    page = await (await browser.get(case.item)).submit(f"{case.item}/claim")
    assert (await case.view()).acknowledged_at is not None

    await page.submit(f"{case.item}/undo")

    view = await case.view()
    assert (view.acknowledged_at, view.handler) == (None, "")


async def test_what_a_deed_took_out_of_reach_comes_back(cast: Cast, client: httpx.AsyncClient) -> None:
    """One's own deed of a moment ago, and nothing else that one may not see."""
    case = await stories.filed(cast.hotel)
    await stories.hand_over(case, by=cast.manager, to=cast.floor)
    browser = await stories.enter(client, cast.floor)
    page = await browser.get(case.item)
    page = await page.submit(f"{case.item}/release", reason="不是我们的事")
    assert page.path.endswith(f"/queue?kept={case.number}")

    page = await page.submit(f"{case.item}/undo")

    assert (page.path, page.one("#item").get("data-owner")) == (case.item, "hotel.floor")
    other, done = await stories.claimed(cast.hotel, by=cast.receptionist), await Event.select(Event.id).first()
    assert done is not None
    sent = {"form_token": page.form("/sign-out")["form_token"], "event": str(done["id"])}
    assert (await browser.post(f"{other.item}/undo", sent)).status == 404


async def test_what_names_no_deed_is_refused(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    page = await (await stories.enter(client, cast.receptionist)).get(case.item)

    for event, status in (("x", 422), ("", 422), (str(case.id), 409)):
        assert (await page.submit(f"{case.item}/undo", event=event)).status == status


@pytest.mark.parametrize("deed", ["claim", "handover"])
async def test_many_are_undone_at_once_but_for_those_that_changed(
    cast: Cast, client: httpx.AsyncClient, deed: str
) -> None:
    cases = [await stories.filed(cast.hotel) for _case in range(3)]
    browser = await stories.enter(client, cast.manager)
    page = await browser.get("/desk/hotel/queue?select=1")
    page = await page.submit(
        "/desk/hotel/queue/bulk", deed=deed, numbers=[case.number for case in cases], to="hotel.floor", reason="客房的事"
    )
    await stories.triage(cases[0], by=cast.manager)

    (action,) = [form for form in page.forms() if form.endswith("/undo")]
    page = await page.submit(action)

    assert [line.get("data-number") for line in page.css("#done li")] == [case.number for case in cases[1:]]
    assert [line.get("data-number") for line in page.css("#refused li")] == [cases[0].number]
    assert await WorkItem.count().where(WorkItem.owner.is_not_null()) == 1
    assert page.css("[data-undo]") == []


async def test_ten_seconds_after_the_last_of_many_it_is_too_late(
    cast: Cast, client: httpx.AsyncClient, travel: Travel
) -> None:
    case = await stories.filed(cast.hotel)
    browser = await stories.enter(client, cast.manager)
    page = await browser.get("/desk/hotel/queue?select=1")
    page = await page.submit("/desk/hotel/queue/bulk", deed="claim", numbers=[case.number])
    (action,) = [form for form in page.forms() if form.endswith("/undo")]

    travel(clock.now() + timedelta(seconds=11))

    assert (await page.submit(action)).status == 409
    assert (await case.card()).owner == "hotel.manager"
