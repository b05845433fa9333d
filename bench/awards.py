"""Promises so many compensations, for a ledger as long: `python -m bench.awards <many>`, in a database that is filled."""

import asyncio
import sys

from bench.people import MANAGER
from portal import clock, database
from portal.domain.accounts import queries as accounts
from portal.domain.complaints.tables import Award, Compensation
from portal.domain.queues.tables import WorkItem
from portal.ids import new_id

CHUNK = 500


async def fill(many: int) -> None:
    """One after the other on each item, approved by the manager."""
    await database.open_pool()
    items = await WorkItem.select(WorkItem.id, WorkItem.site).order_by(WorkItem.id)
    manager, now = await accounts.account(MANAGER), clock.now()
    if manager is None:
        raise RuntimeError("the database is not filled")
    for start in range(0, many, CHUNK):
        chosen = [items[number % len(items)] for number in range(start, min(start + CHUNK, many))]
        await database.insert(Compensation, *(
            {"id": new_id(), "item": item["id"], "site": item["site"], "amount": 12_345, "remedy": "",
             "state": Award.APPROVED, "proposer": manager.id, "proposed_at": now, "decider": manager.id, "decided_at": now}
            for item in chosen
        ))  # fmt: skip
    await database.close_pool()


if __name__ == "__main__":
    asyncio.run(fill(int(sys.argv[1])))
