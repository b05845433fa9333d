"""What the clock does with complaints."""

from portal.domain.complaints.services import minding


async def erase_contacts() -> None:
    """Erase what is kept no longer (retention)."""
    await minding.erase_contacts()
