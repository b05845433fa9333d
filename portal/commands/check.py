"""`portal check`: what this installation is, and what is wrong with it."""

import os
import sqlite3
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, fields
from pathlib import Path
from urllib.parse import urlsplit

import click

from portal import database, schema, settings
from portal.commands import door
from portal.domain.accounts import queries as accounts
from portal.domain.sites import queries as sites
from portal.settings import Settings

SAFE_SQLITE = (3, 51, 3)
WANTED = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
DURABLE = ("fsync", "synchronous_commit", "full_page_writes")


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    good: bool
    what: str


@click.command()
def check() -> None:
    """Print the settings (no secrets) and look at the database and the files; exit code 1 if something is wrong."""
    chosen = settings.current()
    for name, value in _settings(chosen):
        click.echo(f"{name:16} {value}")
    click.echo()
    findings = door.prepare(lambda: _looked(chosen))
    for finding in findings:
        click.echo(f"{'ok ' if finding.good else 'BAD'} {finding.what}")
    if not all(finding.good for finding in findings):
        raise SystemExit(1)


def _settings(chosen: Settings) -> list[tuple[str, str]]:
    """Each setting as it is in force; of a secret only that it is there."""
    shown = {field.name: str(getattr(chosen, field.name)) for field in fields(chosen)}
    shown["smtp"] = f"{chosen.smtp.host}:{chosen.smtp.port}" if chosen.smtp else ""
    shown["hosts"] = ", ".join(sorted(chosen.hosts))
    shown["database_url"] = _without_password(chosen.database_url)
    shown["limits"] = ", ".join(f"{name} {tries}/{seconds}s" for name, (tries, seconds) in vars(chosen.limits).items())
    shown["sms_url"] = urlsplit(chosen.sms_url).hostname or ""
    shown["sms_key"] = f"set ({len(chosen.sms_key)} characters)" if chosen.sms_key else ""
    shown["encryption_keys"] = f"set ({len(chosen.encryption_keys)})"
    shown["secret_key"] = f"set ({len(chosen.secret_key)} bytes)"
    return list(shown.items())


def _without_password(url: str) -> str:
    scheme, mark, rest = url.partition("://")
    person, at, where = rest.rpartition("@")
    return f"{scheme}{mark}{person.partition(':')[0]}{at}{where}"


async def _looked(chosen: Settings) -> list[Finding]:
    found = [_files(chosen.files)]
    try:
        await schema.create_database()
        await database.open_pool()
    except Exception as error:
        return [*found, Finding(good=False, what=f"the database does not answer: {error}")]
    try:
        found += [finding async for finding in _database(chosen)]
    finally:
        await database.close_pool()
    return found


async def _database(chosen: Settings) -> AsyncIterator[Finding]:
    current = await schema.is_current()
    yield Finding(current, "the schema is up to date" if current else "the schema is not up to date: portal migrate")
    async for finding in _sqlite() if database.embedded() else _postgres():
        yield finding
    if not current:
        return
    yield Finding(good=True, what=f"sites: {', '.join(site.slug for site in await sites.sites()) or 'none yet'}")
    demo = await accounts.demo_accounts()
    yield Finding(not (demo and chosen.production), f"demonstration accounts: {demo}")


async def _sqlite() -> AsyncIterator[Finding]:
    yield Finding(sqlite3.sqlite_version_info >= SAFE_SQLITE, f"SQLite {sqlite3.sqlite_version}")
    for name, wanted in WANTED.items():
        rows = await database.engine().run_ddl(f"PRAGMA {name}")
        value = next(iter(rows[0].values()))
        yield Finding(value == wanted, f"{name} = {value}")


async def _postgres() -> AsyncIterator[Finding]:
    row = (await database.engine().run_ddl("SELECT version() AS version"))[0]
    yield Finding(good=True, what=str(row["version"]).partition(" on ")[0])
    for name in DURABLE:
        value = (await database.engine().run_ddl(f"SHOW {name}"))[0][name]
        yield Finding(value == "on", f"{name} = {value}")


def _files(folder: Path) -> Finding:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"ok")
            os.fsync(file.fileno())
    except OSError as error:
        return Finding(good=False, what=f"files cannot be written in {folder}: {error.strerror}")
    return Finding(good=True, what=f"files can be written in {folder}")
