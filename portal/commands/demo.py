"""`portal demo`: the demonstration's sites, staff and complaints."""

import click

from portal import settings
from portal.commands import door
from portal.commands.door import Refused
from portal.demo import builder
from portal.domain.sites import queries as sites


@click.command()
def demo() -> None:
    """Fill an empty database with four sites, their staff and a few hundred complaints. Not for production."""
    if settings.current().production:
        raise Refused("Demonstration accounts may not exist in production.")
    door.carry_out(_built)
    click.echo("The demonstration is there.")


async def _built() -> None:
    if await sites.sites():
        raise Refused("There are sites here already; the demonstration needs an empty database.")
    await builder.build()
