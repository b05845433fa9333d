"""Two people on one item see each other, for as long as they are there."""

from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
import pytest

from portal import clock, database
from portal.domain.queues.services import presences
from portal.domain.queues.tables import Presence
from tests import stories
from tests.cast import Cast
from tests.ground.probes import statements
from tests.pages import Browser
from tests.stories import Case

pytestmark = pytest.mark.usefixtures("db")
LIVE = {"HX-Request": "true", "HX-Request-Type": "partial", "X-Live": "1"}


async def look(browser: Browser, case: Case) -> str:
    """An open page says that it is there; whom it then names."""
    page = await browser.get(f"{case.item}/presence", headers=LIVE)
    return page.text("#presence")


async def test_each_sees_the_other_and_nobody_himself(cast: Cast, clients: Callable[[], httpx.AsyncClient]) -> None:
    """Two people on one item see each other."""
    case = await stories.filed(cast.hotel)
    one, two = await stories.enter(clients(), cast.receptionist), await stories.enter(clients(), cast.manager)

    assert await look(one, case) == ""
    assert cast.receptionist.name in await look(two, case)
    assert cast.manager.name in await look(one, case)
    assert await Presence.count() == 2


async def test_whoever_leaves_is_gone_within_half_a_minute(
    cast: Cast, clients: Callable[[], httpx.AsyncClient], travel: Callable[[datetime], None]
) -> None:
    """Ends 30 s after leaving; a page asks every ten seconds."""
    case, start = await stories.filed(cast.hotel), clock.now()
    one, two = await stories.enter(clients(), cast.receptionist), await stories.enter(clients(), cast.manager)
    travel(start)
    await look(one, case)

    travel(start + timedelta(seconds=17))
    assert cast.receptionist.name in await look(two, case)
    travel(start + timedelta(seconds=18))
    assert await look(two, case) == ""


async def test_nobody_elses_page_is_woken_and_it_is_no_use_of_the_session(
    cast: Cast, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A presence that signalled would make every page ask anew, which is a presence again, without end."""
    case = await stories.filed(cast.hotel)
    browser = await stories.enter(client, cast.receptionist)
    told: list[str] = []

    async def announce(topic: str) -> None:
        told.append(topic)

    monkeypatch.setattr(database, "announce", announce)
    with statements() as asked:
        await look(browser, case)

    assert told == []
    assert [sql for sql in asked if "UPDATE session" in sql.replace('"', "")] == []


@pytest.mark.parametrize(("who", "status"), [("floor", 404), ("stranger", 404), ("admin", 403)])
async def test_who_may_not_see_the_item_learns_of_nobody(
    cast: Cast, client: httpx.AsyncClient, who: str, status: int
) -> None:
    """CMP-26, P32."""
    case = await stories.filed(cast.hotel)

    await (await stories.enter(client, getattr(cast, who))).get(f"{case.item}/presence", status=status)

    assert await Presence.count() == 0


async def test_the_page_of_an_item_asks_by_itself(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.filed(cast.hotel)
    page = await (await stories.enter(client, cast.receptionist)).get(case.item)

    asks = page.one("#presence")
    assert (asks.get("hx-get"), asks.get("hx-target")) == (f"{case.item}/presence", "this")
    assert "every 10s" in asks.get("hx-trigger", "")
    assert page.css("#item #presence") == []  # the item's own refetch leaves it alone


async def test_what_nobody_asks_for_any_more_is_removed(
    cast: Cast, client: httpx.AsyncClient, travel: Callable[[datetime], None]
) -> None:
    case = await stories.filed(cast.hotel)
    await look(await stories.enter(client, cast.receptionist), case)

    travel(clock.now() + timedelta(hours=2))
    await presences.forget_old()

    assert await Presence.count() == 0
