"""How much comes at once, how much may name guests, and who lets it pass."""

import pytest

from portal.domain.accounts.tables import Role
from portal.domain.exports import rules


def test_the_bounds_are_those_that_were_promised() -> None:
    """Promises 2.2, row 27, and P29."""
    assert (rules.AT_ONCE, rules.MOST_PERSONAL, rules.LIFE.total_seconds()) == (10_000, 5_000, 86_400)


@pytest.mark.parametrize("role", list(Role))
def test_managers_and_administrators_decide(role: Role) -> None:
    assert rules.may_decide(frozenset({role})) == (role in (Role.MANAGER, Role.ADMIN))
