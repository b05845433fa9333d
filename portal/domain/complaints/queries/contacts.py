"""How the customers of complaints are reached from the portal, without anybody looking at it."""

from dataclasses import dataclass
from uuid import UUID

from portal import clock
from portal.domain.complaints.rules import promises
from portal.domain.complaints.tables import Complaint
from portal.domain.queues.queries.words import opened
from portal.domain.sites.tables import Site


@dataclass(frozen=True)
class Contact:
    """What a message to a customer needs, and no more; all of it is empty once the contact was erased or the link ended."""

    number: str
    language: str
    email: str
    phone: str
    token: str


async def contacts(ids: list[UUID], sites: dict[UUID, Site]) -> dict[UUID, Contact]:
    """The customers of some complaints at these sites, by the complaint's id."""
    item = Complaint.item
    rows = await Complaint.select(
        Complaint.id, Complaint.language, Complaint.email, Complaint.phone, Complaint.token, item.number, item.site,
        item.closed_at,
    ).where(Complaint.id.is_in(ids)) if ids else []  # fmt: skip
    found = {}
    for row in rows:
        closed, site = row["item.closed_at"], sites[row["item.site"]]
        over = closed is not None and clock.now() > promises.link_ends_at(site, closed)
        cells = {
            name: "" if over else opened(row[name], f"complaint.{name}", row["id"]) for name in ("email", "phone", "token")
        }
        found[row["id"]] = Contact(number=row["item.number"], language=row["language"], **cells)
    return found
