"""A complaint as its customer sees it, and as staff see it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from portal import access_log, sealing
from portal.domain.accounts.tables import Role
from portal.domain.complaints.queries import goods, party
from portal.domain.complaints.queries.goods import Goods, Note
from portal.domain.complaints.queries.party import Known
from portal.domain.complaints.rules import promises, rights
from portal.domain.complaints.tables import Complaint, Extension, Kind
from portal.domain.customers import rules as customers
from portal.domain.queues.queries import items as queues
from portal.domain.queues.queries import people, words
from portal.domain.queues.queries.items import Card
from portal.domain.queues.queries.words import Words
from portal.domain.queues.rules import AUTHORITY
from portal.domain.queues.tables import PUBLIC, TOLD, ClockKind, EntryKind
from portal.domain.sites.tables import Site
from portal.errors import NotFound
from portal.events import queries as events
from portal.events.queries import Happening
from portal.i18n.formats import moment, money
from portal.i18n.labels import label
from portal.i18n.translations import _
from portal.photos import queries as photos

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
}


@dataclass(frozen=True)
class Contact:
    """How the complainant is reached, masked."""

    name: str
    phone: str
    email: str


@dataclass(frozen=True)
class ClockView:
    """A clock as the item's page shows it."""

    kind: str
    round: int
    due_at: datetime
    stopped_at: datetime | None
    late: bool
    running: bool
    paused: bool
    provisional: bool


@dataclass(frozen=True)
class Line:
    """One line of the timeline: an event, with the words and photos that came with it."""

    label: str
    who: str
    at: datetime
    kind: str
    words: list[tuple[str, str]] = field(default_factory=list)
    photos: list[UUID] = field(default_factory=list)


@dataclass(frozen=True)
class StaffView:
    """A complaint on the desk; the contact is masked, one field at a time opens with a reason."""

    item: Card
    channel: str
    language: str
    anonymous: bool
    body: str
    wish: str
    asked: str
    cause: str
    plan: str
    reply: str
    contact: Contact | None
    photos: list[UUID]
    clocks: list[ClockView]
    accepted_at: datetime | None
    rejected_count: int
    rating: int | None
    rating_comment: str
    closable_on: datetime | None
    first_asked: str
    filed_by: str
    giver: str
    tier: str
    asked_days: int
    forwarded: bool
    product: Goods | None
    returns: list[Note]
    named: dict[UUID, str]
    party: Known | None
    about: list[tuple[str, str]]
    looks: list[tuple[str, datetime]]
    timeline: list[Line]
    told: list[Words]
    sealed: dict[str, str]

    @property
    def kind(self) -> str:
        return self.item.kind

    def contact_field(self, name: str) -> str:
        """A field of the contact in full; the caller has logged it."""
        place = name.replace("_", ".") if name.startswith("party_") else f"complaint.{name}"
        value = sealing.unseal(self.sealed.get(name, ""), f"{place}:{self.item.id}")
        return customers.readable_phone(value) if name.endswith("phone") else value


async def for_staff(item: Card, site: Site, *, roles: frozenset[Role] = AUTHORITY) -> StaffView:
    """What these roles see of an item that they may see (CMP-26); by default all, as a manager does."""
    row = await Complaint.select().where(Complaint.id == item.id).first()
    if row is None:
        raise NotFound
    said = [one for one in await words.written(item.id) if one.kind in PUBLIC or rights.reads_notes(roles)]
    pictures = await photos.by_entry(item.id) if rights.reads_photos(roles) else {}
    happened, running = await events.timeline(item.id), await queues.clocks(item.id)
    reads = rights.reads_notes(roles)
    names = await _names(site, item, said, happened, about=reads)
    latest = {one.kind: one.body for one in said}
    other = await party.known(item) if item.kind == Kind.DISPUTE and rights.reads_notes(roles) else None
    filing = next(one for one in said if one.kind == EntryKind.FILING)
    return StaffView(
        item=item,
        channel=row["channel"],
        language=row["language"],
        anonymous=bool(row["anonymous"]),
        body=filing.body,
        wish=latest.get(EntryKind.WISH, ""),
        asked=latest.get(EntryKind.ASKED, ""),
        cause=latest.get(EntryKind.CAUSE, ""),
        plan=latest.get(EntryKind.PLAN, ""),
        reply=latest.get(EntryKind.REPLY, ""),
        contact=_contact(row, whole=rights.reads_contact(roles)),
        photos=pictures.get(filing.id, []),
        clocks=[
            ClockView(one["kind"], one["round"], one["due_at"], one["stopped_at"], one["missed_at"] is not None,
                      one["stopped_at"] is None, _stands_still(one), bool(one["provisional"]))
            for one in running
            if one["kind"] != ClockKind.SUPERIOR
        ],
        accepted_at=row["accepted_at"],
        rejected_count=row["rejections"],
        rating=row["rating"],
        rating_comment=latest.get(EntryKind.COMMENT, ""),
        closable_on=promises.closable_on(site, item.state, accepted_at=row["accepted_at"], silent_from=row["silent_from"]),
        first_asked=_name(names, item.first_asked_id),
        filed_by=_name(names, item.filed_by_id),
        giver=str(names[item.giver_id]["username"]) if item.giver_id in names else "",
        tier=row["tier"],
        asked_days=await _asked_days(item),
        forwarded=row["forwarded_at"] is not None,
        product=await goods.product(item) if item.kind == Kind.PRODUCT else None,
        returns=await goods.notes(item) if item.kind == Kind.PRODUCT and rights.reads_notes(roles) else [],
        named={one: str(who["name"]) for one, who in names.items()},
        party=other,
        about=list((await people.named_in(item.id)).values()) if reads and item.named else [],
        looks=await _looks(site, item) if reads and item.confidential else [],
        timeline=[_line(one, said, pictures, names, roles) for one in happened],
        told=[one for one in said if one.kind in TOLD],
        sealed={name: row[name] for name in ("name", "phone", "email")} | (other.sealed if other else {}),
    )  # fmt: skip


