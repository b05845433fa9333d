"""The deed table to the letter, the deadlines, and what a person may do with an item now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from portal import ids
from portal.domain.accounts.tables import Role
from portal.domain.complaints.rules import rights, way
from portal.domain.complaints.tables import Channel, Kind
from portal.domain.queues import rules
from portal.domain.queues.queries.escalations import Escalated
from portal.domain.queues.queries.items import Card
from portal.domain.sites.tables import Site
from tests.stories import house

FILED = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)
ME, OTHER = ids.new_id(), ids.new_id()
SITE = house()
HANDLE = "desk floor kitchen manager owner"
WORK = "desk floor guard kitchen manager sales"
OPEN = "answered planned received triaged"

UNANSWERED = "planned received triaged"
# deed: before → after, roles, whose, needs, event, told.
TABLE = {
    "claim": (OPEN, None, HANDLE, "nobody", "", "item.claimed", "customer"),
    "release": (OPEN, None, HANDLE, "own", "reason", "item.released", ""),
    "handover": (OPEN, None, HANDLE, "own", "to reason", "item.handed-over", "receiver; managers at the third"),
    "undo": (OPEN, None, HANDLE, "any", "event", "item.undone", ""),
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
    "escalation": ("planned received triaged", None, HANDLE, "own", "reason", "item.escalated-by-hand",
                   "the role of `complaint.escalate_to`"),
    "acknowledgement": (OPEN, None, HANDLE, "any", "escalation", "item.acknowledged", "owner"),
    "returns": (OPEN, None, HANDLE, "own", "reason treatment basis lines", "complaint.return-requested", "managers"),
    "return approval": (f"{OPEN} closed", None, "manager owner", "any", "decision", "complaint.return-decided", "who asked"),
    "return shipment": (f"{OPEN} closed", None, HANDLE, "any", "", "complaint.return-shipped", ""),
    "return instruction": (f"{OPEN} closed", None, HANDLE, "own", "body", "complaint.return-instructed", ""),
    "return receipt": (f"{OPEN} closed", None, HANDLE, "any", "lines", "complaint.return-received", "who asked"),
    "colleague": (UNANSWERED, None, HANDLE, "own", "to body", "complaint.colleague-asked", "colleague"),
    "forwarding": ("answered", None, HANDLE, "own", "reason", "complaint.forwarded", "managers"),
    "party": (OPEN, None, HANDLE, "own", "party_name", "complaint.party-named", ""),
    "party link": (f"{OPEN} closed", None, HANDLE, "own", "", "complaint.party-link-renewed", ""),
    "link": (f"{OPEN} closed", None, HANDLE, "own", "", "complaint.link-renewed", ""),
    "tasks": (OPEN, None, HANDLE, "own", "department due_at body", "item.task-added", "whoever is named"),
    "task done": (f"{OPEN} closed", None, WORK, "any", "", "item.task-done", "owner"),
    "task refusal": (f"{OPEN} closed", None, WORK, "any", "reason", "item.task-refused", "owner"),
    "contacts": (OPEN, None, HANDLE, "any", "channel", "complaint.contacted-again", "owner"),
    "merge": ("planned received triaged", "closed", HANDLE, "free", "into", "complaint.merged",
              "customer; owner of the other"),
    "split": (OPEN, None, "desk floor manager", "own", "messages body", "complaint.split", ""),
    "reopening": ("closed", "triaged", HANDLE, "own", "", "complaint.reopened", "customer"),
    "liability": (OPEN, None, HANDLE, "own", "liability", "complaint.liability-decided", ""),
    "compensation": (OPEN, None, "desk manager", "own", "amount remedy", "complaint.compensation-proposed",
                     "managers or finance"),
    "compensation-approval": (f"{OPEN} closed", None, "finance manager owner", "any", "decision reason",
                              "complaint.compensation-approved", "proposer, customer"),
    "cause": (f"{OPEN} closed", None, HANDLE, "own", "cause", "complaint.cause-found", ""),
    "actions": (f"{OPEN} closed", None, HANDLE, "own", "body who due_on", "complaint.action-planned", "who does it"),
    "effect": (f"{OPEN} closed", None, HANDLE, "own", "confirmed", "complaint.effect-checked", ""),
    "return-visit": ("answered closed", None, "desk floor guard kitchen manager owner sales", "first", "satisfied",
                     "complaint.visited", "managers where not satisfied"),
    "rectification": ("answered closed", None, HANDLE, "own", "note", "complaint.rectified", ""),
    "acceptance by silence": ("answered", None, "", "any", "", "complaint.accepted-by-silence",
                              "owner, first asked"),
    "message of the customer": (f"{OPEN} closed", None, "", "any", "body", "complaint.wrote", "owner"),
    "message of the party": (OPEN, None, "", "any", "body", "complaint.party-wrote", "owner"),
    "acceptance": ("answered", None, "", "any", "", "complaint.accepted", "owner, first asked"),
    "rejection": ("answered", "triaged", "", "any", "reason", "complaint.rejected", "managers"),
    "rating": ("closed", None, "", "any", "score", "complaint.rated", "owner"),
}  # fmt: skip


def card(**facts: object) -> Card:
    """An item as the queue shows it; by default new, and nobody's."""
    plain: dict[str, object] = dict.fromkeys(Card.__dataclass_fields__, "")
    plain |= {"kind": "complaint", "state": "received", "owner_id": None, "owner_name": "", "managers_only": False,
              "paused": False}  # fmt: skip
    return Card(**plain | facts)  # type: ignore[arg-type]  # what a test does not name plays no part


