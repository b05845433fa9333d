"""Who works at a site; an administrator takes rights away and gives them back."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal.domain.accounts import queries, services
from portal.domain.accounts.tables import Role
from portal.domain.complaints.forms import Nothing
from portal.domain.sites.tables import Site
from portal.i18n.labels import label
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import bind, perform
from portal.web.page import Page
from portal.web.rooms import STAFF
from portal.web.shown import shown, shown_site


class Accounts(Controller):
    path = "/desk/{slug:str}/staff"

    @get("/", name="accounts:index", opt=roles(*STAFF))
    async def index(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        workers = await queries.staff_of(site)
        staff = [shown(one, roles=[label("role", role) for role in one.roles]) for one in workers]
        may_manage = Role.ADMIN in request.user.roles_at(site)
        return Page("accounts/index.html", site=shown_site(site), staff=staff, may_manage=may_manage)

    @post("/{username:str}/disabling", name="accounts:disable", opt=roles(Role.ADMIN))
    async def disable(self, request: StaffRequest, site: NamedDependency[Site], username: FromPath[str]) -> Response[Any]:
        form = await bind(Nothing, request)

        async def work() -> None:
            await services.disable(username, site=site, by=request.user)

        return await perform(request, form, work, answer=f"/desk/{site.slug}/staff")

    @post("/{username:str}/enabling", name="accounts:enable", opt=roles(Role.ADMIN))
    async def enable(self, request: StaffRequest, site: NamedDependency[Site], username: FromPath[str]) -> Response[Any]:
        form = await bind(Nothing, request)

        async def work() -> None:
            await services.enable(username, site=site, by=request.user)

        return await perform(request, form, work, answer=f"/desk/{site.slug}/staff")
