"""Databases of a test run: templates, made once, and copies of them that cost almost nothing."""

import asyncio
import fcntl
import shutil
import subprocess
import sys
from pathlib import Path

import asyncpg

from tests.ground import environment

EMPTY, CAST = "template_empty", "template_cast"
# In processes of their own, since a process has one engine. `portal migrate` has its own test.
_STEPS = {
    EMPTY: "import asyncio; from portal import schema; asyncio.run(schema.create_database()); asyncio.run(schema.migrate())",
    CAST: "import asyncio; from tests import cast; asyncio.run(cast.enter())",
}


async def fresh(name: str, template: str = EMPTY) -> str:
    """A new database like the template (CAST: with the cast in it), in place of one with that name; its address."""
    await asyncio.to_thread(_make, template)
    await _copy(template, name)
    return environment.database_url(name)


async def drop(name: str) -> None:
    """Remove a database that nothing needs any more."""
    if environment.ENGINE == "postgres":
        await _postgres(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    else:
        _remove(environment.RUN / f"{name}.db")


def copy(path: Path) -> None:
    """A copy of the empty template's file; nobody may have the old one open."""
    _remove(path)
    shutil.copyfile(environment.RUN / f"{EMPTY}.db", path)


def _make(template: str) -> None:
    """Make a template, unless another process of this run has."""
    done = environment.RUN / f"{template}.done"
    with open(environment.RUN / f"{template}.lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if done.exists():
            return
        if template != EMPTY:
            _make(EMPTY)
            asyncio.run(_copy(EMPTY, template))
        result = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", _STEPS[template]], cwd=environment.ROOT, capture_output=True, text=True,
            env=environment.surroundings(template, environment.RUN / template), check=False,
        )  # fmt: skip
        if result.returncode:
            raise RuntimeError(f"{template} could not be made:\n{result.stderr}")
        done.touch()


async def _copy(source: str, name: str) -> None:
    if environment.ENGINE == "postgres":
        await _postgres(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        return
    path = environment.RUN / f"{name}.db"
    _remove(path)
    shutil.copyfile(environment.RUN / f"{source}.db", path)


def _remove(path: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        Path(f"{path}{suffix}").unlink(missing_ok=True)


async def _postgres(*statements: str) -> None:
    connection = await asyncpg.connect(dsn=environment.database_url("postgres"))
    try:
        for statement in statements:
            await connection.execute(statement)
    finally:
        await connection.close()
