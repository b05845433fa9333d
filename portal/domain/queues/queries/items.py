"""What waits for a person: the queue as one may see it, and an item."""

import base64
import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

from portal import clock
from portal.domain.accounts.queries import Staff
from portal.domain.queues import rules
from portal.domain.queues.queries import sight
from portal.domain.queues.queries.words import opened
from portal.domain.queues.tables import USUAL_TIER, Clock, Severity, WorkItem
from portal.domain.sites.tables import Site, named
from portal.errors import NotFound
from portal.i18n.translations import _

PAGE = 25
CAP = 99
OPEN, CLOSED = "open", "closed"


@dataclass(frozen=True)
class Filters:
    """What the queue is narrowed to; `state` is `open` or one state, `owner` a user name, `me` or `none`."""

    kind: str = ""
    category: str = ""
    severity: str = ""
    state: str = OPEN
    owner: str = ""
    after: str = ""


@dataclass(frozen=True)
class Card:
    """An item as it stands in the queue, and everything the queue knows of it."""

    id: UUID
    number: str
    kind: str
    state: str
    category: str
    category_code: str
    title: str
    who: str
    place: str
    severity: str
    tier: int
    arrived_at: datetime
    due_at: datetime
    due_from: datetime
    leaves_at: datetime | None
    closed_at: datetime | None
    share: int
    late: bool
    soon: bool
    paused: bool
    escalated: bool
    managers_only: bool
    restricted: bool
    named: bool
    circle: int
    owner_id: UUID | None
    owner: str
    owner_name: str
    owner_surname: str
    giver_id: UUID | None
    first_asked_id: UUID | None
    filed_by_id: UUID | None
    handoffs: int
    round: int
    version: int
    merged_into_id: UUID | None
    split_from_id: UUID | None
    contacts: int

    @property
    def first_among_equals(self) -> bool:
        """Whether the guest's tier puts it before others of the same severity (CMP-16)."""
        return self.tier < USUAL_TIER

    @property
    def reopened(self) -> bool:
        return self.round > 1

    @property
    def confidential(self) -> bool:
        """Whether it is not for everybody who would see it otherwise, so that each look at it is written down."""
        return self.restricted or self.named


class Numbered(NamedTuple):
    """What people say aloud of an item, and the line in whose list it stands."""

    number: str
    line: str


_COLUMNS = """i.id, i.number, i.kind, i.state, i.title, i.who, i.spot, i.on_time, i.severity, i.tier, i.arrived_at, i.due_at,
  i.due_from, i.leaves_at, i.closed_at, i.soon, i.paused, i.escalated, i.managers_only, i.restricted, i.circle,
  EXISTS (SELECT 1 FROM named n WHERE n.item = i.id) AS named, i.owner, i.giver, i.first_asked, i.filed_by, i.handoffs,
  i.round, i.version, i.merged_into, i.split_from, i.contacts,
  c.code AS category_code, c.name_zh AS category_zh, c.name_en AS category_en,
  p.name_zh AS place_zh, p.name_en AS place_en, a.username, a.name AS owner_name, a.surname AS owner_surname"""
_BESIDE = """JOIN category c ON c.id = i.category LEFT JOIN place p ON p.id = i.place
  LEFT JOIN account a ON a.id = i.owner"""
_SELECT = f"SELECT {_COLUMNS} FROM work_item i {_BESIDE} WHERE "
_ORDER = "i.on_time, i.severity, i.tier, i.due_at, i.arrived_at, i.id"


async def waiting_in(staff: Staff, site: Site, filters: Filters, *, most: int = PAGE) -> tuple[list[Card], str]:
    """A page of the queue in its order (X-47), and the cursor of the next page (empty: this is the last)."""
    where, args = sight.visible(staff, site)
    narrowed, more = _narrowed(filters, staff)
    closed = filters.state == CLOSED
    paged, last = _after(filters.after, closed=closed)
    order = "i.closed_at DESC, i.id DESC" if closed else _ORDER
    sql = f"{_SELECT} {where} {narrowed} {paged} ORDER BY {order} LIMIT {most + 1}"
    rows = await WorkItem.raw(sql, *args, *more, *last)
    return [_card(row) for row in rows[:most]], _cursor(rows[most - 1], closed=closed) if len(rows) > most else ""


