"""P09, as far as clocks go: whoever looks at the same time, and whoever dies over it, each missed clock escalates once."""

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from portal import clock, database
from portal.domain.queues.tables import Clock, Escalation, WorkItem
from portal.events.tables import Delivery, Event
from tests import cast as actors
from tests.ground import environment
from tests.promises.stage import Record, Scale, stock

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
POSTGRES = environment.ENGINE == "postgres"
PATIENCE = 120
START_UP = 6.0
Process = subprocess.Popen[str]


async def test_three_who_look_at_once_one_of_them_killed_escalate_each_clock_once(scale: Scale, figure: Record) -> None:
    many = scale(200, 1_000)
    await overdue(many)

    killed, spans = await looked(many, kill=True)

    assert killed > 0
    assert await Escalation.count() == many
    assert await escalated() == many
    assert await Delivery.count() == many
    assert await Clock.count().where(Clock.missed_at.is_null(), Clock.due_at <= clock.now()) == 0
    assert await WorkItem.count().where(WorkItem.escalated == False) == 0  # noqa: E712
    figure("missed clocks that three workers saw at once, each escalated once", many, "", "P09")
    figure("of them escalated when a worker was killed -9", killed, "", "P09")
    if len(spans) > 1:
        assert max(began for began, _ended, _marked in spans) < min(ended for _began, ended, _marked in spans)


async def test_without_the_condition_they_escalate_more_than_once(scale: Scale, figure: Record) -> None:
    many = scale(50, 200)
    await overdue(many)

    async with no_constraint():
        await looked(many, guard="miss")
        rows, told = await Escalation.count(), await escalated()

    assert rows > many
    assert told > many
    figure(f"control: escalations of {many} clocks with the condition taken out", told, "", "P09")


async def overdue(many: int) -> None:
    """So many complaints of which one clock each has run out."""
    cast = await actors.enter()
    await stock(cast.hotel, many)
    before = clock.now() - timedelta(minutes=1)
    await Clock.update({Clock.due_at: before, Clock.warn_at: before}, force=True).where(Clock.kind == "acknowledge")


async def looked(many: int, *, guard: str = "", kill: bool = False) -> tuple[int, list[list[float]]]:
    """Let three look at once; with `kill` the first process dies over it, and on SQLite comes back as the one it is.

    How many were escalated when it died, and when each worker that lived began, ended, and how many it marked.
    """
    begin_at = time.monotonic() + START_UP
    processes = [worker(1, begin_at, guard) for _process in range(3)] if POSTGRES else [worker(3, begin_at, guard)]
    died = 0
    if kill:
        died = await dying(processes[0], many)
        if not POSTGRES:
            processes = [processes[0], worker(3, time.monotonic() + START_UP, guard)]
    lines: list[list[float]] = []
    for process in processes[1:] if kill else processes:
        output, _errors = await asyncio.to_thread(process.communicate, timeout=PATIENCE)
        assert process.returncode == 0, output
        lines += [json.loads(line) for line in output.splitlines() if line.startswith("[")]
    return died, lines


async def dying(process: Process, many: int) -> int:
    """Kill it in the middle of its work."""
    until = time.monotonic() + PATIENCE
    while (done := int(await Escalation.count())) < many // 10:
        assert time.monotonic() < until
        await asyncio.sleep(0.005)
    process.kill()
    await asyncio.to_thread(process.communicate)
    assert done < many
    return done


def worker(workers: int, begin_at: float, guard: str) -> Process:
    words = [sys.executable, "-W", "ignore", "-m", "tests.promises.looker", str(workers), str(begin_at)]
    return subprocess.Popen(
        [*words, *([guard] if guard else [])], cwd=environment.ROOT, text=True, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment.surroundings(environment.WORKER, environment.HOME),
    )  # fmt: skip


async def escalated() -> int:
    """How often it was recorded as having happened."""
    return int(await Event.count().where(Event.kind == "item.escalated"))


@contextlib.asynccontextmanager
async def no_constraint() -> AsyncIterator[None]:
    """The table without its unique constraint, which would hold where the condition does not."""
    engine = database.engine()
    if POSTGRES:
        await engine.run_ddl("ALTER TABLE escalation DROP CONSTRAINT escalation_once")
    else:  # the file is made anew after the test
        await engine.run_ddl("DROP TABLE escalation")
        await engine.run_ddl("CREATE TABLE escalation (id UUID, clock UUID, level INTEGER, at TIMESTAMPTZ)")
    try:
        yield
    finally:
        if POSTGRES:
            await engine.run_ddl("TRUNCATE escalation")
            await engine.run_ddl("ALTER TABLE escalation ADD CONSTRAINT escalation_once UNIQUE (clock, level)")
