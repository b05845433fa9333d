"""Knowing people again by their phone, without changing what is known of them."""

from typing import NamedTuple
from uuid import UUID

from portal import clock, database, sealing
from portal.domain.customers.tables import Acquaintance, Customer
from portal.domain.sites.tables import Site
from portal.ids import new_id

PHONE = "customer.phone"


class Met(NamedTuple):
    """Somebody the house knows, and what he means to it (empty: no more than anybody)."""

    id: UUID
    tier: str


async def meet(site: Site, *, phone: str, name: str, email: str) -> Met:
    """The person of this phone (E.164), made if nobody has it; what is known of a known one stays as it is."""
    found = sealing.index(phone, PHONE)
    row = await Customer.select(Customer.id, Customer.tier).where(Customer.phone_index == found).first()
    person = Met(row["id"], row["tier"]) if row else await _made(found, phone=phone, name=name, email=email)
    since = {"id": new_id(), "customer": person.id, "site": site.id, "since": clock.now()}
    await database.insert(Acquaintance, since, unless_there=True)
    return person


async def _made(found: str, *, phone: str, name: str, email: str) -> Met:
    person = new_id()
    made = await database.insert(
        Customer,
        {
            "id": person, "phone": sealing.seal(phone, f"{PHONE}:{person}"), "phone_index": found,
            "name": sealing.seal(name, f"customer.name:{person}"),
            "email": sealing.seal(email, f"customer.email:{person}"), "created_at": clock.now(),
        },
        unless_there=True,
    )  # fmt: skip
    if made:
        return Met(person, "")
    row = await Customer.select(Customer.id, Customer.tier).where(Customer.phone_index == found).first()
    assert row is not None  # noqa: S101  # whoever was first has committed: the insert waited for it
    return Met(row["id"], row["tier"])


async def rank(person: UUID, tier: str) -> None:
    """What somebody means to the house from now on."""
    await Customer.update({Customer.tier: tier}).where(Customer.id == person)
