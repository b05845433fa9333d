"""A complaint as its customer sees it, and as staff see it."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from portal import clock, sealing
from portal.domain.accounts.tables import Role
from portal.domain.complaints import rules
from portal.domain.complaints.tables import Complaint, Kind, State
from portal.domain.customers import rules as customers
from portal.domain.queues import queries as queues
from portal.domain.queues.queries import Card, Words
from portal.domain.queues.rules import AUTHORITY
from portal.domain.queues.tables import PUBLIC, ClockKind, EntryKind
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Site
from portal.errors import NotFound
from portal.events import queries as events
from portal.events.queries import Happening
from portal.i18n.labels import label
from portal.i18n.translations import _, language
from portal.ids import token_hash
from portal.photos import queries as photos


@dataclass(frozen=True)
class Step:
    """One station of a complaint's life in plain words."""

    key: str
    label: str
    at: datetime | None
    done: bool
    current: bool
    note: str = ""


@dataclass(frozen=True)
class Said:
    """One message of the talk between customer and staff."""

    mine: bool
    author: str
    at: datetime
    body: str
    photos: list[UUID]
    kind: str


@dataclass(frozen=True)
class CustomerView:
    """What the tracking page may show: nothing of notes, cause, plan, severity, hand-offs or filed contact (CMP-45)."""

    item: Card
    number: str
    state: str
    kind: str
    body: str
    wish: str
    place: str
    photos: list[UUID]
    filed_at: datetime
    promised_at: datetime | None
    acknowledged_at: datetime | None
    handler: str
    accepted: bool
    rejected_count: int
    closable_on: datetime | None
    rating: int | None
    comment: str
    reply: str
    story: list[Step]
    talk: list[Said]

    @property
    def can_message(self) -> bool:
        return self.state != State.CLOSED

    @property
    def can_accept(self) -> bool:
        return self.state == State.ANSWERED and not self.accepted

    @property
    def can_reject(self) -> bool:
        return self.can_accept

    @property
    def can_rate(self) -> bool:
        return self.state == State.CLOSED and self.rating is None


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
    timeline: list[Line]
    sealed: dict[str, str]

    @property
    def kind(self) -> str:
        return self.item.kind

    def contact_field(self, name: str) -> str:
        """A field of the contact in full; the caller has logged it."""
        value = sealing.unseal(self.sealed[name], f"complaint.{name}:{self.item.id}")
        return customers.readable_phone(value) if name == "phone" else value


async def by_token(token: str) -> tuple[CustomerView, Site]:
    """The complaint behind a customer's link; raises NotFound for a wrong, erased or expired one."""
    found = Complaint.token_hash == token_hash(token)
    slug = Complaint.item.site.slug  # type: ignore[union-attr]  # Piccolo follows references at run time
    row = await Complaint.select(*Complaint.all_columns(), slug).where(found).first()
    if row is None or not row["token"]:
        raise NotFound
    site, item = await sites.site(row["item.site.slug"]), await queues.item_by_id(row["item"])
    if item.closed_at and clock.now() > rules.link_ends_at(site, item.closed_at):
        raise NotFound
    return await _for_customer(row, item, site), site


async def for_staff(item: Card, site: Site, *, roles: frozenset[Role] = AUTHORITY) -> StaffView:
    """What these roles see of an item that they may see (CMP-26); by default all, as a manager does."""
    row = await Complaint.select().where(Complaint.id == item.id).first()
    if row is None:
        raise NotFound
    said = [words for words in await queues.entries(item.id) if words.kind in PUBLIC or rules.reads_notes(roles)]
    pictures = await photos.by_entry(item.id) if rules.reads_photos(roles) else {}
    happened, running = await events.timeline(item.id), await queues.clocks(item.id)
    names = await _names(site, item, said, happened)
    latest = {words.kind: words.body for words in said}
    filing = next(words for words in said if words.kind == EntryKind.FILING)
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
        contact=_contact(row, whole=rules.reads_contact(roles)),
        photos=pictures.get(filing.id, []),
        clocks=[
            ClockView(one["kind"], one["round"], one["due_at"], one["stopped_at"], one["missed_at"] is not None,
                      one["stopped_at"] is None)
            for one in running
        ],
        accepted_at=row["accepted_at"],
        rejected_count=row["rejections"],
        rating=row["rating"],
        rating_comment=latest.get(EntryKind.COMMENT, ""),
        closable_on=_closable_on(row, item, site),
        first_asked=_name(names, item.first_asked_id),
        filed_by=_name(names, item.filed_by_id),
        giver=str(names[item.giver_id]["username"]) if item.giver_id in names else "",
        timeline=[_line(one, said, pictures, names) for one in happened],
        sealed={name: row[name] for name in ("name", "phone", "email")},
    )  # fmt: skip


async def link_token(item: UUID) -> str:
    """The token of a complaint's link, to show it again; empty after it was erased."""
    row = await Complaint.select(Complaint.token).where(Complaint.id == item).first()
    return sealing.unseal(row["token"], f"complaint.token:{item}") if row else ""


