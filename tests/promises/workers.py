"""Three workers at once, each a process of its own on PostgreSQL, one of which may be killed in the middle of its work."""

import asyncio
import contextlib
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from portal import database
from portal.ids import new_id
from tests.ground import environment, forks

POSTGRES = environment.ENGINE == "postgres"
PATIENCE = 120
MOMENT = 0.2
Count = Callable[[], Awaitable[int]]


@dataclass(frozen=True)
class Worker:
    """A process that looks, what it has printed, and the file for which it waits."""

    process: forks.Process
    log: Path
    gate: Path

    def output(self) -> str:
        return self.log.read_text(encoding="utf-8")


async def looked(
    done: Count, *, until: int = 0, guard: str = "", kill: bool = False, ahead: timedelta = timedelta()
) -> tuple[int, list[list[float]]]:
    """Let three look at once, with their clock so far ahead; with `kill` the first process dies over it, when so much is
    done, and on SQLite comes back as the one it is.

    How much was done when it died, and when each worker that lived began, ended, and how many it marked.
    """
    many = 1 if POSTGRES else 3
    workers = [worker(many, ahead, guard) for _process in range(3 // many)]
    await begin(workers)
    died = 0
    if kill:
        died = await dying(workers[0].process, done, until)
        if not POSTGRES:
            workers = [workers[0], worker(many, ahead, guard)]
            await begin(workers[1:])
    lines: list[list[float]] = []
    for one in workers[1:] if kill else workers:
        code = await asyncio.to_thread(one.process.wait, PATIENCE)
        assert code == 0, one.output()
        lines += [json.loads(line) for line in one.output().splitlines() if line.startswith("[")]
    return died, lines


async def begin(workers: list[Worker]) -> None:
    """Once all stand ready, let them begin at the same instant."""
    patience = time.monotonic() + PATIENCE
    while not all("ready" in one.output() for one in workers):
        assert time.monotonic() < patience and all(one.process.poll() is None for one in workers), workers[0].output()
        await asyncio.sleep(0.01)
    at = time.monotonic() + MOMENT
    for one in workers:
        written = one.gate.with_suffix(".new")
        written.write_text(str(at), encoding="utf-8")
        written.rename(one.gate)


async def dying(process: forks.Process, done: Count, until: int) -> int:
    """Kill it in the middle of its work."""
    patience = time.monotonic() + PATIENCE
    while (so_far := int(await done())) < until:
        assert time.monotonic() < patience
        await asyncio.sleep(0.005)
    process.kill()
    await asyncio.to_thread(process.wait)
    return so_far


def worker(workers: int, ahead: timedelta, guard: str) -> Worker:
    name = f"looker-{new_id().hex}"
    log, gate = environment.HOME / f"{name}.log", environment.HOME / f"{name}.gate"
    log.touch()
    words = ["-m", "tests.promises.looker", str(workers), str(ahead.total_seconds()), str(gate), *([guard] if guard else [])]
    env = environment.surroundings(environment.WORKER, environment.HOME)
    return Worker(forks.start(*words, env=env, log=log), log, gate)


@contextlib.asynccontextmanager
async def no_constraint() -> AsyncIterator[None]:
    """The table without its unique constraint, which would hold where the condition does not."""
    engine = database.engine()
    if POSTGRES:
        await engine.run_ddl("ALTER TABLE escalation DROP CONSTRAINT escalation_once")
    else:  # the file is made anew after the test
        await engine.run_ddl("DROP TABLE escalation")
        await engine.run_ddl(
            "CREATE TABLE escalation (id UUID, clock UUID, level INTEGER, at TIMESTAMPTZ, role TEXT,"
            " next_at TIMESTAMPTZ, acknowledged_at TIMESTAMPTZ, acknowledged_by UUID)"
        )
    try:
        yield
    finally:
        if POSTGRES:
            await engine.run_ddl("TRUNCATE escalation")
            await engine.run_ddl("ALTER TABLE escalation ADD CONSTRAINT escalation_once UNIQUE (clock, level)")
