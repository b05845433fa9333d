"""Posters: a code for the house and for each of its places, made from the configured address alone."""

import httpx
import pytest

from tests import stories, visits
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


async def test_each_place_has_a_poster_that_leads_to_the_form_with_the_place(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.receptionist)).get("/desk/hotel/posters")

    base = "http://127.0.0.1:8000/s/hotel"
    assert [link.get("href") for link in page.css(".poster__link")] == [
        base, f"{base}/complaints/new?place=1203", f"{base}/complaints/new?place=1204",
    ]  # fmt: skip
    assert len(page.css(".poster svg.qr__drawing")) == 3


async def test_a_poisoned_header_changes_no_poster(cast: Cast, client: httpx.AsyncClient) -> None:
    """P38: links from the configured base URL only."""
    browser = await stories.enter(client, cast.manager)

    page = await browser.get(
        "/desk/hotel/posters", headers={"X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    )

    assert "evil.example" not in page.response.text


@pytest.mark.parametrize("size", ["a4", "a6"])
async def test_a_door_has_a_poster_to_scan_or_to_type(cast: Cast, client: httpx.AsyncClient, size: str) -> None:
    await visits.make_door(cast.hotel)
    await visits.make_door(cast.tower, slug="tower-lobby", code="TOWER")

    page = await (await stories.enter(client, cast.receptionist)).get(f"/desk/hotel/posters/doors?size={size}")

    assert [link.get("href") for link in page.css(".poster__link")] == ["http://127.0.0.1:8000/d/hotel-lobby"]
    assert page.css(f".posters--{size} svg.qr__drawing")
    assert "LOBBY1" in page.text(".poster__typed")
    assert cast.hotel.name in page.text(".poster__house")
