"""The grammar of all work items: deeds, who may do them, how far a person sees, when a clock warns, who is told next."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from portal.domain.accounts.tables import Role

HANDLERS = frozenset({Role.DESK, Role.FLOOR, Role.KITCHEN, Role.MANAGER})
AUTHORITY = frozenset({Role.MANAGER})
SUPERIORS = HANDLERS | {Role.OWNER}


class Whose(StrEnum):
    """Whose an item must be for a deed."""

    ANY = "anyone's"
    NOBODY = "nobody's"
    OWN = "one's own; managers: anyone's"


@dataclass(frozen=True)
class Deed:
    """A row of a domain's deed table: what it is called, from which states, to which, by whom, with what.

    `before` are the states it starts from, `after` the one it leads to (none: it stays). `roles` may ever do it (none:
    it is the customer's). `needs` are the fields that must be filled in, `event` is what is recorded, `told` who hears.
    """

    name: str
    before: frozenset[str]
    after: str | None
    roles: frozenset[Role]
    whose: Whose
    needs: tuple[str, ...]
    event: str
    told: str = ""


class Reach(StrEnum):
    """How much of a site's queue somebody sees."""

    ALL = "all"
    UNIT = "unit"
    FILED = "filed"
    MONEY = "money"
    ESCALATED = "escalated"


REACH = {
    Role.DESK: Reach.ALL,
    Role.MANAGER: Reach.ALL,
    Role.AUDITOR: Reach.ALL,
    Role.FLOOR: Reach.UNIT,
    Role.KITCHEN: Reach.UNIT,
    Role.GUARD: Reach.FILED,
    Role.SALES: Reach.FILED,
    Role.FINANCE: Reach.MONEY,
    Role.OWNER: Reach.ESCALATED,
}


@dataclass(frozen=True)
class Rung:
    """One level of a site's ladder: which role is told, and how long after the level before."""

    role: Role
    after: timedelta = timedelta()


def reach(roles: Iterable[Role]) -> frozenset[Reach]:
    """How far these roles see together; nothing for an administrator."""
    return frozenset(REACH[role] for role in roles if role in REACH)


def units(roles: Iterable[Role]) -> frozenset[str]:
    """The units whose categories these roles see."""
    return frozenset(role.value for role in roles if REACH.get(role) is Reach.UNIT)


def may(deed: Deed, roles: frozenset[Role]) -> bool:
    """Whether somebody with these roles may ever do it."""
    return bool(deed.roles & roles)


def leads(roles: frozenset[Role]) -> bool:
    """Whether these roles may act on what belongs to others."""
    return bool(AUTHORITY & roles)


def rungs(text: str) -> tuple[Rung, ...]:
    """A ladder as its setting says it: `manager, owner 60` tells the manager at once and the owner an hour later."""
    parts = [part.split() for part in text.split(",")]
    return tuple(Rung(Role(role), timedelta(minutes=int(*minutes or ("0",)))) for role, *minutes in parts)


def acknowledges(roles: frozenset[Role]) -> frozenset[Role]:
    """Whose escalations these roles acknowledge: one's own role's, and those of every role below."""
    if Role.OWNER in roles:
        return SUPERIORS
    return HANDLERS if Role.MANAGER in roles else roles & HANDLERS


def stand_in(account: UUID, deputies: Mapping[UUID, UUID], able: Collection[UUID]) -> UUID | None:
    """Who works for somebody who is away: the deputy, or the deputy's if that one is away too; nobody in a circle.

    `deputies` are of all who are away now, `able` all who may be given work here.
    """
    seen = {account}
    while account in deputies:
        account = deputies[account]
        if account in seen:
            return None
        seen.add(account)
    return account if account in able else None


def warns_at(started_at: datetime, due_at: datetime, percent: int) -> datetime:
    """When a clock is marked as due soon: after so much of its time."""
    return started_at + (due_at - started_at) * percent / 100


def share(started_at: datetime, due_at: datetime, now: datetime) -> int:
    """How much of a clock's time is used, 0 to 100."""
    whole = due_at - started_at
    if whole <= timedelta():
        return 100
    return max(0, min(100, int((now - started_at) / whole * 100)))
