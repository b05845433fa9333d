"""What the clock does with what is known of customers."""

from portal.domain.customers import services


async def forget_old() -> None:
    """Remove codes past their time, and what was remembered long enough."""
    await services.forget_old()
