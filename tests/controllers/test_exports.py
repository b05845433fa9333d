"""The doors of files: a short table at once, a long one followed on its page, contacts by two takeaway."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from portal.domain.accounts.tables import Membership
from portal.domain.exports import rules
from portal.domain.exports.queries import files
from portal.domain.exports.services import asking, making
from portal.domain.exports.tables import Export
from portal.jobs.exports import MAKERS
from tests import stories, takeaway
from tests.cast import Cast
from tests.ground.probes import statements
from tests.sheets.reading import csv_rows, xlsx_rows

pytestmark = pytest.mark.usefixtures("db")
Clients = Callable[[], httpx.AsyncClient]
FILES = "/desk/hotel/exports"
DAYS: dict[str, Any] = {"from": "2025-01-01", "to": "2028-12-31"}


async def promised(cast: Cast) -> stories.Case:
    case = await stories.planned(cast.hotel, by=cast.manager)
    await stories.learned(case, by=cast.manager, fen=12_345)
    return case


async def made() -> None:
    while await making.make_next(MAKERS):
        pass


async def test_the_ledger_is_taken_away_as_it_stands_without_a_guest(cast: Cast, client: httpx.AsyncClient) -> None:
    """P29, P40, P44."""
    case = await promised(cast)
    browser = await stories.enter(client, cast.finance)

    csv = await browser.client.get("/desk/hotel/ledger.csv")
    xlsx = await browser.client.get("/desk/hotel/ledger.xlsx")
    log = await (await stories.enter(client, cast.auditor)).get("/desk/hotel/log")

    assert csv.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'filename="hotel-ledger-' in csv.headers["content-disposition"]
    assert (csv.headers["cache-control"], csv.headers["x-content-type-options"]) == ("no-store", "nosniff")
    (line,) = csv_rows(csv.content)[4:]
    assert (line[1], line[2], line[4]) == (case.number, "123.45", "hotel.manager")
    row = xlsx_rows(xlsx.content)[1]
    assert (row[1], row[2], row[4]) == (case.number, 123.45, "hotel.manager")
    assert [word for word in (stories.NAME, stories.PHONE, stories.BODY) if word in csv.text] == []
    assert log.text().count("补偿台账") == 2


async def test_a_long_table_is_followed_on_its_page_and_taken_there(
    cast: Cast, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await promised(cast)
    monkeypatch.setattr(rules, "AT_ONCE", 0)
    browser = await stories.enter(client, cast.finance)

    answer = await client.get("/desk/hotel/ledger.csv")
    again = await client.get("/desk/hotel/ledger.csv")
    other = await client.get("/desk/hotel/ledger.xlsx")
    waiting = await browser.get(answer.headers["location"])
    early = await client.get(f"{answer.headers['location']}/file")
    await made()
    done = await browser.get(answer.headers["location"])
    body = await client.get(f"{answer.headers['location']}/file")

    assert (answer.status_code, again.headers["location"]) == (303, answer.headers["location"])
    assert answer.headers["location"].startswith(f"{FILES}/")
    assert (other.status_code, early.status_code) == (409, 404)
    assert waiting.one("#export").get("hx-trigger") == "every 2s"
    assert done.one("#export").get("hx-trigger") is None
    assert len(csv_rows(body.content)) == 5
    assert f"{FILES}/" in (await browser.get(FILES)).one(".news a").get("href", "")
    assert (await browser.get("/desk/hotel")).one(".news a").get("href") == answer.headers["location"]


async def test_a_file_is_its_owners_alone(
    cast: Cast, client: httpx.AsyncClient, clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P29: another's is 404, whatever the role; the page too."""
    monkeypatch.setattr(rules, "AT_ONCE", 0)
    await promised(cast)
    await stories.enter(client, cast.finance)
    there = (await client.get("/desk/hotel/ledger.csv")).headers["location"]
    await made()

    for who in (cast.manager, cast.admin, cast.auditor, cast.owner):
        stranger = clients()
        browser = await stories.enter(stranger, who)
        assert (await stranger.get(f"{there}/file")).status_code == 404, who.username
        await browser.get(there, status=404)
    assert (await client.get(f"{there}/file")).status_code == 200
    await (await stories.enter(clients(), cast.strange_manager)).get(there, status=404)


async def test_a_cancelled_file_is_gone(cast: Cast, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "AT_ONCE", 0)
    await promised(cast)
    browser = await stories.enter(client, cast.finance)
    there = (await client.get("/desk/hotel/ledger.csv")).headers["location"]
    page = await browser.get(there)

    page = await page.submit(f"{there}/cancellation")

    assert page.one("#export").get("data-stage") == "cancelled"
    assert (await client.get(f"{there}/file")).status_code == 404
    await made()
    assert (await client.get(f"{there}/file")).status_code == 404


