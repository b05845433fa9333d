"""What the clock does with work items."""

from portal.domain.queues.services import clocks, pauses, presences


async def look_at_clocks() -> None:
    """Mark what is due soon, escalate what is late."""
    while await clocks.look_at_clocks():
        pass


async def end_pauses() -> None:
    """Let go on what was paused until now."""
    await pauses.look()


async def forget_presences() -> None:
    """Remove who was at which item an hour ago."""
    await presences.forget_old()
