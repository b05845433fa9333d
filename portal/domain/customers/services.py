"""Knowing people again by their phone, without changing what is known of them."""

from uuid import UUID

from portal import clock, database, sealing
from portal.domain.customers.tables import Acquaintance, Customer
from portal.domain.sites.tables import Site
from portal.ids import new_id

PHONE = "customer.phone"


async def meet(site: Site, *, phone: str, name: str, email: str) -> UUID:
    """The person of this phone (E.164), made if nobody has it; what is known of a known one stays as it is."""
    found = sealing.index(phone, PHONE)
    row = await Customer.select(Customer.id).where(Customer.phone_index == found).first()
    person: UUID = row["id"] if row else await _made(found, phone=phone, name=name, email=email)
    since = {"id": new_id(), "customer": person, "site": site.id, "since": clock.now()}
    await database.insert(Acquaintance, since, unless_there=True)
    return person


async def _made(found: str, *, phone: str, name: str, email: str) -> UUID:
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
        return person
    row = await Customer.select(Customer.id).where(Customer.phone_index == found).first()
    first: UUID = row["id"]  # type: ignore[index]  # whoever was first has committed: the insert waited for it
    return first
