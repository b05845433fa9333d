"""What the clock does with bookings."""

from portal.domain.bookings.services import minding, waiting


async def serve_waiting() -> None:
    """End what nobody answered, and offer what is free to those who wait."""
    await minding.end_unanswered()
    await waiting.offer_everywhere()


async def mind_visits() -> None:
    """Remind of visits; give up who did not come, what nobody confirmed, and who waits for a day that is over."""
    await minding.remind()
    await minding.release_absent()
    await minding.decline_unconfirmed()
    await minding.end_waiting()
