"""What happened to a complaint, line by line, in words for those who handle it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.domain.accounts.tables import Role
from portal.domain.complaints.rules import rights
from portal.domain.queues.queries.words import Words
from portal.events.queries import Happening
from portal.i18n.formats import moment, money
from portal.i18n.labels import label
from portal.i18n.translations import _

RESTRICTED = "complaint.restricted"
_FROM_THE_GUEST = (
    "complaint.wrote", "complaint.rejected", "complaint.wrote-merged", "complaint.contacted-again", "complaint.split-off",
)  # fmt: skip
# Events whose line also names another item, a department or a way.
_NAMED: dict[str, Callable[[dict[str, Any]], str]] = {
    **dict.fromkeys(
        ("complaint.merged", "complaint.merged-in", "complaint.wrote-merged", "complaint.split", "complaint.split-off"),
        lambda found: str(found["number"]),
    ),
    **dict.fromkeys(
        ("item.task-added", "item.task-done", "item.task-refused"), lambda found: label("role", found["department"])
    ),
    "complaint.contacted-again": lambda found: label("channel", found["channel"]),
    "item.undone": lambda found: label("event", found["deed"]),
}


@dataclass(frozen=True)
class Line:
    """One line of the timeline: an event, with the words and photos that came with it."""

    label: str
    who: str
    at: datetime
    kind: str
    words: list[tuple[str, str]] = field(default_factory=list)
    photos: list[UUID] = field(default_factory=list)


def line(
    one: Happening, said: list[Words], pictures: dict[UUID, list[UUID]], names: dict[UUID, dict[str, Any]],
    roles: frozenset[Role],
) -> Line:  # fmt: skip
    mine = [entry for entry in said if entry.event == one.id]
    outside = _("The other party") if one.kind == "complaint.party-wrote" else _("Customer")
    who = called(names, one.by) if one.by else {"customer": outside}.get(one.actor, _("Portal"))
    return Line(
        label=_happened(one, names, roles),
        who=who,
        at=one.at,
        kind=_line_kind(one.kind),
        words=[(_entry_label(entry.kind), entry.body) for entry in mine if entry.body],
        photos=[photo for entry in mine for photo in pictures.get(entry.id, [])],
    )


def _happened(one: Happening, names: dict[UUID, dict[str, Any]], roles: frozenset[Role]) -> str:
    if one.kind == "item.handed-over":
        return _("Handed over to %(name)s") % {"name": called(names, UUID(one.particulars["to"]))}
    if one.kind == "item.passed-on":
        return _passed_on(one, names)
    if one.kind in ("item.escalated", "item.escalated-by-hand"):
        return _escalated(one.particulars)
    if one.kind == "complaint.colleague-asked":
        return _("%(name)s was asked") % {"name": called(names, UUID(one.particulars["to"]))}
    if one.kind.startswith("complaint.return-"):
        return _return(one)
    if one.kind == RESTRICTED:
        return _restricted(one, names)
    if one.kind in ("complaint.triaged", "complaint.retriaged"):
        return _("%(event)s: %(kind)s, %(severity)s") % {
            "event": label("event", one.kind), "kind": label("kind", one.particulars["to_kind"]),
            "severity": label("severity", one.particulars["severity"]),
        }  # fmt: skip
    if one.kind == "item.due-moved":
        return _("%(clock)s: %(old)s became %(new)s (%(why)s)") % {
            "clock": label("clock", one.particulars["clock"]), "why": label("why", one.particulars["why"]),
            "old": moment(datetime.fromisoformat(one.particulars["old"])),
            "new": moment(datetime.fromisoformat(one.particulars["new"])),
        }  # fmt: skip
    if one.kind == "item.paused":
        return _("Paused: %(reason)s") % {"reason": label("pause", one.particulars["reason"])}
    if one.kind == "complaint.ranked":
        return _("The guest's tier: %(tier)s") % {"tier": label("tier", one.particulars["tier"])}
    if one.kind == "complaint.extension-decided":
        return _("%(days)d more days granted") % {"days": one.particulars["days"]}
    if one.kind == "complaint.extension-refused":
        return _("%(days)d more days refused") % {"days": one.particulars["days"]}
    if one.kind in _NAMED:
        name = _NAMED[one.kind](one.particulars)
        return _("%(event)s: %(name)s") % {"event": label("event", one.kind), "name": name}
    told = _told_with(one, roles)
    return _("%(event)s: %(what)s") % {"event": label("event", one.kind), "what": told} if told else label("event", one.kind)


def _told_with(one: Happening, roles: frozenset[Role]) -> str:
    """What a deed's line says of it beside its name, to those whom it concerns."""
    if "fen" in one.particulars and rights.reads_money(roles):
        parts = [money(one.particulars["fen"])]
        return " · ".join([*parts, *([label("award", one.particulars["state"])] if "state" in one.particulars else [])])
    if not rights.reads_notes(roles):
        return ""
    if "liability" in one.particulars:
        return label("liability", one.particulars["liability"])
    if "confirmed" in one.particulars:
        return label("effect", "yes" if one.particulars["confirmed"] else "no")
    return ""


