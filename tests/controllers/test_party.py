"""The other party of a dispute: named on the item's page, and a page of its own by its own link."""

import httpx
import pytest

from portal import clock, ids
from portal.domain.complaints.forms.handling import NamedParty
from portal.domain.complaints.services import mediating
from portal.domain.queues.queries import words
from portal.domain.sites.tables import PlaceKind
from tests import factories, stories
from tests.cast import Cast
from tests.pages import Browser

pytestmark = pytest.mark.usefixtures("db")


async def test_both_sides_talk_to_the_house_and_not_to_each_other(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-32."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist, kind="dispute")
    desk = await stories.enter(client, cast.receptionist)
    page = await desk.get(case.item)

    page = await page.submit(f"{case.complaint}/party", party_phone="1")
    assert (page.status, list(page.errors())) == (422, ["party_name", "party_phone"])
    page = await page.submit(f"{case.complaint}/party", party_name="李经销", party_phone="13900139000")
    assert "李经销" not in page.text()
    assert "为对方生成链接" in page.text("#other-party")
    page = await page.submit(f"{case.complaint}/messages", body="请补发货单", side="party")
    page = await page.submit(f"{case.complaint}/messages", body="正在核实", side="customer")
    shown = await page.submit(f"{case.complaint}/party/link", follow=False)
    assert "之前生成的链接不再有效" in shown.text("#other-party")
    link = "/p/" + str(shown.one("#new-link").text_content()).strip().rpartition("/")[2]

    theirs = await Browser(client).get(link)
    assert "请补发货单" in theirs.text("main")
    assert not any(secret in theirs.text() for secret in ("正在核实", stories.BODY, stories.NAME, "张"))
    theirs = await theirs.submit(f"{link}/messages")
    assert (theirs.status, list(theirs.errors())) == (422, ["body"])
    theirs = await theirs.submit(f"{link}/messages", body="我方按合同发货")
    assert "我方按合同发货" in theirs.text("main")

    customer = await Browser(client).get(case.link)
    assert "正在核实" in customer.text("main")
    assert not any(secret in customer.text() for secret in ("请补发货单", "我方按合同发货", "李"))
    box = (await desk.get(case.item)).text("#other-party")
    assert all(said in box for said in ("我方按合同发货", "请补发货单", "为对方生成新链接"))
    assert [one.kind for one in await words.written(case.id)][-1] == "party-in"


async def test_the_other_party_sees_no_photo_of_the_customer(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-32: a wrong link, and another's photo, are not there."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist, kind="dispute")
    browser = Browser(client)
    page = await browser.get(case.link)
    page = await page.submit(f"{case.link}/messages", body="看图", files=[("photos", stories.photo())])
    photo = page.css(".photos img, .gallery img, #words img")[0].get("src").partition("?")[0].rpartition("/")[2]
    desk = await stories.enter(client, cast.receptionist)
    page = await (await desk.get(case.item)).submit(f"{case.complaint}/party", party_name="李经销")
    shown = await page.submit(f"{case.complaint}/party/link", follow=False)
    token = str(shown.one("#new-link").text_content()).strip().rpartition("/")[2]

    assert (await client.get(f"/p/{token}")).status_code == 200
    assert (await client.get(f"/p/{token}/photos/{photo}")).status_code == 404
    assert (await client.get(f"/c/{case.token}/photos/{photo}")).status_code == 200
    assert (await client.get(f"/p/{case.token}")).status_code == 404
    assert (await client.get(f"/c/{token}")).status_code == 404


async def test_the_other_party_reads_where_it_was_but_no_room_and_nothing_typed(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    """CMP-32: the page refreshes itself, and has no state while it is open."""
    await factories.make_place(cast.hotel, code="LOBBY", kind=PlaceKind.AREA, name_zh="大堂", name_en="Lobby")
    browser = Browser(client)
    for place, told in (("LOBBY", "大堂"), ("1203", ""), ("老王家", "")):
        case = await stories.claimed(cast.hotel, by=cast.receptionist, kind="dispute", place=place)
        other, token = NamedParty(party_name="李经销"), ids.new_token()
        await mediating.name(await case.card(), other, site=cast.hotel, by=cast.receptionist)
        await mediating.renew_link(await case.card(), token, site=cast.hotel, by=cast.receptionist)

        page = await browser.get(f"/p/{token}")

        assert told in page.text("#party-talk")
        assert not any(secret in page.text() for secret in ("1203", "老王家", "处理"))
        assert f"{clock.now():%Y}年" in page.text("#party-talk")
        assert page.one("#party-talk").get("hx-get") == f"/p/{token}"
        assert not page.css("#words-title")