async def test_two_people_let_contacts_out_and_one_has_them(
    cast: Cast, client: httpx.AsyncClient, clients: Clients
) -> None:
    """Promises 2.2, row 27: the one who lets it pass does not see it."""
    case = await stories.filed(cast.hotel)
    other = await takeaway.colleague(cast)
    mine, theirs = await stories.enter(client, cast.manager), await stories.enter(clients(), other)
    page = await mine.get(f"{FILES}/contacts")
    wrong = await page.submit(f"{FILES}/contacts", **{**DAYS, "to": "2024-11-01"})
    assert list(wrong.errors()) == ["to", "reason"]

    page = await wrong.submit(f"{FILES}/contacts", **DAYS, reason="回访")
    there = str(page.response.url.path)
    assert page.forms() and f"{there}/decision" not in page.forms()
    asked = await theirs.get("/desk/hotel")
    assert asked.one(".news a").get("href") == there
    decided = await (await theirs.get(there)).submit(f"{there}/decision", decision="approve")
    await made()

    assert "回访" in decided.text()
    assert (await theirs.client.get(f"{there}/file")).status_code == 404
    body = await client.get(f"{there}/file")
    assert case.number in {row[0] for row in xlsx_rows(body.content) if row}
    assert stories.NAME in {cell for row in xlsx_rows(body.content) for cell in row}
    log = await (await stories.enter(clients(), cast.auditor)).get("/desk/hotel/log")
    assert [word for word in ("已申请", "已批准", "已生成", "已下载") if word not in log.text()] == []
    assert stories.NAME not in log.text()


async def test_whoever_asks_cannot_decide_and_no_other_role_can_either(
    cast: Cast, client: httpx.AsyncClient, clients: Clients
) -> None:
    await stories.filed(cast.hotel)
    mine = await stories.enter(client, cast.manager)
    page = await (await mine.get(f"{FILES}/contacts")).submit(
        f"{FILES}/contacts", **DAYS, reason="回访"
    )
    there, token = str(page.response.url.path), page.form(f"{page.response.url.path}/cancellation")["form_token"]

    own = await client.post(f"{there}/decision", data={"form_token": token, "decision": "approve"},
                            headers={"sec-fetch-site": "same-origin"})  # fmt: skip

    assert own.status_code == 409
    assert (await Export.select(Export.stage).first() or {})["stage"] == "asked"
    for who in (cast.finance, cast.auditor):
        await (await stories.enter(clients(), who)).get(there, status=404)
    for who in (cast.receptionist, cast.finance):
        await (await stories.enter(clients(), who)).get(f"{FILES}/contacts", status=403)


async def test_whoever_lost_the_role_does_not_get_what_was_made(cast: Cast, client: httpx.AsyncClient) -> None:
    """P33: asked again when it is taken."""
    await stories.filed(cast.hotel)
    export = await asking.ask_for_contacts(cast.hotel, takeaway.wanted(), by=cast.manager)
    await asking.decide(await files.file(cast.admin, cast.hotel, export), cast.hotel, approved=True, by=cast.admin)
    await made()
    there = f"{FILES}/{export}/file"
    browser = await stories.enter(client, cast.manager)
    assert (await client.get(there)).status_code == 200

    await Membership.update({Membership.role: "auditor"}).where(Membership.account == cast.manager.id)

    await browser.get(there, status=403)


async def test_what_the_form_names_is_in_the_file(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.manager)).get(f"{FILES}/contacts")

    assert "客人的完整姓名、电话和邮箱" in page.text()
    assert "5000" in page.text()


@pytest.mark.parametrize("typed", [{"from": "1800-01-01", "to": "2026-01-01"}, {"from": "2015-01-01", "to": "2026-01-01"},
                                   {"from": "2026-01-01", "to": "9999-12-31"}, {"from": "x", "to": ""}])  # fmt: skip
async def test_days_that_cannot_be_are_refused_in_words(
    cast: Cast, client: httpx.AsyncClient, typed: dict[str, Any]
) -> None:
    page = await (await stories.enter(client, cast.manager)).get(f"{FILES}/contacts")

    assert (await page.submit(f"{FILES}/contacts", reason="回访", **typed)).errors()


async def test_a_table_too_long_for_any_file_is_refused_in_words(
    cast: Cast, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await promised(cast)
    monkeypatch.setattr(rules, "MOST_ROWS", 0)

    page = await (await stories.enter(client, cast.finance)).get("/desk/hotel/ledger.csv", status=409)

    assert "行数太多" in page.text()


async def test_the_list_costs_as_much_for_three_as_for_one(cast: Cast, client: httpx.AsyncClient) -> None:
    """House, section 10."""
    browser = await stories.enter(client, cast.finance)
    costs = []
    for number in range(1, 4):
        await takeaway.asked(cast, query=str(number))
        await takeaway.made()
        with statements() as asked:
            page = await browser.get(FILES)
        costs.append(len(asked))

    assert len(page.css("[data-stage=done]")) == 3
    assert costs == [costs[0]] * 3
