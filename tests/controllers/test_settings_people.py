"""The rooms behind the settings that are about people: the ladder of escalations, and who is away."""

from typing import Any

import httpx
import pytest

from portal import clock
from portal.domain.queues.queries import absences
from portal.domain.sites import queries
from portal.domain.sites.rules import settings as rules
from portal.events import queries as events
from tests import stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
LADDER, ABSENCES = "/desk/hotel/settings/ladder", "/desk/hotel/settings/absences"


async def ladder() -> str:
    return str(rules.value(await queries.site("hotel"), "complaint.ladder"))


@pytest.mark.parametrize("who", ["receptionist", "auditor", "kitchen", "owner"])
async def test_others_stay_outside(cast: Cast, client: httpx.AsyncClient, who: str) -> None:
    """P31."""
    browser = await stories.enter(client, getattr(cast, who))

    await browser.get(LADDER, status=403)
    await browser.get(ABSENCES, status=403)


@pytest.mark.parametrize("who", ["manager", "admin"])
async def test_a_ladder_is_decided_and_shown_again(cast: Cast, client: httpx.AsyncClient, who: str) -> None:
    page = await (await stories.enter(client, getattr(cast, who))).get(LADDER)
    assert page.form(LADDER)["minutes_2"] == "60"

    page = await page.submit(LADDER, role_1="desk", role_2="manager", minutes_2="15", role_3="owner", minutes_3="30")

    assert (page.status, page.path) == (200, LADDER)
    assert await ladder() == "desk, manager 15, owner 30"
    assert [page.form(LADDER)[name] for name in ("role_1", "role_3", "minutes_3")] == ["desk", "owner", "30"]
    assert [one.kind for one in await events.timeline(cast.hotel.id)] == ["site.settings-changed"]


async def test_a_rung_left_out_is_none(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.manager)).get(LADDER)

    await page.submit(LADDER, role_2="", role_4="owner", minutes_4="120")

    assert await ladder() == "manager, owner 120"


async def test_what_is_wrong_with_a_ladder_is_told_at_its_fields(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.manager)).get(LADDER)
    typed = {**page.form(LADDER), "role_1": "guard", "minutes_2": "0", "role_3": "owner", "minutes_3": ""}

    page = await page.browser.post(LADDER, typed)

    assert (page.status, list(page.errors())) == (422, ["role_1", "minutes_2", "minutes_3"])
    assert (page.form(LADDER)["minutes_2"], page.form(LADDER)["role_3"]) == ("0", "owner")
    assert await ladder() == "manager, owner 60"


async def test_two_who_decide_a_ladder_at_once_do_not_overwrite_each_other(cast: Cast, client: httpx.AsyncClient) -> None:
    """P06."""
    page = await (await stories.enter(client, cast.manager)).get(LADDER)
    await stories.decided(cast.hotel, complaint__ladder="kitchen")

    page = await page.submit(LADDER, role_1="floor")

    assert page.status == 409
    assert await ladder() == "kitchen"
    assert page.form(LADDER)["role_1"] == "floor"


async def test_a_ladder_that_is_typed_among_the_settings_must_be_one(cast: Cast, client: httpx.AsyncClient) -> None:
    settings = "/desk/hotel/settings"
    page = await (await stories.enter(client, cast.manager)).get(settings)
    wrong = {"complaint.ladder": "everybody", "complaint.escalate_to": "guard", "digest.at": "25:00"}

    page = await page.browser.post(settings, page.form(settings) | wrong)

    assert (page.status, list(page.errors())) == (422, ["complaint.escalate_to", "digest.at"])
    assert await ladder() == "manager, owner 60"


@pytest.mark.parametrize("who", ["manager", "admin"])
async def test_an_absence_is_written_down_and_cancelled(cast: Cast, client: httpx.AsyncClient, who: str) -> None:
    """DUTY-17."""
    page = await (await stories.enter(client, getattr(cast, who))).get(ABSENCES)
    today = clock.today(cast.hotel.zone).isoformat()
    typed: dict[str, Any] = {"account": "hotel.desk", "from": today, "to": today, "deputy": "hotel.desk2"}

    page = await page.submit(ABSENCES, **typed)

    assert (page.status, page.path) == (200, ABSENCES)
    assert cast.receptionist.name in page.text(".subjects")
    (planned,) = await absences.coming(cast.hotel)
    page = await page.submit(f"{ABSENCES}/{planned.id}/cancellation")
    assert (page.status, page.css(".subjects")) == (200, [])


@pytest.mark.parametrize(("typed", "fields"), [
    ({}, ["account", "from", "to", "deputy"]),
    ({"account": "hotel.desk", "from": "2036-11-26", "to": "2036-11-25", "deputy": "hotel.desk2"}, ["to"]),
    ({"account": "hotel.desk", "from": "morgen", "to": "2036-02-30", "deputy": "hotel.desk2"}, ["from", "to"]),
    ({"account": "hotel.desk", "from": "2036-11-25", "to": "2036-11-25", "deputy": "hotel.desk"}, ["deputy"]),
    ({"account": "hotel.desk", "from": "2036-11-25", "to": "2036-11-25", "deputy": "tower.desk"}, ["deputy"]),
])  # fmt: skip
async def test_what_is_wrong_with_an_absence_is_told_at_its_field(
    cast: Cast, client: httpx.AsyncClient, typed: dict[str, str], fields: list[str]
) -> None:
    page = await (await stories.enter(client, cast.manager)).get(ABSENCES)

    page = await page.browser.post(ABSENCES, {"form_token": page.form(ABSENCES)["form_token"], **typed})

    assert (page.status, list(page.errors())) == (422, fields)
    assert {name: page.form(ABSENCES)[name] for name in typed if name in ("from", "to")} == {
        name: text for name, text in typed.items() if name in ("from", "to")
    }
    assert await absences.coming(cast.hotel) == []


async def test_a_hand_over_to_who_is_away_goes_to_who_stands_in(cast: Cast, client: httpx.AsyncClient) -> None:
    """DUTY-17."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.away(cast.floor, deputy=cast.second, site=cast.hotel)
    page = await (await stories.enter(client, cast.receptionist)).get(case.item)
    offered = {option.text_content(): option.get("value") for option in page.css("#handover-to option")}
    assert offered[f"{cast.floor.name} 不在岗，由 {cast.second.name} 代理。"] == "hotel.desk2"

    form = page.form(f"{case.item}/handover")
    page = await page.browser.post(f"{case.item}/handover", {**form, "to": "hotel.floor", "reason": "他懂空调"})

    assert (page.status, list(page.errors())) == (422, ["to"])
    assert cast.second.name in page.errors()["to"]
    page = await page.submit(f"{case.item}/handover", to="hotel.desk2")
    assert (await case.card()).owner == "hotel.desk2"
