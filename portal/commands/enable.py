"""`portal enable`: let somebody sign in again."""

import click

from portal.commands import door
from portal.domain.accounts import services as accounts


@click.command()
@click.argument("username")
def enable(username: str) -> None:
    """Give a disabled account back what it had."""
    account = door.carry_out(lambda: accounts.enable(username, site=None, by=None))
    click.echo(f"{account.username} may sign in again.")