async def oldest(staff: Staff, site: Site, *, most: int = 10) -> list[Card]:
    """What has waited longest: of one's own, or for a manager of all that is open at the site."""
    where, args = sight.visible(staff, site)
    if not rules.leads(staff.roles_at(site)):
        where, args = f"{where} AND i.owner = {{}}", [*args, staff.id]
    rows = await WorkItem.raw(f"{_SELECT} {where} AND i.closed_at IS NULL ORDER BY i.arrived_at, i.id LIMIT {most}", *args)
    return [_card(row) for row in rows]


async def counts(staff: Staff, site: Site) -> dict[str, int]:
    """How much is open, late, mine and nobody's, each counted to 100 at the most."""
    where, args = sight.visible(staff, site)
    part = f"(SELECT count(*) FROM (SELECT 1 FROM work_item i WHERE {where} AND i.closed_at IS NULL %s LIMIT {CAP + 1}) x)"
    sql = (
        f"SELECT {part % ''} AS open, {part % 'AND i.on_time = false'} AS late, "
        f"{part % 'AND i.owner = {}'} AS mine, {part % 'AND i.owner IS NULL'} AS unowned"
    )
    row = (await WorkItem.raw(sql, *args, *args, *args, staff.id, *args))[0]
    return {name: int(row[name]) for name in ("open", "late", "mine", "unowned")}


async def severe(staff: Staff, site: Site) -> list[str]:
    """The numbers of the severe ones that are open, as far as somebody sees them; the newest hundred."""
    where, args = sight.visible(staff, site)
    sql = (f"SELECT i.number FROM work_item i WHERE {where} AND i.closed_at IS NULL AND i.severity = {Severity.SEVERE}"
           f" ORDER BY i.id DESC LIMIT {CAP + 1}")  # fmt: skip
    return [row["number"] for row in await WorkItem.raw(sql, *args)]


async def item(staff: Staff, site: Site, number: str) -> Card:
    """The item of a number, if this person may see it; raises NotFound."""
    where, args = sight.visible(staff, site)
    rows = await WorkItem.raw(f"{_SELECT} {where} AND i.number = {{}}", *args, number)
    if not rows:
        raise NotFound
    return _card(rows[0])


async def latest(staff: Staff, site: Site, item_id: UUID) -> Card:
    """The item as it is now, though it may have left this person's unit; raises NotFound where it is kept from them."""
    where, args = sight.kept(staff, site)
    rows = await WorkItem.raw(f"{_SELECT} {where} AND i.id = {{}}", *args, item_id)
    if not rows:
        raise NotFound
    return _card(rows[0])


async def item_by_id(item_id: UUID) -> Card:
    """The item behind a customer's link, without asking who sees it; raises NotFound."""
    rows = await WorkItem.raw(f"{_SELECT} i.id = {{}}", item_id)
    if not rows:
        raise NotFound
    return _card(rows[0])


async def among(staff: Staff, site: Site, ids: str, *args: Any, most: int) -> list[Card]:
    """The newest of the items whose ids a subselect finds, as far as this person may see them."""
    where, mine = sight.visible(staff, site)
    order = "ORDER BY i.arrived_at DESC, i.id DESC"
    rows = await WorkItem.raw(f"{_SELECT} {where} AND i.id IN ({ids}) {order} LIMIT {most}", *mine, *args)
    return [_card(row) for row in rows]


