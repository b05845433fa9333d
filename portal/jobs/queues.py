"""What the clock does with work items."""

from portal.domain.queues.services import absences, clocks, digest, ladder, pauses, presences


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


async def climb_ladders() -> None:
    """Take what nobody acknowledged one rung up."""
    while await ladder.climb():
        pass


async def begin_absences() -> None:
    """Pass on the work of who is away from today."""
    await absences.begin_due()


async def pass_on_leavers() -> None:
    """Pass on the work of who may no longer sign in."""
    await absences.pass_on_leavers()


async def make_digests() -> None:
    """Show everybody what has waited longest, once a day."""
    await digest.make_due()
