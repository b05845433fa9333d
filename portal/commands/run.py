"""`portal run`: the portal for people, until it is stopped."""

import contextlib
import fcntl
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from portal import app, database, schema, settings
from portal.commands import door, logs, server, welcome
from portal.commands.door import Refused
from portal.demo import builder
from portal.domain.accounts import queries as accounts
from portal.domain.queues.queries import words
from portal.domain.sites import queries as sites
from portal.jobs.worker import Worker
from portal.settings import Settings


@click.command()
def run() -> None:
    """Bring the database up to date and serve until stopped. In development the first start makes demo data."""
    chosen = settings.current()
    logs.set_up()
    with _the_only_one(chosen.sqlite_path), server.bound(chosen) as listening:
        words = door.prepare(lambda: _ready(chosen))
        application = app.create_app()
        serving = server.Server(
            server.config(application, chosen),
            worker=Worker() if chosen.worker else None,
            close_streams=lambda: app.close_streams(application),
            ready=lambda: click.echo(words),
        )
        with contextlib.suppress(KeyboardInterrupt):  # the server has ended in good order, and raises the signal again
            serving.run(sockets=[listening])


@contextlib.contextmanager
def _the_only_one(database_file: Path | None) -> Iterator[None]:
    """On SQLite there is one process that serves (P12): it holds a lock beside the file, which dies with it."""
    if database_file is None:
        yield
        return
    database_file.parent.mkdir(parents=True, exist_ok=True)
    with open(f"{database_file}.lock", "a+", encoding="utf-8") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            file.seek(0)
            raise Refused(
                f"Another portal (process {file.read().strip() or 'unknown'}) serves {database_file} already. "
                "SQLite takes one; several need PostgreSQL (PORTAL_DATABASE_URL)."
            ) from error
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


async def _ready(chosen: Settings) -> str:
    """Make everything ready that must be before the first request; the words to print then."""
    await schema.create_database()
    await schema.migrate()
    await database.open_pool()
    try:
        if chosen.production and await accounts.demo_accounts():
            raise Refused("There are demonstration accounts in this database; production does not start with them.")
        if not await words.readable():
            raise Refused("The encryption key is not the one that this database was sealed with.")
        async with schema.alone():
            if not chosen.production and not await sites.sites():
                click.echo("Making the demonstration …")
                await builder.build()
        here = await sites.sites()
        shown = not chosen.production and bool(await accounts.demo_accounts())
        staff = {site.slug: [person.username for person in await accounts.staff_of(site)] for site in here if shown}
        return welcome.text(chosen, here, staff, colour=sys.stdout.isatty())
    finally:
        await database.close_pool()
