"""Who comes scans the code at the door, and waits by a link: pages, words, limits, and what nobody reads there."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any

import httpx
import pytest
from litestar import Litestar

from portal import clock, database, ids, sealing, settings
from portal.domain.arrivals.tables import Arrival, State
from portal.domain.customers.queries import PHONE as BLOCKED
from portal.domain.customers.tables import Block
from portal.domain.queues.tables import WorkItem
from portal.events import services as events
from tests import stories, visits
from tests.cast import Cast
from tests.controllers.test_live import first_words
from tests.domain.arrivals.services.test_coming import code_of
from tests.pages import Browser, Page

pytestmark = pytest.mark.usefixtures("db")
DOOR = "/d/hotel-lobby"
NUMBER, CHECK_IN = f"{DOOR}/number", f"{DOOR}/check-in"
PHONE = "138 0013 8000"
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
async def lobby(cast: Cast) -> Cast:
    """A door of the hotel, where one takes numbers for a counter and for a table."""
    await visits.make_door(cast.hotel)
    await visits.make_type(cast.hotel, code="counter", minutes=5, letter="A")
    await visits.make_type(cast.hotel, code="table", at_table=True, most=8)
    return cast


async def take(browser: Browser, **typed: Any) -> Page:
    page = await browser.get(DOOR)
    return await page.submit(NUMBER, **{"type": "counter", **typed})


async def call(page: Page, site: Any, window: Any) -> None:
    """Have the number of a page called, as a window does."""
    ticket, now = page.one("#wait").get("data-ticket"), clock.now()
    row = await Arrival.select(Arrival.id).where(Arrival.ticket == ticket).first()
    assert row is not None
    called: dict[Any, Any] = {Arrival.station: window.id, Arrival.called_at: now, Arrival.calls: 1}
    await Arrival.update(called).where(Arrival.id == row["id"])
    await WorkItem.update({WorkItem.state: State.CALLED}).where(WorkItem.id == row["id"])
    await events.record("arrival.called", site=site.id, subject=row["id"], by=None)


async def test_the_door_says_whose_it_is_and_offers_both_ways(lobby: Cast, browser: Browser) -> None:
    page = await browser.get(DOOR)

    assert page.text("h1") == "海湾酒店"
    assert page.forms()[1:] == [CHECK_IN, NUMBER]
    assert [box.get("value") for box in page.css('[name="type"]')] == ["counter", "table"]
    await browser.get("/d/nowhere", status=404)


async def test_a_text_message_is_promised_only_where_one_can_be_sent(
    lobby: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    without = await browser.get(DOOR)
    chosen = replace(settings.current(), sms_url="https://sms.example.com/send")
    monkeypatch.setattr(settings, "current", lambda: chosen)

    assert "发短信" not in without.text()
    assert "叫到您时发短信通知" in (await browser.get(DOOR)).text()


async def test_the_short_code_of_a_poster_leads_to_its_door(
    lobby: Cast, browser: Browser, client: httpx.AsyncClient
) -> None:
    assert (await browser.get("/d")).css('[name="code"]')
    found = await client.get("/d?code=lobby1")
    assert (found.status_code, found.headers["location"]) == (303, DOOR)
    wrong = await browser.get("/d?code=NOBODY", status=404)
    assert list(wrong.errors()) == ["code"]
    assert (await browser.get("/d/LOBBY1")).text("h1") == "海湾酒店"


async def test_a_walk_in_takes_a_number_without_a_name_and_waits_by_a_link(lobby: Cast, browser: Browser) -> None:
    """HALL-01, HALL-03."""
    first = await take(browser)
    second = await take(browser)

    assert first.before is not None and first.before.status_code == 303
    assert first.path.startswith("/w/")
    assert (first.text("h1"), second.text("h1")) == ("A001", "A002")
    assert "下一位就是您" in first.text() and "前面还有 1 位" in second.text()
    assert [int(second.one(".wait__range strong").get(f"data-{end}") or "") % 5 for end in ("from", "to")] == [0, 0]
    row = await Arrival.select(Arrival.shown_from, Arrival.shown_to).where(Arrival.ticket == "A002").first()
    shown = second.one(".wait__range strong")
    assert row == {"shown_from": int(shown.get("data-from") or ""), "shown_to": int(shown.get("data-to") or "")}


async def test_at_a_table_name_and_phone_are_needed_and_a_party_has_its_bound(lobby: Cast, browser: Browser) -> None:
    """VIS-12, RES-01: each missing field is refused at the field, and nothing typed is lost."""
    page = await take(browser, type="table", people="9", needs="靠窗")

    assert page.status == 422
    assert set(page.errors()) == {"name", "phone", "people"}
    assert page.form(NUMBER)["needs"] == "靠窗"
    page = await page.submit(NUMBER, name="李雷", phone=PHONE, people="4")
    assert page.text("h1") == "T001"
    page = await take(browser, type=None)
    assert page.status == 422 and len(page.css("fieldset.field--wrong")) == 1


async def test_a_second_number_of_a_phone_shows_the_first_only_in_its_own_browser(
    lobby: Cast, browser: Browser, clients: Callable[[], httpx.AsyncClient]
) -> None:
    """P36: the words for another browser are those for somebody who is blocked."""
    first = await take(browser, phone=PHONE)
    again = await take(browser, phone=PHONE)
    theirs = await take(Browser(clients()), phone=PHONE)
    await Block.insert(Block(
        id=ids.new_id(), site=lobby.hotel.id, phone_index=sealing.index("+8613900139000", BLOCKED), document_index="",
        reason="", by=lobby.manager.id, at=clock.now(),
    ))  # fmt: skip
    blocked = await take(Browser(clients()), phone="139 0013 9000")

    assert again.path == first.path
    assert (theirs.status, blocked.status) == (409, 409)
    assert theirs.text("h1, .trouble p") == blocked.text("h1, .trouble p")
    assert "无法为您取号" in theirs.text()


async def test_the_same_form_twice_takes_one_number(lobby: Cast, browser: Browser) -> None:
    """P07."""
    page = await browser.get(DOOR)
    once, twice = [await page.submit(NUMBER, type="counter") for _ in range(2)]

    assert once.path == twice.path
    assert await Arrival.count() == 1


async def test_who_booked_checks_in_by_code_or_phone_and_comes_to_one_page(
    lobby: Cast, browser: Browser, clients: Callable[[], httpx.AsyncClient], travel: Callable[[str], None]
) -> None:
    """VIS-11; too early is told kindly, but taken."""
    travel("2026-03-02T09:00+08:00")
    kind = await visits.make_type(lobby.hotel)
    booked = await visits.make_booking(lobby.hotel, kind, at=datetime.fromisoformat("2026-03-02T13:00+08:00"))
    travel("2026-03-02T12:00+08:00")

    page = await (await browser.get(DOOR)).submit(CHECK_IN, phone=PHONE)
    again = await (await Browser(clients()).get(DOOR)).submit(CHECK_IN, code=await code_of(booked))

    assert page.path == again.path
    assert "您来早了" in page.text() and "13:00" in page.text()
    assert page.text("h1") == "T001"
    item = await WorkItem.select(WorkItem.state).where(WorkItem.line == "bookings").first()
    assert item == {"state": "arrived"}


async def test_an_unknown_phone_and_one_without_a_visit_today_get_the_same_answer(lobby: Cast, browser: Browser) -> None:
    """P36: nobody learns whether a phone is known."""
    kind = await visits.make_type(lobby.hotel)
    await visits.make_booking(lobby.hotel, kind, at=visits.on(lobby.hotel, days=2))

    known = await (await browser.get(DOOR)).submit(CHECK_IN, phone=PHONE)
    unknown = await (await browser.get(DOOR)).submit(CHECK_IN, phone="137 0013 7000")
    neither = await (await browser.get(DOOR)).submit(CHECK_IN)

    assert (known.status, unknown.status, neither.status) == (422, 422, 422)
    assert known.errors() == unknown.errors()
    assert known.form(CHECK_IN)["phone"] == PHONE
    assert list(neither.errors()) == ["code"]


async def test_when_called_the_page_says_where_to_and_title_and_colour_change(lobby: Cast, browser: Browser) -> None:
    window = await visits.make_station(lobby.hotel, code="3")
    waits, behind = await take(browser), await take(browser)
    await call(waits, lobby.hotel, window)

    page = await browser.get(waits.path)
    part = await browser.get(waits.path, headers=PARTIAL)
    seen = await browser.get(behind.path)

    region = page.one("#wait")
    assert (region.get("data-state"), region.get("class")) == ("called", "wait wait--called")
    assert page.text(".wait__where") == "3号窗口"
    assert region.get("data-called") == page.tree.findtext(".//title") == "A001：请到3号窗口"
    assert "<html" not in part.response.text and part.one("#wait").get("data-called")
    assert seen.text(".served") == "A001 3号窗口"
    assert "下一位就是您" in seen.text()


async def test_the_page_follows_by_itself_and_asks_where_the_stream_is_cut(lobby: Cast, browser: Browser) -> None:
    page = await take(browser)

    assert page.tree.find("body").get("data-live") == f"{page.path}/live"
    assert page.one("#wait").get("hx-trigger") == "queues from:body, every 15s"
    assert 'http-equiv="refresh"' in page.response.text, "without scripts"


async def test_five_more_minutes_once_and_leaving(lobby: Cast, browser: Browser) -> None:
    page = await take(browser)
    delay, leaving = f"{page.path}/delay", f"{page.path}/leaving"

    later = await page.submit(delay)
    refused = await page.browser.post(delay, {"form_token": later.form(leaving)["form_token"]})
    left = await (await browser.get(page.path)).submit(leaving)

    assert delay not in later.forms() and "号码保留" in later.text()
    assert refused.status == 409
    assert left.one("#wait").get("data-state") == "left"
    assert left.css(f'a[href="{DOOR}"]')
    assert left.one("#wait").get("hx-trigger") is None


async def test_nobody_reads_a_name_or_a_phone_on_these_pages_or_in_their_addresses(
    lobby: Cast, browser: Browser, travel: Callable[[str], None], caplog: pytest.LogCaptureFixture
) -> None:
    """P40."""
    travel("2026-03-02T09:00+08:00")
    kind = await visits.make_type(lobby.hotel)
    await visits.make_booking(lobby.hotel, kind, at=datetime.fromisoformat("2026-03-02T10:00+08:00"))
    pages = [
        await (await browser.get(DOOR)).submit(CHECK_IN, phone=PHONE),
        await take(browser, type="table", name="韩梅梅", phone="139 0013 9000", needs="过敏"),
    ]

    for page in pages:
        assert not [word for word in ("李", "韩", "13800138000", "0013", "过敏", "参观展厅") if word in page.response.text]
        assert len(page.path.rpartition("/")[2]) >= 22
    assert not [word for word in ("13800138000", "韩梅梅", "过敏") if word in caplog.text]


async def test_wrong_links_are_counted_and_so_are_tries_at_the_door(
    lobby: Cast, browser: Browser, clients: Callable[[], httpx.AsyncClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    """P36: by device and by door; many phones share the address of one Wi-Fi."""
    stories.limited(monkeypatch, link_guesses=(2, 60))
    await stories.decided(lobby.hotel, limit__door_device=2, limit__door=5)
    mine = [(await take(browser)).status for _ in range(3)]
    others = [(await take(Browser(clients()))).status for _ in range(4)]
    guesses = [(await browser.client.get(f"/w/{number}")).status_code for number in range(3)]

    assert mine == [200, 200, 429]
    assert others == [200, 200, 200, 429]
    assert guesses == [404, 404, 429]


async def test_the_page_asks_as_much_of_the_database_for_many_as_for_one(
    lobby: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = await take(browser)

    async def asked() -> int:
        count, ask = 0, database.rows

        async def counted(sql: str, *values: Any) -> list[Any]:
            nonlocal count
            count += 1
            return await ask(sql, *values)

        monkeypatch.setattr(database, "rows", counted)
        await browser.get(page.path)
        monkeypatch.setattr(database, "rows", ask)
        return count

    few = await asked()
    for _ in range(3):
        await take(browser)
    await visits.make_station(lobby.hotel, code="2")
    assert await asked() == few


async def test_its_stream_opens_for_the_holder_of_the_link_alone(
    lobby: Cast, browser: Browser, app: Litestar, client: httpx.AsyncClient, travel: Callable[[str], None]
) -> None:
    """P35: until the day of the house ends."""
    travel("2026-03-02T12:00+08:00")
    page = await take(browser)
    status, headers, words = await first_words(app, httpx.Cookies(), f"{page.path}/live")
    travel("2026-03-03T04:00+08:00")

    assert (status, words[:13]) == (200, b"event: queues")
    assert headers["content-type"].startswith("text/event-stream")
    assert (await client.get(f"{page.path}/live")).status_code == 404
