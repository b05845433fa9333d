"""What is confidential: whom it is about finds no door to it, and each look of the others is on record and on its page."""

import re
from collections.abc import Callable

import httpx
import pytest

from portal import ids
from portal.access_log import AccessEntry
from portal.app import create_app
from portal.domain.accounts.queries import Staff
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import confiding
from portal.domain.complaints.tables import Kind, Returned
from portal.domain.queues.services import deeds
from portal.domain.queues.tables import WorkItem
from portal.events.tables import Delivery
from portal.notifications import delivery
from portal.photos import images
from portal.photos import services as photos
from portal.photos.tables import Photo
from portal.security import policies
from tests import factories, stories
from tests.cast import Cast
from tests.pages import Browser
from tests.stories import Case

pytestmark = pytest.mark.usefixtures("db")
Clients = Callable[[], httpx.AsyncClient]
DOORS = [(method, path) for method, path, names in policies.table(create_app()) if "{number:str}" in path]
ANYTHING = {"reason": "x", "body": "x", "to": "hotel.desk2", "field": "phone", "severity": "minor", "category": "service",
            "kind": "complaint", "cause": "x", "wish": "x", "plan": "x", "reply": "x", "days": "1", "decision": "approve",
            "about": "hotel.desk2", "tier": ""}  # fmt: skip


async def about(case: Case, staff: Staff, *, kind: Kind = Kind.COMPLAINT) -> None:
    """It is about somebody."""
    await confiding.confine(case.id, [staff.username], kind, site=case.site, by=None)


async def looks() -> int:
    return len(await AccessEntry.select(AccessEntry.id).where(AccessEntry.action == "open", AccessEntry.result == "done"))


async def test_whom_it_is_about_finds_no_door_to_it(cast: Cast, client: httpx.AsyncClient) -> None:
    """The same 404 at every door with a number, as for one that nobody has ever given out."""
    case = await stories.claimed(cast.hotel, by=cast.manager)
    await about(case, cast.manager)
    browser = await stories.enter(client, cast.manager)
    token = (await browser.get("/desk/password")).form("/desk/password")["form_token"]
    photo = await _photo(case)

    async def asked(method: str, path: str) -> tuple[int, str]:
        fields = {**ANYTHING, "form_token": token} if method == "POST" else None
        answer = await client.request(method, path, data=fields, headers={"accept": "text/html"})
        return answer.status_code, re.sub(r'"[^"]{30,}"', "", answer.text).replace(path, "")

    for method, door in DOORS:
        path = door.replace("{slug:str}", "hotel")
        found = await asked(method, path.replace("{number:str}", case.number))
        assert found[0] == 404, door
        assert found == await asked(method, path.replace("{number:str}", "HT-2026-999999")), door
    assert (await asked("GET", f"/desk/hotel/photos/{photo}"))[0] == 404
    assert len(DOORS) > 15


async def test_no_page_names_it_to_whom_it_is_about(cast: Cast, client: httpx.AsyncClient, clients: Clients) -> None:
    other = await stories.filed(cast.hotel)
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await deeds.hand_over(await case.card(), DEEDS["handover"], site=cast.hotel, by=cast.receptionist,
                          to=cast.manager.username, reason="请处理")  # fmt: skip
    await (await stories.enter(clients(), cast.receptionist)).get(case.item)
    await about(case, cast.manager)
    await (await stories.enter(clients(), cast.owner)).get(case.item)
    await delivery.spread()
    browser = await stories.enter(client, cast.manager)

    for page in ("", "/queue", "/queue?state=closed", "/queue?owner=none", "/log", "/outbox", "/settings/policies",
                 f"/items/{other.number}"):  # fmt: skip
        assert case.number not in (await browser.get(f"/desk/hotel{page}")).response.text, page
    assert (await browser.get("/desk/hotel")).css("#notices") == []
    assert await Delivery.count().where(Delivery.recipient == cast.manager.id) == 0


async def test_each_look_is_one_line_of_the_log_and_stands_on_the_item(
    cast: Cast, client: httpx.AsyncClient, scale: Callable[[int, int], int]
) -> None:
    """P44: so many looks, so many lines."""
    case = await stories.filed(cast.hotel, kind=Kind.REPORT)
    photo = await _photo(case)
    browser, many = await stories.enter(client, cast.manager), scale(30, 1_000)
    for _time in range(many):
        page = await browser.get(case.item)
    assert await looks() == many

    await browser.get(f"{case.complaint}/clock")
    await client.get(f"/desk/hotel/photos/{photo}")

    assert await looks() == many + 2
    assert cast.manager.name in page.text("#confidential li")
    assert "13800138000" not in page.response.text


