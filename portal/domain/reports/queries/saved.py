"""The reports that a house keeps, as far as somebody reads them."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from portal.domain.accounts.queries import Staff
from portal.domain.reports.rules import saving
from portal.domain.reports.tables import SavedReport
from portal.domain.sites.tables import Site
from portal.errors import NotFound

DUE = "report.due"
MOST = 100
_HOLDS = """
SELECT s.id, m.account FROM saved_report s JOIN membership m ON m.role = s.role AND (m.site = s.site OR m.site IS NULL)
  JOIN account a ON a.id = m.account
WHERE a.disabled_at IS NULL AND s.id IN ({}) AND m.account IN ({})
"""


@dataclass(frozen=True)
class Saved:
    """A report that is kept."""

    id: UUID
    name: str
    path: str
    query: str
    role: str
    cadence: str
    hour: int
    version: int

    @property
    def asked(self) -> dict[str, str]:
        """What its address asks for, by name."""
        return dict(parse_qsl(self.query))

    @property
    def range(self) -> str:
        """The name of its range; "own" for days that stay."""
        return self.asked.get("range", "own")


async def saved(staff: Staff, site: Site) -> list[Saved]:
    """Those kept for a role of this person, by name; for who keeps them, all."""
    rows = await SavedReport.select().where(_visible(staff, site)).order_by(SavedReport.name, SavedReport.id).limit(MOST)
    return [_saved(row) for row in rows]


async def one(staff: Staff, site: Site, report: UUID) -> Saved:
    """One of them; raises NotFound."""
    row = await SavedReport.select().where(_visible(staff, site), SavedReport.id == report).first()
    if row is None:
        raise NotFound
    return _saved(row)


async def without_role(told: Collection[tuple[UUID, UUID]]) -> set[tuple[UUID, UUID]]:
    """Of some reports and people who were told of them: who is not of the report's role any more."""
    if not told:
        return set()
    reports, people = sorted({one for one, _who in told}), sorted({who for _one, who in told})
    marks = (", ".join("{}" for _each in some) for some in (reports, people))
    rows = await SavedReport.raw(_HOLDS.format(*marks), *reports, *people)
    return set(told) - {(row["id"], row["account"]) for row in rows}


def _visible(staff: Staff, site: Site) -> Any:
    here = SavedReport.site == site.id
    mine = staff.roles_at(site)
    return here if saving.keeps(mine) else here & SavedReport.role.is_in(sorted(mine) or [""])


def _saved(row: dict[str, Any]) -> Saved:
    return Saved(**{name: row[name] for name in Saved.__dataclass_fields__})