async def link_token(item: UUID) -> str:
    """The token of a complaint's link, to show it again; empty after it was erased."""
    row = await Complaint.select(Complaint.token).where(Complaint.id == item).first()
    return sealing.unseal(row["token"], f"complaint.token:{item}") if row else ""


async def _asked_days(item: Card) -> int:
    """How many days more somebody asks for and nobody has decided; 0: none."""
    row = await Extension.select(Extension.days).where(Extension.item == item.id, Extension.decision == "").first()
    return int(row["days"]) if row else 0


async def _looks(site: Site, item: Card) -> list[tuple[str, datetime]]:
    """Who has looked at it, and when."""
    found = await access_log.looks(item.id)
    names = await people.named(site, list({account for account, _at in found}))
    return [(_name(names, account), at) for account, at in found]


def _stands_still(row: dict[str, Any]) -> bool:
    return row["paused_at"] is not None and row["stopped_at"] is None


def _contact(row: dict[str, Any], *, whole: bool) -> Contact | None:
    plain = {name: sealing.unseal(row[name], f"complaint.{name}:{row['id']}") for name in ("name", "phone", "email")}
    if not any(plain.values()):
        return None
    name, phone, email = plain["name"], plain["phone"] if whole else "", plain["email"] if whole else ""
    return Contact(customers.masked_name(name), customers.masked_phone(phone), customers.masked_email(email))


async def _names(
    site: Site, item: Card, said: list[Words], happened: list[Happening], *, about: bool
) -> dict[UUID, dict[str, Any]]:
    ids = {one.by for one in happened} | {one.author for one in said}
    ids |= {item.first_asked_id, item.filed_by_id, item.giver_id}
    ids |= {UUID(person) for one in happened for person in _persons(one) if person}
    ids |= {UUID(name) for one in happened if about and one.kind == RESTRICTED for name in one.particulars["about"]}
    return await people.named(site, [one for one in ids if one])


def _line(
    one: Happening, said: list[Words], pictures: dict[UUID, list[UUID]], names: dict[UUID, dict[str, Any]],
    roles: frozenset[Role],
) -> Line:  # fmt: skip
    mine = [entry for entry in said if entry.event == one.id]
    outside = _("The other party") if one.kind == "complaint.party-wrote" else _("Customer")
    who = _name(names, one.by) if one.by else {"customer": outside}.get(one.actor, _("Portal"))
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
        return _("Handed over to %(name)s") % {"name": _name(names, UUID(one.particulars["to"]))}
    if one.kind == "item.passed-on":
        return _passed_on(one, names)
    if one.kind in ("item.escalated", "item.escalated-by-hand"):
        return _escalated(one.particulars)
    if one.kind == "complaint.colleague-asked":
        return _("%(name)s was asked") % {"name": _name(names, UUID(one.particulars["to"]))}
    if one.kind.startswith("complaint.return-"):
        return _return(one)
    if one.kind == RESTRICTED:
        kept = ", ".join(_name(names, account) for name in one.particulars["about"] if (account := UUID(name)) in names)
        return _("Kept from %(names)s") % {"names": kept} if kept else label("event", one.kind)
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


def _persons(one: Happening) -> list[str | None]:
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
    return words % {"name": _name(names, UUID(said["was"])), "to": _name(names, UUID(said["to"])) if said["to"] else ""}


def _escalated(said: dict[str, Any]) -> str:
    """A deadline was missed, nobody acknowledged, or somebody asked: who was told."""
    role = label("role", said.get("role", Role.MANAGER))
    if said.get("level", 1) > 1:
        return _("Nobody acknowledged, taken further up: %(role)s") % {"role": role}
    if "clock" not in said:
        return _("Escalated by hand: %(role)s") % {"role": role}
    return _("Deadline missed (%(clock)s), escalated: %(role)s") % {"clock": label("clock", said["clock"]), "role": role}


def _return(one: Happening) -> str:
    refused = one.particulars.get("decision") == "refuse"
    what = label("event", "complaint.return-refused" if refused else one.kind)
    return _("%(event)s: note %(number)d") % {"event": what, "number": one.particulars["number"]}


def _line_kind(kind: str) -> str:
    return {
        "item.noted": "note", "complaint.told": "message-out", "complaint.answered": "message-out",
        "complaint.party-wrote": "party-in", "complaint.party-told": "party-out",
        **dict.fromkeys(_FROM_THE_GUEST, "message-in"),
    }.get(kind, "event")  # fmt: skip


def _entry_label(kind: str) -> str:
    return label("entry", kind)


def _name(names: dict[UUID, dict[str, Any]], account: UUID | None) -> str:
    return str(names[account]["name"]) if account in names else ""
