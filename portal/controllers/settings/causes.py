"""What complaints come from, as a site names it."""

from types import SimpleNamespace
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal.domain.complaints.forms.handling import Nothing
from portal.domain.complaints.forms.settings import NewCause
from portal.domain.complaints.queries import learning as queries
from portal.domain.complaints.services import learning
from portal.domain.sites.tables import Site
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import Form, bind, perform
from portal.web.page import Page
from portal.web.rooms import SETTINGS
from portal.web.shown import shown_site


class Causes(Controller):
    path = "/desk/{slug:str}/settings/causes"
    opt = roles(*SETTINGS)

    @get("/", name="settings:causes")
    async def index(self, site: NamedDependency[Site]) -> Page:
        return await _page(site, Form())

    @post("/", name="settings:write-cause")
    async def create(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        form = await bind(NewCause, request)
        if not form.valid:
            return await _page(site, form, status_code=422)

        async def work() -> None:
            await learning.write_cause(site, form.data, by=request.user)

        return await perform(request, form, work, answer=f"/desk/{site.slug}/settings/causes")

    @post("/{code:str}/retirement", name="settings:retire-cause")
    async def retire(self, request: StaffRequest, site: NamedDependency[Site], code: FromPath[str]) -> Response[Any]:
        form = await bind(Nothing, request)

        async def work() -> None:
            await learning.retire(site, code, by=request.user)

        return await perform(request, form, work, answer=f"/desk/{site.slug}/settings/causes")

    @post("/{code:str}/return", name="settings:return-cause")
    async def bring_back(self, request: StaffRequest, site: NamedDependency[Site], code: FromPath[str]) -> Response[Any]:
        form = await bind(Nothing, request)

        async def work() -> None:
            await learning.bring_back(site, code, by=request.user)

        return await perform(request, form, work, answer=f"/desk/{site.slug}/settings/causes")


async def _page(site: Site, form: Form[Any], *, status_code: int = 200) -> Page:
    causes = [
        SimpleNamespace(code=one.code, names=(one.name_zh, one.name_en), active=one.active, kept=one.code == learning.LAST)
        for one in await queries.causes(site.id, all_of_them=True)
    ]
    return Page("settings/causes.html", status_code=status_code, site=shown_site(site), form=form, causes=causes)
