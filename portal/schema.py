"""Brings the database to the schema of this version; any number of processes may ask at once, one of them does it."""

import contextlib
import fcntl
import io
import warnings
from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit

import asyncpg
from piccolo.apps.migrations.commands.forwards import run_forwards
from piccolo.apps.migrations.tables import Migration

from portal import database, settings
from portal.engines import Postgres
from portal.errors import Unavailable
from portal.piccolo_app import APP_CONFIG

_LOCK = 7245


async def migrate() -> int:
    """Run what is missing; how many migrations ran."""
    async with alone():
        output = io.StringIO()
        with contextlib.redirect_stdout(output), warnings.catch_warnings():
            # Piccolo warns that auto-migrations are not complete on SQLite; ours are tested on both engines.
            warnings.simplefilter("ignore")
            result = await run_forwards("portal")
        if not result.success:
            raise RuntimeError(output.getvalue())
        return output.getvalue().count("ok!")


async def is_current() -> bool:
    """Whether the migrations that have run are those of this version; a newer schema is not for an older portal."""
    known = {path.stem for path in settings.ROOT.joinpath("migrations").glob("portal_*.py")}
    if not await Migration.table_exists():
        return False
    return len(await Migration.get_migrations_which_ran(app_name=APP_CONFIG.app_name)) == len(known)


async def create_database() -> None:
    """Make a missing database if it may be made; raises Unavailable with a sentence that says how otherwise."""
    here = database.engine()
    if not isinstance(here, Postgres):
        settings.current().sqlite_path.parent.mkdir(parents=True, exist_ok=True)  # type: ignore[union-attr]
        return
    try:
        connection = await asyncpg.connect(**here.config)
    except asyncpg.InvalidCatalogNameError:
        await _create(str(here.config["dsn"]))
    except (OSError, TimeoutError, asyncpg.PostgresError) as error:
        raise Unavailable(f"PostgreSQL cannot be reached at its address: {error}") from error
    else:
        await connection.close()


async def _create(dsn: str) -> None:
    parts = urlsplit(dsn)
    name = parts.path.lstrip("/")
    try:
        connection = await asyncpg.connect(dsn=urlunsplit(parts._replace(path="/postgres")), timeout=5)
        try:
            await connection.execute('CREATE DATABASE "{}" ENCODING \'UTF8\''.format(name.replace('"', '""')))
        finally:
            await connection.close()
    except asyncpg.PostgresError as error:
        raise Unavailable(
            f"The database {name!r} does not exist and this user may not create it ({error}). "
            f"Ask its administrator for: createdb --encoding=UTF8 --owner={parts.username or 'portal'} {name}"
        ) from error


@contextlib.asynccontextmanager
async def alone() -> AsyncIterator[None]:
    """What happens inside happens in one process at a time: bringing the schema up to date, making the demonstration."""
    here = database.engine()
    if isinstance(here, Postgres):
        connection = await asyncpg.connect(**{**here.config, "command_timeout": None})
        try:
            await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
            yield
        finally:
            await connection.close()
        return
    with open(f"{here.path}.migrating", "w", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
