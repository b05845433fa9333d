"""A PostgreSQL of the test's own, that may be stopped, stalled and brought back without anybody else noticing."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil

from tests import postgres
from tests.ground import environment
from tests.ground.processes import command
from tests.postgres import Server

ENTER = "import asyncio; from tests import cast; asyncio.run(cast.enter())"


@contextlib.contextmanager
def database(name: str) -> Iterator[tuple[Server, dict[str, str]]]:
    """A server of one's own with a migrated database and the cast in it, and the settings that lead there."""
    with tempfile.TemporaryDirectory(prefix="portal-own-", dir="/tmp") as home:
        Path(home).chmod(0o755)  # an unprivileged user passes through
        server = postgres.start(Path(home) / "pg", durable=False)
        try:
            more = {"PORTAL_DATABASE_URL": server.url(name)}
            env = environment.surroundings(name, Path(home), **more)
            made = command("migrate", env=env)
            assert made.returncode == 0, made.stderr
            entered = [sys.executable, "-W", "ignore", "-c", ENTER]
            subprocess.run(entered, env=env, cwd=environment.ROOT, check=True, timeout=60)
            yield server, more
        finally:
            resume(server)
            server.stop()


def halt(server: Server) -> None:
    """Stop it, as for maintenance: connections are refused."""
    server.process.send_signal(signal.SIGINT)
    server.process.wait(20)


def again(server: Server) -> None:
    """Start it on what it left behind."""
    user = postgres._user()
    uid, gid = (user.pw_uid, user.pw_gid) if user else (None, None)
    with open(server.home / "log", "ab") as log:
        server.process = subprocess.Popen(
            server.process.args, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=server.home, start_new_session=True,
            preexec_fn=postgres.end_with_parent, user=uid, group=gid, extra_groups=[] if user else None,
        )  # fmt: skip
    postgres._wait(server)


def stall(server: Server) -> None:
    """Let it answer nothing any more, though it is there."""
    for process in _family(server):
        process.send_signal(signal.SIGSTOP)


def resume(server: Server) -> None:
    """Let it go on where it was."""
    for process in _family(server):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(signal.SIGCONT)


def _family(server: Server) -> list[psutil.Process]:
    if server.process.poll() is not None:
        return []
    whole = psutil.Process(server.process.pid)
    return [whole, *whole.children(recursive=True)]


def held(pid: int) -> tuple[int, int]:
    """How many files and threads a process holds."""
    return len(os.listdir(f"/proc/{pid}/fd")), psutil.Process(pid).num_threads()  # noqa: PTH208
