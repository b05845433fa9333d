"""Who may promise how much (CMP-28, CMP-29): limits by role, in fen, and what is never one's own to approve."""

from portal.domain.accounts.tables import Role
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site

PROPOSERS = frozenset({Role.DESK, Role.MANAGER})
APPROVERS = frozenset({Role.MANAGER, Role.FINANCE, Role.OWNER})
READERS = frozenset({Role.MANAGER, Role.FINANCE, Role.AUDITOR})
LIMITS = {Role.DESK: "complaint.desk_limit", Role.MANAGER: "complaint.manager_limit"}
FEN = 100


def may_promise(site: Site, roles: frozenset[Role], total: int) -> bool:
    """Whether these roles may promise so much on one complaint without asking anybody (0 always)."""
    return total <= max((_limit(site, role) for role in LIMITS if role in roles), default=0)


def may_approve(site: Site, roles: frozenset[Role], total: int) -> bool:
    """Whether these roles may approve what another proposed: a manager up to the limit, finance and owner whatever it is."""
    return bool(roles & {Role.FINANCE, Role.OWNER}) or (Role.MANAGER in roles and total <= _limit(site, Role.MANAGER))


def reads_ledger(roles: frozenset[Role]) -> bool:
    """Whether these roles see what the whole site has promised (table 2.2, row 29)."""
    return bool(READERS & roles)


def _limit(site: Site, role: Role) -> int:
    return site_rules.figure(site, LIMITS[role]) * FEN
