"""The way of a complaint: its deeds in one table, its deadlines, and what a customer may do."""

from datetime import datetime, timedelta
from uuid import UUID

from portal.domain.accounts.tables import Role
from portal.domain.complaints.tables import Channel, Kind, State
from portal.domain.queues.queries import Card
from portal.domain.queues.rules import HANDLERS, Deed, Whose, leads, may
from portal.domain.queues.tables import Severity
from portal.domain.sites import rules as site_rules
from portal.domain.sites.tables import Site
from portal.i18n.translations import _

OPEN = frozenset({State.RECEIVED, State.TRIAGED, State.PLANNED, State.ANSWERED})
UNANSWERED = OPEN - {State.ANSWERED}
CUSTOMER: frozenset[Role] = frozenset()
FILERS = frozenset({Role.DESK, Role.GUARD, Role.FLOOR, Role.SALES, Role.MANAGER})
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
        _deed("link", OPEN | {State.CLOSED}, None, HANDLERS, Whose.OWN, (), "complaint.link-renewed"),
        _deed("message of the customer", OPEN, None, CUSTOMER, Whose.ANY, ("body",), "complaint.wrote", "owner"),
        _deed("acceptance", frozenset({State.ANSWERED}), None, CUSTOMER, Whose.ANY, (), "complaint.accepted", "owner"),
        _deed("rejection", frozenset({State.ANSWERED}), State.TRIAGED, CUSTOMER, Whose.ANY, ("reason",),
              "complaint.rejected", "managers"),
        _deed("rating", frozenset({State.CLOSED}), None, CUSTOMER, Whose.ANY, ("score",), "complaint.rated", "owner"),
    )
}  # fmt: skip


def acknowledge_by(site: Site, filed_at: datetime) -> datetime:
    """Until when somebody has taken it on, or written to the customer (CMP-12, CMP-14)."""
    return filed_at + timedelta(minutes=site_rules.figure(site, "complaint.acknowledge_minutes"))


def resolve_by(site: Site, started_at: datetime, *, kind: str, severity: Severity) -> datetime:
    """Until when it is answered: the shortest of what its kind and its severity ask for (CMP-14)."""
    hours = [site_rules.figure(site, "complaint.resolve_hours")]
    if severity is Severity.SEVERE:
        hours.append(site_rules.figure(site, "complaint.resolve_severe_hours"))
    if kind == Kind.REQUEST:
        hours.append(site_rules.figure(site, "complaint.resolve_request_hours"))
    return started_at + timedelta(hours=min(hours))


def closable_at(site: Site, silent_from: datetime) -> datetime:
    """From when on an answer may be closed that the customer neither accepted nor rejected."""
    return silent_from + timedelta(days=site_rules.figure(site, "complaint.silence_days"))


def link_ends_at(site: Site, closed_at: datetime) -> datetime:
    """Until when the customer's link works."""
    return closed_at + timedelta(days=site_rules.figure(site, "complaint.link_days"))


def may_file(roles: frozenset[Role]) -> bool:
    """Whether these roles take complaints down for customers."""
    return bool(FILERS & roles)


def needs_plan(kind: str) -> bool:
    """Whether an answer needs a plan first (CMP-13)."""
    return kind not in QUICK


def reads_photos(roles: frozenset[Role]) -> bool:
    """Whether these roles see the photos of what they may see (finance sees money alone)."""
    return bool(roles & (HANDLERS | {Role.AUDITOR}))


def reads_notes(roles: frozenset[Role]) -> bool:
    """Whether these roles read what staff wrote for each other: who handles it, and who audits (CMP-26)."""
    return bool(roles & (HANDLERS | {Role.AUDITOR}))


def reads_contact(roles: frozenset[Role]) -> bool:
    """Whether these roles see, masked, how the complainant is reached; the kitchen has no use for it."""
    return bool(roles - {Role.KITCHEN})


def may_unmask(roles: frozenset[Role]) -> bool:
    """Whether these roles may see a full contact field, with a reason (P41)."""
    return bool(roles & {Role.DESK, Role.MANAGER})


def possible(
    item: Card, roles: frozenset[Role], *, by: UUID, accepted: bool, closable_on: datetime | None, now: datetime
) -> dict[str, str]:
    """What somebody may do with an item now: deed to "" if he may, to the reason if only its state or owner forbids it.

    A deed that his roles never have is not in it. The database decides again when the deed is done.
    """
    named = {"triage": "retriage" if item.state in (State.TRIAGED, State.PLANNED) else "triage", "plan": "plan",
             "reply": "reply" if needs_plan(item.kind) or item.state == State.PLANNED else "quick reply"}  # fmt: skip
    named["plan"] = "replan" if item.state == State.PLANNED else "plan"
    found = {}
    for name in ("claim", "release", "handover", "notes", "messages", "triage", "plan", "reply", "closure", "link"):
        deed = DEEDS[named.get(name, name)]
        if may(deed, roles):
            found[name] = _why_not(deed, item, by=by, leads=leads(roles))
    if not found.get("plan", "-") and item.owner_id is None:
        found["plan"] = _("Nobody has it yet. Claim it first.")
    if not found.get("closure", "-") and not accepted and closable_on and now < closable_on:
        found["closure"] = _("The guest has not accepted the answer yet; without a word it can be closed later.")
    if item.owner_id is None and "release" in found:
        found["release"] = _("Nobody has it yet. Claim it first.")
    if may_unmask(roles):
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
