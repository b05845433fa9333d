"""Everybody changes one's own password, and nobody else's; the other browsers are signed out."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from portal.events import queries as events
from tests import factories, stories
from tests.cast import Cast, sign_in
from tests.pages import Browser

pytestmark = pytest.mark.usefixtures("db")
Clients = Callable[[], httpx.AsyncClient]
PAGE = "/desk/password"
NEW = "quite another one"
FILLED: dict[str, Any] = {"current": factories.PASSWORD, "new": NEW, "again": NEW}


@pytest.mark.parametrize("who", ["receptionist", "guard", "admin", "owner"])
async def test_everybody_finds_the_way_there_in_ones_own_panel(cast: Cast, client: httpx.AsyncClient, who: str) -> None:
    browser = await stories.enter(client, getattr(cast, who))

    page = await browser.get("/desk/hotel" if who in ("receptionist", "guard", "admin") else "/desk")

    ways = [link.get("href") for link in page.css(".rail__panel a")]
    assert [way for way in ways if way != "/desk/hotel/alarms"] == ["/desk", "/desk/keys", PAGE]
    assert (await browser.get(PAGE)).form(PAGE) | {"form_token": ""} == {
        "form_token": "", "current": "", "new": "", "again": "",
    }  # fmt: skip


async def test_a_changed_password_opens_and_ends_every_other_session(
    cast: Cast, client: httpx.AsyncClient, clients: Clients
) -> None:
    """P34."""
    elsewhere, colleague = await stories.enter(clients(), cast.receptionist), await stories.enter(clients(), cast.second)
    page = await (await stories.enter(client, cast.receptionist)).get(PAGE)

    page = await page.submit(PAGE, **FILLED)

    assert (page.status, page.path) == (200, f"{PAGE}?changed=1")
    assert page.text(".flash .notice") != ""
    await elsewhere.get("/desk/hotel", status=303)
    await colleague.get("/desk/hotel")
    assert (await sign_in(clients(), "hotel.desk", NEW)).path == "/desk/hotel"
    (event,) = await events.timeline(cast.receptionist.id)
    assert (event.kind, event.by, event.particulars) == ("account.password-changed", cast.receptionist.id, {})


async def test_each_mistake_is_told_at_its_field_and_no_password_is_shown_again(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    page = await (await stories.enter(client, cast.receptionist)).get(PAGE)

    page = await page.submit(PAGE, current="this is wrong", new="too short", again="another")

    assert page.status == 422
    assert list(page.errors()) == ["current", "new"]
    assert not any(word in page.response.text for word in ("this is wrong", "too short", "another"))
    page = await page.submit(PAGE, **{**FILLED, "again": "not the same one"})
    assert list(page.errors()) == ["again"]
    page = await page.submit(PAGE, **FILLED)
    assert page.status == 200


async def test_a_space_at_an_end_belongs_to_a_password(cast: Cast, client: httpx.AsyncClient, clients: Clients) -> None:
    page = await (await stories.enter(client, cast.receptionist)).get(PAGE)

    await page.submit(PAGE, current=factories.PASSWORD, new=f" {NEW} ", again=f" {NEW} ")

    assert (await sign_in(clients(), "hotel.desk", f" {NEW} ")).path == "/desk/hotel"


async def test_who_tries_passwords_at_a_tablet_left_open_is_stopped(
    cast: Cast, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P36."""
    stories.limited(monkeypatch, sign_in_account=(2, 60))
    browser = await stories.enter(client, cast.receptionist)
    for guess in ("first guess", "second guess"):
        assert (await (await browser.get(PAGE)).submit(PAGE, **{**FILLED, "current": guess})).status == 422

    page = await (await browser.get(PAGE)).submit(PAGE, **FILLED)

    assert page.status == 429
    assert int(page.response.headers["retry-after"]) > 0
    assert not any(word in page.response.text for word in FILLED.values())
    assert await events.timeline(cast.receptionist.id) == []


async def test_a_second_tap_changes_nothing_and_gets_the_first_answer(cast: Cast, client: httpx.AsyncClient) -> None:
    """P04."""
    browser = await stories.enter(client, cast.receptionist)
    sent = (await browser.get(PAGE)).form(PAGE) | FILLED

    first, second = [await browser.post(PAGE, sent, follow=False) for _tap in range(2)]

    assert [(page.status, page.location) for page in (first, second)] == [(303, f"{PAGE}?changed=1")] * 2
    assert len(await events.timeline(cast.receptionist.id)) == 1


async def test_signed_out_there_is_nothing_to_change(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await Browser(client).get(PAGE, status=303)

    assert page.location == f"/sign-in?next={PAGE}"
