"""A booking as its visitor sees it, by its link: the name as others may read it, never a phone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from portal import clock, database, settings
from portal.domain.bookings.queries import times
from portal.domain.bookings.rules import ics, way
from portal.domain.bookings.rules.ics import Entry
from portal.domain.bookings.tables import Booking, State, VisitType
from portal.domain.queues.queries import items, people
from portal.domain.queues.queries.items import Card
from portal.domain.queues.queries.words import opened
from portal.domain.sites import queries as sites
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Place, Site
from portal.errors import NotFound
from portal.i18n.labels import label
from portal.i18n.translations import _, language
from portal.ids import token_hash

AFTERWARDS = timedelta(hours=24)  # so long after its end the link still works
GONE = frozenset({State.CANCELLED, State.DECLINED, State.NO_SHOW})
MOVABLE = way.DEEDS["move"].before
# Where it stands so, the house has written why, and the visitor reads it (VIS-25).
EXPLAINED = frozenset({State.DECLINED, State.CANCELLED, State.CHANGED})
_WHY = """
SELECT e.id, e.body FROM entry e JOIN event v ON v.id = e.event
WHERE e.item = {} AND e.kind = 'reason' AND v.kind IN ('booking.declined', 'booking.withdrawn', 'booking.change-asked')
ORDER BY e.at DESC, e.id DESC LIMIT 1
"""


@dataclass(frozen=True)
class Appointment:
    """When, where and with whom."""

    begins_at: datetime
    ends_at: datetime
    place: str
    person: str


@dataclass(frozen=True)
class Visit:
    """What the visitor's page may show; `asked` is what stands open, with the `other` appointment, `until` an instant.

    `why` are the house's words for a change, or for not receiving him.
    """

    item: Card
    customer: UUID | None
    kind: VisitType
    code: str
    who: str
    day: date
    people: int
    own: Appointment | None
    asked: str
    other: Appointment | None
    until: datetime | None
    agreed: bool
    free_until: datetime | None
    sequence: int
    why: str

    @property
    def number(self) -> str:
        return self.item.number

    @property
    def state(self) -> str:
        return self.item.state

    @property
    def over(self) -> bool:
        """Whether nothing more can be done about it."""
        return self.item.closed_at is not None

    @property
    def ahead(self) -> bool:
        """Whether it has not begun yet."""
        return self.own is None or clock.now() < self.own.begins_at

    @property
    def can_cancel(self) -> bool:
        return self.state in way.OPEN and self.ahead

    @property
    def can_move(self) -> bool:
        return self.state in MOVABLE and self.ahead and self.own is not None

    @property
    def fee(self) -> int:
        """What a cancellation or a change costs now, in fen (HTL-03)."""
        return self.kind.fee if self.free_until is not None and clock.now() > self.free_until else 0


async def by_token(token: str) -> tuple[Visit, Site]:
    """The booking behind a visitor's link; raises NotFound for a wrong one, and for one whose visit is a day over."""
    row = await Booking.select().where(Booking.token_hash == token_hash(token)).first()
    if row is None:
        raise NotFound
    site = await sites.site_by_id(row["site"])
    kind = await VisitType.objects().get(VisitType.id == row["type"])
    if kind is None:
        raise NotFound
    if clock.now() > _ends_at(row, site, kind) + AFTERWARDS:
        raise NotFound(_("This visit is over, and so is its page."))
    return await _visit(row, site, kind), site


def entry(visit: Visit, site: Site, *, link: str) -> Entry:
    """The visit for a calendar; raises NotFound for one that has no time yet."""
    if visit.own is None:
        raise NotFound
    status = ics.CANCELLED if visit.state in GONE else ics.CONFIRMED if visit.agreed else ics.TENTATIVE
    told = [visit.number, visit.kind.notes, *visit.kind.papers]
    return Entry(
        uid=f"{visit.item.id}@{settings.current().base_url.partition('://')[2]}", sequence=visit.sequence, status=status,
        begins_at=visit.own.begins_at, ends_at=visit.own.ends_at, zone=site.zone,
        summary=f"{visit.kind.name} · {site.name}", location=", ".join(one for one in (visit.own.place, site.name) if one),
        description="\n".join(one for one in told if one), url=link,
    )  # fmt: skip


def free_hours(site: Site, kind: VisitType) -> int:
    """Until how long before it a visit is cancelled or moved for nothing (HTL-03)."""
    return site_rules.figure(site, "visit.limit_hours") if kind.limit_hours is None else kind.limit_hours


async def _visit(row: dict[str, Any], site: Site, kind: VisitType) -> Visit:
    item = await items.item_by_id(row["item"])
    ids = [one for one in (item.owner_id, row["asked_person"]) if one]
    named = {key: _called(person) for key, person in (await people.named(site, ids)).items()}
    rooms = [one for one in (row["place"], row["asked_place"]) if one]
    places = {one.id: one.name for one in await Place.objects().where(Place.id.is_in(rooms))} if rooms else {}
    agreed = row["confirmed_at"] is not None and item.state not in (State.REQUESTED, State.PROPOSED, *GONE)
    role = label("role", kind.role) if kind.instant and kind.role else ""
    long = timedelta(minutes=kind.minutes)
    own = other = None
    if row["begins_at"]:
        own = Appointment(row["begins_at"], row["ends_at"], places.get(row["place"], "") if agreed else "",
                          (named.get(item.owner_id, "") if item.owner_id else role) if agreed else "")  # fmt: skip
    if row["asked"] and row["asked_begins_at"]:
        other = Appointment(
            row["asked_begins_at"], row["asked_begins_at"] + long,
            places.get(row["asked_place"], "") or (own.place if own else ""),
            named.get(row["asked_person"], "") or (own.person if own else ""),
        )  # fmt: skip
    free = row["begins_at"] - timedelta(hours=free_hours(site, kind)) if row["begins_at"] else None
    return Visit(
        item=item, customer=row["customer"], kind=kind, code=row["code"], who=item.who, day=row["day"],
        people=row["people"], own=own, asked=row["asked"] if other else "", other=other,
        until=row["asked_until"] if other else None, agreed=agreed, free_until=free, sequence=row["sequence"],
        why=await _why(item) if item.state in EXPLAINED else "",
    )  # fmt: skip


async def _why(item: Card) -> str:
    rows = await database.rows(_WHY, item.id)
    return opened(rows[0]["body"], "entry.body", rows[0]["id"]) if rows else ""


def _ends_at(row: dict[str, Any], site: Site, kind: VisitType) -> datetime:
    """When the visit is over, at its latest time; one that waits ends with its day."""
    ends = [row["ends_at"] or times.beginning(site, row["day"] + times.A_DAY)]
    if row["asked_begins_at"]:
        ends.append(row["asked_begins_at"] + timedelta(minutes=kind.minutes))
    return max(ends)


def _called(person: dict[str, Any]) -> str:
    """How visitors see staff: the role and the surname."""
    role = label("role", person["role"])
    return f"{role} {person['surname']}" if language() == "en" else f"{role}{person['surname']}"
