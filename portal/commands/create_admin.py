"""`portal create-admin`: somebody who sees to sites, staff and settings, and to no complaint."""

import click

from portal.commands import door
from portal.domain.accounts import services as accounts
from portal.domain.accounts.tables import Role
from portal.i18n.translations import LANGUAGES


@click.command("create-admin")
@click.argument("username")
@click.option("--name", prompt=True, help="The full name.")
@click.option("--surname", prompt=True, help="The surname, as customers may see it.")
@click.option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True)
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create_admin(username: str, *, name: str, surname: str, language: str, password_stdin: bool) -> None:
    """Create an administrator. The password is asked for, or comes from PORTAL_PASSWORD or standard input."""
    password = door.password(from_stdin=password_stdin)
    account = door.carry_out(
        lambda: accounts.create(
            username=username, name=name, surname=surname, password=password, roles=[(None, Role.ADMIN)], language=language
        )
    )
    click.echo(f"{account.username} may sign in as administrator.")
