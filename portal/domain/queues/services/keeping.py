"""Keeping an item from people: from those whom it is about, and a restricted one from all but who decides about it."""

from typing import Any
from uuid import UUID

from piccolo.columns import Column

from portal import database
from portal.domain.queues.queries import people
from portal.domain.queues.services import telling
from portal.domain.queues.tables import Named, Task, WorkItem
from portal.errors import Invalid
from portal.i18n.translations import _
from portal.ids import new_id


async def keep(item: UUID, about: set[UUID], *, restricted: bool) -> bool:
    """Say whom an item is about, and whether it is restricted; whether that is new. Part of a deed that moved the item.

    What was merged into it goes with it, and new names go on to what it was split from or into. Who may not see it any
    more owns neither it nor its tasks, and loses the notices about it, in the same transaction. Raises Invalid where nobody
    would be left who decides about it.
    """
    there = set(await people.named_in(item))
    gone, new = sorted(there - about), sorted(about - there)
    if gone:
        await Named.delete().where(Named.item == item, Named.account.is_in(gone))
    if new:
        await database.insert(Named, *({"id": new_id(), "item": item, "account": one} for one in new))
    this, other = WorkItem.id == item, WorkItem.restricted != restricted
    turned = await WorkItem.update({WorkItem.restricted: restricted}).where(this, other).returning(WorkItem.id)
    if not (gone or new or turned):
        return False
    await WorkItem.update({WorkItem.circle: WorkItem.circle + 1}).where(this)
    leaders = await people.leaders(item)
    if new and not leaders:
        raise Invalid({"about": _("Nobody would be left to look into it: no manager, and no owner of the organisation.")})
    await _disown(item, new, only=leaders if turned and restricted else None)
    if new:
        await Task.update({Task.owner: None}).where(Task.item == item, Task.owner.is_in(new), Task.ended_at.is_null())
    await telling.hush(item)
    for merged in await WorkItem.select(WorkItem.id).where(WorkItem.merged_into == item):
        await keep(merged["id"], about, restricted=restricted)
    if new:
        await _keep_splits(item, set(new))
    return True


async def _keep_splits(item: UUID, new: set[UUID]) -> None:
    """What was split from an item, and what it was split from, name each other: whoever is named in one is in all."""
    parent = WorkItem.select(WorkItem.split_from).where(WorkItem.id == item)
    these = (WorkItem.split_from == item) | WorkItem.id.is_in(parent)
    for other in await WorkItem.select(WorkItem.id, WorkItem.restricted).where(these):
        there = set(await people.named_in(other["id"]))
        if not new <= there:
            await keep(other["id"], there | new, restricted=other["restricted"])


async def _disown(item: UUID, named: list[UUID], *, only: list[UUID] | None) -> None:
    """Put it back into the queue where its owner is named, or none of those who alone may have it."""
    this = WorkItem.id == item
    back: dict[Column | str, Any] = {WorkItem.owner: None, WorkItem.giver: None}
    if named:
        await WorkItem.update(back).where(this, WorkItem.owner.is_in(named))
        await WorkItem.update({WorkItem.giver: None}).where(this, WorkItem.giver.is_in(named))
    if only is not None:
        await WorkItem.update(back).where(this, WorkItem.owner.not_in(only) if only else WorkItem.owner.is_not_null())