def persons(one: Happening) -> list[str | None]:
    """Whom an event names beside its actor."""
    to = ("to",)
    named = {"item.handed-over": to, "complaint.colleague-asked": to, "item.passed-on": ("was", *to)}.get(one.kind, ())
    return [one.particulars[name] for name in named]


def _passed_on(one: Happening, names: dict[UUID, dict[str, Any]]) -> str:
    """Somebody is away or gone: who has it now."""
    said = one.particulars
    words = {
        ("absence", True): _("%(name)s is away, passed on to %(to)s"),
        ("absence", False): _("%(name)s is away, back in the queue"),
        ("leaver", True): _("%(name)s has left, passed on to %(to)s"),
        ("leaver", False): _("%(name)s has left, back in the queue"),
    }[said["why"], bool(said["to"])]
    return words % {"name": called(names, UUID(said["was"])), "to": called(names, UUID(said["to"])) if said["to"] else ""}


def _escalated(said: dict[str, Any]) -> str:
    """A deadline was missed, nobody acknowledged, or somebody asked: who was told."""
    role = label("role", said.get("role", Role.MANAGER))
    if said.get("level", 1) > 1:
        return _("Nobody acknowledged, taken further up: %(role)s") % {"role": role}
    if "clock" not in said:
        return _("Escalated by hand: %(role)s") % {"role": role}
    return _("Deadline missed (%(clock)s), escalated: %(role)s") % {"clock": label("clock", said["clock"]), "role": role}


def _restricted(one: Happening, names: dict[UUID, dict[str, Any]]) -> str:
    about = [account for name in one.particulars["about"] if (account := UUID(name)) in names]
    if about:
        return _("Kept from %(names)s") % {"names": _(", ").join(called(names, account) for account in about)}
    if one.particulars["about"]:
        return _("Kept from somebody")
    return _("Kept to the managers") if one.particulars["restricted"] else _("Kept from nobody any more")


def _return(one: Happening) -> str:
    return _("%(event)s: note %(number)d") % {"event": label("event", one.kind), "number": one.particulars["number"]}


def _line_kind(kind: str) -> str:
    return {
        "item.noted": "note", "complaint.told": "message-out", "complaint.answered": "message-out",
        "complaint.party-wrote": "party-in", "complaint.party-told": "party-out",
        **dict.fromkeys(_FROM_THE_GUEST, "message-in"),
    }.get(kind, "event")  # fmt: skip


def _entry_label(kind: str) -> str:
    return label("entry", kind)


def called(names: dict[UUID, dict[str, Any]], account: UUID | None) -> str:
    return str(names[account]["name"]) if account in names else ""
