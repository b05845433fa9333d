"""The policies' page: what is wrong is said at its field, what fits is listed, and nothing typed is lost."""

from typing import Any

import httpx
import pytest

from tests import stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
POLICIES = "/desk/hotel/settings/policies"


async def test_a_policy_is_added_and_changed_and_removed(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.filed(cast.hotel, category="food")
    page = await (await stories.enter(client, cast.manager)).get(POLICIES)

    page = await page.submit(POLICIES, name="餐饮急件", categories="food", answer_minutes="20", position="1")

    made = page.path
    assert made.startswith(f"{POLICIES}/")
    assert page.text("#policy-matches .matches").startswith(case.number)
    page = await page.submit(made, answer_minutes="25")
    assert page.form(made)["answer_minutes"] == "25"
    page = await page.submit(f"{made}/removal")
    assert page.path == POLICIES
    assert "餐饮急件" not in page.text()


async def test_one_that_fits_nothing_says_so_and_is_saved(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await (await stories.enter(client, cast.manager)).get(POLICIES)

    page = await page.submit(POLICIES, name="空", categories="food", resolve_hours="4")

    assert page.status == 200
    assert page.css("#policy-matches .matches") == []
    assert "仍可保存" in page.text("#policy-matches")


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"answer_minutes": "0"}, "answer_minutes"),
        ({"answer_minutes": ""}, "answer_minutes"),
        ({"answer_minutes": "999", "resolve_hours": "1"}, "answer_minutes"),
        ({"tiers": "key", "resolve_hours": "1"}, "resolve_hours"),
    ],
)
async def test_what_cannot_stand_is_refused_at_its_field(
    cast: Cast, client: httpx.AsyncClient, typed: dict[str, Any], field: str
) -> None:
    page = await (await stories.enter(client, cast.manager)).get(POLICIES)

    page = await page.submit(POLICIES, name="不行", **typed)

    assert (page.status, list(page.errors())) == (422, [field])
    assert page.form(POLICIES)["name"] == "不行"


async def test_conditions_in_the_address_show_what_they_fit_before_anything_is_saved(
    cast: Cast, client: httpx.AsyncClient
) -> None:
    food = await stories.filed(cast.hotel, category="food")
    await stories.filed(cast.hotel)
    await stories.filed(cast.tower)
    browser = await stories.enter(client, cast.manager)

    page = await browser.get(f"{POLICIES}?categories=food&kinds=complaint&kinds=request")

    assert [link.text_content() for link in page.css("#policy-matches a")] == [food.number]


async def test_an_administrator_decides_and_sees_no_complaint(cast: Cast, client: httpx.AsyncClient) -> None:
    """Table 2.2, row 5."""
    await stories.filed(cast.hotel)

    page = await (await stories.enter(client, cast.admin)).get(POLICIES)

    assert page.css("#policy-matches a") == []
