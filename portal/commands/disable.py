"""`portal disable`: take everything away from an account, also from one of the whole organisation."""

import click

from portal.commands import door
from portal.domain.accounts import services as accounts


@click.command()
@click.argument("username")
def disable(username: str) -> None:
    """Disable an account, and end all its sessions. The last administrator stays."""
    account = door.carry_out(lambda: accounts.disable(username, site=None, by=None))
    click.echo(f"{account.username} is signed out, and can no longer sign in.")
