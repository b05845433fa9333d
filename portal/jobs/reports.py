"""What the clock does with reports."""

from portal.domain.reports.services import saving


async def tell_due() -> None:
    """Tell whose report it is that it is time to look."""
    await saving.tell_due()
