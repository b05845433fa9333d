"""Asking a department to do something for an item, and the one end that each such task has."""

from datetime import datetime
from uuid import UUID

from portal import clock, database, sealing
from portal.database import transaction
from portal.domain.accounts import queries as accounts
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.queues import rules
from portal.domain.queues.forms import NewTask
from portal.domain.queues.queries import absences, people
from portal.domain.queues.queries.items import Card
from portal.domain.queues.rules import Deed
from portal.domain.queues.services import deeds, telling
from portal.domain.queues.tables import EntryKind, Task, TaskKind, TaskState
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.events import services as events
from portal.i18n.labels import label
from portal.i18n.translations import _
from portal.ids import new_id


async def ask(
    item: Card, deed: Deed, form: NewTask, *, site: Site, by: Staff, kind: TaskKind = TaskKind.DEPARTMENT
) -> UUID:
    """Ask a department, or somebody of it; who was asked first stays named on the item (DUTY-16)."""
    owner = await people.colleague(site, form.department, form.owner) if form.owner else None
    if form.owner and owner is None:
        raise Invalid({"owner": _("Nobody of this name works in that department.")})
    if item.restricted:
        raise Conflict(_("It is kept from all but the managers. Hand it to somebody instead."))
    if owner and owner in await people.named_in(item.id):
        raise Invalid({"owner": _("It is about this person.")})
    if owner and owner in await absences.away(site):
        raise Invalid({"owner": _("This person is away. Ask the department.")})
    if item.named and not await people.hearing(item.id, await accounts.with_role(site.id, form.department)):
        raise Invalid({"department": _("It is about everybody there. Ask another department.")})
    async with transaction():
        await deeds.move(item, deed, site=site, by=by)
        return await add(item.id, form.body, site=site, department=form.department, owner=owner, due_at=form.due_at,
                         by=by, kind=kind)  # fmt: skip


async def add(
    item: UUID, body: str, *, site: Site, department: Role, due_at: datetime, by: Staff | None, owner: UUID | None = None,
    kind: TaskKind = TaskKind.DEPARTMENT,
) -> UUID:  # fmt: skip
    """Put a task on an item, whatever its state: also for what other deeds ask for (CMP-42)."""
    task = new_id()
    async with transaction():
        await database.insert(Task, {
            "id": task, "item": item, "site": site.id, "kind": kind, "department": department, "owner": owner,
            "due_at": due_at, "body": sealing.seal(body, f"task.body:{task}"), "state": TaskState.OPEN,
            "asked_by": by.id if by else None, "asked_at": clock.now(),
        })  # fmt: skip
        event = await events.record("item.task-added", site=site.id, subject=item, by=by, task=task,
                                    department=department.value)  # fmt: skip
        await telling.tell(item, event, [owner] if owner else [])
    return task


async def finish(item: Card, deed: Deed, task: UUID, *, site: Site, by: Staff, note: str) -> None:
    """Say that a task is done; the item's owner is told."""
    await _end(item, deed, task, TaskState.DONE, site=site, by=by, kind=EntryKind.NOTE, words=note)


async def refuse(item: Card, deed: Deed, task: UUID, *, site: Site, by: Staff, reason: str) -> None:
    """Say why a task is not done; the item's owner is told."""
    await _end(item, deed, task, TaskState.REFUSED, site=site, by=by, kind=EntryKind.REASON, words=reason)


async def _end(
    item: Card, deed: Deed, task: UUID, state: TaskState, *, site: Site, by: Staff, kind: EntryKind, words: str
) -> None:
    roles = by.roles_at(site)
    async with transaction():
        await deeds.move(item, deed, site=site, by=by)
        ended = Task.update({Task.state: state, Task.ended_by: by.id, Task.ended_at: clock.now()}).where(
            Task.id == task, Task.item == item.id, Task.state == TaskState.OPEN
        )
        if not rules.leads(roles):
            ended = ended.where((Task.owner == by.id) | Task.department.is_in(sorted(roles)))
        rows = await ended.returning(Task.asked_by, Task.department)
        if not rows:
            await _explain(item, task)
        event = await events.record(deed.event, site=site.id, subject=item.id, by=by, task=task,
                                    department=rows[0]["department"])  # fmt: skip
        await deeds.write(item.id, event, kind, words, by=by)
        told = item.owner_id or rows[0]["asked_by"]
        await telling.tell(item.id, event, [told] if told and told != by.id else [])


async def _explain(item: Card, task: UUID) -> None:
    """Say why the update found no row: always a refusal."""
    row = await Task.select(Task.state).where(Task.id == task, Task.item == item.id).first()
    if row is None:
        raise NotFound
    if row["state"] != TaskState.OPEN:
        raise Conflict(_("This task is no longer open: it is %(state)s.") % {"state": label("task", row["state"])})
    raise Forbidden(_("This task is another department's."))
