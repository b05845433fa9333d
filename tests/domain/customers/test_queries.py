"""What is asked of customers: what they let us keep is found by a browser's token alone."""

import pytest

from portal import clock, ids
from portal.domain.customers import queries, rules, services
from portal.domain.customers.tables import Remembered
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
SAID = {"companions": "王五、赵六", "needs": "轮椅", "plate": "京A12345"}


async def test_what_somebody_allowed_is_found_by_the_token_and_shown_masked(cast: Cast) -> None:
    """P40."""
    token, booking = ids.new_token(), ids.new_id()
    person = await services.meet(cast.hotel, phone="+8613800138000", name="李雷", email="")
    await services.remember(person.id, SAID, token=token, subject=booking)

    kept = await queries.kept_for(token)

    assert kept is not None
    assert (kept.phone, kept.plate, kept.masked) == ("+8613800138000", "京A12345", ["王**", "轮**", "京****5"])
    assert await queries.kept_for(ids.new_token()) is None
    assert await queries.kept_for("") is None
    assert await queries.is_kept(person.id, token="", subject=booking)
    assert not await queries.is_kept(person.id, token="", subject=ids.new_id())


async def test_it_is_gone_when_it_is_taken_back_and_after_a_year(cast: Cast) -> None:
    """P42."""
    person = await services.meet(cast.hotel, phone="+8613800138000", name="李雷", email="")
    first, second = ids.new_token(), ids.new_token()
    for token in (first, second):
        await services.remember(person.id, SAID, token=token, subject=ids.new_id())

    assert await services.forget(token=first)
    assert not await services.forget(token=first)
    await services.forget_old()
    assert await Remembered.count() == 1
    await Remembered.update({Remembered.agreed_at: clock.now() - rules.KEPT_FOR * 1.01}, force=True)
    await services.forget_old()
    assert await Remembered.count() == 0
