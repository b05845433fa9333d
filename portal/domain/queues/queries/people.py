"""Who works at a site, as far as work items name people."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from portal.domain.accounts import queries as accounts
from portal.domain.accounts.tables import Account, Membership, Role
from portal.domain.queues import rules
from portal.domain.queues.queries.sight import CASES
from portal.domain.queues.rules import Reach
from portal.domain.queues.tables import COMMON, Named, WorkItem
from portal.domain.sites.tables import Category, Site

_LEADERS = f"""
SELECT DISTINCT a.id FROM work_item i JOIN membership l ON l.site = i.site AND l.role = 'manager'
    OR l.site IS NULL AND l.role = 'owner' AND {CASES}
  JOIN account a ON a.id = l.account
WHERE i.id = {{}} AND a.disabled_at IS NULL
  AND NOT EXISTS (SELECT 1 FROM named k WHERE k.item = i.id AND k.account = a.id)
"""


async def handlers(site: Site, among: Collection[Role] = rules.HANDLERS) -> list[tuple[str, str, str]]:
    """Who may be given an item at a site, or works in some roles: user name, name, role; one line a person."""
    rows = await (
        Membership.select(Membership.account.username, Membership.account.name, Membership.role)
        .where(
            Membership.site == site.id,
            Membership.role.is_in([role.value for role in among]),
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
    here = (WorkItem.site == site.id) & (WorkItem.line == COMMON)
    rows = await WorkItem.select(WorkItem.owner).where(here, WorkItem.closed_at.is_null()).distinct()
    owners = {row["owner"] for row in rows} & await able(site)
    return [*owners, *(await accounts.with_role(site.id, Role.MANAGER) if rows else [])]


async def readers(site: Site, category: str) -> dict[str, UUID]:
    """Those who may be given an item here and see what comes in a category, whoever has it: accounts by user name."""
    unit = await Category.select(Category.unit).where(Category.site == site.id, Category.code == category).first()
    who = Membership.account
    rows = await Membership.select(who, who.username, Membership.role).where(
        Membership.site == site.id,
        Membership.role.is_in([role.value for role in rules.HANDLERS]),
        who.disabled_at.is_null(),
    )
    return {
        row["account.username"]: row["account"] for row in rows
        if Reach.ALL in rules.reach([Role(row["role"])]) or (unit and unit["unit"] in rules.units([Role(row["role"])]))
    }  # fmt: skip


async def workers(site: Site) -> list[tuple[str, str]]:
    """Who has to do with a site, and the organisation's own: user name and name, for a list of whom something is about."""
    here = (Membership.site == site.id) | Membership.site.is_null()
    rows = await Membership.select(Membership.account.username, Membership.account.name).where(here)
    return sorted({(row["account.username"], row["account.name"]) for row in rows})


async def accounts_of(site: Site, usernames: Collection[str]) -> list[UUID]:
    """The accounts of some of these people."""
    if not usernames:
        return []
    here = (Membership.site == site.id) | Membership.site.is_null()
    rows = await Membership.select(Membership.account).where(here, Membership.account.username.is_in(list(usernames)))
    return sorted({row["account"] for row in rows})


async def named_in(item: UUID) -> dict[UUID, tuple[str, str]]:
    """Whom an item is about: user name and name."""
    who = Named.account
    rows = await Named.select(who, who.username, who.name).where(Named.item == item).order_by(who.username)
    return {row["account"]: (row["account.username"], row["account.name"]) for row in rows}


async def leaders(item: UUID) -> list[UUID]:
    """Who decides about an item: the site's managers, for some the organisation's owners; nobody whom it is about."""
    rows = await Account.raw(_LEADERS, item)
    return [row["id"] for row in rows]


async def above(item: UUID, site: Site, role: Role) -> tuple[Role, list[UUID]]:
    """Those of a role who may hear of an item; where there are none, the managers, or who else decides about it."""
    those = [] if role is Role.MANAGER else await hearing(item, await accounts.with_role(site.id, role))
    return (role, those) if those else (Role.MANAGER, await leaders(item))


async def hearing(item: UUID, among: list[UUID]) -> list[UUID]:
    """Those of some people who may hear of an item: of a restricted one only who decides about it, and its owner."""
    about = await named_in(item)
    row = await WorkItem.select(WorkItem.owner, WorkItem.restricted).where(WorkItem.id == item).first()
    inside = {row["owner"], *await leaders(item)} if row and row["restricted"] else set(among)
    return [one for one in among if one in inside and one not in about]


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