def told(role: Role, *, clock: str = "superior") -> Escalated:
    """An escalation that nobody has acknowledged."""
    return Escalated(clock, 1, role, FILED, None, None, "", open=True)


def may(
    item: Card, role: Role, *, accepted: bool = False, closable_on: datetime | None = None,
    escalated: Sequence[Escalated] = (),
) -> dict[str, bool]:  # fmt: skip
    """What somebody of this role may do, by deed; what his role never has is not in it."""
    found = way.possible(
        item, frozenset({role}), by=ME, accepted=accepted, closable_on=closable_on, now=FILED + timedelta(days=1),
        site=SITE, escalated=escalated,
    )  # fmt: skip
    return {deed: why == "" for deed, why in found.items()}


def test_the_way_of_a_complaint_is_this_table() -> None:
    """CMP-12, CMP-13, CMP-38, X-38: who does what from where, what must be filled in, what is recorded, who is told."""
    found = {
        deed.name: (
            " ".join(sorted(deed.before, key=lambda state: (state == "closed", state))), deed.after,
            " ".join(sorted(deed.roles)), deed.whose.name.lower(),
            " ".join(deed.needs), deed.event, deed.told,
        )
        for deed in way.DEEDS.values()
    }  # fmt: skip

    assert found == TABLE


def test_eleven_kinds_come_into_the_one_intake() -> None:
    """CMP-04, CMP-05, CMP-06, CMP-08, CMP-30, CMP-33, CMP-46."""
    assert [kind.value for kind in Kind] == [
        "complaint", "suggestion", "enquiry", "dispute", "report", "request", "reception", "product", "recharge", "grumble",
        "policy-grumble",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("site", "further"),
    [
        (house(), ()),
        (house(kind="showroom"), ("product",)),
        (house({"complaint.kinds": "none"}, kind="showroom"), ()),
        (house({"complaint.kinds": "recharge"}), ("recharge",)),
        (house({"complaint.kinds": "both"}), ("product", "recharge")),
    ],
)
def test_guests_are_offered_products_and_recharges_where_the_site_takes_them(site: Site, further: tuple[str, ...]) -> None:
    """CMP-06, CMP-33; grumbles are noticed by staff alone (CMP-08)."""
    assert way.offered(site) == (*way.OFFERED, *further)
    assert not {"grumble", "policy-grumble"} & set(way.offered(site))


def test_a_grumble_is_not_counted_as_a_complaint() -> None:
    """CMP-08."""
    assert [kind for kind in Kind if way.counts(kind)] == ["complaint", "dispute", "reception", "product"]


def test_staff_take_down_every_channel_but_the_portals_own() -> None:
    """CMP-01."""
    assert [channel.value for channel in way.INTAKE_CHANNELS] == [
        "desk", "phone", "email", "letter", "mailbox", "social", "visit",
    ]  # fmt: skip
    assert Channel.PORTAL not in way.INTAKE_CHANNELS


@pytest.mark.parametrize("kind", list(Kind))
def test_only_what_asks_for_an_answer_alone_is_answered_without_a_plan(kind: Kind) -> None:
    """CMP-13."""
    quick = ("enquiry", "suggestion", "recharge", "grumble", "policy-grumble")

    assert way.needs_plan(kind) == (kind not in quick)


