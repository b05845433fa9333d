"""A complaint as its customer sees it, by its link."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from portal import clock
from portal.domain.complaints.queries import goods, redress
from portal.domain.complaints.queries.goods import Goods
from portal.domain.complaints.rules import promises, way
from portal.domain.complaints.tables import Complaint, Kind, State
from portal.domain.queues.queries import clocks, items, people, words
from portal.domain.queues.queries.items import Card
from portal.domain.queues.tables import PUBLIC, ClockKind, EntryKind
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Site
from portal.errors import NotFound
from portal.events import queries as events
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
    goods: Goods | None
    photos: list[UUID]
    filed_at: datetime
    promised_at: datetime | None
    waits_for: str
    acknowledged_at: datetime | None
    handler: str
    accepted: bool
    by_silence: bool
    reminded: bool
    rejected_count: int
    closable_on: datetime | None
    rating: int | None
    comment: str
    reply: str
    remedies: list[tuple[str, int]]
    story: list[Step]
    talk: list[Said]
    merged: bool

    @property
    def can_accept(self) -> bool:
        return self.state == State.ANSWERED and not self.accepted and not self.merged

    @property
    def can_reject(self) -> bool:
        return self.can_accept

    @property
    def can_rate(self) -> bool:
        return self.state == State.CLOSED and self.rating is None and not self.merged


async def by_token(token: str) -> tuple[CustomerView, Site]:
    """The complaint behind a customer's link; raises NotFound for a wrong, erased or expired one."""
    found = Complaint.token_hash == token_hash(token)
    slug = Complaint.item.site.slug  # type: ignore[union-attr]  # Piccolo follows references at run time
    row = await Complaint.select(*Complaint.all_columns(), slug).where(found).first()
    if row is None or not row["token"]:
        raise NotFound
    site, item = await sites.site(row["item.site.slug"]), await items.item_by_id(row["item"])
    ahead = await items.item_by_id(item.merged_into_id) if item.merged_into_id else item
    if ahead.closed_at and clock.now() > promises.link_ends_at(site, ahead.closed_at):
        raise NotFound
    return await (_of_merged(row, item, ahead, site) if item.merged_into_id else _for_customer(row, item, site)), site


def kinds(offered: Iterable[Kind] = Kind) -> list[tuple[str, str]]:
    """What may be filed, with its words; by default of every kind."""
    return [(kind.value, label("kind", kind.value)) for kind in offered]


def called(person: dict[str, Any]) -> str:
    """How customers see staff: the role and the surname."""
    role = label("role", person["role"])
    return f"{role} {person['surname']}" if language() == "en" else f"{role}{person['surname']}"


async def _for_customer(row: dict[str, Any], item: Card, site: Site) -> CustomerView:
    said = [one for one in await words.written(item.id) if one.kind in PUBLIC]
    pictures, running = await photos.by_entry(item.id), await items.clocks(item.id)
    authors = [one.author for one in said if one.author]
    named = await people.named(site, [*authors, *([item.owner_id] if item.owner_id else [])])
    latest = {one.kind: one.body for one in said}
    filing = next(one for one in said if one.kind == EntryKind.FILING)
    acknowledged = next((it["stopped_at"] for it in running if it["kind"] == ClockKind.ACKNOWLEDGE), None)
    promised = next((it["due_at"] for it in running if it["kind"] == ClockKind.RESOLVE and not it["stopped_at"]), None)
    handler = called(named[item.owner_id]) if item.owner_id else ""
    working = await _working_since(item)
    return CustomerView(
        item=item,
        number=item.number,
        state=item.state,
        kind=item.kind,
        body=filing.body,
        wish=latest.get(EntryKind.ASKED, ""),
        place=item.place,
        goods=await goods.product(item) if item.kind == Kind.PRODUCT else None,
        photos=pictures.get(filing.id, []),
        filed_at=item.arrived_at,
        promised_at=promised,
        waits_for=await clocks.waits_for(item),
        acknowledged_at=acknowledged,
        handler=handler,
        accepted=row["accepted_at"] is not None,
        by_silence=bool(row["by_silence"]),
        reminded=row["reminded_at"] is not None,
        rejected_count=row["rejections"],
        closable_on=promises.closable_on(site, item.state, accepted_at=row["accepted_at"], silent_from=row["silent_from"]),
        rating=row["rating"],
        comment=latest.get(EntryKind.COMMENT, ""),
        reply=latest.get(EntryKind.REPLY, "") if row["answered_at"] else "",
        remedies=await redress.remedies(item.id) if row["answered_at"] else [],
        story=_story(item, acknowledged=acknowledged, handler=handler, working=working, answered=row["answered_at"]),
        talk=[
            Said(one.author is None, called(named[one.author]) if one.author else _("You"), one.at, one.body,
                 pictures.get(one.id, []), one.kind)
            for one in said
            if one.kind in (EntryKind.MESSAGE_IN, EntryKind.MESSAGE_OUT, EntryKind.REPLY, EntryKind.REJECTION)
        ],
        merged=False,
    )  # fmt: skip


async def _of_merged(row: dict[str, Any], item: Card, ahead: Card, site: Site) -> CustomerView:
    """One that goes on as part of another: its own words, photos and messages; of the other only how far it is, and the
    answer. While that stood unanswered the two were merged, so an answer that stands was given to both."""
    other = await Complaint.select().where(Complaint.id == ahead.id).first()
    if other is None:
        raise NotFound
    own, whole = await _for_customer(row, item, site), await _for_customer(other, ahead, site)
    since = item.closed_at or item.arrived_at
    story = [replace(step, at=step.at and max(step.at, since)) for step in whole.story[1:]]
    answer = [one for one in whole.talk if one.kind == EntryKind.REPLY][-1:] if whole.reply else []
    return replace(
        own, state=whole.state, promised_at=whole.promised_at, waits_for=whole.waits_for, handler=whole.handler,
        accepted=whole.accepted, acknowledged_at=own.acknowledged_at or whole.acknowledged_at, reply=whole.reply,
        remedies=await redress.remedies(item.id) if whole.reply else [],
        closable_on=None, merged=True,
        story=[replace(whole.story[0], at=item.arrived_at), *story], talk=[*own.talk, *answer],
    )  # fmt: skip


def _story(
    item: Card, *, acknowledged: datetime | None, handler: str, working: datetime | None, answered: datetime | None
) -> list[Step]:
    quick = not way.needs_plan(item.kind)
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
