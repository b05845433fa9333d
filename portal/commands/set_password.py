"""`portal set-password`: for somebody who has forgotten it."""

import click

from portal.commands import door
from portal.domain.accounts import services as accounts


@click.command("set-password")
@click.argument("username")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def set_password(username: str, *, password_stdin: bool) -> None:
    """Give an account a new password, and end all its sessions. It is asked for, or comes from PORTAL_PASSWORD."""
    password = door.password(from_stdin=password_stdin)
    account = door.carry_out(lambda: accounts.set_password(username, password))
    click.echo(f"{account.username} has a new password, and is signed out everywhere.")
