"""What the figures were measured on."""

import asyncio
import os
import platform
import subprocess
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import psutil
import pysqlite3

from bench.ground import ROOT, Ground


def described(ground: Ground) -> str:
    """The machine, the engines and the commit, in a few sentences."""
    commit = _output("git", "rev-parse", "--short", "HEAD") if _output("git", "branch", "--list") else "none yet"
    changed = _output("git", "status", "--porcelain", "--", ".", ":!bench/RESULTS.md")
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"Machine: {os.cpu_count()} cores ({_processor()}), {memory:.0f} GB, {platform.system()} {platform.machine()}; "
        f"Python {platform.python_version()}, SQLite {pysqlite3.sqlite_version}, "
        f"PostgreSQL {asyncio.run(_postgres(ground))}. "
        f"Commit: {commit}{', with changes not committed' if changed else ''}. {datetime.now(UTC):%Y-%m-%d %H:%M} UTC."
    )


async def _postgres(ground: Ground) -> str:
    connection = await asyncpg.connect(ground.server.url("postgres"))
    try:
        return str(await connection.fetchval("SHOW server_version"))
    finally:
        await connection.close()


def _processor() -> str:
    path = Path("/proc/cpuinfo")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.processor() or "?")


def _output(*command: str) -> str:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
