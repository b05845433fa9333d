"""Policies are decided by the house: what contradicts itself is refused, what fits nothing is saved, each is on record."""

from typing import Any
from uuid import UUID

import pytest

from portal.domain.complaints.forms.settings import NewPolicy
from portal.domain.complaints.queries import policies
from portal.domain.complaints.services import governing
from portal.domain.sites import queries as sites
from portal.errors import Conflict, Invalid, NotFound
from portal.events import queries as events
from portal.ids import new_id
from tests import stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


def form(**typed: Any) -> NewPolicy:
    return NewPolicy.model_validate({"name": "急"} | typed, context={"categories": {"service", "food"}})


async def write(cast: Cast, identity: UUID | None = None, version: int | None = None, **typed: Any) -> UUID:
    saved = identity or new_id()
    await governing.write(cast.hotel, form(**typed), identity=saved, new=identity is None, by=cast.manager, version=version)
    return saved


async def test_a_policy_is_kept_as_typed_and_is_on_record(cast: Cast) -> None:
    made = await write(cast, kinds="complaint request", categories="food", tiers="important", answer_minutes="20")

    law = (await policies.policy(cast.hotel, made)).law
    assert (law.kinds, law.categories, law.tiers, law.answer_minutes) == (
        frozenset({"complaint", "request"}), frozenset({"food"}), frozenset({"important"}), 20,
    )  # fmt: skip
    assert [one.kind for one in await events.timeline(cast.hotel.id)] == ["site.policy-changed"]
    assert (await sites.site("hotel")).edition == 2


async def test_one_that_contradicts_itself_or_another_is_refused_at_its_field(cast: Cast) -> None:
    await write(cast, kinds="complaint", answer_minutes="20")

    wrong: tuple[tuple[dict[str, Any], str], ...] = (
        ({"kinds": "complaint"}, "answer_minutes"),
        ({"tiers": "key", "resolve_hours": "4"}, "resolve_hours"),
        ({"kinds": "complaint", "answer_minutes": "10"}, "name"),
    )
    for typed, field in wrong:
        with pytest.raises(Invalid) as refused:
            await write(cast, **typed)
        assert list(refused.value.fields) == [field]
    assert len(await policies.policies(cast.hotel)) == 1
    assert (await sites.site("hotel")).edition == 2


async def test_a_limit_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="answer_minutes"):
        form(answer_minutes="0")


async def test_the_open_complaints_that_a_policy_fits_are_listed_and_others_are_not(cast: Cast) -> None:
    food, answered = await stories.filed(cast.hotel, category="food"), await stories.answered(cast.hotel, by=cast.manager)
    await stories.filed(cast.hotel)
    await stories.filed(cast.tower)
    law = (await policies.policy(cast.hotel, await write(cast, categories="food", answer_minutes="20"))).law

    assert [card.number for card in await policies.unanswered_like(cast.manager, cast.hotel, law, most=9)] == [food.number]
    assert answered


async def test_who_decides_on_an_old_page_is_told_so(cast: Cast) -> None:
    made = await write(cast, answer_minutes="20")
    await write(cast, made, version=1, answer_minutes="30")

    with pytest.raises(Conflict):
        await write(cast, made, version=1, answer_minutes="40")
    assert (await policies.policy(cast.hotel, made)).law.answer_minutes == 30


async def test_a_policy_of_another_house_is_nobodys(cast: Cast) -> None:
    """P32."""
    made = await write(cast, answer_minutes="20")

    with pytest.raises(NotFound):
        await governing.remove(cast.tower, made, by=cast.strange_manager)
    await governing.remove(cast.hotel, made, by=cast.manager)
    with pytest.raises(NotFound):
        await policies.policy(cast.hotel, made)
