"""The way of a complaint: its deeds in one table, and what somebody may do now."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from portal.domain.accounts.tables import Role
from portal.domain.complaints.rules import redress, rights
from portal.domain.complaints.tables import Channel, Kind, State
from portal.domain.queues.queries.escalations import Escalated
from portal.domain.queues.queries.items import Card
from portal.domain.queues.rules import AUTHORITY, DEPARTMENTS, HANDLERS, Deed, Whose, acknowledges, leads, may
from portal.domain.queues.tables import ClockKind
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.i18n.translations import _

OPEN = frozenset({State.RECEIVED, State.TRIAGED, State.PLANNED, State.ANSWERED})
ALWAYS = OPEN | {State.CLOSED}
UNANSWERED = OPEN - {State.ANSWERED}
ENDING = frozenset({State.ANSWERED, State.CLOSED})
CUSTOMER: frozenset[Role] = frozenset()
SILENCE = "acceptance by silence"  # the customer's too, said with nothing; the clock writes it down
# These ask for an answer and not for handling, so they need no plan.
QUICK = frozenset({Kind.ENQUIRY, Kind.SUGGESTION, Kind.RECHARGE, Kind.GRUMBLE, Kind.POLICY_GRUMBLE})
QUESTIONS = frozenset({Kind.ENQUIRY, Kind.RECHARGE})
# What anybody may file; the site decides whether products and recharges are too. Grumbles are noticed by staff alone.
OFFERED = (Kind.COMPLAINT, Kind.SUGGESTION, Kind.ENQUIRY, Kind.DISPUTE, Kind.REPORT, Kind.REQUEST, Kind.RECEPTION)
FURTHER = {"none": (), "product": (Kind.PRODUCT,), "recharge": (Kind.RECHARGE,), "both": (Kind.PRODUCT, Kind.RECHARGE)}
GRUMBLES = (Kind.GRUMBLE, Kind.POLICY_GRUMBLE)
# What figures count as a complaint: no question, no wish, and no grumble that was met before it became one.
COMPLAINTS = frozenset({Kind.COMPLAINT, Kind.DISPUTE, Kind.RECEPTION, Kind.PRODUCT})
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
        _deed("undo", OPEN, None, HANDLERS, Whose.ANY, ("event",), "item.undone"),
        _deed("notes", ALWAYS, None, HANDLERS, Whose.ANY, ("body",), "item.noted"),
        _deed("escalation", UNANSWERED, None, HANDLERS, Whose.OWN, ("reason",), "item.escalated-by-hand",
              "the role of `complaint.escalate_to`"),
        _deed("acknowledgement", OPEN, None, HANDLERS, Whose.ANY, ("escalation",), "item.acknowledged", "owner"),
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
        _deed("reopening", frozenset({State.CLOSED}), State.TRIAGED, HANDLERS, Whose.OWN, (), "complaint.reopened",
              "customer"),
        _deed("liability", OPEN, None, HANDLERS, Whose.OWN, ("liability",), "complaint.liability-decided"),
        _deed("compensation", OPEN, None, redress.PROPOSERS, Whose.OWN, ("amount", "remedy"),
              "complaint.compensation-proposed", "managers or finance"),
        _deed("compensation-approval", ALWAYS, None, redress.APPROVERS, Whose.ANY, ("decision", "reason"),
              "complaint.compensation-approved", "proposer, customer"),
        _deed("cause", ALWAYS, None, HANDLERS, Whose.OWN, ("cause",), "complaint.cause-found"),
        _deed("actions", ALWAYS, None, HANDLERS, Whose.OWN, ("body", "who", "due_on"),
              "complaint.action-planned", "who does it"),
        _deed("effect", ALWAYS, None, HANDLERS, Whose.OWN, ("confirmed",), "complaint.effect-checked"),
        _deed("return-visit", ENDING, None, HANDLERS | rights.FILERS, Whose.FIRST, ("satisfied",), "complaint.visited",
              "managers where not satisfied"),
        _deed("rectification", ENDING, None, HANDLERS, Whose.OWN, ("note",), "complaint.rectified"),
        _deed("restriction", ALWAYS, None, HANDLERS, Whose.OWN, ("reason",), "complaint.restricted",
              "managers and owner who are not named"),
        _deed("link", ALWAYS, None, HANDLERS, Whose.OWN, (), "complaint.link-renewed"),
        _deed("returns", OPEN, None, HANDLERS, Whose.OWN, ("reason", "treatment", "basis", "lines"),
              "complaint.return-requested", "managers"),
        _deed("return approval", ALWAYS, None, AUTHORITY, Whose.ANY, ("decision",), "complaint.return-decided",
              "who asked"),
        _deed("return shipment", ALWAYS, None, HANDLERS, Whose.ANY, (), "complaint.return-shipped"),
        _deed("return instruction", ALWAYS, None, HANDLERS, Whose.OWN, ("body",), "complaint.return-instructed"),
        _deed("return receipt", ALWAYS, None, HANDLERS, Whose.ANY, ("lines",), "complaint.return-received",
              "who asked"),
        _deed("colleague", UNANSWERED, None, HANDLERS, Whose.OWN, ("to", "body"), "complaint.colleague-asked", "colleague"),
        _deed("forwarding", frozenset({State.ANSWERED}), None, HANDLERS, Whose.OWN, ("reason",), "complaint.forwarded",
              "managers"),
        _deed("party", OPEN, None, HANDLERS, Whose.OWN, ("party_name",), "complaint.party-named"),
        _deed("party link", ALWAYS, None, HANDLERS, Whose.OWN, (), "complaint.party-link-renewed"),
        _deed("tasks", OPEN, None, HANDLERS, Whose.OWN, ("department", "due_at", "body"), "item.task-added",
              "whoever is named"),
        _deed("task done", ALWAYS, None, DEPARTMENTS, Whose.ANY, (), "item.task-done", "owner"),
        _deed("task refusal", ALWAYS, None, DEPARTMENTS, Whose.ANY, ("reason",), "item.task-refused",
              "owner"),
        _deed("contacts", OPEN, None, HANDLERS, Whose.ANY, ("channel",), "complaint.contacted-again", "owner"),
        _deed("merge", UNANSWERED, State.CLOSED, HANDLERS, Whose.FREE, ("into",), "complaint.merged",
              "customer; owner of the other"),
        _deed("split", OPEN, None, HANDLERS & rights.FILERS, Whose.OWN, ("messages", "body"), "complaint.split"),
        _deed("message of the customer", ALWAYS, None, CUSTOMER, Whose.ANY, ("body",), "complaint.wrote",
              "owner"),
        _deed("message of the party", OPEN, None, CUSTOMER, Whose.ANY, ("body",), "complaint.party-wrote", "owner"),
        _deed("acceptance", frozenset({State.ANSWERED}), None, CUSTOMER, Whose.ANY, (), "complaint.accepted",
              "owner, first asked"),
        _deed(SILENCE, frozenset({State.ANSWERED}), None, CUSTOMER, Whose.ANY, (), "complaint.accepted-by-silence",
              "owner, first asked"),
        _deed("rejection", frozenset({State.ANSWERED}), State.TRIAGED, CUSTOMER, Whose.ANY, ("reason",),
              "complaint.rejected", "managers"),
        _deed("rating", frozenset({State.CLOSED}), None, CUSTOMER, Whose.ANY, ("score",), "complaint.rated", "owner"),
    )
}  # fmt: skip


# What merging asks of the one that goes on; it is no deed of its own.
RECEIVES = _deed("merging in", UNANSWERED, None, HANDLERS, Whose.ANY, (), "complaint.merged-in")

# One button stands for both: the first time, and the correction; an answer with a plan, and one without.
_TWINS = {"retriage", "replan", "quick reply"}
# These stand at each task, and beside what one has just done.
TASK_DEEDS = ("task done", "task refusal")
_ELSEWHERE = (*_TWINS, *TASK_DEEDS, "undo")
STAFF_DEEDS = tuple(name for name, deed in DEEDS.items() if deed.roles and name not in _ELSEWHERE)
# Deeds that only some kinds know.
FOR: dict[str, frozenset[Kind]] = {
    **dict.fromkeys(
        ("returns", "return approval", "return shipment", "return instruction", "return receipt"), frozenset({Kind.PRODUCT})
    ),
    **dict.fromkeys(("party", "party link"), frozenset({Kind.DISPUTE})),
    "colleague": QUESTIONS,
    "forwarding": frozenset({Kind.POLICY_GRUMBLE}),
}


def counts(kind: str) -> bool:
    """Whether figures count it as a complaint (CMP-08)."""
    return kind in COMPLAINTS


def offered(site: Site) -> tuple[Kind, ...]:
    """The kinds of the site's public form: a showroom's guests bring products, and a site may decide otherwise."""
    return (*OFFERED, *FURTHER[str(site_rules.value(site, "complaint.kinds"))])


def taken(site: Site) -> tuple[Kind, ...]:
    """The kinds that the site's staff are offered when they take one down: what guests may file, and grumbles."""
    return (*offered(site), *GRUMBLES)


