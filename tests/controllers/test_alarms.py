"""Calling for help by HTTP."""

import httpx
import pytest

from tests import stories
from tests.cast import Cast
from tests.pages import Browser

pytestmark = pytest.mark.usefixtures("db")
ALARMS = "/desk/hotel/alarms"
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial", "X-Live": "1"}


async def test_everybody_at_the_site_sees_it_and_one_says_who_comes(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.guard)).get(ALARMS)
    await page.submit(ALARMS, place="东门岗亭", silent=None)
    desk = await stories.enter(client, cast.kitchen)
    region = (await desk.get("/desk/hotel")).one("#alarms")
    part = await desk.get(region.get("hx-get"), headers=PARTIAL)

    assert region.get("hx-trigger") == "queues from:body"
    assert "东门岗亭" in part.text() and cast.guard.name in part.text()
    assert part.css("[data-alarm][data-sounds]")
    (action,) = [one for one in part.forms() if one.endswith("/acknowledgement")]
    answered = await part.submit(action, headers={"HX-Request": "true"})
    assert cast.kitchen.name in answered.text("#alarms")
    late = await desk.post(action, {"form_token": (await desk.get(ALARMS)).form(ALARMS)["form_token"]})
    assert (late.status, cast.kitchen.name in late.text("#flash")) == (409, True)


async def test_a_silent_one_sounds_nowhere(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.receptionist)).get(ALARMS)
    await page.submit(ALARMS, silent="1")
    part = await Browser(client).get(f"{ALARMS}/standing", headers=PARTIAL)

    assert part.css("[data-alarm]") and not part.css("[data-sounds]")


async def test_managers_look_back_and_others_do_not(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.receptionist)).get(ALARMS)
    page = await page.submit(ALARMS, place="前台")

    assert not page.css("[data-alarm-raised]")
    for person in (cast.manager, cast.auditor):
        assert (await (await stories.enter(client, person)).get(ALARMS)).css("[data-alarm-raised]")


async def test_nobody_next_door_hears_of_it(cast: Cast, client: httpx.AsyncClient) -> None:
    """P32."""
    await (await stories.enter(client, cast.stranger)).get(ALARMS, status=404)
