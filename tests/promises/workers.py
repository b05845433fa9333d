"""Three workers at once, each a process of its own on PostgreSQL, one of which may be killed in the middle of its work."""

import asyncio
import contextlib
import json
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

from portal import database
from tests.ground import environment

POSTGRES = environment.ENGINE == "postgres"
PATIENCE = 120
MOMENT = 0.2
Process = subprocess.Popen[str]
Count = Callable[[], Awaitable[int]]


async def looked(
    done: Count, *, until: int = 0, guard: str = "", kill: bool = False, ahead: timedelta = timedelta()
) -> tuple[int, list[list[float]]]:
    """Let three look at once, with their clock so far ahead; with `kill` the first process dies over it, when so much is
    done, and on SQLite comes back as the one it is.

    How much was done when it died, and when each worker that lived began, ended, and how many it marked.
    """
    many = 1 if POSTGRES else 3
    processes = [worker(many, ahead, guard) for _process in range(3 // many)]
    await begin(processes)
    died = 0
    if kill:
        died = await dying(processes[0], done, until)
        if not POSTGRES:
            processes = [processes[0], worker(many, ahead, guard)]
            await begin(processes[1:])
    lines: list[list[float]] = []
    for process in processes[1:] if kill else processes:
        output, _errors = await asyncio.to_thread(process.communicate, timeout=PATIENCE)
        assert process.returncode == 0, output
        lines += [json.loads(line) for line in output.splitlines() if line.startswith("[")]
    return died, lines


async def begin(processes: list[Process]) -> None:
    """Once all stand ready, let them begin at the same instant."""
    for process in processes:
        assert process.stdin and process.stdout
        assert await asyncio.to_thread(process.stdout.readline) == "ready\n"
    at = time.monotonic() + MOMENT
    for process in processes:
        assert process.stdin
        process.stdin.write(f"{at}\n")
        process.stdin.flush()


async def dying(process: Process, done: Count, until: int) -> int:
    """Kill it in the middle of its work."""
    patience = time.monotonic() + PATIENCE
    while (so_far := int(await done())) < until:
        assert time.monotonic() < patience
        await asyncio.sleep(0.005)
    process.kill()
    await asyncio.to_thread(process.communicate)
    return so_far


def worker(workers: int, ahead: timedelta, guard: str) -> Process:
    words = [sys.executable, "-W", "ignore", "-m", "tests.promises.looker", str(workers), str(ahead.total_seconds())]
    return subprocess.Popen(
        [*words, *([guard] if guard else [])], cwd=environment.ROOT, text=True, stdin=subprocess.PIPE,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        env=environment.surroundings(environment.WORKER, environment.HOME),
    )  # fmt: skip


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
