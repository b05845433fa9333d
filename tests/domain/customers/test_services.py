"""A person is known by the phone, at every site, and nobody's filing changes what is known."""

from collections.abc import Callable

import pytest

from portal import sealing
from portal.domain.customers import queries, services
from portal.domain.customers.forms import Lifting, NewBlock
from portal.domain.customers.tables import Acquaintance, Customer
from portal.errors import Conflict, Forbidden, NotFound
from portal.i18n import formats
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
PHONE, PAPER = "+8613800138000", "110101199003074514"


async def test_the_same_phone_is_the_same_person_at_every_site(cast: Cast) -> None:
    first = await services.meet(cast.hotel, phone=PHONE, name="张小龙", email="")
    second = await services.meet(cast.tower, phone=PHONE, name="张小龙", email="")

    assert first == second
    assert await Customer.count() == 1
    assert await Acquaintance.count() == 2


async def test_meeting_again_is_remembered_once(cast: Cast) -> None:
    await services.meet(cast.hotel, phone=PHONE, name="张小龙", email="")
    await services.meet(cast.hotel, phone=PHONE, name="张小龙", email="")

    assert await Acquaintance.count() == 1


async def test_what_is_known_of_a_person_stays_whatever_is_filed_under_the_phone(cast: Cast) -> None:
    person = (await services.meet(cast.hotel, phone=PHONE, name="张小龙", email="zhang@example.com")).id
    await services.meet(cast.hotel, phone=PHONE, name="李四", email="li@example.com")

    row = await Customer.select().where(Customer.id == person).first()
    assert row is not None
    assert sealing.unseal(row["name"], f"customer.name:{person}") == "张小龙"
    assert sealing.unseal(row["email"], f"customer.email:{person}") == "zhang@example.com"


async def test_nothing_of_a_person_stands_open_in_the_row(cast: Cast) -> None:
    """P40."""
    await services.meet(cast.hotel, phone=PHONE, name="张小龙", email="zhang@example.com")

    row = str(await Customer.select().first())
    assert [part for part in ("13800138000", "张小龙", "zhang") if part in row] == []


# Whom a site takes in no more (P32, P40)


def typed(**more: str) -> NewBlock:
    formats.set_zone("Asia/Shanghai")
    return NewBlock.model_validate({"phone": PHONE, "reason": "闹事"} | more)


async def test_a_block_holds_at_its_site_until_it_is_lifted(cast: Cast) -> None:
    block = await services.block(cast.hotel, typed(), by=cast.manager)

    assert await queries.is_blocked(cast.hotel, phone=PHONE)
    assert not await queries.is_blocked(cast.tower, phone=PHONE)
    assert await queries.blocks(cast.tower) == []
    with pytest.raises(NotFound):
        await services.lift(cast.tower, block, Lifting(reason="和解"), by=cast.strange_manager)

    await services.lift(cast.hotel, block, Lifting(reason="和解"), by=cast.manager)
    assert not await queries.is_blocked(cast.hotel, phone=PHONE)
    with pytest.raises(Conflict):
        await services.lift(cast.hotel, block, Lifting(reason="和解"), by=cast.manager)
    found, reasons = await queries.block(cast.hotel, block)
    assert (found.holds, found.lifter, reasons.reason, reasons.lifted_for) == (False, cast.manager.name, "闹事", "和解")


async def test_one_for_every_site_is_the_owners_and_the_administrators(cast: Cast) -> None:
    with pytest.raises(Forbidden):
        await services.block(cast.hotel, typed(everywhere="1"), by=cast.manager)
    block = await services.block(cast.hotel, typed(everywhere="1"), by=cast.owner)

    assert await queries.is_blocked(cast.tower, phone=PHONE)
    assert [one.everywhere for one in await queries.blocks(cast.tower)] == [True]
    with pytest.raises(Forbidden):
        await services.lift(cast.hotel, block, Lifting(reason="和解"), by=cast.manager)
    await services.lift(cast.tower, block, Lifting(reason="和解"), by=cast.admin)


async def test_a_document_is_known_however_it_is_written_and_shown_masked(cast: Cast) -> None:
    await services.block(cast.hotel, typed(document="110101 19900307-4514"), by=cast.manager)

    assert await queries.is_blocked(cast.hotel, document=PAPER)
    assert [one.shown for one in await queries.blocks(cast.hotel)] == ["138****8000 · 1****4514"]


async def test_a_block_with_a_last_day_is_over_on_the_next(cast: Cast, travel: Callable[[str], None]) -> None:
    travel("2026-11-22T12:00+08:00")
    await services.block(cast.hotel, typed(until="2026-11-23"), by=cast.manager)

    travel("2026-11-23T23:59+08:00")
    assert await queries.is_blocked(cast.hotel, phone=PHONE)
    travel("2026-11-24T00:00+08:00")
    assert not await queries.is_blocked(cast.hotel, phone=PHONE)
