"""What the clock does for figures."""

from portal.domain.reports.services import counting


async def count() -> None:
    """Make the facts of what happened meanwhile, so that nobody waits for them who asks for figures."""
    await counting.catch_up()
