"""The agenda: who comes when, to whom and where, what is due, and what stands in each other's way."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from portal import clock, database
from portal.domain.accounts.tables import Membership, Role
from portal.domain.bookings.queries import offering, times
from portal.domain.bookings.rules import preparing, slots, way
from portal.domain.bookings.rules.slots import Taken
from portal.domain.bookings.tables import State, VisitType
from portal.domain.queues.queries import items
from portal.domain.queues.queries.items import Card
from portal.domain.queues.queries.words import opened
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site, named
from portal.errors import NotFound

MOST = 50  # requests on top of the agenda
_NOT_SHOWN = (State.CANCELLED, State.DECLINED, State.WAITING)
_MARKED = way.AGREED - {State.READY}
_SELECT = """
SELECT i.id, i.number, i.state, i.version, i.who, i.owner, i.closed_at, b.type, b.day, b.begins_at, b.ends_at, b.people,
  b.channel, b.language, b.place, b.asked, b.asked_begins_at, b.asked_until, b.ready_at, b.arrived_at, b.recurrence,
  p.code AS place_code, p.name_zh AS place_zh, p.name_en AS place_en, a.username, a.name AS person
FROM booking b JOIN work_item i ON i.id = b.item LEFT JOIN place p ON p.id = b.place LEFT JOIN account a ON a.id = i.owner
"""


@dataclass(frozen=True)
class Visit:
    """A booking as the agenda shows it: no more of a name than how one is addressed."""

    id: UUID
    number: str
    state: str
    version: int
    who: str
    type: VisitType
    day: date
    begins_at: datetime
    ends_at: datetime
    people: int
    channel: str
    language: str
    place_id: UUID | None
    place: str
    person_id: UUID | None
    username: str
    person: str
    asked: str
    asked_begins_at: datetime | None
    asked_until: datetime | None
    ready_at: datetime | None
    arrived_at: datetime | None
    recurrence: UUID | None
    over: bool
    done: tuple[str, ...] = ()
    overdue: tuple[str, ...] = ()
    get_ready: bool = False
    late: bool = False
    clashes: tuple[tuple[str, str], ...] = ()

    @property
    def checklist(self) -> tuple[str, ...]:
        return preparing.checklist(self.type)

    @property
    def left(self) -> list[str]:
        """What is still to be prepared."""
        return [item for item in self.checklist if item not in self.done]

    @property
    def due(self) -> bool:
        """Whether somebody has to do something about it now."""
        return bool(self.overdue) or self.get_ready


@dataclass(frozen=True)
class Agenda:
    """Some days of a site's book: what waits for a decision, what is due now, and the visits of each day."""

    requests: list[Visit] = field(default_factory=list)
    due: list[Visit] = field(default_factory=list)
    days: dict[date, list[Visit]] = field(default_factory=dict)


async def agenda(site: Site, first: date, last: date, *, mine: UUID | None = None) -> Agenda:
    """The days from one to another, all of them or those somebody receives (VIS-01: one agenda, whatever the channel).

    What waits for a decision is nobody's yet: it stands on everybody's agenda.
    """
    now, today = clock.now(), clock.today(site.zone)
    kinds = {kind.id: kind for kind in await VisitType.objects().where(VisitType.site == site.id)}
    asked = await _rows(
        "i.state = {} AND i.closed_at IS NULL AND b.day >= {}", kinds, site, State.REQUESTED, today, most=MOST
    )
    soon = today + timedelta(days=site_rules.figure(site, "visit.prep_due_days") + 1)
    near = await _rows("b.day >= {} AND b.day <= {} AND i.closed_at IS NULL", kinds, site, min(today, first), soon)
    shown = await _rows("b.day >= {} AND b.day <= {}", kinds, site, first, last)
    marked = await _marked(site, {one.id: one for one in (*near, *shown, *asked)}, now)
    theirs = sorted((one for one in marked.values() if mine is None or one.person_id == mine),
                    key=lambda one: (one.begins_at, one.number))  # fmt: skip
    days: dict[date, list[Visit]] = {
        date.fromordinal(number): [] for number in range(first.toordinal(), last.toordinal() + 1)
    }
    within = {one.id for one in shown}
    for one in theirs:
        if one.id in within and (one.state != State.REQUESTED or one.begins_at < now):
            days[one.day].append(one)
    due = [one for one in theirs if one.due]
    requests = [marked[one.id] for one in asked if one.begins_at >= now]
    return Agenda(requests, due, days)


