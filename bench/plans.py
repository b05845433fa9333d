"""How the engine finds what the queue page asks for: `python -m bench.plans` prints plans and times as JSON."""

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from bench.people import DESK, PASSWORD, SITE
from bench.results import milliseconds
from portal import database
from portal.domain.accounts import queries as accounts
from portal.domain.accounts import services
from portal.domain.queues.queries import items as queries
from portal.domain.queues.queries.items import Filters
from portal.engines import Sqlite

TIMES = 60
EXPLAIN = {True: "EXPLAIN QUERY PLAN ", False: "EXPLAIN "}


async def plans() -> dict[str, dict[str, str]]:
    """The plan's line and the time of each query."""
    await database.open_pool()
    token = await services.sign_in(DESK, PASSWORD, ended=None, address="")
    staff = await accounts.signed_in(token or "")
    if staff is None:
        raise RuntimeError(f"{DESK} cannot sign in")
    site = staff.site(SITE)
    _cards, after = await queries.waiting_in(staff, site, Filters())
    asked: dict[str, Callable[[], Awaitable[Any]]] = {
        "first page": lambda: queries.waiting_in(staff, site, Filters()),
        "a page by cursor": lambda: queries.waiting_in(staff, site, Filters(after=after)),
        "counts": lambda: queries.counts(staff, site),
    }
    found = {name: await _plan(query) for name, query in asked.items()}
    times = {name: await _time(query) for name, query in asked.items()}
    await database.close_pool()
    return {"plans": found, "times": times}


async def _time(query: Callable[[], Awaitable[Any]]) -> str:
    seconds = []
    for _turn in range(TIMES):
        began = time.perf_counter()
        await query()
        seconds.append(time.perf_counter() - began)
    return milliseconds(seconds)


async def _plan(query: Callable[[], Awaitable[Any]]) -> str:
    """The statement as the portal sends it, explained; the line about the items' index."""
    engine, sent = database.engine(), []
    run, prefix = engine.run, EXPLAIN[isinstance(engine, Sqlite)]

    async def heard(sql: str, args: Any = ()) -> Any:
        sent.append((sql, args))
        return await run(sql, args)

    engine.run = heard  # type: ignore[method-assign]  # the one place that every statement with its arguments goes through
    await query()
    engine.run = run  # type: ignore[method-assign]
    sql, args = sent[-1]
    rows = await run(prefix + sql, args)
    lines = [str(row["detail" if isinstance(engine, Sqlite) else "QUERY PLAN"]).strip() for row in rows]
    return next((line for line in lines if "work_item_" in line), " / ".join(lines))


if __name__ == "__main__":
    print(json.dumps(asyncio.run(plans()), ensure_ascii=False))  # noqa: T201  # its one answer
