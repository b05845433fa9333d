"""Settings: changed on their page by manager and administrator, within bounds, at once, and on record."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from portal import clock
from portal.domain.queues.tables import Clock
from portal.domain.sites import queries
from portal.domain.sites.rules import settings as rules
from portal.domain.sites.tables import Site, SiteKind
from portal.events import queries as events
from tests import stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
PAGE = "/desk/hotel/settings"


async def happened(cast: Cast) -> list[tuple[str, object, dict[str, object]]]:
    return [(one.kind, one.by, one.particulars) for one in await events.timeline(cast.hotel.id)]


def typed(values: dict[str, str]) -> dict[str, Any]:
    """Names with a dot in them, as keywords."""
    return dict(values)


@pytest.mark.parametrize("who", ["manager", "admin"])
async def test_a_setting_takes_effect_at_once_and_is_on_record(cast: Cast, client: httpx.AsyncClient, who: str) -> None:
    """CMP-14."""
    page = await (await stories.enter(client, getattr(cast, who))).get(PAGE)
    before = page.form(PAGE)

    page = await page.submit(PAGE, **typed({"complaint.resolve_hours": "10"}))

    assert (page.status, page.path) == (200, PAGE)
    assert {**page.form(PAGE), "form_token": ""} == {
        **before,
        "complaint.resolve_hours": "10",
        "version": "2",
        "form_token": "",
    }
    assert await happened(cast) == [
        ("site.settings-changed", getattr(cast, who).id, {"settings": ["complaint.resolve_hours"]})
    ]
    case = await stories.filed(await queries.site("hotel"))
    (running,) = await Clock.select().where(Clock.item == case.id, Clock.kind == "resolve")
    assert (running["due_at"] - running["started_at"]).total_seconds() == 10 * 3600


async def test_what_the_page_shows_is_what_holds(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.admin)).get(PAGE)

    shown = {name: value for name, value in page.form(PAGE).items() if "." in name}
    assert shown == {name: str(setting.default) for name, setting in rules.SETTINGS.items() if not setting.page}


async def test_retention_is_not_on_the_managers_page_and_not_in_the_managers_hands(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    """Table 2.2, row 32; issue 2, section 4: retention, admin alone."""
    browser = await stories.enter(client, cast.manager)
    sent = (await browser.get(PAGE)).form(PAGE)
    assert "complaint.retention_days" not in sent

    await browser.post(PAGE, sent | {"complaint.retention_days": "90"})

    assert rules.figure(await queries.site("hotel"), "complaint.retention_days") == 180


async def test_an_administrator_decides_the_retention(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.admin)).get(PAGE)

    await page.submit(PAGE, **typed({"complaint.retention_days": "90"}))

    assert rules.figure(await queries.site("hotel"), "complaint.retention_days") == 90


@pytest.mark.parametrize("wrong", ["0", "2161", "", "x", "-5", "1e3"])
async def test_what_is_out_of_bounds_is_refused_at_its_field_and_kept_as_typed(
    cast: Cast, client: httpx.AsyncClient, wrong: str
) -> None:
    page = await (await stories.enter(client, cast.manager)).get(PAGE)

    page = await page.submit(PAGE, **typed({"complaint.resolve_hours": wrong, "complaint.silence_days": "3"}))

    assert page.status == 422
    assert list(page.errors()) == ["complaint.resolve_hours"]
    assert page.form(PAGE)["complaint.resolve_hours"] == wrong
    assert page.form(PAGE)["complaint.silence_days"] == "3"
    assert rules.chosen(await queries.site("hotel")) == {}


async def test_a_limit_of_zero_is_refused_at_its_field(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-29."""
    page = await (await stories.enter(client, cast.manager)).get(PAGE)

    page = await page.submit(PAGE, **typed({"complaint.desk_limit": "0"}))

    assert (page.status, list(page.errors())) == (422, ["complaint.desk_limit"])


async def test_a_setting_with_choices_takes_one_of_them(cast: Cast, client: httpx.AsyncClient) -> None:
    """X-15, X-16."""
    page = await (await stories.enter(client, cast.manager)).get(PAGE)
    sent = page.form(PAGE)

    page = await page.browser.post(PAGE, sent | {"complaint.apology": "never"})
    assert (page.status, page.text('[id="complaint.apology-message"]') != "") == (422, True)
    assert (await page.browser.post(PAGE, page.form(PAGE) | {"complaint.copy_roles": "manager kitchen"})).status == 422
    ticked: dict[str, Any] = {"complaint.apology": "at_once", "complaint.copy_roles": ["", "auditor", "manager"]}
    page = await page.browser.post(PAGE, page.form(PAGE) | ticked)

    decided = await queries.site("hotel")
    assert page.status == 200
    assert rules.value(decided, "complaint.apology") == "at_once"
    assert rules.value(decided, "complaint.copy_roles") == "manager auditor"


