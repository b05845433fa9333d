"""What the clock does with sites."""

from portal.domain.sites import services


async def take_new_holidays() -> None:
    """Have due times computed anew where more is known of the holidays."""
    await services.take_new_holidays()
