"""The desk: where somebody comes to after signing in, what is open to whom, and what one was told."""

from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
import pytest

from portal import clock
from portal.domain.accounts.tables import Role
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.queues.services import tasks
from portal.events import queries as events
from tests import factories, stories
from tests.cast import Cast

Travel = Callable[[datetime], None]
pytestmark = pytest.mark.usefixtures("db")
ROOMS = {
    "desk": "agenda arrivals blocks complaints/new posters queue receptions", "guard": "agenda complaints/new queue",
    "floor": "complaints/new queue",
    "sales": "agenda arrivals complaints/new exports queue receptions reports reports/complaints", "kitchen": "queue",
    "finance": "exports ledger queue reports reports/complaints",
    "auditor": "agenda arrivals exports ledger log queue receptions reports reports/complaints staff today",
    "manager": "agenda arrivals blocks complaints/new displays exports ledger log outbox posters queue receptions reports "
               "reports/boards "
               "reports/complaints settings staff today",
    "owner": "blocks exports queue reports reports/boards reports/complaints today",
}  # fmt: skip


async def test_who_works_at_one_site_is_there_at_once(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.receptionist)).get("/desk", status=303)

    assert page.location == "/desk/hotel"


async def test_who_works_at_several_chooses(cast: Cast, client: httpx.AsyncClient) -> None:
    both = await factories.make_staff((cast.hotel, Role.DESK), (cast.tower, Role.MANAGER))
    page = await (await stories.enter(client, both)).get("/desk")

    assert [link.get("href") for link in page.css("main a")] == ["/desk/hotel", "/desk/tower"]


async def test_an_owner_chooses_among_all_sites(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.owner)).get("/desk")

    assert [link.get("href") for link in page.css("main a")] == ["/desk/hotel", "/desk/tower"]


async def test_who_has_no_site_is_told_so(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, await factories.make_staff())).get("/desk")

    assert page.css("main a") == []
    assert page.text("main") != ""


@pytest.mark.parametrize("role", ROOMS)
async def test_the_desk_shows_the_rooms_that_are_open_to_a_role(cast: Cast, client: httpx.AsyncClient, role: str) -> None:
    staff = cast.receptionist if role == "desk" else getattr(cast, role)
    page = await (await stories.enter(client, staff)).get("/desk/hotel")

    rooms = [link.get("href").removeprefix("/desk/hotel/") for link in page.css("main nav a")]
    assert sorted(rooms) == ROOMS[role].split()


async def test_every_room_that_is_shown_opens(cast: Cast, client: httpx.AsyncClient) -> None:
    browser = await stories.enter(client, cast.manager)
    page = await browser.get("/desk/hotel")

    for link in page.css("main nav a"):
        await browser.get(link.get("href"))


async def test_the_rail_offers_no_door_that_would_not_open(cast: Cast, client: httpx.AsyncClient) -> None:
    browser = await stories.enter(client, cast.admin)
    page = await browser.get("/desk/hotel")

    offered = {link.get("href") for link in page.css("nav.rail a")}
    assert offered & {"/desk/hotel/queue", "/desk/hotel/complaints/new"} == set()


async def test_an_administrator_sees_no_figure_of_any_complaint(cast: Cast, client: httpx.AsyncClient) -> None:
    """Table 2.2: no personal data; issue 2, section 3: sees sites, staff and settings and no complaint."""
    await stories.filed(cast.hotel)
    page = await (await stories.enter(client, cast.admin)).get("/desk/hotel")

    assert page.css("main dl") == []


async def test_the_figures_are_those_of_the_queue(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.filed(cast.hotel)
    await stories.claimed(cast.hotel, by=cast.receptionist)
    page = await (await stories.enter(client, cast.receptionist)).get("/desk/hotel")

    assert [figure.get("value") for figure in page.css("main dl data")] == ["0", "2", "1", "1"]


async def test_what_one_was_told_stands_on_the_desk_until_it_is_put_away(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.hand_over(case, by=cast.receptionist, to=cast.floor)
    browser = await stories.enter(client, cast.floor)
    page = await browser.get("/desk/hotel")
    assert [link.get("href") for link in page.css("#notices a")] == [case.item]

    page = await page.submit("/desk/hotel/notices")

    assert (page.path.partition("?")[0], page.css("#notices")) == ("/desk/hotel", [])


async def test_notices_that_were_put_away_lie_there_again_within_ten_seconds(
    cast: Cast, client: httpx.AsyncClient, travel: Travel
) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.hand_over(case, by=cast.receptionist, to=cast.floor)
    page = await (await stories.enter(client, cast.floor)).get("/desk/hotel")
    away = await page.submit("/desk/hotel/notices")

    back = await away.submit("/desk/hotel/notices/return")
    assert [link.get("href") for link in back.css("#notices a")] == [case.item]
    assert back.css("[data-undo]") == []

    away = await back.submit("/desk/hotel/notices")
    travel(clock.now() + timedelta(seconds=11))
    assert (await away.submit("/desk/hotel/notices/return")).status == 409
    assert (await away.browser.get(away.path)).css("[data-undo]") == []
    assert await events.unread(cast.floor.id, site=cast.hotel.id) == []


async def test_only_those_that_were_shown_are_put_away(cast: Cast, client: httpx.AsyncClient) -> None:
    cases = [await stories.claimed(cast.hotel, by=cast.receptionist) for _case in range(8)]
    for case in cases[:7]:
        await stories.hand_over(case, by=cast.receptionist, to=cast.floor)
    page = await (await stories.enter(client, cast.floor)).get("/desk/hotel")
    assert [link.get("href") for link in page.css("#notices a")] == [case.item for case in cases[6:0:-1]]

    await stories.hand_over(cases[7], by=cast.receptionist, to=cast.floor)  # while the page lies open
    page = await page.submit("/desk/hotel/notices")

    assert [link.get("href") for link in page.css("#notices a")] == [cases[7].item, cases[0].item]


async def test_nobody_puts_away_the_notices_of_another(cast: Cast, client: httpx.AsyncClient) -> None:
    """P32."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.hand_over(case, by=cast.receptionist, to=cast.floor)
    (notice,) = await events.unread(cast.floor.id, site=cast.hotel.id)
    browser = await stories.enter(client, cast.receptionist)
    token = (await browser.get("/desk/hotel")).form("/sign-out")["form_token"]

    await browser.post("/desk/hotel/notices", {"form_token": token, "shown": str(notice.id)})

    assert len(await events.unread(cast.floor.id, site=cast.hotel.id)) == 1


async def test_notices_that_lead_nowhere_any_more_hide_none_that_do(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist, category="food")
    mine = await stories.filed(cast.hotel)
    await stories.hand_over(mine, by=cast.manager, to=cast.floor)
    for _time in range(events.MOST):
        task = await tasks.add(case.id, "送水", site=cast.hotel, department=Role.FLOOR, due_at=clock.now(), by=None,
                               owner=cast.floor.id)  # fmt: skip
        await tasks.finish(await case.card(), DEEDS["task done"], task, site=cast.hotel, by=cast.manager, note="")

    page = await (await stories.enter(client, cast.floor)).get("/desk/hotel")

    assert [link.get("href") for link in page.css("#notices a")] == [mine.item]
