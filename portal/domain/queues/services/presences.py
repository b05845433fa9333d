"""Being at an item: said by its open page again and again, and over when it is said no more."""

from datetime import timedelta

from portal import clock, database
from portal.domain.accounts.queries import Staff
from portal.domain.queues.queries.items import Card
from portal.domain.queues.tables import Presence
from portal.ids import new_id

KEPT = timedelta(hours=1)


async def be_there(item: Card, *, by: Staff) -> None:
    """Somebody looks at an item now. Nobody is told: the others' pages ask by themselves."""
    now = clock.now()
    mine = (Presence.item == item.id) & (Presence.account == by.id)
    if await Presence.update({Presence.seen_at: now}).where(mine).returning(Presence.id):
        return
    row = {"id": new_id(), "item": item.id, "account": by.id, "seen_at": now}
    await database.insert(Presence, row, unless_there=True)


async def forget_old() -> None:
    """Remove what nobody asks for any more."""
    await Presence.delete().where(Presence.seen_at < clock.now() - KEPT)
