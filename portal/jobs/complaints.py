"""What the clock does with complaints."""

from portal.domain.complaints.services import bulk, minding


async def erase_contacts() -> None:
    """Erase what is kept no longer (retention)."""
    await minding.erase_contacts()


async def forget_bulks() -> None:
    """Remove what came of deeds on many items, when their forms are past their life."""
    await bulk.forget_old()
