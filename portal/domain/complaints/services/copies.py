"""Copies to those who hear of every complaint and every answer of their site (X-16), but of what is about themselves."""

from uuid import UUID

from portal.domain.accounts import queries as accounts
from portal.domain.accounts.tables import Role
from portal.domain.queues.services import telling
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site


async def tell(item: UUID, event: UUID, *, site: Site) -> None:
    """Put a notice on the desks of the roles that the site has named (CMP-20, CMP-39)."""
    for role in str(site_rules.value(site, "complaint.copy_roles")).split():
        await telling.tell(item, event, await accounts.with_role(site.id, Role(role)))
