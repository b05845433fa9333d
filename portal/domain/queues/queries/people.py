"""Who works at a site, as far as work items name people."""

from typing import Any
from uuid import UUID

from portal.domain.accounts import queries as accounts
from portal.domain.accounts.tables import Account, Membership, Role
from portal.domain.queues import rules
from portal.domain.queues.rules import Reach
from portal.domain.queues.tables import WorkItem
from portal.domain.sites.tables import Category, Site


async def handlers(site: Site) -> list[tuple[str, str, str]]:
    """Who may be given an item at a site: user name, name, role; one line a person."""
    rows = await (
        Membership.select(Membership.account.username, Membership.account.name, Membership.role)
        .where(
            Membership.site == site.id,
            Membership.role.is_in([role.value for role in rules.HANDLERS]),
            Membership.account.disabled_at.is_null(),
        )
        .order_by(Membership.account.username)
    )
    people = {row["account.username"]: (row["account.name"], row["role"]) for row in rows}
    return [(username, name, role) for username, (name, role) in people.items()]


async def handler(site: Site, username: str) -> UUID | None:
    """The account of somebody who may be given an item here."""
    row = await (
        Membership.select(Membership.account)
        .where(
            Membership.site == site.id,
            Membership.role.is_in([role.value for role in rules.HANDLERS]),
            Membership.account.username == username,
            Membership.account.disabled_at.is_null(),
        )
        .first()
    )
    return row["account"] if row else None


async def colleague(site: Site, department: Role, username: str) -> UUID | None:
    """The account of somebody who works in a department of this site."""
    row = await (
        Membership.select(Membership.account)
        .where(
            Membership.site == site.id,
            Membership.role == department,
            Membership.account.username == username,
            Membership.account.disabled_at.is_null(),
        )
        .first()
    )
    return row["account"] if row else None


async def able(site: Site) -> set[UUID]:
    """The accounts that may be given an item at a site."""
    rows = await Membership.select(Membership.account).where(
        Membership.site == site.id,
        Membership.role.is_in([role.value for role in rules.HANDLERS]),
        Membership.account.disabled_at.is_null(),
    )
    return {row["account"] for row in rows}


async def concerned(site: Site) -> list[UUID]:
    """Whom the open items of a site concern: their owners, and the managers where anything is open."""
    rows = await WorkItem.select(WorkItem.owner).where(WorkItem.site == site.id, WorkItem.closed_at.is_null()).distinct()
    owners = {row["owner"] for row in rows} & await able(site)
    return [*owners, *(await accounts.with_role(site.id, Role.MANAGER) if rows else [])]


async def reads(site: Site, account: UUID, category: str) -> bool:
    """Whether somebody who works here sees what comes in a category, whoever has it."""
    rows = await Membership.select(Membership.role).where(Membership.account == account, Membership.site == site.id)
    roles = frozenset(Role(row["role"]) for row in rows)
    if Reach.ALL in rules.reach(roles):
        return True
    units = sorted(rules.units(roles)) or [""]
    return await Category.exists().where(Category.site == site.id, Category.code == category, Category.unit.is_in(units))


async def named(site: Site, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Names of accounts, and the role that customers see them in."""
    if not ids:
        return {}
    rows = await Account.select(Account.id, Account.username, Account.name, Account.surname).where(Account.id.is_in(ids))
    roles = await Membership.select(Membership.account, Membership.role).where(
        Membership.site == site.id, Membership.account.is_in(ids)
    )
    first = {row["account"]: row["role"] for row in roles}
    return {row["id"]: {**row, "role": first.get(row["id"], Role.MANAGER.value)} for row in rows}
