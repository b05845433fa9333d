"""Duties and rights of each level for each step of a service: a literal table, so that no step changes hands unnoticed."""

from portal.domain.accounts.tables import Role
from portal.domain.arrivals.rules import way as arrivals
from portal.domain.bookings.rules import way as bookings
from portal.domain.queues.rules import Deed

RECEIVES, WORKS = "desk manager sales", "desk floor guard kitchen manager sales"
# Who does each step; the steps of visitors, and of the clock, are nobody's of the staff.
BOOKED = {
    RECEIVES: "arrival arrival-undone background change confirmation decline follow-up negotiation no-show not-prepared "
              "note papers preparation prepared proposal ready reception satisfaction summary withdrawal",
    WORKS: "task-done task-refusal",
}  # fmt: skip
AT_THE_COUNTER = {
    RECEIVES: "call call-out-of-turn finish host no-show papers park recall record return serving transfer undo",
    WORKS: "task-done task-refusal",
}  # fmt: skip


def test_who_does_which_step_of_a_visit() -> None:
    """HALL-10."""
    assert by_roles(bookings.DEEDS) == {who: set(steps.split()) for who, steps in BOOKED.items()}


def test_who_does_which_step_at_a_counter() -> None:
    """HALL-10."""
    assert by_roles(arrivals.DEEDS) == {who: set(steps.split()) for who, steps in AT_THE_COUNTER.items()}


def test_who_supervises_does_no_step() -> None:
    """HALL-10: an auditor, an administrator and finance serve nobody."""
    able = {role for deeds in (bookings.DEEDS, arrivals.DEEDS) for deed in deeds.values() for role in deed.roles}

    assert able & {Role.AUDITOR, Role.ADMIN, Role.FINANCE} == set()


def by_roles(deeds: dict[str, Deed]) -> dict[str, set[str]]:
    """The steps of the staff, by who does them."""
    found: dict[str, set[str]] = {}
    for deed in deeds.values():
        if deed.roles:
            found.setdefault(" ".join(sorted(deed.roles)), set()).add(deed.name.replace(" ", "-"))
    return found
