"""What the clock does with work items."""

from portal.domain.queues.services import clocks, presences


async def look_at_clocks() -> None:
    """Mark what is due soon, escalate what is late."""
    while await clocks.look_at_clocks():
        pass


async def forget_presences() -> None:
    """Remove who was at which item an hour ago."""
    await presences.forget_old()
