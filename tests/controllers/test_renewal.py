"""A customer's link is made anew: the old one is dead, the new one is shown once."""

import httpx
import pytest

from portal.events import queries as events
from tests import stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


async def test_a_new_link_opens_and_the_old_one_is_dead(cast: Cast, client: httpx.AsyncClient) -> None:
    """P35."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    desk = await stories.enter(client, cast.receptionist)
    page = await desk.get(case.item)

    shown = await page.submit(f"{case.complaint}/link", follow=False)

    link = str(shown.one("#new-link").text_content()).strip()
    token = link.rpartition("/")[2]
    assert (await client.get(f"/c/{token}")).status_code == 200
    assert (await client.get(case.link)).status_code == 404
    assert [one.kind for one in await events.timeline(case.id)][-1] == "complaint.link-renewed"
    assert token not in (await desk.get(case.item)).text()


async def test_only_the_owner_or_a_manager_makes_one(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    desk = await stories.enter(client, cast.second)
    token = (await desk.get(case.item)).form("/sign-out")["form_token"]

    answer = await desk.post(f"{case.complaint}/link", {"form_token": token}, follow=False)

    assert answer.status == 409
    assert (await client.get(case.link)).status_code == 200
