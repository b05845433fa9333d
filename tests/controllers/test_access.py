"""The log: who looked at whom and why, for those who watch over it, newest first, nobody's value in it."""

from collections.abc import Callable

import httpx
import pytest

from portal import access_log
from portal.domain.accounts.tables import Role
from tests import factories, stories
from tests.cast import Cast, sign_in
from tests.pages import Browser, Page

pytestmark = pytest.mark.usefixtures("db")
LOG = "/desk/hotel/log"


async def looked(client: httpx.AsyncClient, cast: Cast, reason: str) -> stories.Case:
    """The front desk looks at a phone by the page."""
    case = await stories.filed(cast.hotel)
    page = await (await stories.enter(client, cast.receptionist)).get(case.item)
    names = ("form_token", "version", "field", "reason")
    sent = {name: page.one(f"#unmask-phone [name={name}]").get("value", "") for name in names}
    page = await page.browser.post(f"{case.item}/unmask", sent | {"reason": reason})
    assert page.status == 200
    return case


def lines(page: Page) -> list[list[str]]:
    return [[" ".join(cell.text_content().split()) for cell in row.cssselect("td")][1:] for row in page.css("tbody tr")]


@pytest.mark.parametrize("who", ["auditor", "manager"])
async def test_a_look_stands_in_the_log_at_once_with_its_reason(
    cast: Cast, client: httpx.AsyncClient, clients: Callable[[], httpx.AsyncClient], who: str
) -> None:
    """P41: visible to the auditor; table 2.2, row 30."""
    case = await looked(client, cast, "回电确认房号")
    browser = await stories.enter(clients(), getattr(cast, who))
    browser.client.cookies.set("lang", "en", domain=client.base_url.host)

    page = await browser.get(LOG)

    assert lines(page) == [
        [f"{cast.receptionist.name}Front desk", f"Saw in full{case.number} · Phone", "回电确认房号", "Done"]
    ]
    assert [part for part in ("13800138000", "138 0013 8000") if part in page.response.text] == []


async def test_a_look_next_door_is_not_in_my_log(cast: Cast, client: httpx.AsyncClient) -> None:
    """P32."""
    await access_log.record("unmask", site=cast.tower.id, account=cast.stranger.id, role="desk", field="phone")
    page = await (await stories.enter(client, cast.manager)).get(LOG)

    assert lines(page) == []


async def test_an_administrator_reads_sign_ins_and_no_look_at_anybody(
    cast: Cast, client: httpx.AsyncClient, clients: Callable[[], httpx.AsyncClient]
) -> None:
    """Table 2.2, row 30: AD sign-in/config."""
    await looked(client, cast, "回电")
    admin = clients()
    await sign_in(admin, "admin")
    admin.cookies.set("lang", "en", domain=admin.base_url.host)
    page = await Browser(admin).get(LOG)

    assert [line[1:] for line in lines(page)] == [["Signed in", "–", "Done"]]


async def test_an_administrator_reads_who_changed_settings_here_and_not_next_door(
    cast: Cast, client: httpx.AsyncClient, clients: Callable[[], httpx.AsyncClient]
) -> None:
    """Table 2.2, row 30: AD sign-in/config."""
    for staff, place in ((cast.manager, "hotel"), (cast.strange_manager, "tower")):
        page = await (await stories.enter(clients(), staff)).get(f"/desk/{place}/settings")
        await page.submit(f"/desk/{place}/settings", **{"complaint.resolve_hours": "10"})  # type: ignore[arg-type]
    browser = await stories.enter(client, cast.admin)
    client.cookies.set("lang", "en", domain=client.base_url.host)

    page = await browser.get(LOG)

    assert lines(page) == [[cast.manager.name, "Changed settingscomplaint.resolve_hours", "–", "Done"]]


async def test_a_long_log_goes_on_over_pages_without_a_gap(cast: Cast, client: httpx.AsyncClient) -> None:
    for _look in range(53):
        await access_log.record("unmask", site=cast.hotel.id, account=cast.manager.id, role="manager", field="phone")
    browser = await stories.enter(client, cast.auditor)

    first = await browser.get(LOG)
    (further,) = first.css("a[rel=next]")
    second = await browser.get(further.get("href"))

    assert (len(lines(first)), len(lines(second)), second.css("a[rel=next]")) == (50, 3, [])


async def test_somebody_with_a_role_at_two_sites_reads_each_log_by_itself(cast: Cast, client: httpx.AsyncClient) -> None:
    both = await factories.make_staff((cast.hotel, Role.MANAGER), (cast.tower, Role.MANAGER))
    await access_log.record("unmask", site=cast.tower.id, account=both.id, role="manager", field="phone")
    browser = await stories.enter(client, both)

    assert (len(lines(await browser.get(LOG))), len(lines(await browser.get("/desk/tower/log")))) == (0, 1)
