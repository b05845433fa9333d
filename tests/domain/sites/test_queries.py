"""Which sites there are, and what stands in them and not next door."""

import pytest

from portal.domain.sites import queries
from portal.errors import NotFound
from tests import factories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


async def test_a_site_is_found_by_its_address(cast: Cast) -> None:
    assert (await queries.site("hotel")).id == cast.hotel.id
    with pytest.raises(NotFound):
        await queries.site("palace")


async def test_sites_come_in_the_order_of_their_making(cast: Cast) -> None:
    assert [site.slug for site in await queries.sites()] == ["hotel", "tower"]


async def test_categories_are_the_sites_own_and_those_no_longer_offered_only_on_request(cast: Cast) -> None:
    await factories.make_category(cast.hotel, code="pool", active=False)

    assert [one.code for one in await queries.categories(cast.hotel.id)] == ["food", "other", "room", "service"]
    assert [one.code for one in await queries.categories(cast.hotel.id, all_of_them=True)] == [
        "food", "other", "pool", "room", "service",
    ]  # fmt: skip
    assert [one.code for one in await queries.categories(cast.tower.id)] == ["other", "service"]


async def test_places_are_the_sites_own(cast: Cast) -> None:
    assert [place.code for place in await queries.places(cast.hotel.id)] == ["1203", "1204"]
    assert [place.code for place in await queries.places(cast.tower.id)] == ["F8"]


@pytest.mark.parametrize("typed", ["F8", "f8", " f8 "])
async def test_a_place_is_found_however_its_letters_are_written(cast: Cast, typed: str) -> None:
    place = await queries.place(cast.tower.id, typed)

    assert place is not None
    assert place.id == cast.places["tower:F8"].id


async def test_a_place_next_door_and_no_place_are_not_found(cast: Cast) -> None:
    assert await queries.place(cast.hotel.id, "F8") is None
    assert await queries.place(cast.hotel.id, "8 层") is None
    assert await queries.place(cast.hotel.id, " ") is None
    assert await queries.place(cast.hotel.id, "") is None


@pytest.mark.parametrize("typed", ["8 层", "Floor 8", " 8 层 "])
async def test_a_place_is_found_by_its_name_in_either_language(cast: Cast, typed: str) -> None:
    place = await queries.place(cast.tower.id, typed)

    assert place is not None
    assert place.id == cast.places["tower:F8"].id


async def test_a_name_of_several_places_is_none_of_them_and_a_code_goes_before_a_name(cast: Cast) -> None:
    for code in ("P1", "P2"):
        await factories.make_place(cast.hotel, code=code, name_zh="停车场", name_en="1203")

    assert await queries.place(cast.hotel.id, "停车场") is None
    assert await queries.place(cast.hotel.id, "1203") == cast.places["1203"]
