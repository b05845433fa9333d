"""What the clock does with the index of words."""

from portal.domain.search import services


async def catch_up() -> None:
    """Index what was written and nobody has searched since."""
    await services.catch_up()
