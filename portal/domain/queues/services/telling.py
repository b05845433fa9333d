"""Notices about work items: they come only to those who may see the item."""

from uuid import UUID

from portal.domain.queues.queries import people
from portal.events import services as events


async def tell(item: UUID, event: UUID, recipients: list[UUID]) -> None:
    """Put a notice on the desks of those of these accounts who may hear of the item."""
    if recipients:
        await events.tell(event, await people.hearing(item, recipients))


async def tell_leaders(item: UUID, event: UUID, *, but: UUID | None = None) -> None:
    """Put a notice on the desks of those who decide about the item; not of whoever did it."""
    await events.tell(event, [one for one in await people.leaders(item) if one != but])


async def take_back(event: UUID) -> bool:
    """Take back all that was told of a deed that is undone; False where some of it has left the house."""
    return await events.take_back(event)


async def hush(item: UUID) -> None:
    """Take back what was told of an item to those who may not hear of it any more."""
    told = await events.told(item)
    able = await people.hearing(item, told) if told else []
    await events.untell(item, [one for one in told if one not in able])
