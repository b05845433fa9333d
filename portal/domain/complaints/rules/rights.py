"""Who takes complaints down, and who sees how much of one."""

from portal.domain.accounts.tables import Role
from portal.domain.queues.rules import HANDLERS

FILERS = frozenset({Role.DESK, Role.GUARD, Role.FLOOR, Role.SALES, Role.MANAGER})
READERS = HANDLERS | {Role.AUDITOR}


def may_file(roles: frozenset[Role]) -> bool:
    """Whether these roles take complaints down for customers."""
    return bool(FILERS & roles)


def reads_photos(roles: frozenset[Role]) -> bool:
    """Whether these roles see the photos of what they may see (finance sees money alone)."""
    return bool(roles & READERS)


def reads_notes(roles: frozenset[Role]) -> bool:
    """Whether these roles read what staff wrote for each other: who handles it, stands above it, or audits (CMP-26)."""
    return bool(roles & READERS)


def reads_contact(roles: frozenset[Role]) -> bool:
    """Whether these roles see, masked, how the complainant is reached; the kitchen has no use for it."""
    return bool(roles - {Role.KITCHEN})


def may_unmask(roles: frozenset[Role]) -> bool:
    """Whether these roles may see a full contact field, with a reason (P41)."""
    return bool(roles & {Role.DESK, Role.MANAGER, Role.OWNER})


def reads_money(roles: frozenset[Role]) -> bool:
    """Whether these roles see what was promised on a complaint: who handles it, who pays, who audits."""
    return bool(roles & (HANDLERS | {Role.FINANCE, Role.AUDITOR}))
