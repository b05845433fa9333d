"""Who may be what."""

from datetime import timedelta

from portal.domain.accounts.tables import Role

ABSOLUTE = timedelta(hours=12)
SEEN_EVERY = timedelta(seconds=30)
PASSWORD_LENGTH = 10

ORGANISATION = frozenset({Role.ADMIN, Role.OWNER})
# These see or decide without taking part, so nobody is one of them and something else (GB/T 35273, 7.1).
ALONE = frozenset({Role.ADMIN, Role.AUDITOR})


def may_combine(roles: frozenset[Role]) -> bool:
    """Whether one person may have all of these roles."""
    return len(roles) < 2 or not roles & ALONE
