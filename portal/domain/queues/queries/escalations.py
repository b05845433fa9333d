"""Who was told that an item needs somebody above, and who has taken notice."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from portal.domain.accounts.tables import Role
from portal.domain.queues.tables import Escalation


@dataclass(frozen=True)
class Escalated:
    """One level of a ladder that was told; it is open until somebody acknowledges, or its clock stops."""

    clock: str
    level: int
    role: Role
    at: datetime
    next_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str
    open: bool


async def of_item(item_id: UUID) -> list[Escalated]:
    """The escalations of an item, in the order they were told."""
    clock, account = Escalation.clock, Escalation.acknowledged_by
    rows = await (
        Escalation.select(
            Escalation.level, Escalation.role, Escalation.at, Escalation.next_at, Escalation.acknowledged_at,
            clock.kind, clock.stopped_at, account.name,
        )
        .where(clock.item == item_id)
        .order_by(Escalation.at, Escalation.level)
    )  # fmt: skip
    return [
        Escalated(
            row["clock.kind"], row["level"], Role(row["role"]), row["at"], row["next_at"], row["acknowledged_at"],
            row["acknowledged_by.name"] or "", row["acknowledged_at"] is None and row["clock.stopped_at"] is None,
        )
        for row in rows
    ]  # fmt: skip