async def counts(site: Site, first: date, last: date) -> list[tuple[date, str, int, int]]:
    """How many visits and people come on some days, by type, without anybody's name."""
    marks = ", ".join("{}" for _state in _NOT_SHOWN)
    rows = await database.rows(
        "SELECT b.day, t.name_zh, t.name_en, count(*) AS visits, sum(b.people) AS people FROM booking b "
        "JOIN work_item i ON i.id = b.item JOIN visit_type t ON t.id = b.type WHERE b.site = {} AND b.day >= {} "
        f"AND b.day <= {{}} AND i.state NOT IN ({marks}) "
        "GROUP BY b.day, t.position, t.code, t.name_zh, t.name_en ORDER BY b.day, t.position, t.code",
        site.id, first, last, *_NOT_SHOWN,
    )  # fmt: skip
    return [
        (_day(row["day"]), named(row["name_zh"], row["name_en"]), int(row["visits"]), int(row["people"])) for row in rows
    ]


async def card(site: Site, number: str) -> Card:
    """The item of a booking's number at a site; raises NotFound."""
    rows = await database.rows(
        "SELECT id FROM work_item WHERE site = {} AND line = {} AND number = {}", site.id, way.LINE, number
    )
    if not rows:
        raise NotFound
    return await items.item_by_id(rows[0]["id"])


async def visit(site: Site, card: Card) -> Visit:
    """One booking with its marks; where it waits for a place it has no time, and stands at the beginning of its day."""
    row = (await database.rows(f"{_SELECT} WHERE i.id = {{}}", card.id))[0]
    kind = (await VisitType.objects().where(VisitType.id == row["type"]))[0]
    one = _visit({**row, "begins_at": row["begins_at"] or times.beginning(site, _day(row["day"]))}, kind)
    near = await _rows("b.day = {} AND i.closed_at IS NULL", {kind.id: kind}, site, one.day)
    return (await _marked(site, {other.id: other for other in (*near, one)}, clock.now()))[one.id]


async def receivers(site: Site, kind: VisitType) -> list[tuple[str, str, str]]:
    """Who may receive visitors: user name, name, role; first the officers (VIS-28), then the type's own role (VIS-31)."""
    who = Membership.account
    rows = await (
        Membership.select(who.username, who.name, Membership.role)
        .where(Membership.site == site.id, Membership.role.is_in(_receiving()), who.disabled_at.is_null())
        .order_by(who.username)
    )
    officers = {one.username for one in await offering.officers(site)}
    rows.sort(key=lambda row: (row["account.username"] not in officers, row["role"] != kind.role))
    people = {row["account.username"]: (row["account.name"], row["role"]) for row in reversed(rows)}
    return [(username, name, role) for username, (name, role) in reversed(people.items())]


async def receiver(site: Site, username: str) -> UUID | None:
    """The account of somebody who may receive visitors here."""
    who = Membership.account
    row = await (
        Membership.select(who)
        .where(Membership.site == site.id, Membership.role.is_in(_receiving()), who.username == username.strip(),
               who.disabled_at.is_null())
        .first()
    )  # fmt: skip
    return row["account"] if row else None


async def done(ids: Collection[UUID]) -> dict[UUID, list[str]]:
    """What is ready for some bookings."""
    if not ids:
        return {}
    marks = ", ".join("{}" for _id in ids)
    found: dict[UUID, list[str]] = defaultdict(list)
    for row in await database.rows(f"SELECT booking, code FROM preparation WHERE booking IN ({marks})", *ids):
        found[row["booking"]].append(row["code"])
    return found


