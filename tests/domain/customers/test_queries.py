"""Who is taken in no more, known by phone or document."""

from datetime import timedelta
from typing import Any

import pytest

from portal import clock, database, sealing
from portal.domain.customers import queries
from portal.domain.customers.tables import Block
from portal.domain.sites.tables import Site
from portal.ids import new_id
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
PHONE = "+8613800138000"


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
