"""The deed table to the letter, the deadlines, and what a person may do with an item now."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from portal import ids
from portal.domain.accounts.tables import Role
from portal.domain.complaints.rules import rights, way
from portal.domain.complaints.tables import Channel, Kind
from portal.domain.queues.queries.items import Card
from tests.stories import house

FILED = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
ME, OTHER = ids.new_id(), ids.new_id()
SITE = house()
HANDLE = "desk floor kitchen manager owner"
OPEN = "answered planned received triaged"

UNANSWERED = "planned received triaged"
# deed: before → after, roles, whose, needs, event, told.
TABLE = {
    "claim": (OPEN, None, HANDLE, "nobody", "", "item.claimed", "customer"),
    "release": (OPEN, None, HANDLE, "own", "reason", "item.released", ""),
    "handover": (OPEN, None, HANDLE, "own", "to reason", "item.handed-over", "receiver; managers at the third"),
    "notes": (f"{OPEN} closed", None, HANDLE, "any", "body", "item.noted", ""),
    "messages": (OPEN, None, HANDLE, "own", "body", "complaint.told", "customer"),
    "triage": ("received", "triaged", HANDLE, "own", "severity category kind cause wish", "complaint.triaged", "customer"),
    "retriage": ("planned triaged", None, HANDLE, "own", "severity category kind cause wish", "complaint.retriaged", ""),
    "plan": ("triaged", "planned", HANDLE, "own", "owner plan", "complaint.planned", "customer"),
    "replan": ("planned", None, HANDLE, "own", "owner plan", "complaint.replanned", ""),
    "reply": ("planned", "answered", HANDLE, "own", "plan reply", "complaint.answered", "customer"),
    "quick reply": ("triaged", "answered", HANDLE, "own", "reply", "complaint.answered", "customer"),
    "closure": ("answered", "closed", HANDLE, "own", "reply acceptance or silence", "complaint.closed", "customer"),
    "pause": (UNANSWERED, None, HANDLE, "own", "reason", "item.paused", "customer"),
    "resumption": (UNANSWERED, None, HANDLE, "own", "", "item.resumed", "customer"),
    "tier": (OPEN, None, "desk manager owner", "any", "", "complaint.ranked", ""),
    "extension": (UNANSWERED, None, HANDLE, "own", "days reason", "complaint.extension-asked", "managers"),
    "extension-approval": (
        UNANSWERED, None, "manager owner", "any", "decision", "complaint.extension-decided", "customer; who asked",
    ),
    "restriction": (
        f"{OPEN} closed", None, HANDLE, "own", "reason", "complaint.restricted", "managers and owner who are not named",
    ),
    "link": (f"{OPEN} closed", None, HANDLE, "own", "", "complaint.link-renewed", ""),
    "message of the customer": (OPEN, None, "", "any", "body", "complaint.wrote", "owner"),
    "acceptance": ("answered", None, "", "any", "", "complaint.accepted", "owner"),
    "rejection": ("answered", "triaged", "", "any", "reason", "complaint.rejected", "managers"),
    "rating": ("closed", None, "", "any", "score", "complaint.rated", "owner"),
}


def card(**facts: object) -> Card:
    """An item as the queue shows it; by default new, and nobody's."""
    plain: dict[str, object] = dict.fromkeys(Card.__dataclass_fields__, "")
    plain |= {"kind": "complaint", "state": "received", "owner_id": None, "owner_name": "", "managers_only": False,
              "paused": False}  # fmt: skip
    return Card(**plain | facts)  # type: ignore[arg-type]  # what a test does not name plays no part


def may(item: Card, role: Role, *, accepted: bool = False, closable_on: datetime | None = None) -> dict[str, bool]:
    """What somebody of this role may do, by deed; what his role never has is not in it."""
    found = way.possible(
        item, frozenset({role}), by=ME, accepted=accepted, closable_on=closable_on, now=FILED + timedelta(days=1)
    )
    return {deed: why == "" for deed, why in found.items()}


def test_the_way_of_a_complaint_is_this_table() -> None:
    """CMP-12, CMP-13, CMP-38: who does what from where, what must be filled in, what is recorded, who is told."""
    found = {
        deed.name: (
            " ".join(sorted(deed.before, key=lambda state: (state == "closed", state))), deed.after,
            " ".join(sorted(deed.roles)), deed.whose.name.lower(),
            " ".join(deed.needs), deed.event, deed.told,
        )
        for deed in way.DEEDS.values()
    }  # fmt: skip

    assert found == TABLE


