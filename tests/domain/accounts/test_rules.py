"""Who may be what."""

import pytest

from portal.domain.accounts import rules
from portal.domain.accounts.tables import Role


@pytest.mark.parametrize("role", list(Role))
def test_an_administrator_and_an_auditor_are_nothing_else(role: Role) -> None:
    """Table 2.2: combining AD or AU with any other role is refused."""
    assert rules.may_combine(frozenset({role}))
    assert rules.may_combine(frozenset({Role.ADMIN, role})) == (role is Role.ADMIN)
    assert rules.may_combine(frozenset({Role.AUDITOR, role})) == (role is Role.AUDITOR)


def test_one_person_may_be_at_the_desk_and_a_manager() -> None:
    assert rules.may_combine(frozenset({Role.DESK, Role.MANAGER}))
