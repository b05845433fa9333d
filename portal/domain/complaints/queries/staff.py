"""A complaint as staff see it."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal import access_log, sealing
from portal.domain.accounts.tables import Role
from portal.domain.complaints.queries import goods, party, story
from portal.domain.complaints.queries.goods import Goods, Note
from portal.domain.complaints.queries.party import Known
from portal.domain.complaints.queries.story import Line
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
from portal.photos import queries as photos


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
    looks: list[tuple[str, datetime, int]]
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
        first_asked=story.called(names, item.first_asked_id),
        filed_by=story.called(names, item.filed_by_id),
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
        timeline=[story.line(one, said, pictures, names, roles) for one in happened],
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


async def _looks(site: Site, item: Card) -> list[tuple[str, datetime, int]]:
    """Who has looked at it, when last, and in how many minutes; the latest first."""
    found = await access_log.looks(item.id)
    times = Counter(account for account, _at in found)
    last = dict(reversed(found))
    names = await people.named(site, list(last))
    return [(story.called(names, account), last[account], times[account]) for account in times]


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
    ids |= {UUID(person) for one in happened for person in story.persons(one) if person}
    ids |= {UUID(name) for one in happened if about and one.kind == story.RESTRICTED for name in one.particulars["about"]}
    return await people.named(site, [one for one in ids if one])
