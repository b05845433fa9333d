"""Figures of those who came on a page, in files, and the records behind each number."""

from datetime import timedelta

import httpx
import pytest

from portal import clock
from portal.domain.arrivals.tables import State
from portal.domain.queues.tables import WorkItem
from tests import reports, stories, visits
from tests.cast import Cast
from tests.ground.probes import statements
from tests.month import Travel
from tests.pages import Page
from tests.sheets import reading

pytestmark = pytest.mark.usefixtures("db", "noon")
REPORT = "/desk/hotel/reports/arrivals"


@pytest.fixture
def noon(travel: Travel) -> None:
    """A Monday, two in the afternoon."""
    travel("2026-11-23T06:00:00Z")


def total(page: Page) -> int:
    return int(str(page.one("[data-total]").get("data-total")))


async def day(cast: Cast) -> None:
    """A few who came today: served, late, gone, one with a booking, one out of turn; and one next door."""
    house, now = cast.hotel, clock.now()
    kind, tables = await visits.make_type(house, code="counter"), await visits.make_type(house, code="table")
    first, second = await visits.make_station(house), await visits.make_station(house, code="2", types="table")
    booked = await visits.make_booking(house, tables, at=visits.on(house, days=0, hour=16), phone="+8613900139000")

    def then(minutes: float) -> object:
        return now - timedelta(minutes=minutes)

    await visits.make_arrival(house, kind, minutes=60, state=State.DONE, station=first, called_at=then(55), calls=1,
                              served_at=then(54), ended_at=then(40), shown_from=0, shown_to=10)  # fmt: skip
    await visits.make_arrival(house, kind, minutes=50, state=State.DONE, station=first, called_at=then(20), calls=3,
                              served_at=then(18), ended_at=then(10), shown_from=0, shown_to=10)  # fmt: skip
    await visits.make_arrival(house, kind, minutes=45, state=State.LEFT, ended_at=then(30))
    await visits.make_arrival(house, tables, minutes=30, booked=booked, state=State.SERVING, station=second,
                              called_at=then(28), calls=1, served_at=then(26))  # fmt: skip
    await visits.make_arrival(house, kind, minutes=5)
    await visits.make_arrival(cast.tower, await visits.make_type(cast.tower, code="counter"), minutes=5)
    served = (WorkItem.line == "arrivals") & (WorkItem.state == State.DONE)
    await WorkItem.update({WorkItem.owner: cast.receptionist.id}).where(served)


async def test_every_number_is_that_of_its_records(client: httpx.AsyncClient, cast: Cast) -> None:
    """VIS-23: each number leads to exactly those it counts, and nobody of another site is among them."""
    await day(cast)
    manager = await stories.enter(client, cast.manager)
    page = await manager.get(f"{REPORT}?range=week")
    links = [(str(one.get("href")), "".join(one.itertext()).strip()) for one in page.css("main a[href*='/records?']")]

    for href, word in links:
        found = await manager.get(href)
        assert len(found.css("tbody tr")) == total(found)
        if word.isdigit():
            assert total(found) == int(word), href

    assert total(await manager.get(f"{REPORT}/records?range=week")) == 5
    assert len(links) > 40


async def test_page_csv_and_xlsx_say_the_same(client: httpx.AsyncClient, cast: Cast) -> None:
    await day(cast)
    manager = await stories.enter(client, cast.manager)
    page = await manager.get(f"{REPORT}?range=week")
    comma = (await client.get(f"{REPORT}.csv?range=week")).content
    book = (await client.get(f"{REPORT}.xlsx?range=week")).content

    assert reports.compared(page, comma, book) > 100


async def test_a_record_names_nobody(client: httpx.AsyncClient, cast: Cast) -> None:
    """P40: a number, a ticket and times; in the list and in the file."""
    await day(cast)
    manager = await stories.enter(client, cast.manager)

    page = await manager.get(f"{REPORT}/records?range=week")
    file = await client.get(f"{REPORT}/records.csv?range=week")

    for text in (page.text("main"), file.text):
        assert "韩" not in text and "李" not in text and "139" not in text
    assert len(reading.csv_rows(file.content)) >= 6


async def test_days_that_cannot_be_are_refused_in_words(client: httpx.AsyncClient, cast: Cast) -> None:
    manager = await stories.enter(client, cast.manager)

    page = await manager.get(f"{REPORT}?from=2026-11-02&to=2026-11-01", status=422)

    assert page.css("[aria-invalid='true']")


@pytest.mark.parametrize("role", ["receptionist", "guard", "admin"])
async def test_who_reads_no_reports_is_told_so(client: httpx.AsyncClient, cast: Cast, role: str) -> None:
    await stories.enter(client, getattr(cast, role))

    for path in (REPORT, f"{REPORT}.csv", f"{REPORT}/records", f"{REPORT}/records.xlsx"):
        assert (await client.get(path)).status_code == 403


async def test_nobody_came(client: httpx.AsyncClient, cast: Cast) -> None:
    manager = await stories.enter(client, cast.manager)

    page = await manager.get(REPORT)

    assert not page.css(".report__tiles")


async def test_a_page_asks_as_often_for_one_as_for_three(client: httpx.AsyncClient, cast: Cast) -> None:
    kind = await visits.make_type(cast.hotel, code="counter")
    manager = await stories.enter(client, cast.manager)
    counted = []
    for many in (1, 2):
        for _one in range(many):
            await visits.make_arrival(cast.hotel, kind)
        for path in (REPORT, f"{REPORT}/records"):
            with statements() as asked:
                await manager.get(path)
            counted.append(len(asked))

    assert counted[:2] == counted[2:]
