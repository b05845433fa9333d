"""An item's page: what it is, what may be done and by whom, what happened; and the one look at a contact field."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from portal import clock
from portal.access_log import AccessEntry
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import handling
from portal.domain.complaints.tables import Complaint
from portal.domain.queues.services import clocks, deeds
from portal.domain.queues.tables import WorkItem
from portal.events import queries as events
from tests import stories
from tests.cast import Cast
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("db")
NOBODY_SEES_MORE = ("13800138000", "138 0013 8000", "张小龙")


async def test_the_page_says_number_state_and_owner(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.planned(cast.hotel, by=cast.second)
    page = await (await stories.enter(client, cast.receptionist)).get(case.item)

    article = page.one("#item")
    assert (article.get("data-number"), article.get("data-state"), article.get("data-owner")) == (
        case.number, "planned", "hotel.desk2",
    )  # fmt: skip
    assert page.text(".told") == stories.BODY


async def test_what_happened_is_shown_in_its_order_with_its_words(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-25, CMP-27: re-triage and re-plan stand there as further entries."""
    case = await stories.planned(cast.hotel, by=cast.receptionist)
    await stories.triage(case, by=cast.receptionist, cause="邻房水管")
    await handling.plan(await case.card(), "修水管", site=cast.hotel, by=cast.receptionist)
    await stories.hand_over(case, by=cast.receptionist, to=cast.floor, reason="他会修")
    browser = await stories.enter(client, cast.receptionist)
    client.cookies.set("lang", "en", domain=client.base_url.host)
    page = await browser.get(case.item)

    story = page.css("#item section:last-of-type .story__step")
    assert [step.cssselect(".story__label")[0].text_content() for step in story] == [
        "Filed", "Taken on", "Triaged: Complaint, Normal", "Plan made", "Triaged again: Complaint, Normal", "Plan changed",
        f"Handed over to {cast.floor.name}",
    ]  # fmt: skip
    assert [said.text_content() for said in story[-1].cssselect(".story__said")] == ["他会修"]
    assert story[4].cssselect(".story__said")[0].text_content() == "邻房水管"


async def test_instants_are_times_with_their_offset(cast: Cast, client: httpx.AsyncClient) -> None:
    """P13; issue 2, section 4: instants are <time datetime> with offset."""
    case = await stories.planned(cast.hotel, by=cast.receptionist)
    page = await (await stories.enter(client, cast.receptionist)).get(case.item)

    offsets = {time.get("datetime")[-6:] for time in page.css("time")}
    assert offsets == {"+08:00"}


async def test_what_is_late_or_escalated_or_reopened_says_so(
    cast: Cast, client: httpx.AsyncClient, travel: Callable[[datetime], None]
) -> None:
    """CMP-14: overdue flagged."""
    case = await stories.rejected(cast.hotel, by=cast.receptionist)
    travel(clock.now() + timedelta(hours=73))
    await clocks.look_at_clocks()
    browser = await stories.enter(client, cast.manager)
    client.cookies.set("lang", "en", domain=client.base_url.host)
    page = await browser.get(case.item)

    tags = [tag.text_content().strip() for tag in page.css(".item__head .tag")]
    assert {"Late", "Escalated", "Reopened"} <= set(tags)


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("receptionist", 200),
        ("manager", 200),
        ("auditor", 200),
        ("floor", 200),
        ("kitchen", 404),
        ("guard", 404),
        ("sales", 404),
        ("finance", 404),
        ("admin", 403),
        ("owner", 404),
        ("stranger", 404),
        ("strange_manager", 404),
    ],
)
async def test_who_may_not_see_an_item_finds_none(cast: Cast, client: httpx.AsyncClient, who: str, status: int) -> None:
    """CMP-26, P31, P32."""
    case = await stories.filed(cast.hotel, category="room")

    await (await stories.enter(client, getattr(cast, who))).get(case.item, status=status)


@pytest.mark.parametrize("who", ["auditor", "guard", "sales", "finance"])
async def test_who_only_looks_is_offered_no_deed(cast: Cast, client: httpx.AsyncClient, who: str) -> None:
    """Table 2.2: the auditor has no unsafe method; guard and sales see what they filed; finance reads."""
    by = getattr(cast, who) if who in ("guard", "sales") else None
    case = await stories.filed(cast.hotel, taken_by=by)
    await WorkItem.update({WorkItem.money: True}).where(WorkItem.id == case.id)
    page = await (await stories.enter(client, getattr(cast, who))).get(case.item)

    everybodys = ("/sign-out", "/language", "/desk/hotel/queue", "/desk/hotel/search")
    assert [action for action in page.forms() if action not in everybodys] == []


