"""What `make prove` measured, kept until the run ends and then written down as docs/PROOF.md."""

import json
import os
import platform
import sqlite3
import subprocess
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from tests.ground import environment

KEPT = environment.ROOT / "var" / "proof"
PAGE = environment.ROOT / "docs" / "PROOF.md"
_HEAD = """# Proof

Figures of `make prove`: the promises at full size. Written by the run itself; do not edit.

{about}

| promise | what | engine | figure | at |
|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Figure:
    """One figure of one promise, and the commit at which it was measured: a part of the proofs may be run by itself."""

    promise: str
    name: str
    engine: str
    value: float
    unit: str
    commit: str


def keep(promise: str, name: str, engine: str, value: float, unit: str) -> None:
    """Keep a figure until the page is written; a repeated one takes the place of the older."""
    if not environment.PROVE:
        return
    figure = Figure(promise, name, engine, value, unit, _commit())
    KEPT.mkdir(parents=True, exist_ok=True)
    name = "".join(letter if letter.isalnum() else "-" for letter in f"{figure.promise} {figure.name} {figure.engine}")
    (KEPT / f"{name}.json").write_text(json.dumps(asdict(figure), ensure_ascii=False), encoding="utf-8")


def write() -> None:
    """Write the page from all that was kept."""
    figures = sorted(
        (Figure(**json.loads(path.read_text(encoding="utf-8"))) for path in KEPT.glob("*.json")),
        key=lambda figure: (figure.promise, figure.name, figure.engine),
    )
    if not figures:
        return
    PAGE.parent.mkdir(exist_ok=True)
    rows = (f"| {f.promise} | {f.name} | {f.engine} | {f.value:,g} {f.unit}".rstrip() + f" | {f.commit} |" for f in figures)
    PAGE.write_text(_HEAD.format(about=_about()) + "\n".join(rows) + "\n", encoding="utf-8")


def _about() -> str:
    return (
        f"Machine: {os.cpu_count()} cores, {platform.system()} {platform.machine()}, Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}. Beside each figure stands the commit at which it was measured."
    )


@cache
def _commit() -> str:
    return _output("git", "rev-parse", "--short", "HEAD") or "none yet"


def _output(*command: str) -> str:
    return subprocess.run(command, cwd=Path(__file__).parent, capture_output=True, text=True, check=False).stdout.strip()
