"""`portal migrate`: the database as this version needs it."""

import click

from portal import schema
from portal.commands import door


@click.command()
def migrate() -> None:
    """Create the database if it is missing, and bring it up to date. Safe to repeat, and on several machines at once."""
    count = door.prepare(_migrated)
    click.echo(f"{count} migrations ran." if count else "The database is up to date.")


async def _migrated() -> int:
    await schema.create_database()
    return await schema.migrate()