@pytest.mark.parametrize(("who", "reads"), [
    ("receptionist", True), ("manager", True), ("auditor", True), ("floor", True), ("finance", False), ("guard", False),
])  # fmt: skip
async def test_internal_notes_are_for_those_who_handle_it_and_who_audits(
    cast: Cast, client: httpx.AsyncClient, who: str, reads: bool
) -> None:
    """Table 2.2, row 7; CMP-26."""
    case = await stories.filed(cast.hotel, category="room", taken_by=cast.guard)
    await WorkItem.update({WorkItem.money: True}).where(WorkItem.id == case.id)
    await deeds.note(await case.card(), DEEDS["notes"], site=cast.hotel, by=cast.manager, body="客人是常客")
    page = await (await stories.enter(client, getattr(cast, who))).get(case.item)

    assert ("客人是常客" in page.response.text) == reads


async def test_the_kitchen_has_no_contact_data(cast: Cast, client: httpx.AsyncClient) -> None:
    """Table 2.2, row 5, note 1: kitchen category, no contact data."""
    case = await stories.filed(cast.hotel, category="food", email="zhang@example.com")
    page = await (await stories.enter(client, cast.kitchen)).get(case.item)

    assert [part for part in ("138****8000", "z***@example.com") if part in page.response.text] == []


async def test_the_contact_is_masked_until_somebody_says_why(cast: Cast, client: httpx.AsyncClient) -> None:
    """P40, P41."""
    case = await stories.filed(cast.hotel)
    browser = await stories.enter(client, cast.receptionist)
    page = await browser.get(case.item)
    assert [part for part in NOBODY_SEES_MORE if part in page.response.text] == []
    assert "138****8000" in page.text("#item")

    page = await unmask(page, case, "phone", "")
    assert (page.status, list(page.errors())) == (422, ["reason"])
    assert await AccessEntry.count() == 0

    page = await unmask(page, case, "phone", "回电")
    (shown,) = page.css("[data-remask]")
    assert (page.status, shown.text_content(), shown.get("data-remask")) == (200, "138 0013 8000", "138****8000")
    assert "张小龙" not in page.response.text


async def test_it_is_masked_again_on_the_next_look(cast: Cast, client: httpx.AsyncClient) -> None:
    """P41: also where the form is sent a second time."""
    case = await stories.filed(cast.hotel)
    browser = await stories.enter(client, cast.receptionist)
    page = await browser.get(case.item)
    sent = unmasking(page, "phone") | {"reason": "回电"}
    await browser.post(f"{case.item}/unmask", sent)

    again = await browser.post(f"{case.item}/unmask", sent)
    fresh = await browser.get(case.item)

    assert [part for part in NOBODY_SEES_MORE if part in again.response.text + fresh.response.text] == []
    assert await AccessEntry.count() == 1


async def test_the_value_is_in_no_address_and_in_nobodys_cache(cast: Cast, client: httpx.AsyncClient) -> None:
    """P40, P41."""
    case = await stories.filed(cast.hotel)
    page = await (await stories.enter(client, cast.receptionist)).get(case.item)

    page = await unmask(page, case, "name", "称呼")

    assert page.before is None  # shown by the post itself, not at an address
    assert page.path == f"{case.item}/unmask"
    assert page.response.headers["cache-control"] == "no-store"


