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
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from tests.ground import environment

PATIENCE = 60
MAIN = "portal.commands.main"


def run(*words: str, env: dict[str, str], typed: str = "") -> "subprocess.CompletedProcess[str]":
    """What `python <words>` does (`-m module …`, or `-c code …`); a process that takes longer than a minute is killed."""
    with tempfile.TemporaryDirectory(dir=environment.RUN) as home:
        given, said, complained = (Path(home) / name for name in ("in", "out", "err"))
        given.write_text(typed, encoding="utf-8")
        parent = _parent()
        assert parent.stdin is not None
        assert parent.stdout is not None
        parent.stdin.write(json.dumps([words, env, str(given), str(said), str(complained)]) + "\n")
        code = int(parent.stdout.readline())
        texts = [path.read_text(encoding="utf-8") for path in (said, complained)]
    return subprocess.CompletedProcess(words, code, *texts)


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
        words, env, *files = json.loads(line)
        child = os.fork()
        if not child:
            _become(words, env, files)
            break
        _child, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _import_everything() -> None:
    """All that a command needs, but the module that is run."""
    package = importlib.import_module(MAIN.rpartition(".")[0])
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        if found.name != MAIN:
            importlib.import_module(found.name)


def _become(words: Sequence[str], env: dict[str, str], files: Sequence[str]) -> None:
    signal.alarm(PATIENCE)
    os.environ.clear()
    os.environ.update(env)
    for number, (path, flags) in enumerate(zip(files, (os.O_RDONLY, os.O_WRONLY | os.O_CREAT, os.O_WRONLY | os.O_CREAT),
                                               strict=True)):  # fmt: skip
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
