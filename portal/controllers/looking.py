"""Who looks at what is confidential: it stands in the access log before it is shown."""

from uuid import UUID

from portal import access_log
from portal.domain.sites.tables import Site
from portal.errors import TooMany
from portal.security import rates
from portal.security.rates import Try
from portal.web.client import StaffRequest, address

LIVE, AGAIN = "x-live", (1, 60)


async def looked(request: StaffRequest, site: Site, item: UUID) -> None:
    """Write down that somebody looks at an item (P44); a page that stays open and refetches itself, once a minute."""
    person = request.user
    if LIVE in request.headers:
        try:
            await rates.check(Try("look", f"{person.id}\0{item}", AGAIN))
        except TooMany:
            return
    await access_log.record(
        "open", site=site.id, account=person.id, role=",".join(sorted(person.roles_at(site))), subject=item,
        field=str(request.scope["route_handler"].name), address=address(request),
    )  # fmt: skip
