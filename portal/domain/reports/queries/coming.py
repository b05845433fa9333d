"""Who came in a range, for the report on them: read once, and counted, listed and written from the same rows."""

from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any
from urllib.parse import parse_qsl
from zoneinfo import ZoneInfo

from portal import clock, database
from portal.domain.accounts.queries import Staff
from portal.domain.reports.queries import sheets
from portal.domain.reports.rules import coming, ranges
from portal.domain.reports.rules.coming import Came, Found, Place
from portal.domain.reports.rules.ranges import Range
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.rules.days import EPOCH
from portal.domain.sites.tables import Site, named
from portal.errors import Invalid
from portal.i18n.labels import label
from portal.i18n.translations import _
from portal.sheets.sheet import Column, Kind, Sheet, Sheets

REPORT, RECORDS = "arrivals", "arrival-records"
MOST_DAYS = 366  # that are counted at once
_ROWS = """
SELECT i.number, i.state, a.ticket, a.day, a.came_at, a.called_at, a.served_at, a.ended_at, a.calls, a.shown_from,
  a.shown_to, t.code AS type, w.code AS station, k.username, b.begins_at, b.channel,
  EXISTS (SELECT 1 FROM event e WHERE e.subject = a.id AND e.kind = 'arrival.called'
    AND e.particulars LIKE {}) AS out_of_turn
FROM arrival a JOIN work_item i ON i.id = a.item JOIN visit_type t ON t.id = a.type
  LEFT JOIN station w ON w.id = a.station LEFT JOIN account k ON k.id = i.owner LEFT JOIN booking b ON b.id = a.booking
WHERE a.site = {} AND a.day >= {} AND a.day <= {} ORDER BY a.came_at DESC, a.id DESC
"""
OUT_OF_TURN = '%"out_of_turn": true%'


async def found(site: Site, days: Range) -> Found:
    """What the report of a range is made of: four queries, whatever came."""
    rows = await database.rows(_ROWS, OUT_OF_TURN, site.id, days.first, days.last)
    zone = ZoneInfo(site.zone)
    places = await database.rows("SELECT code, name_zh, name_en, types FROM station WHERE site = {} ORDER BY position, code",
                                 site.id)  # fmt: skip
    bookings = await database.rows(
        "SELECT i.state, count(*) AS many FROM booking b JOIN work_item i ON i.id = b.item "
        "WHERE b.site = {} AND b.day >= {} AND b.day <= {} AND b.begins_at IS NOT NULL GROUP BY i.state",
        site.id, days.first, days.last,
    )  # fmt: skip
    called = await database.rows("SELECT code, name_zh, name_en FROM visit_type WHERE site = {}", site.id)
    return Found(
        days, [_came(row, zone) for row in rows],
        [Place(row["code"], named(row["name_zh"], row["name_en"]), frozenset(row["types"].split())) for row in places],
        Counter({row["state"]: int(row["many"]) for row in bookings}), site_rules.figure(site, "arrival.alert_minutes"),
        {row["code"]: named(row["name_zh"], row["name_en"]) for row in called}, clock.now(),
    )  # fmt: skip


async def oldest(site: Site) -> date | None:
    """The day of the first who came, or was booked."""
    rows = await database.rows(
        "SELECT min(day) AS day FROM (SELECT min(day) AS day FROM arrival WHERE site = {} "
        "UNION ALL SELECT min(day) AS day FROM booking WHERE site = {}) x", site.id, site.id,
    )  # fmt: skip
    day = rows[0]["day"]
    return date.fromisoformat(day[:10]) if isinstance(day, str) else day


def within(days: Range) -> Range:
    """The range, where it can be counted at once; raises Invalid."""
    if days.days > MOST_DAYS:
        raise Invalid({"to": _("At most one year at once.")})
    return days


async def report_sheets(staff: Staff, site: Site, query: str) -> Sheets:
    """The whole report: what stands first, then a sheet for each question."""
    whole = await found(site, _days(site, query))
    first = sheets.lines_sheet(label("export", REPORT), _notes(site, whole.days), coming.summary(whole))
    return [first, *(sheets.table_sheet(table) for table in coming.tables(whole) if table.lines)]


async def record_sheets(staff: Staff, site: Site, query: str) -> Sheets:
    """Each of those a number counts, the newest first."""
    whole, cut = await found(site, _days(site, query)), coming.read(dict(parse_qsl(query)))
    heads = (
        Column(_("Number")), Column(_("Ticket")), Column(_("What for")), Column(_("Booked")), Column(_("State")),
        Column(_("Came"), Kind.INSTANT), Column(_("Booked for"), Kind.INSTANT), Column(_("Called"), Kind.INSTANT),
        Column(_("Window")), Column(_("Who")), Column(_("Waited, minutes"), Kind.MINUTES),
        Column(_("From the call to the window, minutes"), Kind.MINUTES), Column(_("At the window, minutes"), Kind.MINUTES),
        Column(_("Calls"), Kind.NUMBER), Column(_("Out of turn"), Kind.YES), Column(_("Inside the time shown"), Kind.YES),
    )  # fmt: skip
    rows = _lines(coming.cut_down(whole, cut), whole)
    return [Sheet(label("export", RECORDS), _notes(site, whole.days), heads, rows)]


async def _lines(rows: Sequence[Came], whole: Found) -> AsyncIterator[Sequence[object]]:
    for one in rows:
        yield (
            one.number, one.ticket, whole.names.get(one.type, one.type),
            label("channel", one.channel) if one.channel else "", label("state", one.state), one.came_at, one.booked_at,
            one.called_at, one.window, one.clerk, *(_minutes(span) for span in (one.wait, one.walk, one.service)), one.calls,
            one.out_of_turn, one.inside if one.told else None,
        )  # fmt: skip


def _minutes(seconds: int | None) -> int | None:
    return None if seconds is None else seconds // coming.MINUTE


def _days(site: Site, query: str) -> Range:
    """The days of a question that was asked before: its own, whatever there is to count now."""
    return within(ranges.asked(dict(parse_qsl(query)), site, now=clock.now(), known_from=EPOCH))


def _notes(site: Site, days: Range) -> tuple[str, ...]:
    what = _("those who came")
    return sheets.notes(site, days, what)


def _came(row: dict[str, Any], zone: ZoneInfo) -> Came:
    return Came(
        number=row["number"], ticket=row["ticket"], type=row["type"], channel=row["channel"] or "", day=row["day"],
        hour=row["came_at"].astimezone(zone).hour, state=row["state"], window=row["station"] or "",
        clerk=row["username"] or "", came_at=row["came_at"], booked_at=row["begins_at"], called_at=row["called_at"],
        served_at=row["served_at"], ended_at=row["ended_at"], calls=row["calls"], shown_from=row["shown_from"],
        shown_to=row["shown_to"], out_of_turn=bool(row["out_of_turn"]),
    )  # fmt: skip
