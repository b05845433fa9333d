"""What the clock does with work items."""

from portal.domain.queues import services


async def look_at_clocks() -> None:
    """Mark what is due soon, escalate what is late."""
    while await services.look_at_clocks():
        pass
