"""The desk: which sites are mine, and what I may do at one."""

from typing import Any

from litestar import Controller, Response, get
from litestar.di import NamedDependency

from portal.domain.accounts.tables import Role
from portal.domain.complaints import rules as complaints
from portal.domain.queues import queries, rules
from portal.domain.sites.tables import Site
from portal.security.policies import EVERYBODY, anybody_signed_in, roles
from portal.web.client import StaffRequest
from portal.web.page import Page, to
from portal.web.shown import shown_site

LOG = (Role.MANAGER, Role.AUDITOR, Role.ADMIN)
SETTINGS = (Role.MANAGER, Role.ADMIN)
POSTERS = (Role.DESK, Role.MANAGER, Role.ADMIN)
STAFF = (Role.MANAGER, Role.ADMIN, Role.AUDITOR)


class Desk(Controller):
    path = "/desk"

    @get("/", name="desk:index", opt=anybody_signed_in())
    async def index(self, request: StaffRequest) -> Response[Any]:
        if len(request.user.sites) == 1:
            return to(request, f"/desk/{request.user.sites[0].slug}")
        return Page("desk/sites.html", sites=request.user.sites)

    @get("/alive", name="desk:alive", opt=anybody_signed_in(), status_code=204)
    async def alive(self) -> None:
        """Somebody types: asking counts as use."""

    @get("/{slug:str}", name="desk:show", opt=roles(*EVERYBODY))
    async def show(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        may = rights(request.user.roles_at(site))
        counts = await queries.counts(request.user, site) if may["queue"] else {}
        return Page("desk/show.html", site=shown_site(site), counts=counts, may=may)


def rights(mine: frozenset[Role]) -> dict[str, bool]:
    """Which rooms of the desk are open to these roles."""
    return {
        "queue": bool(rules.reach(mine)),
        "intake": complaints.may_file(mine),
        "log": bool(mine & set(LOG)),
        "settings": bool(mine & set(SETTINGS)),
        "posters": bool(mine & set(POSTERS)),
        "staff": bool(mine & set(STAFF)),
    }
