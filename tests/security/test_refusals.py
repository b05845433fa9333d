"""Who was refused something on the desk stands in the access log: once a minute, without a word that was typed (P41)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from portal import clock
from portal.access_log import AccessEntry
from portal.security import refusals
from tests import stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


async def kept() -> list[tuple[Any, ...]]:
    """What stands in the log: who, at which site, tried what, on what, by which door."""
    rows = await AccessEntry.select().where(AccessEntry.result == "refused").order_by(AccessEntry.id)
    return [tuple(row[name] for name in ("account", "site", "role", "action", "subject", "field")) for row in rows]


async def test_an_item_that_is_not_theirs_to_see_is_on_record(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.filed(cast.hotel, category="food")
    await (await stories.enter(client, cast.floor)).get(case.item, status=404)

    assert await kept() == [(cast.floor.id, cast.hotel.id, "floor", "open", case.id, "queues:show")]


async def test_a_deed_that_a_role_never_has_is_on_record(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.filed(cast.hotel)
    browser = await stories.enter(client, cast.auditor)
    token = (await browser.get("/desk/hotel")).form("/sign-out")["form_token"]

    page = await browser.post(f"{case.item}/unmask", {"form_token": token, "field": "phone", "reason": "好奇"})

    assert page.status == 403
    assert await kept() == [(cast.auditor.id, cast.hotel.id, "auditor", "deed", case.id, "queues:unmask")]


async def test_who_asks_next_door_is_on_record_there(cast: Cast, client: httpx.AsyncClient) -> None:
    """P32: and a number of another site is none of this one's."""
    case = await stories.filed(cast.tower)
    browser = await stories.enter(client, cast.receptionist)
    await browser.get(case.item, status=404)
    await browser.get(f"/desk/hotel/items/{case.number}", status=404)

    assert await kept() == [
        (cast.receptionist.id, cast.tower.id, "", "open", case.id, "queues:show"),
        (cast.receptionist.id, cast.hotel.id, "desk", "open", None, "queues:show"),
    ]


async def test_the_auditor_reads_who_was_refused_what(
    cast: Cast, client: httpx.AsyncClient, clients: Callable[[], httpx.AsyncClient]
) -> None:
    case = await stories.filed(cast.hotel, category="food")
    await (await stories.enter(client, cast.floor)).get(case.item, status=404)
    browser = await stories.enter(clients(), cast.auditor)
    browser.client.cookies.set("lang", "en", domain=client.base_url.host)

    (row,) = (await browser.get("/desk/hotel/log")).css("tbody tr")

    words = " ".join(row.itertext())
    wanted = (cast.floor.name, "Floor service", "Asked to see", f"{case.number} · An item", "Refused")
    assert [said for said in wanted if said not in words] == []


async def test_what_is_no_refusal_is_not_on_record(cast: Cast, client: httpx.AsyncClient) -> None:
    """Neither what nobody asked who is signed in, nor an expired form, a mistake, a state, a site that is not there."""
    case = await stories.claimed(cast.hotel, by=cast.second)
    await client.get(case.item)
    await client.get("/c/nothing")
    browser = await stories.enter(client, cast.receptionist)
    page = await browser.get(case.item)

    answers = [
        await browser.get("/desk/palace", status=404),
        await browser.get("/desk/hotel/nothing", status=404),
        await browser.get("/s/palace/complaints/new", status=404),
        await browser.post(f"{case.item}/notes", {"form_token": "old"}),
        await page.submit(f"{case.item}/notes", body=""),
        await browser.post(f"{case.item}/claim", {"form_token": page.form("/sign-out")["form_token"]}),
    ]

    assert [answer.status for answer in answers] == [404, 404, 404, 403, 422, 409]
    assert await kept() == []


async def test_endless_refusals_do_not_fill_the_log(
    cast: Cast, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, travel: Callable[[datetime], None]
) -> None:
    stories.limited(monkeypatch)
    monkeypatch.setattr(refusals, "MOST", (4, 3600))
    start, items = clock.now(), [(await stories.filed(cast.hotel, category="food")).item for _case in range(6)]
    browser = await stories.enter(client, cast.floor)

    for number in range(5):
        await browser.get(items[0], status=404)
        await browser.get(f"/desk/hotel/items/guess-{number}", status=404)
    assert len(await kept()) == 2  # the item, and that there was guessing

    travel(start + timedelta(seconds=61))
    await browser.get(items[0], status=404)
    assert len(await kept()) == 3
    for item in items:
        await browser.get(item, status=404)
    assert len(await kept()) == 4
