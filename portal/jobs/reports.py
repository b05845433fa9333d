"""What the clock does for figures, and for the reports that are kept."""

from portal.domain.reports.services import counting, saving


async def count() -> None:
    """Make the facts of what happened meanwhile, so that nobody waits for them who asks for figures."""
    await counting.catch_up()


async def tell_due() -> None:
    """Tell whose report it is that it is time to look."""
    await saving.tell_due()
