"""What was promised to customers: on one complaint, and the ledger of a site."""

import contextlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.domain.accounts.queries import Staff
from portal.domain.complaints.tables import Award, Compensation
from portal.domain.queues.queries import sight
from portal.domain.queues.queries.words import opened
from portal.domain.sites.tables import Site

PAGE = 50


@dataclass(frozen=True)
class Promised:
    """A compensation with everybody's names; `remedy` is opened on its complaint's page alone."""

    id: UUID
    number: str
    amount: int
    state: str
    remedy: str
    proposer: UUID
    proposed_by: str
    proposed_at: datetime
    decided_by: str
    decided_at: datetime | None


_SELECT = """
SELECT c.id, c.amount, c.state, c.remedy, c.proposer, c.proposed_at, c.decided_at, i.number, p.name AS proposed_by,
  d.name AS decided_by
FROM compensation c JOIN work_item i ON i.id = c.item JOIN account p ON p.id = c.proposer
  LEFT JOIN account d ON d.id = c.decider
WHERE """


async def promised(item: UUID) -> list[Promised]:
    """What was promised on one complaint, the oldest first."""
    rows = await Compensation.raw(f"{_SELECT} c.item = {{}} ORDER BY c.id", item)
    return [_promised(row, remedy=opened(row["remedy"], "compensation.remedy", row["id"])) for row in rows]


async def ledger(staff: Staff, site: Site, *, after: str = "") -> tuple[list[Promised], str]:
    """A page of what was promised at a site, the newest first, and the cursor of the next (empty: the last).

    What is kept from this person is not in it, and not in the totals.
    """
    kept, args = sight.kept(staff, site)
    older = ""
    with contextlib.suppress(ValueError):
        older, args = "AND c.id < {}", [*args, UUID(after)]
    sql = f"{_SELECT} c.site = {{}} AND {kept} {older} ORDER BY c.id DESC LIMIT {PAGE + 1}"
    rows = await Compensation.raw(sql, site.id, *args)
    return [_promised(row) for row in rows[:PAGE]], str(rows[PAGE - 1]["id"]) if len(rows) > PAGE else ""


async def totals(staff: Staff, site: Site) -> dict[str, tuple[int, int]]:
    """How many there are in each state, and how much that is together, in fen."""
    kept, args = sight.kept(staff, site)
    sql = (
        "SELECT c.state, count(*) AS many, sum(c.amount) AS fen FROM compensation c JOIN work_item i ON i.id = c.item "
        f"WHERE c.site = {{}} AND {kept} GROUP BY c.state"
    )
    found = {row["state"]: (int(row["many"]), int(row["fen"])) for row in await Compensation.raw(sql, site.id, *args)}
    return {state.value: found.get(state.value, (0, 0)) for state in Award}


async def remedies(item: UUID) -> list[tuple[str, int]]:
    """What the customer may read of it: the approved ones that have words, with their amounts."""
    rows = await (
        Compensation.select(Compensation.id, Compensation.remedy, Compensation.amount)
        .where(Compensation.item == item, Compensation.state == Award.APPROVED)
        .order_by(Compensation.id)
    )
    named = [(opened(row["remedy"], "compensation.remedy", row["id"]), row["amount"]) for row in rows]
    return [(words, amount) for words, amount in named if words]


def _promised(row: dict[str, Any], *, remedy: str = "") -> Promised:
    return Promised(
        row["id"], row["number"], row["amount"], row["state"], remedy, row["proposer"], row["proposed_by"],
        row["proposed_at"], row["decided_by"] or "", row["decided_at"],
    )  # fmt: skip
