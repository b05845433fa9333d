"""What the clock does with those who wait."""

from portal.domain.arrivals.services import minding


async def tell_of_long_waits() -> None:
    """Tell the managers when somebody waits too long."""
    await minding.tell_of_long_waits()


async def erase() -> None:
    """Erase name and phone past their time."""
    await minding.erase()


async def end_the_day() -> None:
    """End the numbers of the days before."""
    await minding.end_the_day()