def clashing(visits: Sequence[Visit], parties: dict[UUID, int]) -> dict[UUID, list[tuple[str, str]]]:
    """Whose room or person is with others at the same time, more than it takes: what it is, and the other's number.

    Visits of a type that confirms by itself share its standing place: there its capacity decides.
    """
    found: dict[UUID, list[tuple[str, str]]] = defaultdict(list)
    for name in ("place", "person"):
        shared: dict[UUID, list[Visit]] = defaultdict(list)
        for one in visits:
            if (resource := getattr(one, f"{name}_id")) is not None:
                shared[resource].append(one)
        for resource, those in shared.items():
            for one in those:
                others = [two for two in those if two.id != one.id and _over(one, two) and not (
                    name == "place" and one.type.instant and one.type.id == two.type.id)]  # fmt: skip
                taken = [Taken(two.begins_at, two.ends_at, 1) for two in others]
                if slots.most_at_once(one.begins_at, one.ends_at, taken)[0] >= parties.get(resource, 1):
                    found[one.id].append((getattr(one, name), others[0].number))
    return found


async def _marked(site: Site, visits: dict[UUID, Visit], now: datetime) -> dict[UUID, Visit]:
    """The visits with what is due, what is late, and what clashes."""
    ready = await done(list(visits))
    resources = await database.rows("SELECT place, account, parties FROM resource WHERE site = {}", site.id)
    parties = {row["place"] or row["account"]: int(row["parties"]) for row in resources}
    here = way.AGREED | way.HERE
    clashes = clashing([one for one in visits.values() if one.state in here], parties)
    days, minutes = (site_rules.figure(site, name) for name in ("visit.prep_due_days", "visit.desk_ready_minutes"))
    found = {}
    for key, one in visits.items():
        agreed = one.state in way.AGREED
        ahead = agreed and one.begins_at > now - timedelta(hours=12)
        found[key] = replace(
            one,
            done=tuple(ready.get(key, ())),
            overdue=tuple(preparing.overdue(one.checklist, ready.get(key, ()), one.begins_at, now=now, days=days,
                                            minutes=minutes)) if ahead else (),
            get_ready=one.state in _MARKED and one.begins_at - timedelta(minutes=minutes) <= now < one.ends_at,
            late=agreed and one.begins_at < now,
            clashes=tuple(clashes.get(key, ())),
        )  # fmt: skip
    return found


async def _rows(
    where: str, kinds: dict[UUID, VisitType], site: Site, *args: object, most: int | None = None
) -> list[Visit]:
    hidden = ", ".join("{}" for _state in _NOT_SHOWN)
    sql = (
        f"{_SELECT} WHERE b.site = {{}} AND b.begins_at IS NOT NULL AND i.state NOT IN ({hidden}) AND {where} "
        f"ORDER BY b.begins_at, i.number{f' LIMIT {most}' if most else ''}"
    )
    found = await database.rows(sql, site.id, *_NOT_SHOWN, *args)
    return [_visit(row, kinds[row["type"]]) for row in found if row["type"] in kinds]


def _visit(row: dict[str, Any], kind: VisitType) -> Visit:
    return Visit(
        id=row["id"], number=row["number"], state=row["state"], version=row["version"],
        who=opened(row["who"], "work_item.who", row["id"]), type=kind, day=_day(row["day"]), begins_at=row["begins_at"],
        ends_at=row["ends_at"] or row["begins_at"] + timedelta(minutes=kind.minutes), people=row["people"],
        channel=row["channel"], language=row["language"], place_id=row["place"],
        place=named(row["place_zh"] or "", row["place_en"] or ""), person_id=row["owner"], username=row["username"] or "",
        person=row["person"] or "", asked=row["asked"], asked_begins_at=row["asked_begins_at"],
        asked_until=row["asked_until"], ready_at=row["ready_at"], arrived_at=row["arrived_at"],
        recurrence=row["recurrence"], over=row["closed_at"] is not None,
    )  # fmt: skip


def _over(one: Visit, two: Visit) -> bool:
    return one.begins_at < two.ends_at and two.begins_at < one.ends_at


def _receiving() -> list[str]:
    return [role.value for role in Role if role in way.RECEIVERS]


def _day(found: Any) -> date:
    return found if isinstance(found, date) else date.fromisoformat(found)
