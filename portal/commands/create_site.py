"""`portal create-site`: one more house."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import click

from portal import settings
from portal.commands import door
from portal.domain.sites import services as sites
from portal.domain.sites.tables import SiteKind


def _zone(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise click.BadParameter("a zone of the IANA database, like Asia/Shanghai") from error
    return value


@click.command("create-site")
@click.argument("slug")
@click.option("--code", prompt=True, help="Two capital letters that its numbers begin with (HT-2026-000123).")
@click.option("--kind", type=click.Choice([kind.value for kind in SiteKind]), prompt=True)
@click.option("--name-zh", prompt="Chinese name")
@click.option("--name-en", prompt="English name")
@click.option("--zone", default="Asia/Shanghai", show_default=True, callback=_zone)
@click.option("--hotline", default="", help="The number people may ring.")
@click.option("--mailbox", default="", help="The address people may write to.")
def create_site(
    slug: str, *, code: str, kind: str, name_zh: str, name_en: str, zone: str, hotline: str, mailbox: str
) -> None:
    """Create a site; SLUG is its name in addresses (/s/SLUG), and stays."""
    site = door.carry_out(
        lambda: sites.create(
            slug=slug, code=code, kind=SiteKind(kind), name_zh=name_zh, name_en=name_en, zone=zone, hotline=hotline,
            mailbox=mailbox,
        )
    )  # fmt: skip
    address = settings.current().base_url
    click.echo(f"Its customers come to {address}/s/{site.slug}, its staff to {address}/desk/{site.slug}.")
    click.echo(f"Next: portal create-staff USERNAME --site {site.slug} --role manager")
