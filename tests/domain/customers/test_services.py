"""A person is known by the phone, at every site, and nobody's filing changes what is known."""

import pytest

from portal import sealing
from portal.domain.customers import services
from portal.domain.customers.tables import Acquaintance, Customer
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
PHONE = "+8613800138000"


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