async def test_what_is_for_everybody_is_looked_at_unrecorded(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.filed(cast.hotel)
    await (await stories.enter(client, cast.manager)).get(case.item)

    assert await looks() == 0


async def test_a_page_that_stays_open_is_a_look_a_minute(
    cast: Cast, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    stories.limited(monkeypatch)
    case = await stories.filed(cast.hotel, kind=Kind.REPORT)
    browser = await stories.enter(client, cast.manager)
    await browser.get(case.item)

    for _signal in range(5):
        await browser.get(case.item, headers={"x-live": "1"})

    assert await looks() == 2


async def test_the_deed_stands_on_the_page_and_says_what_is_wrong_at_its_field(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    browser = await stories.enter(client, cast.receptionist)
    page = await browser.get(case.item)
    wrong = await page.submit(f"{case.complaint}/restriction", about="hotel.nobody", reason="客人说的")
    assert wrong.status == 422
    assert "hotel.nobody" in wrong.text("#restriction-about-message")
    assert wrong.one("#confidential").get("open") is not None

    page = await wrong.submit(f"{case.complaint}/restriction", about="hotel.desk2，hotel.manager")

    assert cast.second.name in page.text("#confidential")
    await (await stories.enter(client, cast.second)).get(case.item, status=404)
    await (await stories.enter(client, cast.owner)).get(case.item)


async def test_who_takes_down_what_is_kept_from_him_is_told_its_number_and_no_more(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    browser = await stories.enter(client, cast.receptionist)
    page = await browser.get("/desk/hotel/complaints/new")
    wrong = await page.submit("/desk/hotel/complaints", channel="desk", kind="report", body="有人收钱", phone="13800138000",
                              about="somebody")  # fmt: skip
    assert wrong.status == 422
    assert "somebody" in wrong.text("#about-message")

    page = await wrong.submit("/desk/hotel/complaints", about="hotel.desk2")

    number = (await WorkItem.select(WorkItem.number).first() or {})["number"]
    assert number in page.text(".notice")
    await browser.get(f"/desk/hotel/items/{number}", status=404)
    await (await stories.enter(client, cast.manager)).get(f"/desk/hotel/items/{number}")


async def test_the_owner_works_on_it_at_the_sites_desk(cast: Cast, client: httpx.AsyncClient) -> None:
    other, case = await stories.filed(cast.hotel), await stories.filed(cast.hotel)
    await about(case, cast.manager)
    browser = await stories.enter(client, cast.owner)

    queue = await browser.get("/desk/hotel/queue")
    assert [card.get("data-number") for card in queue.css("#queue [data-number]")] == [case.number]
    page = await (await browser.get(case.item)).submit(f"/desk/hotel/items/{case.number}/claim")

    assert page.one("#item").get("data-owner") == cast.owner.username
    await browser.get(other.item, status=404)


async def test_the_page_of_its_customer_is_as_ever(cast: Cast, browser: Browser) -> None:
    case = await stories.filed(cast.hotel)
    before = (await browser.get(case.link)).text("main")

    await about(case, cast.manager, kind=Kind.REPORT)

    assert (await browser.get(case.link)).text("main") == before


async def _photo(case: Case) -> str:
    stored = await photos.keep([images.clean(stories.photo()[1])])
    await photos.attach(stored, site=case.site.id, subject=case.id, entry=ids.new_id())
    return str((await Photo.select(Photo.id).first() or {})["id"])


async def test_printing_a_return_note_is_a_look_too(cast: Cast, client: httpx.AsyncClient) -> None:
    """P44."""
    case = await stories.filed(cast.hotel, kind="product")
    note = await factories.make_note(case.id, issued_by=cast.receptionist.id, state=Returned.APPROVED)
    await about(case, cast.second, kind=Kind.PRODUCT)

    await (await stories.enter(client, cast.receptionist)).get(f"{case.complaint}/returns/{note}/print")

    looks = await AccessEntry.select(AccessEntry.field).where(AccessEntry.subject == case.id)
    assert [row["field"] for row in looks] == ["complaints:print-return"]
