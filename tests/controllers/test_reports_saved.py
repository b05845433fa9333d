"""Kept reports by their pages: a list, a form, and the way to the report itself."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests import stories
from tests.cast import Cast
from tests.domain.reports.services.test_saving import kept
from tests.ground.probes import statements

pytestmark = pytest.mark.usefixtures("db")
REPORTS = "/desk/hotel/reports"
TYPED: dict[str, Any] = {
    "name": "本月投诉", "range": "month", "by": "received", "role": "finance", "cadence": "monthly", "hour": "9",
}  # fmt: skip


async def test_a_report_is_kept_found_changed_and_removed(
    cast: Cast, client: httpx.AsyncClient, clients: Callable[[], httpx.AsyncClient]
) -> None:
    browser = await stories.enter(client, cast.manager)
    page = await browser.get(f"{REPORTS}?range=week&by=closed")
    assert page.one("[name=range][checked]").get("value") == "week"
    wrong = await page.submit(REPORTS, range="own", name="x")
    assert list(wrong.errors()) == ["from"]

    page = await wrong.submit(REPORTS, **TYPED)

    link = page.css(".subjects a")[0].get("href", "")
    assert (await client.get(link)).headers["location"] == f"{REPORTS}/complaints?range=month&by=received"
    theirs = await (await stories.enter(clients(), cast.finance)).get(REPORTS)
    assert (theirs.one(".subjects a").get("href"), theirs.forms().count(REPORTS)) == (link, 0)
    await (await stories.enter(clients(), cast.auditor)).get(link, status=404)
    page = await (await browser.get(f"{link}/edit")).submit(link, name="每月投诉", cadence="none")
    assert "每月投诉" in page.text(".subjects")
    page = await (await browser.get(f"{link}/edit")).submit(f"{link}/removal")
    assert page.css(".subjects") == []


async def test_the_list_costs_as_much_for_three_as_for_one(cast: Cast, client: httpx.AsyncClient) -> None:
    """House, section 10."""
    browser = await stories.enter(client, cast.manager)
    costs = []
    for number in range(3):
        await kept(cast, name=f"报表 {number}")
        with statements() as asked:
            page = await browser.get(REPORTS)
        costs.append(len(asked))

    assert len(page.css(".subjects a strong")) == 3
    assert costs == [costs[0]] * 3


@pytest.mark.parametrize("who", ["receptionist", "admin"])
async def test_who_reads_no_reports_has_no_list(cast: Cast, client: httpx.AsyncClient, who: str) -> None:
    await (await stories.enter(client, getattr(cast, who))).get(REPORTS, status=403)


async def test_only_who_keeps_reports_may_write(cast: Cast, client: httpx.AsyncClient) -> None:
    report = await kept(cast, role="auditor")

    await (await stories.enter(client, cast.auditor)).get(f"{REPORTS}/saved/{report}/edit", status=403)
