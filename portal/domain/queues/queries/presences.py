"""Who else has the page of an item open."""

from datetime import timedelta
from uuid import UUID

from portal import clock
from portal.domain.queues.tables import Presence

# An open page says every 10 seconds that it is there; who left is gone from the others' pages within 30.
HERE = timedelta(seconds=18)


async def others(item: UUID, *, but: UUID) -> list[str]:
    """The names of those who were at an item a moment ago, without the one who asks."""
    rows = await (
        Presence.select(Presence.account.name)
        .where(Presence.item == item, Presence.account != but, Presence.seen_at > clock.now() - HERE)
        .order_by(Presence.account.name)
    )
    return [row["account.name"] for row in rows]