async def _for_customer(row: dict[str, Any], item: Card, site: Site) -> CustomerView:
    said = [words for words in await queues.entries(item.id) if words.kind in PUBLIC]
    pictures, running = await photos.by_entry(item.id), await queues.clocks(item.id)
    authors = [words.author for words in said if words.author]
    people = await queues.people(site, [*authors, *([item.owner_id] if item.owner_id else [])])
    latest = {words.kind: words.body for words in said}
    filing = next(words for words in said if words.kind == EntryKind.FILING)
    acknowledged = next((one["stopped_at"] for one in running if one["kind"] == ClockKind.ACKNOWLEDGE), None)
    promised = next((one["due_at"] for one in running if one["kind"] == ClockKind.RESOLVE and not one["stopped_at"]), None)
    handler = _title(people[item.owner_id]) if item.owner_id else ""
    working = await _working_since(item)
    return CustomerView(
        item=item,
        number=item.number,
        state=item.state,
        kind=item.kind,
        body=filing.body,
        wish=latest.get(EntryKind.ASKED, ""),
        place=item.place,
        photos=pictures.get(filing.id, []),
        filed_at=item.arrived_at,
        promised_at=promised,
        acknowledged_at=acknowledged,
        handler=handler,
        accepted=row["accepted_at"] is not None,
        rejected_count=row["rejections"],
        closable_on=_closable_on(row, item, site),
        rating=row["rating"],
        comment=latest.get(EntryKind.COMMENT, ""),
        reply=latest.get(EntryKind.REPLY, "") if row["answered_at"] else "",
        story=_story(item, acknowledged=acknowledged, handler=handler, working=working, answered=row["answered_at"]),
        talk=[
            Said(words.author is None, _title(people[words.author]) if words.author else _("You"), words.at, words.body,
                 pictures.get(words.id, []), words.kind)
            for words in said
            if words.kind in (EntryKind.MESSAGE_IN, EntryKind.MESSAGE_OUT, EntryKind.REPLY, EntryKind.REJECTION)
        ],
    )  # fmt: skip


def _story(
    item: Card, *, acknowledged: datetime | None, handler: str, working: datetime | None, answered: datetime | None
) -> list[Step]:
    quick = not rules.needs_plan(item.kind)
    stations = [
        ("received", _("We have it"), item.arrived_at, True),
        ("acknowledged", _("Somebody is on it"), acknowledged, acknowledged is not None),
        ("working", _("Being put right"), working, working is not None),
        ("answered", _("Answered"), answered, answered is not None),
        ("closed", _("Closed"), item.closed_at, item.closed_at is not None),
    ]
    if quick:
        stations = [station for station in stations if station[0] != "working"]
    last = max(index for index, station in enumerate(stations) if station[3])
    return [
        Step(key, text, at, done or index < last, index == last, handler if key == "acknowledged" and done else "")
        for index, (key, text, at, done) in enumerate(stations)
    ]


async def _working_since(item: Card) -> datetime | None:
    kinds = ("complaint.planned", "complaint.triaged")
    found = {one.kind: one.at for one in await events.timeline(item.id) if one.kind in kinds}
    return found.get("complaint.planned") or found.get("complaint.triaged")


def _closable_on(row: dict[str, Any], item: Card, site: Site) -> datetime | None:
    if item.state != State.ANSWERED or row["accepted_at"] or not row["silent_from"]:
        return None
    return rules.closable_at(site, row["silent_from"])


def _contact(row: dict[str, Any], *, whole: bool) -> Contact | None:
    plain = {name: sealing.unseal(row[name], f"complaint.{name}:{row['id']}") for name in ("name", "phone", "email")}
    if not any(plain.values()):
        return None
    name, phone, email = plain["name"], plain["phone"] if whole else "", plain["email"] if whole else ""
    return Contact(customers.masked_name(name), customers.masked_phone(phone), customers.masked_email(email))


async def _names(site: Site, item: Card, said: list[Words], happened: list[Happening]) -> dict[UUID, dict[str, Any]]:
    ids = {one.by for one in happened} | {words.author for words in said}
    ids |= {item.first_asked_id, item.filed_by_id, item.giver_id}
    ids |= {UUID(one.particulars["to"]) for one in happened if one.kind == "item.handed-over"}
    return await queues.people(site, [one for one in ids if one])


def _line(
    one: Happening, said: list[Words], pictures: dict[UUID, list[UUID]], names: dict[UUID, dict[str, Any]]
) -> Line:
    mine = [words for words in said if words.event == one.id]
    who = _name(names, one.by) if one.by else {"customer": _("Customer")}.get(one.actor, _("Portal"))
    return Line(
        label=_happened(one, names),
        who=who,
        at=one.at,
        kind=_line_kind(one.kind),
        words=[(_entry_label(words.kind), words.body) for words in mine if words.body],
        photos=[photo for words in mine for photo in pictures.get(words.id, [])],
    )


def _happened(one: Happening, names: dict[UUID, dict[str, Any]]) -> str:
    if one.kind == "item.handed-over":
        return _("Handed over to %(name)s") % {"name": _name(names, UUID(one.particulars["to"]))}
    if one.kind == "item.escalated":
        return _("Deadline missed (%(clock)s), escalated to the manager") % {
            "clock": label("clock", one.particulars["clock"])
        }
    if one.kind in ("complaint.triaged", "complaint.retriaged"):
        return _("%(event)s: %(kind)s, %(severity)s") % {
            "event": label("event", one.kind), "kind": label("kind", one.particulars["to_kind"]),
            "severity": label("severity", one.particulars["severity"]),
        }  # fmt: skip
    return label("event", one.kind)


def _line_kind(kind: str) -> str:
    return {"item.noted": "note", "complaint.wrote": "message-in", "complaint.told": "message-out",
            "complaint.answered": "message-out", "complaint.rejected": "message-in"}.get(kind, "event")  # fmt: skip


def _entry_label(kind: str) -> str:
    return label("entry", kind)


def _name(names: dict[UUID, dict[str, Any]], account: UUID | None) -> str:
    return str(names[account]["name"]) if account in names else ""


def _title(person: dict[str, Any]) -> str:
    """How customers see staff: the role and the surname."""
    role = label("role", person["role"])
    return f"{role} {person['surname']}" if language() == "en" else f"{role}{person['surname']}"


def kinds() -> list[tuple[str, str]]:
    """What a customer may file, with its words."""
    return [(kind.value, label("kind", kind.value)) for kind in Kind]