@pytest.mark.parametrize("role", list(Role))
def test_who_files_who_reads_what_and_who_unmasks(role: Role) -> None:
    """Table 2.2, rows 1, 7 and 25."""
    mine = frozenset({role})

    assert rights.may_file(mine) == (role in {"desk", "guard", "floor", "sales", "manager"})
    assert rights.may_unmask(mine) == (role in {"desk", "manager", "owner"})
    assert rights.reads_notes(mine) == (role in {"desk", "floor", "kitchen", "manager", "auditor", "owner"})
    assert rights.reads_contact(mine) == (role is not Role.KITCHEN)
    assert rights.reads_photos(mine) == (role in {"desk", "floor", "kitchen", "manager", "auditor", "owner"})


@pytest.mark.parametrize("role", [Role.GUARD, Role.SALES, Role.AUDITOR, Role.ADMIN])
def test_who_only_looks_is_offered_nothing(role: Role) -> None:
    assert [deed for deed, yes in may(card(), role).items() if yes] == []


def test_finance_decides_about_money_and_nothing_else() -> None:
    """Table 2.2, row 9."""
    assert list(may(card(), Role.FINANCE)) == ["compensation-approval"]


def test_an_owner_is_a_manager_on_what_she_sees_but_promises_nothing() -> None:
    """CMP-19, CMP-26."""
    assert set(may(card(), Role.MANAGER)) - set(may(card(), Role.OWNER)) == {"compensation", "split"}
    assert not may(card(), Role.OWNER)["acknowledgement"]
    assert may(card(), Role.OWNER, escalated=[told(Role.OWNER)])["acknowledgement"]


def test_no_department_is_asked_about_what_is_kept_from_it() -> None:
    """CMP-26."""
    mine = card(owner_id=ME)

    assert may(mine, Role.MANAGER)["tasks"]
    assert not may(replace(mine, restricted=True), Role.MANAGER)["tasks"]


@pytest.mark.parametrize(("role", "those"), [
    (Role.DESK, "desk"), (Role.FLOOR, "floor"), (Role.MANAGER, "desk floor kitchen manager"),
    (Role.OWNER, "desk floor kitchen manager owner"), (Role.AUDITOR, ""),
])  # fmt: skip
def test_one_acknowledges_what_was_told_to_ones_own_role_or_to_one_below(role: Role, those: str) -> None:
    """CMP-19."""
    offered = {to for to in rules.HANDLERS if may(card(), role, escalated=[told(to)]).get("acknowledgement")}

    assert offered == set(those.split())


def test_what_was_acknowledged_or_is_over_waits_for_nobody() -> None:
    assert not may(card(), Role.MANAGER, escalated=[replace(told(Role.MANAGER), open=False)])["acknowledgement"]


def test_who_has_escalated_waits_for_the_answer() -> None:
    """CMP-19."""
    mine = card(owner_id=ME)

    assert may(mine, Role.DESK, escalated=[told(Role.MANAGER, clock="resolve")])["escalation"]
    assert not may(mine, Role.DESK, escalated=[told(Role.MANAGER)])["escalation"]


def test_a_new_item_can_be_claimed_and_noted_and_nothing_else() -> None:
    """CMP-12: nothing goes on without an owner."""
    assert [deed for deed, yes in may(card(), Role.FLOOR).items() if yes] == ["claim", "notes", "contacts", "merge"]


def test_my_own_triaged_item_can_be_planned_but_not_answered() -> None:
    """CMP-13."""
    mine = card(state="triaged", owner_id=ME)

    offered = may(mine, Role.DESK)

    assert [deed for deed, yes in offered.items() if yes] == [
        "release", "handover", "notes", "escalation", "messages", "triage", "plan", "pause", "tier", "extension",
        "liability", "compensation", "cause", "actions", "effect", "restriction", "link", "tasks", "contacts", "merge",
        "split", "unmask",
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


def test_a_policy_grumble_is_forwarded_before_it_is_closed() -> None:
    """CMP-30."""
    mine = card(kind="policy-grumble", state="answered", owner_id=ME)

    offered = may(mine, Role.DESK, accepted=True)
    later = way.possible(mine, frozenset({Role.DESK}), by=ME, accepted=True, closable_on=None, now=FILED,
                         site=house(), forwarded=True)  # fmt: skip

    assert (offered["forwarding"], offered["closure"]) == (True, False)
    assert (later["forwarding"] == "", later["closure"]) == (False, "")


def test_after_the_end_come_learning_a_new_beginning_a_note_and_a_new_link() -> None:
    """CMP-34, CMP-40, CMP-41."""
    over = replace(card(owner_id=ME), state="closed")

    assert [deed for deed, yes in may(over, Role.MANAGER).items() if yes] == [
        "notes", "reopening", "compensation-approval", "cause", "actions", "effect", "return-visit", "rectification",
        "restriction", "link", "unmask",
    ]  # fmt: skip
