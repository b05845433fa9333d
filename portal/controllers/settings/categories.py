"""What a complaint at a site may be about, and which of it is offered."""

from types import SimpleNamespace
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal.domain.complaints.forms.handling import Nothing
from portal.domain.queues.rules import UNITS
from portal.domain.sites import queries, services
from portal.domain.sites.forms import NewCategory
from portal.domain.sites.tables import Site
from portal.i18n.labels import label, options
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import Form, bind, perform
from portal.web.page import Page
from portal.web.rooms import SETTINGS
from portal.web.shown import shown_site


class Categories(Controller):
    path = "/desk/{slug:str}/settings/categories"
    opt = roles(*SETTINGS)

    @get("/", name="settings:categories")
    async def index(self, site: NamedDependency[Site]) -> Page:
        return await _page(site, Form())

    @post("/", name="settings:write-category")
    async def create(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        form = await bind(NewCategory, request, units=UNITS)
        if not form.valid:
            return await _page(site, form, status_code=422)

        async def work() -> None:
            await services.write_category(site, form.data, by=request.user)

        return await perform(request, form, work, answer=f"/desk/{site.slug}/settings/categories")

    @post("/{code:str}/retirement", name="settings:retire-category")
    async def retire(self, request: StaffRequest, site: NamedDependency[Site], code: FromPath[str]) -> Response[Any]:
        form = await bind(Nothing, request)

        async def work() -> None:
            await services.retire(site, code, by=request.user)

        return await perform(request, form, work, answer=f"/desk/{site.slug}/settings/categories")

    @post("/{code:str}/return", name="settings:return-category")
    async def bring_back(self, request: StaffRequest, site: NamedDependency[Site], code: FromPath[str]) -> Response[Any]:
        form = await bind(Nothing, request)

        async def work() -> None:
            await services.bring_back(site, code, by=request.user)

        return await perform(request, form, work, answer=f"/desk/{site.slug}/settings/categories")


async def _page(site: Site, form: Form[Any], *, status_code: int = 200) -> Page:
    categories = [
        SimpleNamespace(code=one.code, names=(one.name_zh, one.name_en), unit=label("role", one.unit),
                        active=one.active, kept=one.code == services.OTHER)
        for one in await queries.categories(site.id, all_of_them=True)
    ]  # fmt: skip
    units = [(role, word) for role, word in options("role") if role in UNITS]
    return Page("settings/categories.html", status_code=status_code, site=shown_site(site), form=form,
                categories=categories, units=units)  # fmt: skip