async def test_the_thirty_first_look_in_an_hour_is_refused(
    cast: Cast, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, travel: Callable[[datetime], None]
) -> None:
    """P41: 30/h/user then 429, for each person by himself."""
    stories.limited(monkeypatch)
    await stories.decided(cast.hotel, limit__unmaskings=2)
    case = await stories.filed(cast.hotel)
    page, start = await (await stories.enter(client, cast.receptionist)).get(case.item), clock.now()

    seen = [await unmask(page, case, field, "回电") for field in ("phone", "name")]
    refused = await unmask(await page.browser.get(case.item), case, "phone", "再看")

    assert [one.status for one in seen] == [200, 200]
    assert refused.status == 429
    assert 3500 < int(refused.response.headers["retry-after"]) <= 3600
    assert [part for part in NOBODY_SEES_MORE if part in refused.response.text] == []
    assert await AccessEntry.count().where(AccessEntry.result == "done") == 2
    await unmask(await page.browser.get(case.item), case, "phone", "再看")
    alerts = [one.kind for one in await events.unread(cast.manager.id, site=cast.hotel.id)]
    assert alerts == ["item.unmaskings-refused"]  # once, however often it is tried
    other = await (await stories.enter(client, cast.second)).get(case.item)
    assert (await unmask(other, case, "phone", "回电")).status == 200
    travel(start + timedelta(minutes=61))
    later = await (await stories.enter(client, cast.receptionist)).get(case.item)
    assert (await unmask(later, case, "phone", "回电")).status == 200


@pytest.mark.parametrize(
    ("who", "status"), [("floor", 403), ("kitchen", 403), ("guard", 403), ("sales", 403), ("finance", 403), ("auditor", 403),
                        ("admin", 403), ("owner", 404), ("stranger", 404)],
)  # fmt: skip
async def test_no_other_role_sees_it_in_full(cast: Cast, client: httpx.AsyncClient, who: str, status: int) -> None:
    """Table 2.2, row 25."""
    case = await stories.filed(cast.hotel)
    browser = await stories.enter(client, getattr(cast, who))
    token = (await browser.get("/desk", headers={}, status=200 if len(getattr(cast, who).sites) != 1 else 303)).location
    page = await browser.get(token or "/desk")

    sent = {"form_token": page.form("/sign-out")["form_token"], "field": "phone", "reason": "好奇"}
    page = await browser.post(f"{case.item}/unmask", sent)

    assert page.status == status
    assert await AccessEntry.count().where(AccessEntry.result == "done") == 0


async def test_an_anonymous_complaint_has_nothing_to_unmask(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.filed(cast.hotel, anonymous=True)
    page = await (await stories.enter(client, cast.manager)).get(case.item)

    assert [action for action in page.forms() if action.endswith("/unmask")] == []
    assert (await Complaint.select(Complaint.anonymous).first() or {})["anonymous"]


def unmasking(page: Page, field: str) -> dict[str, str]:
    """What the form of a field would send."""
    names = ("form_token", "version", "field", "reason")
    return {name: page.one(f"#unmask-{field} [name={name}]").get("value", "") for name in names}


async def unmask(page: Page, case: stories.Case, field: str, reason: str) -> Page:
    return await page.browser.post(f"{case.item}/unmask", unmasking(page, field) | {"reason": reason})


async def test_every_due_time_explains_itself(
    cast: Cast, client: httpx.AsyncClient, travel: Callable[[datetime], None]
) -> None:
    noon = datetime.fromisoformat("2026-11-23T12:00:00+08:00")
    travel(noon)
    case = await stories.triaged(cast.hotel, by=cast.receptionist)
    browser = await stories.enter(client, cast.receptionist)
    page = await (await browser.get(case.item)).submit(f"{case.item}/pause", reason="customer", body="等客人确认")
    assert page.one("#item").get("data-state") == "triaged"
    travel(noon + timedelta(hours=2))
    browser = await stories.enter(client, cast.receptionist)
    page = await (await browser.get(case.item)).submit(f"{case.item}/resumption")

    page = await browser.get(f"{case.complaint}/clock")

    sums = {one.get("data-clock"): one.cssselect("tfoot data")[0].get("value") for one in page.css("[data-clock]")}
    assert sums == {"acknowledge": "30", "answer": "4320", "resolve": "4320"}
    assert cast.receptionist.name in page.text("[data-clock=resolve] .told")
    await browser.get(f"/desk/hotel/complaints/{(await stories.filed(cast.tower)).number}/clock", status=404)


@pytest.mark.parametrize(
    ("typed", "field"),
    [({"reason": "other"}, "body"), ({"reason": "parts", "until": "2020-01-01T08:00"}, "until")],
)
async def test_a_pause_that_says_too_little_is_refused_at_its_field(
    cast: Cast, client: httpx.AsyncClient, typed: dict[str, Any], field: str
) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    page = await (await stories.enter(client, cast.receptionist)).get(case.item)

    page = await page.submit(f"{case.item}/pause", **typed)

    assert (page.status, list(page.errors())) == (422, [field])
    assert not (await case.card()).paused