async def part(staff: Staff, site: Site, condition: str, *args: Any, most: int) -> tuple[list[Card], int]:
    """The first of the items of which a condition is true, in the queue's order, and how many there are, to 100."""
    where, mine = sight.visible(staff, site)
    some = f"SELECT * FROM work_item i WHERE {where} AND {condition} ORDER BY {_ORDER} LIMIT {CAP + 1}"
    sql = f"SELECT count(*) OVER () AS many, {_COLUMNS} FROM ({some}) i {_BESIDE} ORDER BY {_ORDER} LIMIT {most}"
    rows = await WorkItem.raw(sql, *mine, *args)
    return [_card(row) for row in rows], rows[0]["many"] if rows else 0


async def units(staff: Staff, site: Site) -> list[tuple[str, int]]:
    """How much of what somebody may see is open in each unit, the most first."""
    where, args = sight.visible(staff, site)
    sql = (
        "SELECT c.unit, count(*) AS many FROM work_item i JOIN category c ON c.id = i.category "
        f"WHERE {where} AND i.closed_at IS NULL GROUP BY c.unit ORDER BY many DESC, c.unit"
    )
    return [(row["unit"], row["many"]) for row in await WorkItem.raw(sql, *args)]


async def numbers(ids: list[UUID]) -> dict[UUID, Numbered]:
    """The numbers of some items, by their id."""
    columns = (WorkItem.id, WorkItem.number, WorkItem.line)
    rows = await WorkItem.select(*columns).where(WorkItem.id.is_in(ids)) if ids else []
    return {row["id"]: Numbered(row["number"], row["line"]) for row in rows}


async def ids(site: Site, numbers: list[str]) -> dict[UUID, str]:
    """Some items of a site by their numbers, without asking who sees them."""
    if not numbers:
        return {}
    these = (WorkItem.site == site.id) & WorkItem.number.is_in(numbers)
    return {row["id"]: row["number"] for row in await WorkItem.select(WorkItem.id, WorkItem.number).where(these)}


async def id_of(site: Site, number: str) -> UUID | None:
    """The item of a number, without asking who sees it: to write down that somebody was refused it."""
    row = await WorkItem.select(WorkItem.id).where(WorkItem.site == site.id, WorkItem.number == number).first()
    return row["id"] if row else None


async def numbers_for(staff: Staff, site: Site, ids: list[UUID], *, lines: Collection[str] = ()) -> dict[UUID, Numbered]:
    """The numbers of some items, empty for those that this person may not see; what is no item is not in it.

    `lines` are those that this person reads beside the shared one.
    """
    if not ids:
        return {}
    (shared, args), (own, more) = sight.visible(staff, site), sight.read(staff, site, lines)
    marks = ", ".join("{}" for _id in ids)
    sql = (f"SELECT i.id, i.line, CASE WHEN {shared} OR {own} THEN i.number ELSE '' END AS number FROM work_item i"
           f" WHERE i.id IN ({marks})")  # fmt: skip
    return {row["id"]: Numbered(row["number"], row["line"]) for row in await WorkItem.raw(sql, *args, *more, *ids)}


async def kept_from(staff: Staff, site: Site, numbers: list[str]) -> set[str]:
    """Those of some numbers that are there, and kept from this person."""
    where, args = sight.kept(staff, site)
    marks = ", ".join("{}" for _number in numbers) or "NULL"
    sql = f"SELECT i.number FROM work_item i WHERE i.number IN ({marks}) AND NOT ({where})"
    return {row["number"] for row in await WorkItem.raw(sql, *numbers, *args)}


async def seen_by(staff: Staff, site: Site, item_id: UUID) -> bool:
    """Raise NotFound for an item that this person may not see; whether it is confidential."""
    where, args = sight.visible(staff, site)
    about = "EXISTS (SELECT 1 FROM named n WHERE n.item = i.id) AS named"
    rows = await WorkItem.raw(f"SELECT i.restricted, {about} FROM work_item i WHERE {where} AND i.id = {{}}", *args, item_id)
    if not rows:
        raise NotFound
    return bool(rows[0]["restricted"] or rows[0]["named"])


async def clocks(item_id: UUID) -> list[dict[str, Any]]:
    """The clocks of an item, oldest round first."""
    return await Clock.select().where(Clock.item == item_id).order_by(Clock.round, Clock.kind)


