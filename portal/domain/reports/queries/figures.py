"""The figures of a range, as far as their reader may open the records behind them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from portal import database
from portal.domain.accounts.queries import Staff
from portal.domain.queues import rules as queues
from portal.domain.queues.queries import sight
from portal.domain.queues.rules import Reach
from portal.domain.reports.rules import cuts
from portal.domain.reports.rules.cuts import Condition
from portal.domain.reports.rules.ranges import Range
from portal.domain.reports.rules.tally import COUNTED, LATENESS, SUMMED, TIMES, Tally
from portal.domain.sites.rules import days as site_days
from portal.domain.sites.tables import Site


async def tally(staff: Staff, site: Site, days: Range) -> Tally:
    """Count what this person may open of a range."""
    return await _tally(sources(staff, site), days)


async def public(site: Site, days: Range) -> Tally:
    """Count what of a range is kept from nobody."""
    return await _tally([_unkept(site)], days)


@dataclass(frozen=True)
class Before:
    """What a range is compared with: how many, and of so many answers due how many came in time."""

    many: int
    due: int
    in_time: int

    @property
    def share(self) -> float | None:
        return self.in_time / self.due if self.due else None


async def before(staff: Staff, site: Site, days: Range) -> Before:
    """What there was in the days before a range."""
    days, many, due, late = days.before, 0, 0, 0
    within, more = cuts.counting(days)
    for part, args in sources(staff, site):
        row = (await database.rows(
            "SELECT sum(CASE WHEN f.round = 1 THEN 1 ELSE 0 END) AS many, count(f.resolve_late) AS due, "
            f"sum(f.resolve_late) AS late FROM fact f WHERE {part} AND {within}", *args, *more,
        ))[0]  # fmt: skip
        many, due, late = many + int(row["many"] or 0), due + int(row["due"]), late + int(row["late"] or 0)
    return Before(many, due, due - late)


async def oldest(site: Site) -> date | None:
    """The day of the first record of a site, whoever may open it; None where there is none."""
    rows = await database.rows("SELECT min(received) AS first FROM fact WHERE site = {}", site.id)
    first = rows[0]["first"]
    return None if first is None else site_days.day_of(first, site_days.begins(site))


def sources(staff: Staff, site: Site) -> list[Condition]:
    """The facts `f` of what this person may open, in parts that have nothing in common.

    Whoever sees all of a site is asked about by record only where one is kept from somebody.
    """
    seen, args = _seen(staff, site)
    if not _sees_all(staff, site):
        return [(f"f.site = {{}} AND {seen}", [site.id, *args])]
    return [_unkept(site), (f"f.site = {{}} AND f.kept = 1 AND {seen}", [site.id, *args])]


def source(staff: Staff, site: Site) -> Condition:
    """The same in one part, for a list: an index gives its order."""
    seen, args = _seen(staff, site)
    unless = "f.kept = 0 OR " if _sees_all(staff, site) else ""
    return f"f.site = {{}} AND ({unless}{seen})", [site.id, *args]


async def _tally(parts: list[Condition], days: Range) -> Tally:
    """Count the facts of some parts, a month at a time: figures stay exact, and nobody else waits."""
    found = Tally(days)
    for part, args in parts:
        for minutes in days.slices():
            within, more = cuts.counting(days, minutes)
            for columns, sums, rounds in ((COUNTED, SUMMED, "f.round = 1"), (TIMES, LATENESS, "f.round > 1")):
                sql = f"FROM fact f WHERE {part} AND {within} AND {rounds}"
                found.add(*await database.columns(_filled(columns, days), sums, sql, *args, *more))
        await _count_others(found, part, args)
    return found


def _unkept(site: Site) -> Condition:
    return "f.site = {} AND f.kept = 0", [site.id]


def _seen(staff: Staff, site: Site) -> Condition:
    where, args = sight.visible(staff, site)
    return f"EXISTS (SELECT 1 FROM work_item i WHERE i.id = f.item AND {where})", args


def _sees_all(staff: Staff, site: Site) -> bool:
    return Reach.ALL in queues.reach(staff.roles_at(site))


def _filled(columns: dict[str, str], days: Range) -> dict[str, str]:
    """The SQL of columns, by which instant and from which minute the days of this range are counted."""
    return {name: sql.replace("{by}", days.by).replace("{begins}", str(days.begins)) for name, sql in columns.items()}


async def _count_others(found: Tally, part: str, args: list[Any]) -> None:
    """What came in by the same intake and is no complaint."""
    within, more = cuts.counting(found.days, others=True)
    sql = f"SELECT f.kind, count(*) AS many FROM fact f WHERE {part} AND {within} AND f.round = 1 GROUP BY f.kind"
    rows = await database.rows(sql, *args, *more)
    found.others.update({row["kind"]: int(row["many"]) for row in rows})
