"""Who finds no place waits for one on a phone, and answers what stands open by the link."""

from typing import Any

import pytest

from portal.domain.bookings.services import waiting
from portal.domain.bookings.tables import Booking, State
from portal.domain.queues.tables import WorkItem
from portal.notifications import delivery
from tests import visits
from tests.cast import Cast, sign_in
from tests.notifications import servers
from tests.pages import Browser, Page

pytestmark = pytest.mark.usefixtures("db")
LIST = "/s/hotel/waiting-list"


async def typed(cast: Cast, browser: Browser, **more: Any) -> Page:
    """The list's form, sent as a person fills it in."""
    page = await browser.get(f"{LIST}?type=tour")
    day = visits.on(cast.hotel).date().isoformat()
    fields = page.form(LIST) | {
        "day": day, "from": "09:00", "to": "12:00", "people": "3", "name": "李雷", "salutation": "mr",
        "phone": "138 0013 8000",
    }  # fmt: skip
    return await browser.post(LIST, fields | more, follow=False)


async def answered(browser: Browser, token: str, what: str, **more: str) -> Page:
    """The answer as the visitor's page sends it, with a form token of this browser."""
    page = await browser.get(f"{LIST}?type=tour")
    form_token = page.form(LIST)["form_token"]
    return await browser.post(f"/b/{token}/{what}", {"form_token": form_token, **more}, follow=False)


async def test_who_waits_gets_a_link_of_his_own(cast: Cast, browser: Browser) -> None:
    await visits.make_type(cast.hotel)

    page = await typed(cast, browser)

    assert (page.status, page.response.headers["location"][:3]) == (303, "/b/")
    row = await WorkItem.select(WorkItem.state, WorkItem.line).first()
    assert row == {"state": State.WAITING, "line": "bookings"}
    booking = await Booking.objects().first()
    assert booking is not None
    assert (booking.people, booking.language) == (3, "zh-CN")


async def test_the_same_form_sent_twice_waits_once(cast: Cast, browser: Browser) -> None:
    """P07"""
    await visits.make_type(cast.hotel)
    page = await browser.get(f"{LIST}?type=tour")
    fields = page.form(LIST) | {
        "day": visits.on(cast.hotel).date().isoformat(), "from": "09:00", "to": "12:00", "name": "李雷",
        "phone": "13800138000",
    }  # fmt: skip

    first, again = [await browser.post(LIST, fields, follow=False) for _twice in range(2)]

    assert first.response.headers["location"] == again.response.headers["location"]
    assert await Booking.count() == 1


async def test_what_is_wrong_stands_at_its_field_and_nothing_typed_is_lost(cast: Cast, browser: Browser) -> None:
    """VIS-02"""
    await visits.make_type(cast.hotel)

    page = await typed(cast, browser, to="08:00", phone="12", people="99")

    assert page.status == 422
    assert {field.get("id") for field in page.css('[aria-invalid="true"]')} == {"to", "people", "phone"}
    assert page.form(LIST)["name"] == "李雷"
    assert await Booking.count() == 0

    page = await typed(cast, browser, **{"from": "19:00", "to": "20:00"})
    assert page.status == 422
    assert page.form(LIST)["from"] == "19:00"


async def test_a_type_that_is_not_offered_online_has_no_list(cast: Cast, browser: Browser) -> None:
    await visits.make_type(cast.hotel, code="inner", online=False)

    await browser.get(f"{LIST}?type=inner", status=404)
    await browser.get(LIST, status=404)


async def test_from_the_list_to_the_visit_by_the_pages_alone(cast: Cast, browser: Browser) -> None:
    """VIS-04: who takes what is offered has a time and a place; the page shows no phone and no full name."""
    place = cast.places["1203"]
    await visits.make_type(cast.hotel, place=place)
    where = (await typed(cast, browser)).response.headers["location"]
    page = await browser.get(where)
    assert page.css("#asked") == []

    await waiting.offer_everywhere()
    page = await browser.get(where)
    assert page.one("#asked").get("data-asked") == "offer"
    page = await page.submit(f"{where}/acceptance")

    assert page.css("#asked") == []
    assert place.name in page.text()
    assert "09:00" in page.text()
    assert not {"李雷", "13800138000"} & set(page.text().split())


async def test_a_phone_is_proven_by_a_code_before_one_stands_in_the_line(
    cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P36: the list is no way around the code, and nothing that was typed is lost."""
    await visits.make_type(cast.hotel, proven=True)
    async with servers.gateway() as gateway:
        servers.use(monkeypatch, texts=gateway)
        page = await typed(cast, browser)
        assert (page.status, await Booking.count(), page.form(LIST)["name"]) == (422, 0, "李雷")
        await delivery.spread()
        await delivery.send_texts()
        ((_headers, said),) = gateway.taken
    code = "".join(letter for letter in str(said["text"]) if letter.isdigit())[:6]

    wrong = await page.submit(LIST, code="000000" if code != "000000" else "111111")
    assert (wrong.status, "code" in wrong.errors(), await Booking.count()) == (422, True, 0)
    page = await wrong.submit(LIST, code=code)

    assert page.path.startswith("/b/")
    assert await Booking.count() == 1


async def test_an_offer_is_taken_by_the_link_once(cast: Cast, browser: Browser) -> None:
    await visits.make_type(cast.hotel)
    token = (await typed(cast, browser)).response.headers["location"].removeprefix("/b/")
    await waiting.offer_everywhere()

    page = await answered(browser, token, "acceptance")
    again = await answered(browser, token, "acceptance")

    assert (page.status, again.status) == (303, 409)
    row = await Booking.objects().first()
    assert row is not None
    assert row.begins_at == visits.on(cast.hotel, hour=9)
    assert "没有待您答复" in again.text()


async def test_a_page_that_shows_something_older_answers_nothing(cast: Cast, browser: Browser) -> None:
    """VIS-25: nobody agrees to what he has not read."""
    await visits.make_type(cast.hotel)
    token = (await typed(cast, browser)).response.headers["location"].removeprefix("/b/")
    await waiting.offer_everywhere()

    page = await answered(browser, token, "rejection", version="1")

    assert page.status == 409
    assert (await answered(browser, token, "rejection", version="2")).status == 303


async def test_a_link_that_is_nobodys_answers_nothing(cast: Cast, browser: Browser) -> None:
    await visits.make_type(cast.hotel)

    assert (await answered(browser, "nobody", "acceptance")).status == 404


async def test_a_notice_of_a_booking_leads_to_it(cast: Cast, browser: Browser) -> None:
    """VIS-31: the desk hears of a wish, and the notice leads to the visit, not into the queue of complaints."""
    kind = await visits.make_type(cast.hotel, instant=False)
    booked = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel))

    page = await sign_in(browser.client, "hotel.desk")

    assert f"/desk/hotel/bookings/{booked.number}" in [one.get("href") for one in page.css("#notices a")]
    assert "李雷" not in page.text()


async def test_the_outbox_leads_to_the_booking_too(cast: Cast, browser: Browser) -> None:
    kind = await visits.make_type(cast.hotel)
    booked = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel))
    await delivery.spread()
    await sign_in(browser.client, "hotel.manager")

    page = await browser.get("/desk/hotel/outbox")

    assert f"/desk/hotel/bookings/{booked.number}" in [one.get("href") for one in page.css(".table a")]
    assert booked.token not in page.text()
