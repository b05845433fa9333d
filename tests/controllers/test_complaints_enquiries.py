"""The enquiries of a site, by the way they came (VIS-30)."""

import httpx
import pytest

from portal.domain.complaints.tables import Channel, Kind
from tests import factories, stories
from tests.cast import Cast
from tests.ground.probes import statements
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("db")


def numbers(page: Page) -> set[str]:
    return {card.get("href", "").rpartition("/")[2] for card in page.css("#enquiries .card")}


async def test_enquiries_stand_together_and_by_their_way(cast: Cast, client: httpx.AsyncClient) -> None:
    """VIS-30: visits, calls, letters and mails, each answered from one list; HALL-05: opinions are in the same queue."""
    letter = await factories.make_complaint(cast.hotel, by=cast.receptionist, kind=Kind.ENQUIRY, channel=Channel.LETTER)
    call = await factories.make_complaint(cast.hotel, by=cast.receptionist, kind=Kind.ENQUIRY, channel=Channel.PHONE)
    await factories.make_complaint(cast.hotel, by=cast.receptionist, channel=Channel.LETTER)
    await factories.make_complaint(cast.tower, by=cast.stranger, kind=Kind.ENQUIRY, channel=Channel.LETTER)
    browser = await stories.enter(client, cast.receptionist)

    page = await browser.get("/desk/hotel/enquiries")
    letters = await browser.get("/desk/hotel/enquiries?channel=letter")
    other = await browser.get("/desk/hotel/enquiries?channel=nonsense")

    assert numbers(page) == {letter.number, call.number} == numbers(other)
    assert numbers(letters) == {letter.number}
    assert [link.get("href") for link in page.css(".tabs a")] == [
        "/desk/hotel/enquiries", "/desk/hotel/enquiries?channel=phone", "/desk/hotel/enquiries?channel=letter",
    ]  # fmt: skip


async def test_an_enquiry_is_shown_to_whoever_sees_it_in_the_queue(cast: Cast, client: httpx.AsyncClient) -> None:
    """P33: sales sees what it took down itself."""
    await factories.make_complaint(cast.hotel, by=cast.receptionist, kind=Kind.ENQUIRY)
    own = await factories.make_complaint(cast.hotel, by=cast.sales, kind=Kind.ENQUIRY)

    page = await (await stories.enter(client, cast.sales)).get("/desk/hotel/enquiries")

    assert numbers(page) == {own.number}


async def test_one_and_three_take_as_many_questions(cast: Cast, client: httpx.AsyncClient) -> None:
    browser = await stories.enter(client, cast.receptionist)
    many = []
    for channel in (Channel.PHONE, Channel.LETTER, Channel.EMAIL):
        await factories.make_complaint(cast.hotel, by=cast.receptionist, kind=Kind.ENQUIRY, channel=channel)
        with statements() as heard:
            await browser.get("/desk/hotel/enquiries")
        many.append(len(heard))

    assert len(set(many)) == 1
