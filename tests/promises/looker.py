"""Workers in a process of their own, who look at the clocks: `python -m tests.promises.looker 3 <at> [guard]`."""

import asyncio
import json
import sys
import time

from portal import database
from portal.domain.queues.services import clocks
from tests.promises import unguarded


async def look(begin_at: float) -> None:
    """One worker: what it did and when, as a line."""
    await asyncio.sleep(max(0.0, begin_at - time.monotonic()))
    began, marked = time.monotonic(), 0
    while some := await clocks.look_at_clocks():
        marked += some
    print(json.dumps([began, time.monotonic(), marked]), flush=True)  # noqa: T201  # read by the test


async def main(workers: int, begin_at: float) -> None:
    """So many of them, from an instant on the clock of the whole machine."""
    await database.open_pool()
    await asyncio.gather(*(database.spawn(look(begin_at)) for _worker in range(workers)))
    await database.close_pool()


if __name__ == "__main__":
    if sys.argv[3:]:
        unguarded.take_out(sys.argv[3])
    asyncio.run(main(int(sys.argv[1]), float(sys.argv[2])))
