"""The way of a complaint: its deeds in one table, and what somebody may do now."""

from datetime import datetime
from uuid import UUID

from portal.domain.accounts.tables import Role
from portal.domain.complaints.rules import rights
from portal.domain.complaints.tables import Channel, Kind, State
from portal.domain.queues.queries.items import Card
from portal.domain.queues.rules import AUTHORITY, HANDLERS, Deed, Whose, leads, may
from portal.i18n.translations import _

OPEN = frozenset({State.RECEIVED, State.TRIAGED, State.PLANNED, State.ANSWERED})
UNANSWERED = OPEN - {State.ANSWERED}
CUSTOMER: frozenset[Role] = frozenset()
# Neither asks for handling, so neither needs a plan.
QUICK = frozenset({Kind.ENQUIRY, Kind.SUGGESTION})
INTAKE_CHANNELS = tuple(channel for channel in Channel if channel is not Channel.PORTAL)


def _deed(
    name: str,
    before: frozenset[State],
    after: State | None,
    roles: frozenset[Role],
    whose: Whose,
    needs: tuple[str, ...],
    event: str,
    told: str = "",
) -> Deed:
    return Deed(name, frozenset(before), after, roles, whose, needs, event, told)


DEEDS = {
    deed.name: deed
    for deed in (
        _deed("claim", OPEN, None, HANDLERS, Whose.NOBODY, (), "item.claimed", "customer"),
        _deed("release", OPEN, None, HANDLERS, Whose.OWN, ("reason",), "item.released"),
        _deed("handover", OPEN, None, HANDLERS, Whose.OWN, ("to", "reason"), "item.handed-over",
              "receiver; managers at the third"),
        _deed("notes", OPEN | {State.CLOSED}, None, HANDLERS, Whose.ANY, ("body",), "item.noted"),
        _deed("messages", OPEN, None, HANDLERS, Whose.OWN, ("body",), "complaint.told", "customer"),
        _deed("triage", frozenset({State.RECEIVED}), State.TRIAGED, HANDLERS, Whose.OWN,
              ("severity", "category", "kind", "cause", "wish"), "complaint.triaged", "customer"),
        _deed("retriage", frozenset({State.TRIAGED, State.PLANNED}), None, HANDLERS, Whose.OWN,
              ("severity", "category", "kind", "cause", "wish"), "complaint.retriaged"),
        _deed("plan", frozenset({State.TRIAGED}), State.PLANNED, HANDLERS, Whose.OWN, ("owner", "plan"),
              "complaint.planned", "customer"),
        _deed("replan", frozenset({State.PLANNED}), None, HANDLERS, Whose.OWN, ("owner", "plan"), "complaint.replanned"),
        _deed("reply", frozenset({State.PLANNED}), State.ANSWERED, HANDLERS, Whose.OWN, ("plan", "reply"),
              "complaint.answered", "customer"),
        _deed("quick reply", frozenset({State.TRIAGED}), State.ANSWERED, HANDLERS, Whose.OWN, ("reply",),
              "complaint.answered", "customer"),
        _deed("closure", frozenset({State.ANSWERED}), State.CLOSED, HANDLERS, Whose.OWN,
              ("reply", "acceptance or silence"), "complaint.closed", "customer"),
        _deed("pause", UNANSWERED, None, HANDLERS, Whose.OWN, ("reason",), "item.paused", "customer"),
        _deed("resumption", UNANSWERED, None, HANDLERS, Whose.OWN, (), "item.resumed", "customer"),
        _deed("tier", OPEN, None, frozenset({Role.DESK, Role.MANAGER, Role.OWNER}), Whose.ANY, (), "complaint.ranked"),
        _deed("extension", UNANSWERED, None, HANDLERS, Whose.OWN, ("days", "reason"), "complaint.extension-asked",
              "managers"),
        _deed("extension-approval", UNANSWERED, None, AUTHORITY, Whose.ANY, ("decision",), "complaint.extension-decided",
              "customer; who asked"),
        _deed("restriction", OPEN | {State.CLOSED}, None, HANDLERS, Whose.OWN, ("reason",), "complaint.restricted",
              "managers and owner who are not named"),
        _deed("link", OPEN | {State.CLOSED}, None, HANDLERS, Whose.OWN, (), "complaint.link-renewed"),
        _deed("message of the customer", OPEN, None, CUSTOMER, Whose.ANY, ("body",), "complaint.wrote", "owner"),
        _deed("acceptance", frozenset({State.ANSWERED}), None, CUSTOMER, Whose.ANY, (), "complaint.accepted", "owner"),
        _deed("rejection", frozenset({State.ANSWERED}), State.TRIAGED, CUSTOMER, Whose.ANY, ("reason",),
              "complaint.rejected", "managers"),
        _deed("rating", frozenset({State.CLOSED}), None, CUSTOMER, Whose.ANY, ("score",), "complaint.rated", "owner"),
    )
}  # fmt: skip


# One button stands for both: the first time, and the correction; an answer with a plan, and one without.
_TWINS = {"retriage", "replan", "quick reply"}
STAFF_DEEDS = tuple(name for name, deed in DEEDS.items() if deed.roles and name not in _TWINS)


def needs_plan(kind: str) -> bool:
    """Whether an answer needs a plan first (CMP-13)."""
    return kind not in QUICK


def possible(
    item: Card, roles: frozenset[Role], *, by: UUID, accepted: bool, closable_on: datetime | None, now: datetime
) -> dict[str, str]:
    """What somebody may do with an item now: deed to "" if he may, to the reason if only its state or owner forbids it.

    A deed that his roles never have is not in it. The database decides again when the deed is done.
    """
    meant = {
        "triage": "retriage" if item.state in (State.TRIAGED, State.PLANNED) else "triage",
        "plan": "replan" if item.state == State.PLANNED else "plan",
        "reply": "reply" if needs_plan(item.kind) or item.state == State.PLANNED else "quick reply",
    }
    found = {}
    for name in STAFF_DEEDS:
        deed = DEEDS[meant.get(name, name)]
        if may(deed, roles):
            found[name] = _why_not(deed, item, by=by, leads=leads(roles))
    if not found.get("plan", "-") and item.owner_id is None:
        found["plan"] = _("Nobody has it yet. Claim it first.")
    if not found.get("closure", "-") and not accepted and closable_on and now < closable_on:
        found["closure"] = _("The guest has not accepted the answer yet; without a word it can be closed later.")
    if item.paused and not found.get("pause", "-"):
        found["pause"] = _("It is paused already.")
    if not item.paused and not found.get("resumption", "-"):
        found["resumption"] = _("It is not paused.")
    if item.owner_id is None and "release" in found:
        found["release"] = _("Nobody has it yet. Claim it first.")
    if rights.may_unmask(roles):
        found["unmask"] = ""
    return found


def _why_not(deed: Deed, item: Card, *, by: UUID, leads: bool) -> str:
    if item.state not in deed.before:
        return _("This comes at another step.")
    if deed.whose is Whose.NOBODY:
        if item.owner_id:
            return _("%(name)s has it.") % {"name": item.owner_name}
        return "" if leads or not item.managers_only else _("The answer was rejected: a manager decides who goes on.")
    if deed.whose is Whose.OWN and not leads and item.owner_id != by:
        return _("%(name)s has it.") % {"name": item.owner_name} if item.owner_id else _("Claim it first.")
    return ""
