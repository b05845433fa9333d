"""What `portal run` prints when people may come."""

import io
from collections.abc import Mapping, Sequence

import segno

from portal.domain.sites.tables import Site
from portal.settings import Settings

FIRST = "hotel"
ORGANISATION = ("admin", "owner")
PASSWORD = "portal-demo"  # noqa: S105  # of the demonstration, printed on purpose


def text(chosen: Settings, sites: Sequence[Site], staff: Mapping[str, Sequence[str]], *, colour: bool) -> str:
    """The addresses, and in the demonstration the sign-ins and a code to scan."""
    lines = ["", f"{chosen.organisation} answers at {chosen.base_url}/", ""]
    width = max((len(site.slug) for site in sites), default=0)
    lines += [f"  {chosen.base_url}/s/{site.slug:{width}}  {site.name_zh} · {site.name_en}" for site in sites]
    if not sites:
        lines.append("  No site yet: portal create-site")
    lines += ["", f"Staff sign in at {chosen.base_url}/sign-in"]
    if staff:
        lines += ["", f"  password {PASSWORD}", *(f"  {'  '.join(names)}" for names in (*staff.values(), ORGANISATION))]
    if sites and not chosen.production:
        site = next((site for site in sites if site.slug == FIRST), sites[0])
        address = f"{chosen.base_url}/s/{site.slug}"
        lines += ["", code(address, colour=colour), f"  {address}"]
    return "\n".join([*lines, ""])


def code(address: str, *, colour: bool) -> str:
    """A QR code in half blocks; with colours it is dark on light in any terminal, without it needs a dark one."""
    drawn = io.StringIO()
    segno.make(address, error="m").terminal(out=drawn, border=2, compact=True)
    rows = drawn.getvalue().rstrip("\n").split("\n")
    return "\n".join(f"  \x1b[97;40m{row}\x1b[0m" if colour else f"  {row}" for row in rows)

