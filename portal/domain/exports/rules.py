"""How long, how much, and who lets a file with guests' names pass."""

from datetime import timedelta

from portal.domain.accounts.tables import Role
from portal.domain.exports.tables import Stage

AT_ONCE = 10_000  # rows; a longer table is made in the background
MOST_PERSONAL = 5_000
MOST_ROWS = 1_000_000  # a sheet of Excel ends soon after
LIFE = timedelta(hours=24)
HELD = timedelta(seconds=60)
TRIES = 3

ASKERS = frozenset({Role.MANAGER})
DECIDERS = frozenset({Role.MANAGER, Role.ADMIN})
OPEN = (Stage.ASKED, Stage.WAITING, Stage.RUNNING)


def may_decide(roles: frozenset[Role]) -> bool:
    """Whether somebody with these roles lets exports of others pass; an administrator does so without seeing any."""
    return bool(roles & DECIDERS)
