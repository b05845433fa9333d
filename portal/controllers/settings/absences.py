"""Who is away from a site, and who stands in."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal.domain.complaints.forms.handling import Nothing
from portal.domain.queues.forms import NewAbsence
from portal.domain.queues.queries import absences as queries
from portal.domain.queues.queries import people
from portal.domain.queues.services import absences
from portal.domain.sites.tables import Site
from portal.errors import Invalid
from portal.i18n.labels import label
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import Form, bind, perform
from portal.web.page import Page
from portal.web.rooms import SETTINGS
from portal.web.shown import shown_site


class Absences(Controller):
    path = "/desk/{slug:str}/settings/absences"
    opt = roles(*SETTINGS)

    @get("/", name="settings:absences")
    async def index(self, site: NamedDependency[Site]) -> Page:
        return await _page(site, Form())

    @post("/", name="settings:plan-absence")
    async def create(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        form = await bind(NewAbsence, request)
        if not form.valid:
            return await _page(site, form, status_code=422)

        async def work() -> None:
            await absences.plan(site, form.data, by=request.user)

        try:
            return await perform(request, form, work, answer=f"/desk/{site.slug}/settings/absences")
        except Invalid as invalid:
            form.refuse(invalid)
            return await _page(site, form, status_code=422)

    @post("/{absence:uuid}/cancellation", name="settings:cancel-absence")
    async def cancel(self, request: StaffRequest, site: NamedDependency[Site], absence: FromPath[UUID]) -> Response[Any]:
        form = await bind(Nothing, request)

        async def work() -> None:
            await absences.cancel(site, absence, by=request.user)

        return await perform(request, form, work, answer=f"/desk/{site.slug}/settings/absences")


async def _page(site: Site, form: Form[Any], *, status_code: int = 200) -> Page:
    able = [(username, f"{name} · {label('role', role)}") for username, name, role in await people.handlers(site)]
    return Page("settings/absences.html", status_code=status_code, site=shown_site(site), form=form, people=able,
                absences=await queries.coming(site))  # fmt: skip
