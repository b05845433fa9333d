"""What else there is to a complaint: the ones merged and split, and others of the same guest."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.domain.accounts.queries import Staff
from portal.domain.queues.queries import items
from portal.domain.queues.queries.items import Card
from portal.domain.sites.tables import Site

MOST = 100
_RELATED = """
SELECT id FROM work_item WHERE merged_into = {} UNION ALL SELECT id FROM work_item WHERE split_from = {}
UNION ALL SELECT merged_into FROM work_item WHERE id = {} UNION ALL SELECT split_from FROM work_item WHERE id = {}
UNION ALL SELECT id FROM complaint WHERE customer = (SELECT customer FROM complaint WHERE id = {})
"""


@dataclass(frozen=True)
class Related:
    """The others that this person may see, newest first.

    `same` are open ones of the same guest, place and day that came before: perhaps the same matter told twice. `earlier`
    are all that the guest told before; what was merged counts once.
    """

    into: list[Card]
    merged: list[Card]
    first: list[Card]
    split: list[Card]
    same: list[Card]
    earlier: list[Card]

    @property
    def linked(self) -> bool:
        return bool(self.into or self.merged or self.first or self.split)


async def related(staff: Staff, site: Site, item: Card) -> Related:
    """What is related to an item, in one question; of what this person may not see there is not even a count."""
    found = [one for one in await items.among(staff, site, _RELATED, *[item.id] * 5, most=MOST) if one.id != item.id]
    linked = [one for one in found if _linked(one, item)]
    others = [one for one in found if one not in linked and one.merged_into_id is None]
    earlier = [one for one in others if (one.arrived_at, one.id) < (item.arrived_at, item.id)]
    return Related(
        into=[one for one in linked if one.id == item.merged_into_id],
        merged=[one for one in linked if one.merged_into_id == item.id],
        first=[one for one in linked if one.id == item.split_from_id],
        split=[one for one in linked if one.split_from_id == item.id],
        same=[one for one in earlier if _same_matter(one, item, site)] if item.closed_at is None else [],
        earlier=earlier,
    )


async def told_by(staff: Staff, site: Site, customer: UUID) -> list[Card]:
    """What somebody told the site before, newest first, as far as this person may see it."""
    return await items.among(staff, site, "SELECT id FROM complaint WHERE customer = {}", customer, most=MOST)


def _linked(one: Card, item: Card) -> bool:
    return one.id in (item.merged_into_id, item.split_from_id) or item.id in (one.merged_into_id, one.split_from_id)


def _same_matter(one: Card, item: Card, site: Site) -> bool:
    return one.closed_at is None and bool(item.place) and one.place == item.place and _day(one, site) == _day(item, site)


def _day(item: Card, site: Site) -> date:
    return item.arrived_at.astimezone(ZoneInfo(site.zone)).date()
