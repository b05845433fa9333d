"""The open questions of customers by the way they came (VIS-30), as far as somebody sees them."""

from portal import database
from portal.domain.accounts.queries import Staff
from portal.domain.complaints.rules import way
from portal.domain.complaints.tables import Channel
from portal.domain.queues.queries import items, sight
from portal.domain.queues.queries.items import CAP, Card
from portal.domain.sites.tables import Site

_OPEN = f"i.closed_at IS NULL AND i.kind IN ({', '.join(repr(kind.value) for kind in sorted(way.QUESTIONS))})"
_BY_WAY = "EXISTS (SELECT 1 FROM complaint c WHERE c.item = i.id AND c.channel = {})"


async def open_ones(staff: Staff, site: Site, channel: str) -> tuple[list[Card], int]:
    """The first of them in the queue's order, and how many there are, to 100; of one way, or of all."""
    if not channel:
        return await items.part(staff, site, _OPEN, most=items.PAGE)
    return await items.part(staff, site, f"{_OPEN} AND {_BY_WAY}", channel, most=items.PAGE)


async def ways(staff: Staff, site: Site) -> list[tuple[str, int]]:
    """How many came by each way, in the order of the ways; those by which some came."""
    where, args = sight.visible(staff, site)
    sql = ("SELECT channel, count(*) AS many FROM (SELECT c.channel FROM work_item i JOIN complaint c ON c.item = i.id "
           f"WHERE {where} AND {_OPEN} LIMIT {(CAP + 1) * len(Channel)}) x GROUP BY channel")  # fmt: skip
    found = {row["channel"]: int(row["many"]) for row in await database.rows(sql, *args)}
    return [(channel.value, found[channel]) for channel in Channel if channel in found]
