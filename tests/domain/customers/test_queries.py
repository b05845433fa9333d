"""Who is taken in no more, known by phone or document; and what somebody let us keep, known by a browser's token alone."""

from datetime import timedelta
from typing import Any

import pytest

from portal import clock, database, ids, sealing
from portal.domain.customers import queries, rules, services
from portal.domain.customers.tables import Block, Remembered
from portal.domain.sites.tables import Site
from portal.ids import new_id
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
PHONE = "+8613800138000"
SAID = {"companions": "王五、赵六", "needs": "轮椅", "plate": "京A12345"}


async def block(cast: Cast, site: Site | None, **more: Any) -> None:
    row = {
        "id": new_id(), "site": site.id if site else None, "phone_index": sealing.index(PHONE, queries.PHONE),
        "document_index": "", "reason": "", "by": cast.manager.id, "at": clock.now(), **more,
    }  # fmt: skip
    await database.insert(Block, row)


async def test_a_block_holds_at_its_site_alone(cast: Cast) -> None:
    await block(cast, cast.hotel)

    assert await queries.is_blocked(cast.hotel, phone=PHONE)
    assert not await queries.is_blocked(cast.tower, phone=PHONE)
    assert not await queries.is_blocked(cast.hotel, phone="+8613900139000")


async def test_a_block_without_a_site_holds_everywhere(cast: Cast) -> None:
    await block(cast, None)

    assert await queries.is_blocked(cast.tower, phone=PHONE)


async def test_a_block_ends_with_its_time_and_when_it_is_lifted(cast: Cast) -> None:
    await block(cast, cast.hotel, until=clock.now() - timedelta(minutes=1))
    await block(cast, cast.hotel, lifted_at=clock.now())

    assert not await queries.is_blocked(cast.hotel, phone=PHONE)


async def test_a_document_is_known_by_its_number(cast: Cast) -> None:
    await block(cast, cast.hotel, phone_index="", document_index=sealing.index("E12345678", queries.DOCUMENT))

    assert await queries.is_blocked(cast.hotel, document="E12345678")
    assert not await queries.is_blocked(cast.hotel, phone=PHONE, document="E87654321")
    assert not await queries.is_blocked(cast.hotel)


async def test_what_somebody_allowed_is_found_by_the_token_and_shown_masked(cast: Cast) -> None:
    """P40."""
    token, booking = ids.new_token(), ids.new_id()
    person = await services.meet(cast.hotel, phone=PHONE, name="李雷", email="")
    await services.remember(person.id, SAID, token=token, subject=booking)

    kept = await queries.kept_for(token)

    assert kept is not None
    assert (kept.phone, kept.plate, kept.masked) == (PHONE, "京A12345", ["王**", "轮**", "京****5"])
    assert await queries.kept_for(ids.new_token()) is None
    assert await queries.kept_for("") is None
    assert await queries.is_kept(person.id, token="", subject=booking)
    assert not await queries.is_kept(person.id, token="", subject=ids.new_id())


async def test_it_is_gone_when_it_is_taken_back_and_after_a_year(cast: Cast) -> None:
    """P42."""
    person = await services.meet(cast.hotel, phone=PHONE, name="李雷", email="")
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
