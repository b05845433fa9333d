"""Complaints with the contacts of their guests, as far as a manager sees them; nothing that is confidential."""

from collections.abc import AsyncIterator, Sequence
from datetime import date, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode
from uuid import UUID

from portal import clock
from portal.domain.accounts.queries import Staff
from portal.domain.customers import rules as customers
from portal.domain.exports import rules
from portal.domain.queues.queries import sight
from portal.domain.queues.queries.words import opened
from portal.domain.queues.tables import WorkItem
from portal.domain.sites.rules import days as site_days
from portal.domain.sites.tables import Site, named
from portal.i18n import formats
from portal.i18n.labels import label
from portal.i18n.translations import _
from portal.sheets.sheet import Column, Kind, Sheet, Sheets

WHAT = "contacts"
PAGE = 250
DAYS = {"received": "i.arrived_at", "closed": "i.closed_at"}
_FROM = """
FROM work_item i JOIN complaint c ON c.item = i.id JOIN category g ON g.id = i.category LEFT JOIN place p ON p.id = i.place
WHERE """
_SELECT = f"""
SELECT i.id, i.number, i.kind, i.state, i.arrived_at, i.closed_at, i.spot, c.name, c.phone, c.email, g.name_zh, g.name_en,
  p.name_zh AS place_zh, p.name_en AS place_en {_FROM}"""


def asked(first: date, last: date, by: str) -> str:
    """The question, in one form."""
    return urlencode({"from": first.isoformat(), "to": last.isoformat(), "by": by})


async def count(staff: Staff, site: Site, query: str) -> int:
    """How many complaints that are."""
    where, args = _where(staff, site, query)
    return int((await WorkItem.raw(f"SELECT count(*) AS many {_FROM} {where}", *args))[0]["many"])


async def sheets(staff: Staff, site: Site, query: str) -> Sheets:
    """The file; what was erased meanwhile is empty in it."""
    (first, last, by), start = _read(query), site_days.shown(site_days.begins(site))
    notes = (
        _("From %(first)s to %(last)s, both included; counted by: %(by)s")
        % {"first": first.isoformat(), "last": last.isoformat(), "by": label("by", by)},
        _("Times of %(zone)s; a day begins at %(start)s") % {"zone": site.zone, "start": start},
        _("Made at %(at)s for %(name)s") % {"at": formats.moment(clock.now(), full=True), "name": staff.name},
    )
    columns = (
        Column(_("Number")), Column(_("Received"), Kind.INSTANT), Column(_("Closed"), Kind.INSTANT), Column(_("Kind")),
        Column(_("Category")), Column(_("State")), Column(_("Place")), Column(_("Name")), Column(_("Phone")),
        Column(_("E-mail")),
    )  # fmt: skip
    return [Sheet(label("export", WHAT), notes, columns, _rows(staff, site, query))]


async def _rows(staff: Staff, site: Site, query: str) -> AsyncIterator[Sequence[object]]:
    where, args = _where(staff, site, query)
    last, left = UUID(int=0), rules.MOST_PERSONAL
    while left:
        sql = f"{_SELECT} {where} AND i.id > {{}} ORDER BY i.id LIMIT {min(PAGE, left)}"
        some = await WorkItem.raw(sql, *args, last)
        for row in some:
            yield _row(row)
        if len(some) < PAGE:
            return
        last, left = some[-1]["id"], left - len(some)


def _row(row: dict[str, Any]) -> Sequence[object]:
    key = row["id"]
    place = named(row["place_zh"] or "", row["place_en"] or "") or opened(row["spot"], "work_item.spot", key)
    name, phone, email = (opened(row[one], f"complaint.{one}", key) for one in ("name", "phone", "email"))
    return (
        row["number"], row["arrived_at"], row["closed_at"], label("kind", row["kind"]),
        named(row["name_zh"], row["name_en"]), label("state", row["state"]), place, name,
        customers.readable_phone(phone) if phone else "", email,
    )  # fmt: skip


def _where(staff: Staff, site: Site, query: str) -> tuple[str, list[Any]]:
    """What this person sees of these days; confidential matters are opened one at a time, never in a file."""
    first, last, by = _read(query)
    seen, args = sight.visible(staff, site)
    day = DAYS[by]
    open_ones = "i.restricted = false AND NOT EXISTS (SELECT 1 FROM named n WHERE n.item = i.id)"
    whole = f"{seen} AND {open_ones} AND i.merged_into IS NULL AND {day} >= {{}} AND {day} < {{}}"
    return whole, [*args, site_days.beginning(site, first), site_days.beginning(site, last + timedelta(days=1))]


def _read(query: str) -> tuple[date, date, str]:
    said = {name: values[0] for name, values in parse_qs(query).items()}
    return date.fromisoformat(said["from"]), date.fromisoformat(said["to"]), said["by"]
