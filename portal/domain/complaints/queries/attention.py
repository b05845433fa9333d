"""What waits for somebody who leads a site: the late, what was sent back, and what only another person may decide."""

from dataclasses import dataclass
from typing import Any

from portal.domain.accounts.queries import Staff
from portal.domain.queues.queries import items
from portal.domain.queues.queries.items import Card
from portal.domain.sites.tables import Site

FEW = 10
OPEN = "i.closed_at IS NULL AND "
SENT_BACK = "i.state <> 'answered' AND EXISTS (SELECT 1 FROM complaint f WHERE f.item = i.id AND f.rejections > 0)"
# Each a condition on the items `i`. An approval is nobody's own: {} is who asks.
NEEDS = {
    "late": f"{OPEN}i.on_time = false",
    "soon": f"{OPEN}i.on_time = true AND i.soon = true",
    "refused": f"{OPEN}{SENT_BACK}",
    "compensation": "i.id IN (SELECT item FROM compensation WHERE decided_at IS NULL AND proposer <> {})",
    "extension": "i.id IN (SELECT item FROM extension WHERE decision = '' AND asked_by <> {})",
    "return": "i.id IN (SELECT item FROM return_note WHERE state = 'requested' AND issued_by <> {})",
}
REST = {"severe": f"{OPEN}i.severity = 0"}
PARTS = NEEDS | REST


@dataclass(frozen=True)
class Part:
    """Some of what waits: its name, its first cards, and how many there are (to 100)."""

    name: str
    cards: list[Card]
    many: int


async def needs(staff: Staff, site: Site) -> list[Part]:
    """What waits for this person, part by part, without those that are empty."""
    parts = [await part(staff, site, name, most=FEW) for name in NEEDS]
    return [one for one in parts if one.many]


async def part(staff: Staff, site: Site, name: str, *, most: int) -> Part:
    """One part, in the order of the queue."""
    condition = PARTS[name]
    args: list[Any] = [staff.id] * condition.count("{}")
    cards, many = await items.part(staff, site, condition, *args, most=most)
    return Part(name, cards, many)
