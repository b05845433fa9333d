"""The portal as its operator starts it: a process of its own, with its own database, on a free port."""

import contextlib
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests import postgres
from tests.ground import environment, forks

PORTAL = [sys.executable, "-m", "portal.commands.main"]
Process = forks.Process | subprocess.Popen[bytes]
PATIENCE = 30.0
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # trusts nobody: reading whom one usually trusts takes longer than a page


@dataclass
class Running:
    """A portal that answers at `url`; `output` is all it has printed."""

    url: str
    process: Process
    log: Path
    surroundings: dict[str, str] = field(repr=False)

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")

    def stop(self, sign: signal.Signals = signal.SIGTERM) -> int:
        """Ask it to go, and wait until it has; its exit code (killed after 15 s)."""
        if self.process.poll() is None:
            self.process.send_signal(sign)
        try:
            return self.process.wait(15)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise


def free_port() -> int:
    """A port on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def visitor(url: str = "", **more: Any) -> httpx.AsyncClient:
    """A browser without eyes, for a portal that runs here."""
    return httpx.AsyncClient(base_url=url, verify=PLAIN, **more)


def command(*words: str, env: dict[str, str], typed: str = "") -> "subprocess.CompletedProcess[str]":
    """Carry one operator's command out, to its end."""
    return forks.run(*PORTAL[1:], *words, env=env, typed=typed)


def start(name: str, *, port: int | None = None, **more: str) -> Running:
    """Start `portal run` on the database `name`; it may not answer yet."""
    return _started(forks.start, name, port, more)


def _started(begin: Callable[..., Process], name: str, port: int | None, more: dict[str, str]) -> Running:
    home = environment.RUN / f"{name}-{time.monotonic_ns()}"
    home.mkdir()
    port = port or free_port()
    surroundings = environment.surroundings(name, home, **({"PORTAL_PORT": str(port)} | more))
    log = home / "output"
    return Running(f"http://127.0.0.1:{port}", begin(*PORTAL[1:], "run", env=surroundings, log=log), log, surroundings)


def _executed(*words: str, env: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
    with open(log, "ab") as output:
        return subprocess.Popen(
            [sys.executable, *words], env=env, stdout=output, stderr=output, stdin=subprocess.DEVNULL,
            cwd=environment.ROOT, preexec_fn=postgres.end_with_parent,
        )  # fmt: skip


def wait(running: Running) -> None:
    """Until it answers."""
    until = time.monotonic() + PATIENCE
    with httpx.Client(base_url=running.url, timeout=2, verify=PLAIN) as client:
        while time.monotonic() < until:
            if running.process.poll() is not None:
                break
            with contextlib.suppress(httpx.TransportError):
                if client.get("/healthz").status_code == 200:
                    return
            time.sleep(0.02)
    running.process.kill()
    running.process.wait()
    raise RuntimeError(f"the portal did not start:\n{running.output}")


@contextlib.contextmanager
def portal(name: str, **more: str) -> Iterator[Running]:
    """A portal that answers, for the length of a block."""
    with _answering(start(name, port=None, **more)) as running:
        yield running


@contextlib.contextmanager
def operated(name: str) -> Iterator[Running]:
    """The same, begun from nothing, as its operator does."""
    with _answering(_started(_executed, name, None, {})) as running:
        yield running


@contextlib.contextmanager
def _answering(running: Running) -> Iterator[Running]:
    try:
        wait(running)
        yield running
    finally:
        running.stop()
