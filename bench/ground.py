"""The ground of a run: a folder, both engines, and processes that each have an environment of their own."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests import postgres

ROOT = Path(__file__).resolve().parent.parent
ENGINES = {"sqlite": "SQLite", "postgres": "PostgreSQL"}
PORTAL = ("-m", "portal.commands.main", "run")
KEYS = {
    "PORTAL_SECRET_KEY": "a key for the benchmark alone, of more than 32 characters",
    "PORTAL_ENCRYPTION_KEY": "1:b25lIGtleSBmb3IgdGVzdHMsIDMyIGJ5dGVzIGxvbmc=",
}
PATIENCE = 30.0


@dataclass(frozen=True)
class Ground:
    """Where the databases of a run stand; every process gets its own environment, since it has one engine."""

    home: Path
    server: postgres.Server

    def environment(self, engine: str, name: str, **more: str) -> dict[str, str]:
        """The environment of a portal with the database `name`, its limits and its worker off."""
        kept = {key: text for key, text in os.environ.items() if not key.startswith("PORTAL_") and key != "DATABASE_URL"}
        url = self.server.url(name) if engine == "postgres" else f"sqlite://{self.home / name}.db"
        ours = {"PORTAL_DATABASE_URL": url, "PORTAL_VAR": str(self.home / f"{engine}-{name}"),
                "PORTAL_RATE_LIMITS": "off", "PORTAL_WORKER": "off"}  # fmt: skip
        return kept | KEYS | ours | more

    def carry_out(self, *words: str, env: dict[str, str]) -> str:
        """Run one of our own modules to its end; what it printed."""
        done = subprocess.run(
            [sys.executable, "-m", *words], env=env, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(words)} failed:\n{done.stderr[-4000:]}")
        return done.stdout


@dataclass(frozen=True)
class Served:
    """A server of ours that answers on this port of the loopback."""

    port: int
    pid: int
    seconds: float

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"


@contextlib.contextmanager
def ground() -> Iterator[Ground]:
    """A folder and a durable PostgreSQL for the length of a run."""
    with tempfile.TemporaryDirectory(prefix="portal-bench-", dir="/tmp") as home, postgres.server(durable=True) as server:
        yield Ground(Path(home), server)


@contextlib.contextmanager
def served(*words: str, env: dict[str, str]) -> Iterator[Served]:
    """A Python process that serves (`PORTAL`, or one of our own modules), from its start until the block ends."""
    port, began = _free_port(), time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, *words], env=env | {"PORTAL_PORT": str(port)}, cwd=ROOT, stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        _wait(process, port)
        yield Served(port, process.pid, time.perf_counter() - began)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    """Until /healthz answers 200; asked every 2 ms, since the start itself is measured."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        if _healthy(port):
            return
        time.sleep(0.002)
    raise RuntimeError(f"{process.args!r} did not come to serve")


def _healthy(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n\r\n" % port)
            return line.recv(64).startswith(b"HTTP/1.1 200")
    except OSError:
        return False