def test_seven_kinds_come_into_the_one_intake() -> None:
    """CMP-04, CMP-05, CMP-46."""
    assert [kind.value for kind in Kind] == [
        "complaint", "suggestion", "enquiry", "dispute", "report", "request", "reception",
    ]  # fmt: skip


def test_staff_take_down_every_channel_but_the_portals_own() -> None:
    """CMP-01."""
    assert [channel.value for channel in way.INTAKE_CHANNELS] == [
        "desk", "phone", "email", "letter", "mailbox", "social", "visit",
    ]  # fmt: skip
    assert Channel.PORTAL not in way.INTAKE_CHANNELS


@pytest.mark.parametrize("kind", list(Kind))
def test_only_an_enquiry_and_a_suggestion_are_answered_without_a_plan(kind: Kind) -> None:
    """CMP-13."""
    assert way.needs_plan(kind) == (kind not in ("enquiry", "suggestion"))


@pytest.mark.parametrize("role", list(Role))
def test_who_files_who_reads_what_and_who_unmasks(role: Role) -> None:
    """Table 2.2, rows 1, 7 and 25."""
    mine = frozenset({role})

    assert rights.may_file(mine) == (role in {"desk", "guard", "floor", "sales", "manager"})
    assert rights.may_unmask(mine) == (role in {"desk", "manager", "owner"})
    assert rights.reads_notes(mine) == (role in {"desk", "floor", "kitchen", "manager", "auditor", "owner"})
    assert rights.reads_contact(mine) == (role is not Role.KITCHEN)
    assert rights.reads_photos(mine) == (role in {"desk", "floor", "kitchen", "manager", "auditor", "owner"})


@pytest.mark.parametrize("role", [Role.GUARD, Role.SALES, Role.FINANCE, Role.AUDITOR, Role.ADMIN])
def test_who_only_looks_is_offered_nothing(role: Role) -> None:
    assert may(card(), role) == {}


def test_a_new_item_can_be_claimed_and_noted_and_nothing_else() -> None:
    """CMP-12: nothing goes on without an owner."""
    assert [deed for deed, yes in may(card(), Role.FLOOR).items() if yes] == ["claim", "notes"]


def test_my_own_triaged_item_can_be_planned_but_not_answered() -> None:
    """CMP-13."""
    mine = card(state="triaged", owner_id=ME)

    offered = may(mine, Role.DESK)

    assert [deed for deed, yes in offered.items() if yes] == [
        "release", "handover", "notes", "messages", "triage", "plan", "pause", "tier", "extension", "restriction",
        "link", "unmask",
    ]  # fmt: skip


def test_my_own_triaged_enquiry_can_be_answered_at_once() -> None:
    """CMP-13."""
    assert may(card(kind="enquiry", state="triaged", owner_id=ME), Role.DESK)["reply"]


def test_another_persons_item_is_the_managers_business_alone() -> None:
    theirs = card(state="planned", owner_id=OTHER, owner_name="李")

    assert not may(theirs, Role.DESK)["reply"]
    assert may(theirs, Role.MANAGER)["reply"]


def test_a_manager_plans_nothing_that_nobody_owns() -> None:
    """CMP-12."""
    assert not may(card(state="triaged"), Role.MANAGER)["plan"]
    assert may(card(state="triaged", owner_id=OTHER), Role.MANAGER)["plan"]


def test_a_rejected_item_is_claimed_by_managers_alone() -> None:
    back = card(state="triaged", managers_only=True)

    assert not may(back, Role.DESK)["claim"]
    assert may(back, Role.MANAGER)["claim"]


def test_an_answer_is_closed_when_it_was_accepted_or_its_time_is_over() -> None:
    """CMP-38."""
    mine, later = card(state="answered", owner_id=ME), FILED + timedelta(days=7)

    assert not may(mine, Role.DESK, closable_on=later)["closure"]
    assert may(mine, Role.DESK, closable_on=FILED)["closure"]
    assert may(mine, Role.DESK, accepted=True)["closure"]


def test_nothing_but_a_note_and_a_new_link_comes_after_the_end() -> None:
    over = replace(card(owner_id=ME), state="closed")

    assert [deed for deed, yes in may(over, Role.MANAGER).items() if yes] == ["notes", "restriction", "link", "unmask"]