def needs_plan(kind: str) -> bool:
    """Whether an answer needs a plan first (CMP-13)."""
    return kind not in QUICK


def not_yet(missing: list[str]) -> str:
    """Why a complaint cannot be closed yet."""
    return _("Before it can be closed there is still missing: %(what)s.") % {"what": _(", ").join(missing)}


def visits(site: Site) -> Deed:
    """The return visit, as a site wants it made: by who was asked first, or by who handles it (X-38)."""
    deed = DEEDS["return-visit"]
    first = site_rules.value(site, "complaint.return_visit_by") == "first_asked"
    return deed if first else replace(deed, whose=Whose.OWN)


def possible(
    item: Card,
    roles: frozenset[Role],
    *,
    by: UUID,
    accepted: bool,
    closable_on: datetime | None,
    now: datetime,
    site: Site,
    tasks: int = 0,
    escalated: Sequence[Escalated] = (),
    forwarded: bool = False,
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
        deed = visits(site) if name == "return-visit" else DEEDS[meant.get(name, name)]
        if may(deed, roles) and item.kind in FOR.get(name, (item.kind,)):
            found[name] = _why_not(deed, item, by=by, leads=leads(roles))
    if not found.get("plan", "-") and item.owner_id is None:
        found["plan"] = _("Nobody has it yet. Claim it first.")
    if not found.get("closure", "-") and not accepted and closable_on and now < closable_on:
        found["closure"] = _("The guest has not accepted the answer yet; without a word it can be closed later.")
    if item.kind == Kind.POLICY_GRUMBLE and not forwarded and not found.get("closure", "-"):
        found["closure"] = _("A policy grumble goes to the head of sales first: forward it, then close it.")
    if forwarded and not found.get("forwarding", "-"):
        found["forwarding"] = _("It has been forwarded already.")
    if item.paused and not found.get("pause", "-"):
        found["pause"] = _("It is paused already.")
    if not item.paused and not found.get("resumption", "-"):
        found["resumption"] = _("It is not paused.")
    if not found.get("closure", "-") and tasks:
        found["closure"] = _("A department still has something to do for it.")
    if item.restricted and not found.get("tasks", "-"):
        found["tasks"] = _("It is kept from all but the managers. Hand it to somebody instead.")
    if item.restricted and not leads(roles) and not found.get("handover", "-"):
        found["handover"] = _("A manager decides who sees it. Give it back instead.")
    if item.merged_into_id and not found.get("restriction", "-"):
        found["restriction"] = _("It was merged: what is to be done is done there.")
    if item.owner_id is None and "release" in found:
        found["release"] = _("Nobody has it yet. Claim it first.")
    waiting = [one for one in escalated if one.open]
    if not found.get("acknowledgement", "-") and not any(one.role in acknowledges(roles) for one in waiting):
        found["acknowledgement"] = _("Nothing here waits for you to acknowledge it.")
    if not found.get("escalation", "-") and any(one.clock == ClockKind.SUPERIOR for one in waiting):
        found["escalation"] = _("It is escalated already, and nobody has acknowledged it yet.")
    if rights.may_unmask(roles):
        found["unmask"] = ""
    return found


def _why_not(deed: Deed, item: Card, *, by: UUID, leads: bool) -> str:
    if item.state not in deed.before:
        return _("This comes at another step.")
    if deed.whose is Whose.NOBODY and item.owner_id:
        return _("%(name)s has it.") % {"name": item.owner_name}
    if deed.whose in (Whose.NOBODY, Whose.FREE) and item.managers_only and not leads:
        return _("The answer was rejected: a manager decides who goes on.")
    if deed.whose is Whose.FREE and not leads and item.owner_id not in (None, by):
        return _("%(name)s has it.") % {"name": item.owner_name}
    if deed.whose is Whose.FIRST and not leads and item.first_asked_id != by:
        return _("Who was asked first does this, or a manager.")
    if deed.whose is Whose.OWN and not leads and item.owner_id != by:
        return _("%(name)s has it.") % {"name": item.owner_name} if item.owner_id else _("Claim it first.")
    return ""
