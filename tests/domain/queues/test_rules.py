"""How far a role sees, what a deed asks of a person, when a clock warns, who is told next, and who stands in."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from portal import ids
from portal.domain.accounts.tables import Role
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.queues import rules
from portal.domain.queues.rules import Promise, Rung
from portal.domain.queues.tables import Severity
from portal.domain.sites.rules.calendar import round_the_clock

START = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
SEES = {
    "desk": "all",
    "manager": "all",
    "auditor": "all",
    "floor": "unit",
    "kitchen": "unit",
    "guard": "filed",
    "sales": "filed",
    "finance": "money",
    "admin": "",
    "owner": "cases",
}


@pytest.mark.parametrize("role", list(Role))
def test_a_role_sees_so_far(role: Role) -> None:
    """CMP-26."""
    assert "".join(rules.reach({role})) == SEES[role]


def test_roles_see_together_what_each_of_them_sees() -> None:
    assert rules.reach({Role.GUARD, Role.KITCHEN}) == {"filed", "unit"}
    assert rules.units({Role.GUARD, Role.KITCHEN, Role.FLOOR}) == {"kitchen", "floor"}


def test_an_administrator_with_every_other_role_at_hand_still_sees_no_complaint_as_one() -> None:
    assert rules.reach({Role.ADMIN}) == frozenset()


@pytest.mark.parametrize("role", list(Role))
def test_who_may_ever_claim_and_who_leads(role: Role) -> None:
    """Table 2.2, row 6."""
    assert rules.may(DEEDS["claim"], frozenset({role})) == (role in {"desk", "floor", "kitchen", "manager", "owner"})
    assert rules.leads(frozenset({role})) == (role in {"manager", "owner"})


def test_severity_is_ranked_as_the_queue_sorts() -> None:
    """X-47."""
    assert [one.word for one in sorted(Severity)] == ["severe", "normal", "minor"]


def test_a_clock_warns_after_a_share_of_its_time() -> None:
    calendar, promise = round_the_clock("Asia/Shanghai"), Promise(minutes=600)

    assert rules.warns_at(promise, calendar, START, START + timedelta(hours=10), 80) == START + timedelta(hours=8)


def test_the_used_share_of_a_clock_is_between_nothing_and_all() -> None:
    due = START + timedelta(hours=10)

    assert [rules.share(START, due, START + timedelta(hours=hours)) for hours in (-1, 0, 5, 10, 99)] == [0, 0, 50, 100, 100]
    assert rules.share(START, START, START) == 100


def test_a_ladder_is_read_as_its_setting_says() -> None:
    assert rules.rungs("manager") == (Rung(Role.MANAGER),)
    assert rules.rungs("desk, manager 15, owner 120") == (
        Rung(Role.DESK), Rung(Role.MANAGER, timedelta(minutes=15)), Rung(Role.OWNER, timedelta(hours=2)),
    )  # fmt: skip


A, B, C, D = (ids.new_id() for _four in range(4))


@pytest.mark.parametrize(("deputies", "able", "found"), [
    ({}, {A}, A), ({}, set(), None),
    ({A: B}, {B}, B), ({A: B}, {A}, None),
    ({A: B, B: C}, {B, C}, C), ({A: B, B: C, C: D}, {D}, D),
    ({A: B, B: A}, {A, B}, None), ({A: B, B: C, C: B}, {A, B, C}, None), ({A: A}, {A}, None),
])  # fmt: skip
def test_who_is_away_has_a_deputy_or_the_deputys_and_nobody_in_a_circle(
    deputies: dict[UUID, UUID], able: set[UUID], found: UUID | None
) -> None:
    """DUTY-17."""
    assert rules.stand_in(A, deputies, able) == found
