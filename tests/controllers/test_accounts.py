"""Who works at a site: seen by manager and auditor, taken away and given back by an administrator."""

from collections.abc import Callable

import httpx
import pytest

from portal.domain.accounts import queries
from portal.domain.accounts.tables import Role
from portal.events import queries as events
from tests import factories, stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
PAGE = "/desk/hotel/staff"
Clients = Callable[[], httpx.AsyncClient]


@pytest.mark.parametrize(("who", "deeds"), [("manager", 0), ("auditor", 0), ("admin", 9)])
async def test_the_staff_are_listed_and_only_an_administrator_changes_them(
    cast: Cast, client: httpx.AsyncClient, who: str, deeds: int
) -> None:
    """Table 2.2, row 31."""
    page = await (await stories.enter(client, getattr(cast, who))).get(PAGE)

    assert len(page.css("main li")) == 9
    assert len([action for action in page.forms() if action.startswith(PAGE)]) == deeds
    assert "tower.desk" not in page.text()


async def test_who_is_disabled_is_out_at_the_next_request_and_may_come_back(
    cast: Cast, client: httpx.AsyncClient, clients: Clients
) -> None:
    """P33."""
    desk = await stories.enter(clients(), cast.receptionist)
    await desk.get("/desk/hotel")
    page = await (await stories.enter(client, cast.admin)).get(PAGE)

    page = await page.submit(f"{PAGE}/hotel.desk/disabling")
    assert page.path == PAGE
    await desk.get("/desk/hotel", status=303)

    page = await page.submit(f"{PAGE}/hotel.desk/enabling")
    assert f"{PAGE}/hotel.desk/disabling" in page.forms()
    await desk.get("/desk/hotel", status=303)
    assert [one.kind for one in await events.timeline(cast.receptionist.id)] == ["account.disabled", "account.enabled"]


async def test_who_is_disabled_twice_at_once_is_disabled_once(cast: Cast, client: httpx.AsyncClient) -> None:
    browser = await stories.enter(client, cast.admin)
    one, two = await browser.get(PAGE), await browser.get(PAGE)
    await one.submit(f"{PAGE}/hotel.desk/disabling")

    assert (await two.submit(f"{PAGE}/hotel.desk/disabling")).status == 409


@pytest.mark.parametrize("username", ["tower.desk", "nobody", "owner"])
async def test_who_does_not_work_here_is_not_here(cast: Cast, client: httpx.AsyncClient, username: str) -> None:
    """P32."""
    browser = await stories.enter(client, cast.admin)
    sent = (await browser.get(PAGE)).form(f"{PAGE}/hotel.desk/disabling")

    assert (await browser.post(f"{PAGE}/{username}/disabling", sent)).status == 404


@pytest.mark.parametrize("who", ["manager", "admin"])
async def test_an_address_for_notices_is_written_shown_masked_and_taken_away(
    cast: Cast, client: httpx.AsyncClient, who: str
) -> None:
    browser, where = await stories.enter(client, getattr(cast, who)), f"{PAGE}/hotel.floor/email"
    page = await (await browser.get(where)).submit(where, email="Zhao@bay.example")
    assert page.path == PAGE
    assert (await queries.mailboxes([cast.floor.id]))[cast.floor.id].email == "zhao@bay.example"

    page = await browser.get(where)
    assert "z***@bay.example" in page.text() and "zhao@" not in page.response.text
    await page.submit(where, email="")
    assert await queries.mailboxes([cast.floor.id]) == {}
    assert [one.kind for one in await events.timeline(cast.floor.id)] == ["account.address-changed"] * 2


async def test_what_is_no_address_is_refused_at_its_field(cast: Cast, client: httpx.AsyncClient) -> None:
    browser, where = await stories.enter(client, cast.manager), f"{PAGE}/hotel.floor/email"
    page = await (await browser.get(where)).submit(where, email="zhao")

    assert (page.status, list(page.errors())) == (422, ["email"])
    assert page.form(where)["email"] == "zhao"


async def test_of_who_works_elsewhere_too_only_an_administrator_decides(cast: Cast, client: httpx.AsyncClient) -> None:
    await factories.make_staff((cast.hotel, Role.DESK), (cast.tower, Role.DESK), username="both")
    browser, where = await stories.enter(client, cast.manager), f"{PAGE}/both/email"

    assert (await (await browser.get(where)).submit(where, email="both@bay.example")).status == 409
    await browser.get(f"{PAGE}/tower.desk/email", status=404)
