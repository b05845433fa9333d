"""Python processes that need not import the portal anew: each is forked from one that has, in surroundings of its own."""

import importlib
import json
import os
import pkgutil
import runpy
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tests import postgres
from tests.ground import environment

PATIENCE = 60
MAIN = "portal.commands.main"
_turn = threading.Lock()


def run(*words: str, env: dict[str, str], typed: str = "") -> "subprocess.CompletedProcess[str]":
    """What `python <words>` does (`-m module …`, or `-c code …`); a process that takes longer than a minute is killed."""
    with tempfile.TemporaryDirectory(dir=environment.RUN) as home:
        given, said, complained = (Path(home) / name for name in ("in", "out", "err"))
        given.write_text(typed, encoding="utf-8")
        process = _forked(words, env, given, said, complained, patience=PATIENCE)
        code = process.wait()
        texts = [path.read_text(encoding="utf-8") for path in (said, complained)]
    return subprocess.CompletedProcess(words, code, *texts)


def start(*words: str, env: dict[str, str], log: Path) -> "Process":
    """Begin what `python <words>` does, until it ends by itself or is stopped; all that it prints stands in `log`."""
    return _forked(words, env, Path(os.devnull), log, log, patience=0)


@dataclass
class Process:
    """A process that was forked: what one does with a `Popen`."""

    pid: int
    code: int | None = None

    def poll(self) -> int | None:
        """Its exit code, if it has ended."""
        if self.code is None:
            self.code = _asked({"ended": self.pid})
        return self.code

    def wait(self, timeout: float = 2 * PATIENCE) -> int:
        """Wait for its end; its exit code."""
        until = time.monotonic() + timeout
        while (code := self.poll()) is None:
            if time.monotonic() > until:
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout)
            time.sleep(0.01)
        return code

    def send_signal(self, sign: signal.Signals) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, sign)

    def kill(self) -> None:
        """End it at once."""
        self.send_signal(signal.SIGKILL)


def _forked(words: Sequence[str], env: dict[str, str], *files: Path, patience: int) -> Process:
    pid = _asked({"words": words, "env": env, "files": [str(path) for path in files], "patience": patience})
    assert pid is not None
    return Process(pid)


def _asked(what: dict[str, Any]) -> int | None:
    """What the parent answers; one question at a time."""
    with _turn:
        parent = _parent()
        assert parent.stdin is not None
        assert parent.stdout is not None
        parent.stdin.write(json.dumps(what) + "\n")
        answer: int | None = json.loads(parent.stdout.readline())
        return answer


@cache
def _parent() -> "subprocess.Popen[str]":
    """It has imported all, read no settings, and ends when its input does: with the process of the tests."""
    return subprocess.Popen(
        [sys.executable, "-m", __name__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        cwd=environment.ROOT,
    )  # fmt: skip


def _serve() -> None:
    _import_everything()
    while line := sys.stdin.readline():
        asked = json.loads(line)
        if "ended" in asked:
            child, status = os.waitpid(asked["ended"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if child else None
        else:
            answer = os.fork()
            if not answer:
                _become(**asked)
                break
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()


def _import_everything() -> None:
    """All that a command needs, but the module that is run."""
    package = importlib.import_module(MAIN.rpartition(".")[0])
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        if found.name != MAIN:
            importlib.import_module(found.name)


def _become(words: Sequence[str], env: dict[str, str], files: Sequence[str], patience: int) -> None:
    postgres.end_with_parent()
    signal.alarm(patience)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    for number, path in enumerate(files):
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND if number else os.O_RDONLY
        os.dup2(os.open(path, flags, 0o600), number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  # for as long as the process lives
    how, what, *rest = words
    sys.argv = [what, *rest]
    if how == "-m":
        runpy.run_module(what, run_name="__main__", alter_sys=True)
    else:
        exec(what, {"__name__": "__main__"})  # noqa: S102  # the tests' own code


if __name__ == "__main__":
    _serve()