async def test_a_restaurant_begins_with_its_own_default_and_may_leave_it(cast: Cast, client: httpx.AsyncClient) -> None:
    """X-16: restaurant: the general manager."""
    await Site.update({Site.kind: SiteKind.RESTAURANT}).where(Site.id == cast.hotel.id)
    page = await (await stories.enter(client, cast.manager)).get(PAGE)
    assert page.form(PAGE)["complaint.copy_roles"] == "manager"

    page = await page.submit(PAGE, **typed({"complaint.copy_roles": ""}))

    assert (page.status, page.form(PAGE)["complaint.copy_roles"]) == (200, "")
    await page.submit(PAGE, **typed({"complaint.copy_roles": "manager"}))
    assert rules.chosen(await queries.site("hotel")) == {}


async def test_after_a_refusal_the_page_can_be_sent_again(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.manager)).get(PAGE)
    page = await page.submit(PAGE, **typed({"complaint.resolve_hours": "0"}))

    page = await page.submit(PAGE, **typed({"complaint.resolve_hours": "5"}))

    assert page.status == 200
    assert rules.figure(await queries.site("hotel"), "complaint.resolve_hours") == 5


async def test_a_unit_gets_a_subject_and_sees_what_belongs_to_it_at_once(cast: Cast, client: httpx.AsyncClient) -> None:
    """CMP-26."""
    case = await stories.filed(cast.hotel, category="service")
    page = await (await stories.enter(client, cast.manager)).get(PAGE)

    await page.submit(PAGE, unit_service="kitchen")

    await (await stories.enter(client, cast.kitchen)).get(case.item)
    assert [kind for kind, _by, _what in await happened(cast)] == ["site.units-changed"]


async def test_a_unit_that_handles_nothing_gets_no_subject(cast: Cast, client: httpx.AsyncClient) -> None:
    browser = await stories.enter(client, cast.manager)
    sent = (await browser.get(PAGE)).form(PAGE)

    await browser.post(PAGE, sent | {"unit_service": "finance", "unit_garage": "desk"})

    assert {one.code: one.unit for one in await queries.categories(cast.hotel.id)}["service"] == "desk"


async def test_saving_without_a_change_leaves_no_trace(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.manager)).get(PAGE)

    page = await page.submit(PAGE)

    assert page.status == 200
    assert await happened(cast) == []


async def test_who_is_allowed_to_sit_idle_is_decided_here_too(
    cast: Cast, client: httpx.AsyncClient, travel: Callable[[datetime], None]
) -> None:
    """P34: idle time is a setting."""
    await stories.decided(cast.hotel, session__idle_minutes=3)
    browser = await stories.enter(client, cast.receptionist)
    travel(clock.now() + timedelta(minutes=4))

    await browser.get("/desk/hotel", status=303)


async def test_a_manager_decides_nothing_next_door(cast: Cast, client: httpx.AsyncClient) -> None:
    """P32."""
    browser = await stories.enter(client, cast.manager)
    sent = (await browser.get(PAGE)).form(PAGE)

    page = await browser.post("/desk/tower/settings", sent | {"complaint.resolve_hours": "1"})

    assert page.status == 404
    assert rules.chosen(await queries.site("tower")) == {}


async def test_of_two_who_change_the_settings_at_once_the_second_is_told(
    cast: Cast, clients: Callable[[], httpx.AsyncClient]
) -> None:
    """P06."""
    first = await (await stories.enter(clients(), cast.admin)).get(PAGE)
    second = await (await stories.enter(clients(), cast.manager)).get(PAGE)

    await first.submit(PAGE, **typed({"complaint.resolve_hours": "48"}))
    refused = await second.submit(PAGE, **typed({"complaint.warn_percent": "70"}))

    assert refused.status == 409
    assert refused.form(PAGE)["complaint.warn_percent"] == "70"
    assert rules.figure(await queries.site("hotel"), "complaint.resolve_hours") == 48
    assert rules.figure(await queries.site("hotel"), "complaint.warn_percent") == 80
