"""The register of receptions (VIS-06, VIS-23): who was or will be received, booked or not, by day; nobody's full name."""

import base64
import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from portal import clock, database
from portal.domain.accounts.queries import Staff
from portal.domain.arrivals.rules import way as arriving
from portal.domain.arrivals.tables import State as Came
from portal.domain.bookings.rules import way
from portal.domain.bookings.tables import State
from portal.domain.queues.queries import items, words
from portal.domain.queues.queries.items import Card
from portal.domain.queues.queries.words import opened
from portal.domain.sites.tables import Site, named
from portal.errors import NotFound
from portal.i18n import formats
from portal.i18n.labels import label
from portal.i18n.translations import _
from portal.sheets.sheet import Column, Kind, Sheet, Sheets

WHAT = "receptions"
PAGE = 50
LISTED = way.AGREED | way.CAME | {State.NO_SHOW}
WALKED_IN = frozenset(Came) - {Came.WAITING, Came.CALLED}
_WROTE = "EXISTS (SELECT 1 FROM entry e WHERE e.item = i.id AND e.kind"
WRITTEN = ("needs", "opinion", "facts", "summary")
_CONTENT = ", ".join(f"{_WROTE} = '{kind}') AS {kind}" for kind in WRITTEN)
_BOOKED = f"""
SELECT i.id, i.line, i.number, i.state, i.who, i.due_at, b.day, b.people, b.channel, b.begins_at AS at,
  b.received_at AS began_at, b.seen_off_at AS ended_at, b.satisfied, b.papers_asked, t.code, t.name_zh, t.name_en,
  a.username, a.name, {_CONTENT}
FROM booking b JOIN work_item i ON i.id = b.item JOIN visit_type t ON t.id = b.type
  LEFT JOIN account a ON a.id = coalesce(b.received_by, i.owner)
WHERE b.site = {{}} AND b.day >= {{}} AND b.day <= {{}}"""
_WALKED = f"""
SELECT i.id, i.line, i.number, i.state, i.who, i.due_at, b.day, b.people, 'desk' AS channel, b.came_at AS at,
  b.served_at AS began_at, b.ended_at, '' AS satisfied, b.papers_asked, t.code, t.name_zh, t.name_en,
  a.username, a.name, {_CONTENT}
FROM arrival b JOIN work_item i ON i.id = b.item JOIN visit_type t ON t.id = b.type
  LEFT JOIN account a ON a.id = i.owner
WHERE b.site = {{}} AND b.booking IS NULL AND b.day >= {{}} AND b.day <= {{}}"""
# The states as the filter lists them.
ORDER = tuple(dict.fromkeys((*State, *Came)))
NARROWS = ("type", "state", "person", "written")
_PARTS = ((_BOOKED, LISTED), (_WALKED, WALKED_IN))


@dataclass(frozen=True)
class Asked:
    """What the register is narrowed to: days, a type's code, a state, who received (a user name), what was written."""

    first: date
    last: date
    type: str = ""
    state: str = ""
    person: str = ""
    written: str = ""

    @property
    def query(self) -> str:
        """The question in one form, for addresses and files."""
        said = {"from": self.first.isoformat(), "to": self.last.isoformat()}
        return urlencode(said | {name: text for name in NARROWS if (text := asdict(self)[name])})


@dataclass(frozen=True)
class Reception:
    """A line: who as others may read it, what kind of visit, when, by whom, and of what there are words."""

    number: str
    walked_in: bool
    who: str
    kind: str
    state: str
    channel: str
    people: int
    at: datetime | None
    began_at: datetime | None
    ended_at: datetime | None
    person: str
    username: str
    satisfied: str
    papers_asked: int
    written: tuple[str, ...]


def read(query: str) -> Asked:
    """The question of a form of it."""
    said = dict(parse_qsl(query))
    days = date.fromisoformat(said["from"]), date.fromisoformat(said["to"])
    return Asked(*days, *(said.get(name, "") for name in NARROWS))


async def arrival(staff: Staff, site: Site, number: str) -> Card:
    """The arrival of a number, for those who call people or read their list; raises NotFound."""
    sql = "SELECT id FROM work_item WHERE site = {} AND number = {} AND line = {}"
    rows = await database.rows(sql, site.id, number, arriving.LINE)
    if not rows or not arriving.READERS & staff.roles_at(site):
        raise NotFound
    return await items.item_by_id(rows[0]["id"])


@dataclass(frozen=True)
class Service:
    """What stands of somebody who is served: the number that is called, the booking, what was written, papers asked for."""

    ticket: str
    kind: str
    papers: list[str]
    booking: str
    papers_asked: int
    said: list[tuple[str, str]]


async def service(item: Card) -> Service:
    """The record of an arrival; papers are counted with its booking, where it has one."""
    sql = ("SELECT r.ticket, r.papers_asked, b.papers_asked AS before, f.number, t.name_zh, t.name_en, t.papers_zh, "
           "t.papers_en FROM arrival r JOIN visit_type t ON t.id = r.type LEFT JOIN booking b ON b.id = r.booking "
           "LEFT JOIN work_item f ON f.id = r.booking WHERE r.id = {}")  # fmt: skip
    row = (await database.rows(sql, item.id))[0]
    papers = [line.strip() for line in named(row["papers_zh"], row["papers_en"]).splitlines() if line.strip()]
    return Service(row["ticket"], named(row["name_zh"], row["name_en"]), papers, row["number"] or "",
                   row["papers_asked"] if row["before"] is None else row["before"],
                   [(one.kind, one.body) for one in await words.written(item.id)])  # fmt: skip


