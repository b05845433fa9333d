"""Workers in a process of their own, who do what time asks for: `python -m tests.promises.looker 3 <ahead> <gate> [guard]`.

When it stands ready it says so, and waits for the gate: a file with the instant at which to begin.
"""

import asyncio
import json
import sys
import time
from datetime import timedelta
from pathlib import Path

from portal import clock, database
from portal.domain.bookings.services import minding, waiting
from portal.domain.queues.services import absences, clocks, digest, ladder
from tests.promises import unguarded


async def look(begin_at: float) -> None:
    """One worker: what it did and when, as a line."""
    await asyncio.sleep(max(0.0, begin_at - time.monotonic()))
    began, marked = time.monotonic(), 0
    while some := await everything():
        marked += some
    print(json.dumps([began, time.monotonic(), marked]), flush=True)  # noqa: T201  # read by the test


async def everything() -> int:
    """Everything that the clock asks for, once; how much there was."""
    jobs = (clocks.look_at_clocks, ladder.climb, absences.begin_due, absences.pass_on_leavers, digest.make_due)
    visits = (minding.end_unanswered, waiting.offer_everywhere, minding.remind, minding.release_absent)
    return sum([await job() for job in (*jobs, *visits)])


async def main(workers: int, gate: Path) -> None:
    """So many of them, from an instant on the clock of the whole machine."""
    await database.open_pool()
    print("ready", flush=True)  # noqa: T201  # read by the test
    while not gate.exists():
        await asyncio.sleep(0.01)
    begin_at = float(gate.read_text(encoding="utf-8"))
    await asyncio.gather(*(database.spawn(look(begin_at)) for _worker in range(workers)))
    await database.close_pool()


if __name__ == "__main__":
    clock.travel(clock.now() + timedelta(seconds=float(sys.argv[2])))
    if sys.argv[4:]:
        unguarded.take_out(sys.argv[4])
    asyncio.run(main(int(sys.argv[1]), Path(sys.argv[3])))
