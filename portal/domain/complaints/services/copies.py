"""Copies to those who hear of every complaint and every answer of their site; no complaint can be kept from them (X-16)."""

from uuid import UUID

from portal.domain.accounts import queries as accounts
from portal.domain.accounts.tables import Role
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.events import services as events


async def tell(event: UUID, *, site: Site) -> None:
    """Put a notice on the desks of the roles that the site has named (CMP-20, CMP-39)."""
    for role in str(site_rules.value(site, "complaint.copy_roles")).split():
        await events.tell(event, await accounts.with_role(site.id, Role(role)))