async def receptions(site: Site, asked: Asked, *, after: str = "", most: int = PAGE) -> tuple[list[Reception], str]:
    """A page of the register, day by day and in the order of the visits, and the cursor of the next (empty: the last)."""
    rows: list[dict[str, Any]] = []
    for sql, states in _PARTS:
        where, args = _narrowed(asked, states)
        paged, last = _after(after)
        order = f"ORDER BY b.day, i.due_at, i.id LIMIT {most + 1}"
        if where:
            rows += await database.rows(f"{sql} {where} {paged} {order}", site.id, asked.first, asked.last, *args, *last)
    rows.sort(key=lambda row: (row["day"], row["due_at"], str(row["id"])))
    more = len(rows) > most
    return [_reception(row) for row in rows[:most]], _cursor(rows[most - 1]) if more else ""


async def count(site: Site, asked: Asked) -> int:
    """How many lines that are."""
    many = 0
    for sql, states in _PARTS:
        where, args = _narrowed(asked, states)
        if where:
            counted = f"SELECT count(*) AS many FROM ({sql} {where}) x"
            many += int((await database.rows(counted, site.id, asked.first, asked.last, *args))[0]["many"])
    return many


async def people(site: Site) -> list[tuple[str, str]]:
    """Who has received somebody here, for the choice: user name and name."""
    sql = ("SELECT DISTINCT a.username, a.name FROM account a JOIN work_item i ON i.owner = a.id "
           "WHERE i.site = {} AND i.line IN ('bookings', 'arrivals') ORDER BY a.username")  # fmt: skip
    return [(row["username"], row["name"]) for row in await database.rows(sql, site.id)]


async def sheets(staff: Staff, site: Site, query: str) -> Sheets:
    """The register as a file: no name, phone or words of anybody; staff by their user names."""
    asked = read(query)
    columns = (
        Column(_("Number")), Column(_("Type")), Column(_("Came by")), Column(_("State")), Column(_("Time"), Kind.INSTANT),
        Column(_("Received"), Kind.INSTANT), Column(_("Seen off"), Kind.INSTANT), Column(_("People"), Kind.NUMBER),
        Column(_("Received by")), Column(_("Satisfied")), Column(_("Papers asked for"), Kind.NUMBER),
        Column(_("Written down")),
    )  # fmt: skip
    notes = (
        _("Receptions from %(first)s to %(last)s, both included") % {
            "first": asked.first.isoformat(), "last": asked.last.isoformat()},
        _("Without names, phones and words of visitors: they stand on the page of each visit"),
        _("Times of %(zone)s") % {"zone": site.zone},
        _("Made at %(at)s for %(name)s") % {"at": formats.moment(clock.now(), full=True), "name": staff.name},
    )  # fmt: skip
    return [Sheet(label("export", WHAT), notes, columns, _rows(site, asked))]


async def _rows(site: Site, asked: Asked) -> AsyncIterator[Sequence[object]]:
    after = ""
    while True:
        found, after = await receptions(site, asked, after=after, most=500)
        for one in found:
            yield (
                one.number, one.kind, _("Walked in") if one.walked_in else label("channel", one.channel),
                label("state", one.state), one.at, one.began_at, one.ended_at, one.people, one.username,
                label("impression", one.satisfied) if one.satisfied else "", one.papers_asked,
                _(", ").join(label("entry", kind) for kind in one.written),
            )  # fmt: skip
        if not after:
            return


def _narrowed(asked: Asked, states: frozenset[Any]) -> tuple[str, list[Any]]:
    """The further conditions of one part; an empty one where nothing of it can be meant."""
    wanted = sorted(states & {asked.state}) if asked.state else sorted(states)
    if not wanted:
        return "", []
    parts, args = [f"AND i.state IN ({', '.join('{}' for _one in wanted)})"], list[Any](wanted)
    for column, text in (("t.code", asked.type), ("a.username", asked.person)):
        if text:
            parts.append(f"AND {column} = {{}}")
            args.append(text)
    if asked.written:
        parts.append(f"AND {_WROTE} = {{}})")
        args.append(asked.written)
    return " ".join(parts), args


def _after(cursor: str) -> tuple[str, list[Any]]:
    """The rows behind a cursor; one that cannot be read is the first page."""
    if not cursor:
        return "", []
    try:
        day, due_at, last = json.loads(base64.urlsafe_b64decode(cursor))
        where = "AND (b.day, i.due_at, i.id) > ({}, {}, {})"
        return where, [date.fromisoformat(day), datetime.fromisoformat(due_at), UUID(last)]
    except (ValueError, TypeError, AttributeError):
        return "", []


def _cursor(row: dict[str, Any]) -> str:
    parts = [row["day"].isoformat(), row["due_at"].isoformat(), str(row["id"])]
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode()


def _reception(row: dict[str, Any]) -> Reception:
    return Reception(
        number=row["number"], walked_in=row["line"] != way.LINE, kind=named(row["name_zh"], row["name_en"]),
        who=opened(row["who"], "work_item.who", row["id"]), state=row["state"], channel=row["channel"],
        people=row["people"], at=row["at"], began_at=row["began_at"], ended_at=row["ended_at"], person=row["name"] or "",
        username=row["username"] or "", satisfied=row["satisfied"], papers_asked=row["papers_asked"],
        written=tuple(kind for kind in WRITTEN if row[kind]),
    )  # fmt: skip
