"""The queue page by page: nothing twice, nothing missed, and four questions at any length."""

import itertools

import httpx
import pytest

from portal import ids, sealing
from portal.domain.complaints.queries import staff
from portal.domain.complaints.services import handling
from portal.domain.queues.tables import WorkItem
from tests import stories
from tests.cast import Cast
from tests.ground.probes import statements

pytestmark = pytest.mark.usefixtures("db")
QUEUE = "/desk/hotel/queue"
_numbers = itertools.count(900_000)


async def many(cast: Cast, number: int) -> None:
    """So many open items, of which several came at the same instant."""
    first = await stories.filed(cast.hotel)
    row = await WorkItem.objects().get(WorkItem.id == first.id)
    assert row is not None
    plain = {column._meta.name: getattr(row, column._meta.name) for column in WorkItem._meta.columns}
    copies = []
    for copy in range(number - 1):
        identity, changed = ids.new_id(), {"severity": copy % 3, "on_time": copy % 5 > 0}
        sealed = {name: sealing.seal("x", f"work_item.{name}:{identity}") for name in ("title", "who", "spot")}
        copies.append(WorkItem(**plain | sealed | changed | {"id": identity, "number": f"HT-2026-{next(_numbers)}"}))
    if copies:
        await WorkItem.insert(*copies)


async def test_page_by_page_every_item_is_met_once_and_the_order_is_kept(cast: Cast, client: httpx.AsyncClient) -> None:
    """X-47."""
    await many(cast, 60)
    browser = await stories.enter(client, cast.receptionist)
    page, met = await browser.get(QUEUE), []

    while True:
        met += [row.get("data-number") for row in page.css("#queue ol > li")]
        further = page.css("a[rel=next]")
        if not further:
            break
        page = await browser.get(further[0].get("href"))

    order = "on_time, severity, tier, due_at, arrived_at, id"
    rows = await WorkItem.raw(f"SELECT number FROM work_item ORDER BY {order}")
    assert met == [row["number"] for row in rows]
    assert len(met) == 60


async def test_the_next_page_keeps_the_filters(cast: Cast, client: httpx.AsyncClient) -> None:
    await many(cast, 90)
    page = await (await stories.enter(client, cast.receptionist)).get(f"{QUEUE}?severity=severe&owner=none")

    (further,) = page.css("a[rel=next]")
    asked = httpx.QueryParams(further.get("href").partition("?")[2])

    assert (asked["severity"], asked["owner"], asked.get("state", "open")) == ("severe", "none", "open")


async def test_what_is_more_than_ninety_nine_is_not_counted(cast: Cast, client: httpx.AsyncClient) -> None:
    await many(cast, 120)
    page = await (await stories.enter(client, cast.receptionist)).get("/desk/hotel")

    assert page.text("main dl").split().count("99+") == 2


@pytest.mark.parametrize("who", ["receptionist", "manager", "floor", "guard", "auditor", "finance"])
async def test_the_queue_costs_four_questions_at_any_length(cast: Cast, client: httpx.AsyncClient, who: str) -> None:
    """Issue 2, section 2: a page costs at most four queries at any size."""
    await stories.enter(client, getattr(cast, who))
    costs: dict[int, int] = {}
    for rows in (1, 3, 30):
        await seen_by_all(cast, rows - max(costs, default=0))
        with statements() as asked:
            answer = await client.get(QUEUE)
        assert answer.status_code == 200
        costs[rows] = len(asked)

    assert costs == {1: 4, 3: 4, 30: 4}


async def seen_by_all(cast: Cast, rows: int) -> None:
    """So many more items, each of which everybody sees who sees anything."""
    await many(cast, rows)
    await WorkItem.update({
        WorkItem.category: cast.categories["room"].id, WorkItem.filed_by: cast.guard.id, WorkItem.money: True,
    }).where(WorkItem.site == cast.hotel.id)  # fmt: skip


@pytest.mark.parametrize("path", ["{item}", "{desk}", "{log}"])
async def test_other_pages_cost_as_much_for_three_as_for_one(cast: Cast, client: httpx.AsyncClient, path: str) -> None:
    """House, section 10: every list is fetched with 1 and with 3 rows under the same number of queries."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.hand_over(case, by=cast.receptionist, to=cast.manager)
    await stories.enter(client, cast.manager)
    address = path.format(item=case.item, desk="/desk/hotel", log="/desk/hotel/log")
    costs = []

    for _more in range(3):
        view = await staff.for_staff(await case.card(), cast.hotel)
        await handling.unmask(view, "phone", site=cast.hotel, by=cast.manager, reason="r", address="")
        await stories.hand_over(case, by=cast.manager, to=cast.floor)
        await stories.hand_over(case, by=cast.floor, to=cast.manager)
        await stories.filed(cast.hotel)
        with statements() as asked:
            assert (await client.get(address)).status_code == 200
        costs.append(len(asked))

    assert costs == [costs[0]] * 3
