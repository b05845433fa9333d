"""What departments are asked to do: the tasks of an item, and those that wait for somebody."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal import clock
from portal.domain.accounts.queries import Staff
from portal.domain.queues import rules
from portal.domain.queues.queries import sight
from portal.domain.queues.queries.words import opened
from portal.domain.queues.tables import COMMON, Task, TaskState
from portal.domain.sites.tables import Site
from portal.errors import NotFound
from portal.i18n.labels import label

MOST = 20


@dataclass(frozen=True)
class Ask:
    """A task as a page shows it; `mine` says whether this person may end it."""

    id: UUID
    item: UUID
    line: str
    number: str
    kind: str
    department: str
    owner_name: str
    asked_by: str
    due_at: datetime
    body: str
    state: str
    ended_by: str
    ended_at: datetime | None
    mine: bool
    late: bool

    @property
    def open(self) -> bool:
        return self.state == TaskState.OPEN


_SELECT = """
SELECT t.id, t.item, t.kind, t.department, t.owner, t.due_at, t.body, t.state, t.ended_at, i.line, i.number,
  o.name AS owner_name, a.name AS asked_name, e.name AS ended_name
FROM task t JOIN work_item i ON i.id = t.item LEFT JOIN account o ON o.id = t.owner
  LEFT JOIN account a ON a.id = t.asked_by LEFT JOIN account e ON e.id = t.ended_by
WHERE """


async def of_item(item: UUID, staff: Staff, site: Site, *, whole: bool) -> list[Ask]:
    """The tasks of an item, the open ones first; not `whole`: only those that this person may end."""
    rows = await Task.raw(f"{_SELECT} t.item = {{}} ORDER BY t.ended_at IS NOT NULL, t.due_at, t.id", item)
    found = [_ask(row, staff, site) for row in rows]
    return [one for one in found if whole or one.mine]


async def errand(staff: Staff, site: Site, task: UUID) -> Ask:
    """A task that is about no item of the shared queue, for somebody who may end it; raises NotFound."""
    rows = await Task.raw(f"{_SELECT} t.id = {{}} AND t.site = {{}} AND i.line <> {{}}", task, site.id, COMMON)
    found = [_ask(row, staff, site) for row in rows]
    if not found or not found[0].mine:
        raise NotFound
    return found[0]


async def waiting_for(staff: Staff, site: Site) -> list[Ask]:
    """The open tasks of somebody and of the departments he works in, the most urgent first."""
    roles = sorted(staff.roles_at(site) & rules.DEPARTMENTS)
    if not roles:
        return []
    marks = ", ".join("{}" for _role in roles)
    mine = f"t.owner = {{}} OR (t.owner IS NULL AND t.department IN ({marks}))"
    kept, more = sight.kept(staff, site)
    where = f"t.site = {{}} AND t.ended_at IS NULL AND ({mine}) AND {kept} ORDER BY t.due_at, t.id LIMIT {MOST}"
    rows = await Task.raw(f"{_SELECT} {where}", site.id, staff.id, *roles, *more)
    return [_ask(row, staff, site) for row in rows]


async def still_open(item: UUID) -> list[str]:
    """What of an item somebody still has to do: whose it is, and what."""
    rows = await Task.select(Task.id, Task.department, Task.body).where(Task.item == item, Task.state == TaskState.OPEN)
    return [f"{label('role', row['department'])}: {opened(row['body'], 'task.body', row['id'])}" for row in rows]


def _ask(row: dict[str, Any], staff: Staff, site: Site) -> Ask:
    mine = staff.roles_at(site)
    return Ask(
        id=row["id"], item=row["item"], line=row["line"], number=row["number"], kind=row["kind"],
        department=row["department"], owner_name=row["owner_name"] or "", asked_by=row["asked_name"] or "",
        due_at=row["due_at"], body=opened(row["body"], "task.body", row["id"]), state=row["state"],
        ended_by=row["ended_name"] or "", ended_at=row["ended_at"],
        mine=bool(mine & rules.DEPARTMENTS) and (row["owner"] == staff.id or row["department"] in mine or rules.leads(mine)),
        late=row["state"] == TaskState.OPEN and row["due_at"] <= clock.now(),
    )  # fmt: skip
