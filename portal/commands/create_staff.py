"""`portal create-staff`: somebody who works at a site, or for the whole organisation."""

import click

from portal.commands import door
from portal.commands.door import Refused
from portal.domain.accounts import services as accounts
from portal.domain.accounts.tables import Account, Role
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Site
from portal.errors import NotFound
from portal.i18n.translations import LANGUAGES


@click.command("create-staff")
@click.argument("username")
@click.option("--site", "slug", default="", help="The site's name in addresses; none for owner and admin.")
@click.option("--role", "roles", type=click.Choice([role.value for role in Role]), multiple=True, required=True)
@click.option("--name", prompt=True, help="The full name.")
@click.option("--surname", prompt=True, help="The surname, as customers may see it.")
@click.option("--language", type=click.Choice(LANGUAGES), default=LANGUAGES[0], show_default=True)
@click.option("--email", default="", help="Where notices also go by e-mail; none: the desk alone.")
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def create_staff(
    username: str, *, slug: str, roles: tuple[str, ...], name: str, surname: str, language: str, email: str,
    password_stdin: bool,
) -> None:  # fmt: skip
    """Create an account. The password is asked for, or comes from PORTAL_PASSWORD or standard input."""
    password = door.password(from_stdin=password_stdin)

    async def created() -> Account:
        site = await _site(slug)
        granted = [(site, Role(role)) for role in roles]
        return await accounts.create(
            username=username, name=name, surname=surname, password=password, roles=granted, language=language, email=email,
        )  # fmt: skip

    account = door.carry_out(created)
    click.echo(f"{account.username} may sign in as {', '.join(roles)}{f' at {slug}' if slug else ''}.")


async def _site(slug: str) -> Site | None:
    if not slug:
        return None
    try:
        return await sites.site(slug)
    except NotFound as error:
        known = ", ".join(site.slug for site in await sites.sites()) or "none yet: portal create-site"
        raise Refused(f"There is no site {slug!r} (known: {known}).") from error