def _narrowed(filters: Filters, staff: Staff) -> tuple[str, list[Any]]:
    parts = ["AND i.closed_at IS NOT NULL" if filters.state == CLOSED else "AND i.closed_at IS NULL"]
    args: list[Any] = []
    if filters.state not in (OPEN, CLOSED):
        parts.append("AND i.state = {}")
        args.append(filters.state)
    if filters.kind:
        parts.append("AND i.kind = {}")
        args.append(filters.kind)
    if filters.category:
        parts.append("AND c.code = {}")
        args.append(filters.category)
    if filters.severity:
        parts.append("AND i.severity = {}")
        args.append(_rank(filters.severity))
    if filters.owner == "none":
        parts.append("AND i.owner IS NULL")
    elif filters.owner:
        parts.append("AND a.username = {}")
        args.append(staff.username if filters.owner == "me" else filters.owner)
    return " ".join(parts), args


def _rank(word: str) -> int:
    return {severity.word: severity.value for severity in Severity}.get(word, -1)


def _after(cursor: str, *, closed: bool) -> tuple[str, list[Any]]:
    """The rows behind a cursor; one that cannot be read is the first page."""
    if not cursor:
        return "", []
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor))
        if closed:
            return "AND (i.closed_at, i.id) < ({}, {})", [_then(parts[0]), UUID(parts[1])]
        on_time, severity, tier, due_at, arrived_at, last = parts
        return (
            f"AND ({_ORDER}) > ({{}}, {{}}, {{}}, {{}}, {{}}, {{}})",
            [bool(on_time), _rank_of(severity), _rank_of(tier), _then(due_at), _then(arrived_at), UUID(last)],
        )  # fmt: skip
    except (ValueError, TypeError, LookupError, AttributeError, OverflowError):
        return "", []


def _then(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def _rank_of(number: int) -> int:
    if not 0 <= int(number) < 100:
        raise ValueError
    return int(number)


def _cursor(row: dict[str, Any], *, closed: bool) -> str:
    if closed:
        parts = [row["closed_at"].isoformat(), str(row["id"])]
    else:
        parts = [bool(row["on_time"]), row["severity"], row["tier"], row["due_at"].isoformat(),
                 row["arrived_at"].isoformat(), str(row["id"])]  # fmt: skip
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


def _card(row: dict[str, Any]) -> Card:
    identity = row["id"]
    return Card(
        id=identity,
        number=row["number"],
        kind=row["kind"],
        state=row["state"],
        category=named(row["category_zh"], row["category_en"]),
        category_code=row["category_code"],
        title=opened(row["title"], "work_item.title", identity),
        who=opened(row["who"], "work_item.who", identity) or _("No name"),
        place=named(row["place_zh"] or "", row["place_en"] or "") or opened(row["spot"], "work_item.spot", identity),
        severity=Severity(row["severity"]).word,
        tier=row["tier"],
        arrived_at=row["arrived_at"],
        due_at=row["due_at"],
        due_from=row["due_from"],
        leaves_at=row["leaves_at"],
        closed_at=row["closed_at"],
        share=rules.share(row["due_from"], row["due_at"], clock.now()),
        late=not row["on_time"],
        soon=bool(row["soon"]),
        paused=bool(row["paused"]),
        escalated=bool(row["escalated"]),
        managers_only=bool(row["managers_only"]),
        restricted=bool(row["restricted"]),
        named=bool(row["named"]),
        circle=row["circle"],
        owner_id=row["owner"],
        owner=row["username"] or "",
        owner_name=row["owner_name"] or "",
        owner_surname=row["owner_surname"] or "",
        giver_id=row["giver"],
        first_asked_id=row["first_asked"],
        filed_by_id=row["filed_by"],
        handoffs=row["handoffs"],
        round=row["round"],
        version=row["version"],
        merged_into_id=row["merged_into"],
        split_from_id=row["split_from"],
        contacts=row["contacts"],
    )
