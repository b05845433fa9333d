"""Knowing people again by their phone, without changing what is known of them."""

from uuid import UUID

from portal import clock, sealing
from portal.domain.customers.tables import Acquaintance, Customer
from portal.domain.sites.tables import Site
from portal.ids import new_id

PHONE = "customer.phone"


async def meet(site: Site, *, phone: str, name: str, email: str) -> UUID:
    """The person of this phone (E.164), made if nobody has it; what is known of a known one stays as it is."""
    found = sealing.index(phone, PHONE)
    row = await Customer.select(Customer.id).where(Customer.phone_index == found).first()
    if row is None:
        await _add(found, phone=phone, name=name, email=email)
        row = await Customer.select(Customer.id).where(Customer.phone_index == found).first()
    person: UUID = row["id"]  # type: ignore[index]  # inserted by us or by whoever was first
    await Acquaintance.insert(
        Acquaintance(id=new_id(), customer=person, site=site.id, since=clock.now())
    ).on_conflict(action="DO NOTHING")
    return person


async def _add(found: str, *, phone: str, name: str, email: str) -> None:
    person = new_id()
    await Customer.insert(
        Customer(
            id=person,
            phone=sealing.seal(phone, f"{PHONE}:{person}"),
            phone_index=found,
            name=sealing.seal(name, f"customer.name:{person}"),
            email=sealing.seal(email, f"customer.email:{person}"),
            created_at=clock.now(),
        )
    ).on_conflict(action="DO NOTHING")
