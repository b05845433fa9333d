"""What the clock does with complaints."""

from portal.domain.complaints.services import bulk, minding, promising


async def mind_answers() -> None:
    """Remind of answers that wait for a word, and take silence for acceptance when its time has come."""
    await minding.remind()
    await minding.accept_by_silence()


async def erase_contacts() -> None:
    """Erase what is kept no longer (retention)."""
    await minding.erase_contacts()


async def renew_due_times() -> None:
    """Compute due times anew where a calendar, a policy or a time was changed."""
    while await promising.renew_what_changed():
        pass


async def forget_bulks() -> None:
    """Remove what came of deeds on many items, when their forms are past their life."""
    await bulk.forget_old()
