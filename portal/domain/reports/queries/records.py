"""The records behind a number: exactly those that it counts, with what is measured of each."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal import database
from portal.domain.accounts.queries import Staff
from portal.domain.reports.queries.figures import source, sources
from portal.domain.reports.rules import cuts
from portal.domain.reports.rules.cuts import CLOCKS, Cut
from portal.domain.reports.rules.ranges import Range
from portal.domain.reports.tables import Fact
from portal.domain.sites.tables import Site

PAGE, AT_ONCE = 50, 1000
# What of a record is summed above its list.
SUMS = ("handoffs", "fen", "satisfied", "rating", "helped", "unhelped", "pending")
# No title, no name and no words: a record is a number, and what is measured of it (P40).
_COLUMNS = ("round", "kind", "category", "place", "severity", "cause", "clerk", "channel", "reopened", *SUMS,
            *(f"{clock}_{part}" for clock in CLOCKS for part in ("own", "wall", "late")))  # fmt: skip


@dataclass(frozen=True)
class Record:
    """One round of an item as it was counted; times in seconds."""

    id: UUID
    number: str
    state: str
    received_at: datetime
    closed_at: datetime | None
    measured: dict[str, Any]


@dataclass(frozen=True)
class Totals:
    """How many records there are, and what is measured of them together: nothing where rounds count, each by itself."""

    many: int
    sums: dict[str, int]


async def totals(staff: Staff, site: Site, days: Range, cut: Cut) -> Totals:
    """How many records a cut has; raises NotFound for a cut that no address of ours says."""
    within, more = cuts.condition(cut, days)
    summed = ", ".join(f"sum(f.{name}) AS {name}" for name in SUMS)
    many, sums = 0, dict.fromkeys(SUMS, 0)
    for part, args in sources(staff, site):
        sql = f"SELECT count(*) AS many, {summed} FROM fact f WHERE {part} AND {within}"
        row = (await database.rows(sql, *args, *more))[0]
        many += int(row["many"])
        if not cut.keys() & cuts.TIMES.keys():  # a round repeats what is measured of the whole
            sums = {name: sums[name] + int(row[name] or 0) for name in SUMS}
    return Totals(many, sums)


async def page(staff: Staff, site: Site, days: Range, cut: Cut, *, after: str = "") -> tuple[list[Record], str]:
    """Some of the records, the newest first, and the cursor of the next (empty: these were the last)."""
    found = await _some(staff, site, days, cut, after=after, most=PAGE + 1)
    shown = [record for record, _cursor in found[:PAGE]]
    return shown, found[PAGE - 1][1] if len(found) > PAGE else ""


async def every(staff: Staff, site: Site, days: Range, cut: Cut) -> AsyncIterator[Record]:
    """All of them, the newest first, read a thousand at a time."""
    after = ""
    while True:
        found = await _some(staff, site, days, cut, after=after, most=AT_ONCE)
        for record, _cursor in found:
            yield record
        if len(found) < AT_ONCE:
            return
        after = found[-1][1]


async def _some(
    staff: Staff, site: Site, days: Range, cut: Cut, *, after: str, most: int
) -> list[tuple[Record, str]]:
    within, more = cuts.condition(cut, days)
    seen, args = source(staff, site)
    later, last = _after(after, days.by)
    chosen = ", ".join(f"f.{name}" for name in _COLUMNS)
    sql = (
        f"SELECT f.id, f.{days.by} AS cursor, i.number, i.state, i.arrived_at, i.closed_at, {chosen} "
        f"FROM fact f JOIN work_item i ON i.id = f.item WHERE {seen} AND {within} {later} "
        f"ORDER BY f.{days.by} DESC, f.id DESC LIMIT {most}"
    )
    rows = await Fact.raw(sql, *args, *more, *last)
    return [(_record(row), f"{row['cursor']}.{row['id']}") for row in rows]


def _record(row: dict[str, Any]) -> Record:
    measured = {name: row[name] for name in _COLUMNS}
    return Record(row["id"], row["number"], row["state"], row["arrived_at"], row["closed_at"], measured)


def _after(cursor: str, by: str) -> tuple[str, list[Any]]:
    """What comes after a cursor; one that cannot be read is the beginning."""
    minute, _dot, last = cursor.partition(".")
    try:
        at = int(minute[:9])
        return f"AND f.{by} <= {{}} AND (f.{by} < {{}} OR f.id < {{}})", [at, at, UUID(last)]
    except ValueError:
        return "", []
