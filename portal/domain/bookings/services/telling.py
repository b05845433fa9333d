"""Who of the staff hears of a booking: its receiving person, or those of the role that receives visits of its type."""

from uuid import UUID

from portal import database
from portal.domain.accounts import queries as accounts
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.bookings.rules import way
from portal.domain.queues.services import telling
from portal.domain.sites.tables import Site

_WHO = """
SELECT i.owner, t.role FROM booking b JOIN work_item i ON i.id = b.id JOIN visit_type t ON t.id = b.type WHERE b.id = {}
"""


async def tell_desk(item: UUID, event: UUID, *, site: Site, but: Staff | None = None) -> None:
    """Put a notice on the desks of those who receive visits of this type (VIS-31), and of its receiving person."""
    row = (await database.rows(_WHO, item))[0]
    owner = [row["owner"]] if row["owner"] else []
    await _tell(item, event, [*owner, *await _receiving(site, row["role"])], but)


async def tell_owner(item: UUID, event: UUID, *, site: Site, but: Staff | None = None) -> None:
    """Put a notice on the desk of the receiving person; of those who receive, where nobody is named yet."""
    row = (await database.rows(_WHO, item))[0]
    await _tell(item, event, [row["owner"]] if row["owner"] else await _receiving(site, row["role"]), but)


async def tell_managers(item: UUID, event: UUID) -> None:
    """Put a notice on the desks of the managers."""
    await telling.tell_leaders(item, event)


async def _receiving(site: Site, role: str) -> list[UUID]:
    """Those of the receiving role; the managers where the site has none of it."""
    asked = Role(role) if role in way.RECEIVERS else Role.DESK
    return await accounts.with_role(site.id, asked) or await accounts.with_role(site.id, Role.MANAGER)


async def _tell(item: UUID, event: UUID, recipients: list[UUID], but: Staff | None) -> None:
    await telling.tell(item, event, [one for one in recipients if but is None or one != but.id])
