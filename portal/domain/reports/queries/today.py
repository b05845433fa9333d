"""A manager's today: five numbers with yesterday beside them, and what waits: the late, the refused, the approvals."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal import clock, database
from portal.domain.accounts.queries import Staff
from portal.domain.queues.queries import items, sight
from portal.domain.queues.queries.items import Card
from portal.domain.reports.queries import records
from portal.domain.reports.rules import ranges
from portal.domain.reports.rules.cuts import Cut
from portal.domain.reports.rules.ranges import CLOSED, RECEIVED, TODAY, Range
from portal.domain.sites.rules import days as site_days
from portal.domain.sites.tables import Site

FEW = 10
OPEN = "i.closed_at IS NULL AND "
SENT_BACK = "i.state <> 'answered' AND EXISTS (SELECT 1 FROM complaint f WHERE f.item = i.id AND f.rejections > 0)"
THEN_LATE = ("EXISTS (SELECT 1 FROM clock k WHERE k.item = i.id AND k.kind <> 'superior' AND k.missed_at <= {then} "
             "AND (k.stopped_at IS NULL OR k.stopped_at > {then}))")  # fmt: skip
# Each a condition on the items `i`; {me} is who asks, for an approval is nobody's own, and {then} when the day began.
NEEDS = {
    "late": f"{OPEN}i.on_time = false",
    "soon": f"{OPEN}i.on_time = true AND i.soon = true",
    "refused": f"{OPEN}{SENT_BACK}",
    "compensation": "i.id IN (SELECT item FROM compensation WHERE decided_at IS NULL AND proposer <> {me})",
    "extension": "i.id IN (SELECT item FROM extension WHERE decision = '' AND asked_by <> {me})",
    "return": "i.id IN (SELECT item FROM return_note WHERE state = 'requested' AND issued_by <> {me})",
}
REST = {"severe": f"{OPEN}i.severity = 0", "then-late": THEN_LATE}
PARTS = NEEDS | REST
# What is counted of a day: by receipt, or by the closing.
COUNTED: dict[str, tuple[str, Cut]] = {
    "received": (RECEIVED, {}), "answered": (RECEIVED, {"took": "resolve"}), "in-time": (RECEIVED, {"intime": "resolve"}),
    "rating": (CLOSED, {"rated": "1"}),
}  # fmt: skip


@dataclass(frozen=True)
class Part:
    """Some of what waits: its name, its first cards, and how many there are (to 100)."""

    name: str
    cards: list[Card]
    many: int


@dataclass(frozen=True)
class Figure:
    """A number of a day, and what an address says of its records; a mean has its `n`, and is None of nothing."""

    value: int | float | None
    where: dict[str, str]
    n: int | None = None


async def figures(staff: Staff, site: Site) -> list[tuple[str, Figure, Figure]]:
    """The five numbers of today, each with that of yesterday; who is late now, with who was when the day began."""
    found = []
    for name, (by, cut) in COUNTED.items():
        days = ranges.named(TODAY, site, now=clock.now(), by=by)
        found.append((name, await _figure(staff, site, days, cut), await _figure(staff, site, days.before, cut)))
    late, then = [Figure(await _many(staff, site, name), {"part": name}) for name in ("late", "then-late")]
    return [*found[:-1], ("late", late, then), found[-1]]


async def needs(staff: Staff, site: Site) -> list[Part]:
    """What waits for this person, part by part, without those that are empty."""
    parts = [await part(staff, site, name, most=FEW) for name in NEEDS]
    return [one for one in parts if one.many]


async def part(staff: Staff, site: Site, name: str, *, most: int) -> Part:
    """One part, in the order of the queue."""
    condition, args = _condition(staff, site, name)
    cards, many = await items.part(staff, site, condition, *args, most=most)
    return Part(name, cards, many)


def began(site: Site) -> datetime:
    """When the site's day began."""
    return site_days.beginning(site, site_days.today(site, clock.now()))


async def _figure(staff: Staff, site: Site, days: Range, cut: Cut) -> Figure:
    found = await records.totals(staff, site, days, cut)
    where = {**days.query, **cut}
    if "rated" in cut:
        return Figure(found.sums["rating"] / found.many if found.many else None, where, found.many)
    return Figure(found.many, where)


async def _many(staff: Staff, site: Site, name: str) -> int:
    where, mine = sight.visible(staff, site)
    condition, args = _condition(staff, site, name)
    rows = await database.rows(f"SELECT count(*) AS many FROM work_item i WHERE {where} AND {condition}", *mine, *args)
    return int(rows[0]["many"])


def _condition(staff: Staff, site: Site, name: str) -> tuple[str, list[Any]]:
    condition = PARTS[name]
    args = [staff.id] * condition.count("{me}") + [began(site)] * condition.count("{then}")
    return condition.replace("{me}", "{}").replace("{then}", "{}"), args
