"""What the clock does with accounts."""

from portal.domain.accounts import services


async def forget_sessions() -> None:
    """Remove sessions that are long over."""
    await services.forget_old()
