"""What signed-in people asked for in vain on the desk: it stands in the access log, for those who audit."""

from contextlib import suppress

from litestar import Request
from litestar.types import Scope

from portal import access_log, database
from portal.domain.queues.queries import items
from portal.domain.sites import queries as sites
from portal.errors import Expired, Forbidden, NotFound, PortalError
from portal.security import rates
from portal.security.policies import POLICY, STAFF
from portal.security.rates import Try
from portal.security.sessions import SAFE
from portal.web.client import StaffRequest, address

SAME, MOST = (1, 60), (60, 3600)  # rows in so many seconds: of one refusal, and of one person


async def keep(error: Exception, scope: Scope) -> None:
    """Write down that somebody was refused a thing that is not theirs to see, or a deed that their role never has.

    In a transaction of its own, since the one that was asked for is over; and only so often, so that no endless row of
    guesses fills the log.
    """
    if not isinstance(error, NotFound | Forbidden) or isinstance(error, Expired) or scope.get("user") is None:
        return
    handler, asked = scope["route_handler"], scope["path_params"]
    if handler.opt.get(POLICY) != STAFF or "slug" not in asked:
        return
    request: StaffRequest = Request(scope)
    # No such site, too many, or a database that is away: the refusal itself is answered all the same.
    with suppress(PortalError), database.translated():
        site = await sites.site(asked["slug"])
        subject = await items.id_of(site, asked.get("number", ""))
        person, door = request.user, handler.name or ""
        await rates.check(
            Try("refusal.same", f"{person.id}\0{site.id}\0{door}\0{subject}", SAME), Try("refusal", str(person.id), MOST)
        )
        async with database.transaction():
            await access_log.record(
                "open" if request.method in SAFE else "deed", site=site.id, account=person.id,
                role=",".join(sorted(person.roles_at(site))), subject=subject, field=door, address=address(request),
                result="refused",
            )  # fmt: skip
