"""The doors that only some kinds know: a product and its return note, a colleague, a policy grumble."""

from typing import Any

import httpx
import pytest

from portal import clock
from portal.domain.accounts.tables import Role
from portal.domain.complaints.queries import goods
from portal.domain.complaints.tables import Returned
from tests import factories, stories
from tests.cast import Cast
from tests.pages import Page

pytestmark = pytest.mark.usefixtures("db")
NEW, TAKE = "/desk/hotel/complaints/new", "/desk/hotel/complaints"
TOLD: dict[str, Any] = {"channel": "phone", "kind": "product", "body": "阀体有裂纹", "phone": "13800138000"}
NOTE: dict[str, Any] = {"reason": "裂纹", "treatment": "换新", "basis": "检验报告", "lines": "M-100, 12"}


def told(page: Page) -> list[str]:
    """The fields that the summary of mistakes leads to."""
    return [link.get("href", "") for link in page.css("[role=alert] a")]


async def test_a_product_is_taken_down_with_what_it_is_checked_against(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-06: four fields, each told where it is missing, and nothing typed is lost."""
    page = await (await stories.enter(client, cast.receptionist)).get(NEW)

    page = await page.submit(TAKE, **TOLD, order_no="SO-1", quantity="x", shipped_on="2099-01-01")

    assert (page.status, list(page.errors())) == (422, ["part_no", "quantity", "shipped_on"])
    page = await page.submit(TAKE, **TOLD | factories.GOODS)
    assert page.status == 200
    assert page.path.startswith("/desk/hotel/items/")
    assert "SO-2026-118" in page.text("main")


async def test_the_public_form_asks_for_products_only_where_the_site_takes_them(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    """CMP-06, CMP-08: a kind that is not offered is refused, whoever sends it."""
    browser, action = await stories.enter(client, cast.receptionist), "/s/hotel/complaints"
    page = await browser.get("/s/hotel/complaints/new")
    assert not page.css('[name="order_no"]')
    sent = page.form(action) | {"body": "阀体有裂纹", "phone": "13800138000"} | factories.GOODS
    for kind in ("product", "recharge", "grumble", "policy-grumble"):
        answer = await browser.post(action, sent | {"kind": kind})
        assert (answer.status, told(answer)) == (422, ["#kind"])

    await stories.decided(cast.hotel, complaint__kinds="product")

    page = await browser.get("/s/hotel/complaints/new")
    assert page.css('[name="order_no"]')
    page = await page.submit(action, kind="product", body="阀体有裂纹", phone="13800138000")
    assert list(page.errors()) == ["order_no", "part_no", "quantity", "shipped_on"]
    page = await page.submit(action, **{key: said for key, said in (TOLD | factories.GOODS).items() if key != "channel"})
    assert all(str(said) in page.text("#words") for said in factories.GOODS.values())


async def test_goods_come_back_by_the_forms_of_the_page(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-35, CMP-36, CMP-37."""
    case = await stories.triaged(cast.hotel, by=cast.manager, kind="product")
    browser = await stories.enter(client, cast.manager)
    action = f"{case.complaint}/returns"
    page = await browser.get(case.item)

    page = await page.submit(action, **NOTE | {"basis": "", "lines": "M-100"})
    assert (page.status, list(page.errors())) == (422, ["lines", "basis"])
    page = await page.submit(action, **NOTE)
    note = (await goods.notes(await case.card()))[0]
    base = f"{action}/{note.id}"
    await browser.get(f"{base}/print", status=409)
    page = await (await browser.get(case.item)).submit(f"{base}/approval", decision="approve")
    assert (page.status, told(page)) == (422, [f"#approval-{note.id}-decision"])

    other = await factories.make_staff((cast.hotel, Role.MANAGER), username="hotel.manager2", surname="冯")
    browser = await stories.enter(client, other)
    page = await (await browser.get(case.item)).submit(f"{base}/approval", decision="approve")
    page = await page.submit(f"{base}/shipment")
    receipt = page.form(f"{base}/receipt") | {"lines": "M-100, 10"}
    page = await page.submit(f"{base}/receipt", lines="M-100, 10")
    assert page.css(f'#return-{note.id}[data-state="awaiting-instruction"]')
    fresh = page.form(f"{base}/instruction")["form_token"]
    assert (await browser.post(f"{base}/receipt", receipt | {"form_token": fresh})).status == 409
    page = await (await browser.get(case.item)).submit(f"{base}/instruction", body="照实收")
    assert "已指示，待签收" in page.text(f"#return-{note.id}")
    page = await page.submit(f"{base}/receipt", lines="M-100, 10\nM-300, 1")
    assert page.css(f'#return-{note.id}[data-state="received"]')

    printed = await browser.get(f"{base}/print")
    assert [one.text_content().split(" · ")[0].split("（")[0].strip() for one in printed.css(".copy__holder")] == [
        "第 1 联", "第 2 联", "第 3 联", "第 4 联",
    ]  # fmt: skip
    cells = [[cell.text_content() for cell in row.cssselect("td")] for row in printed.css(".copy__lines tbody tr")]
    assert cells == 4 * [["M-100", "12", "10"], ["M-300", "0", "1"]]
    assert printed.text(".copy__line").count(f"{clock.now():%Y}年") == 12
    assert "<" not in printed.text("main")


async def test_a_note_under_way_leaves_room_for_the_count_and_the_signature(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-36."""
    case = await stories.triaged(cast.hotel, by=cast.manager, kind="product")
    note = await factories.make_note(case.id, issued_by=cast.manager.id, state=Returned.SHIPPED)
    browser = await stories.enter(client, cast.manager)

    printed = await browser.get(f"{case.complaint}/returns/{note}/print")

    assert [cell.text_content() for cell in printed.css(".copy__lines td:last-child")] == 4 * [""]
    assert [line.text_content() for line in printed.css(".copy__signs > div:last-child .copy__line")] == 4 * [""]


async def test_a_colleague_is_asked_on_the_page_of_a_question_alone(cast: Cast, client: httpx.AsyncClient) -> None:
    """DUTY-22."""
    case = await stories.triaged(cast.hotel, by=cast.receptionist, kind="enquiry")
    other = await stories.triaged(cast.hotel, by=cast.receptionist)
    browser = await stories.enter(client, cast.receptionist)
    page = await browser.get(case.item)

    page = await page.submit(f"{case.complaint}/colleague", to=cast.second.username)
    assert (page.status, list(page.errors())) == (422, ["body"])
    page = await page.submit(f"{case.complaint}/colleague", to=cast.second.username, body="泳池几点开？")

    assert page.status == 200
    assert "泳池几点开？" in page.text("main")
    assert f"{other.complaint}/colleague" not in {
        form.get("action") for form in (await browser.get(other.item)).css("form")
    }


async def test_a_policy_grumble_is_forwarded_on_its_page_before_it_is_closed(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-30."""
    case = await stories.accepted(cast.hotel, by=cast.receptionist, kind="policy-grumble")
    browser = await stories.enter(client, cast.receptionist)
    page = await browser.get(case.item)
    fields = page.form(f"{case.complaint}/forwarding")
    assert (await browser.post(f"{case.complaint}/closure", {"form_token": fields["form_token"]})).status == 409

    page = await (await browser.get(case.item)).submit(f"{case.complaint}/forwarding", reason="没看懂新的返利政策")
    page = await page.submit(f"{case.complaint}/closure")

    assert (await case.card()).state == "closed"
