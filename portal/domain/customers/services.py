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
    found, person = sealing.index(phone, PHONE), Met(new_id(), "")
    made = await database.insert(
        Customer,
        {
            "id": person.id, "phone": sealing.seal(phone, f"{PHONE}:{person.id}"), "phone_index": found,
            "name": sealing.seal(name, f"customer.name:{person.id}"),
            "email": sealing.seal(email, f"customer.email:{person.id}"), "created_at": clock.now(),
        },
        unless_there=True,
    )  # fmt: skip
    if not made:  # whoever was first has committed: the insert waited for it
        row = (await database.rows("SELECT id, tier FROM customer WHERE phone_index = {}", found))[0]
        person = Met(row["id"], row["tier"])
    since = {"id": new_id(), "customer": person.id, "site": site.id, "since": clock.now()}
    await database.insert(Acquaintance, since, unless_there=True)
    return person


async def rank(person: UUID, tier: str) -> None:
    """What somebody means to the house from now on."""
    await Customer.update({Customer.tier: tier}).where(Customer.id == person)


async def hold(person: UUID) -> None:
    """Hold somebody's row to the end of the transaction: what is decided by what he has already comes one by one."""
    await Customer.update({Customer.tier: Customer.tier}).where(Customer.id == person)
