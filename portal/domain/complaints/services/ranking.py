"""What a guest means to the house, said by hand, and where that puts his complaints."""

from uuid import UUID

from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import promising
from portal.domain.complaints.tables import Complaint
from portal.domain.customers import services as customers
from portal.domain.queues.queries.items import Card
from portal.domain.queues.services import deeds
from portal.domain.sites.tables import Site
from portal.events import services as events


async def rank(item: Card, tier: str, *, site: Site, by: Staff) -> None:
    """Say what the guest means to the house (CMP-15 to CMP-17): for all that is open of his, and from now on."""
    async with transaction():
        await deeds.move(item, DEEDS["tier"], site=site, by=by)
        row = await Complaint.select(Complaint.customer).where(Complaint.id == item.id).first()
        person = row["customer"] if row else None
        ids = [item.id, *(await _open_ones_of(person, site) if person else [])]
        if person:
            await customers.rank(person, tier)
        await Complaint.update({Complaint.tier: tier}).where(Complaint.id.is_in(ids))
        await promising.rank(ids, site)
        await events.record("complaint.ranked", site=site.id, subject=item.id, by=by, tier=tier)
        await promising.renew(ids, site=site, why="tier", by=by)


async def _open_ones_of(person: UUID, site: Site) -> list[UUID]:
    """The open complaints of somebody at this site."""
    rows = await Complaint.select(Complaint.id).where(
        Complaint.customer == person, Complaint.item.site == site.id, Complaint.item.closed_at.is_null()
    )
    return [row["id"] for row in rows]
