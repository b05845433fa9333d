"""What a site says to its customers, and what it never says: reply templates and forbidden phrases."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal.controllers.beginnings import NAMES
from portal.domain.complaints.forms.handling import Nothing
from portal.domain.complaints.forms.settings import NewPhrases, NewTemplate
from portal.domain.complaints.queries import wording as queries
from portal.domain.complaints.rules import wording as rules
from portal.domain.complaints.services import wording
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import Form, bind, perform
from portal.web.page import Page
from portal.web.rooms import SETTINGS
from portal.web.shown import shown_site


class Templates(Controller):
    path = "/desk/{slug:str}/settings/templates"
    opt = roles(*SETTINGS)

    @get("/", name="settings:templates")
    async def index(self, site: NamedDependency[Site]) -> Page:
        return await _templates(site, Form())

    @post("/", name="settings:write-template")
    async def create(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        form = await bind(NewTemplate, request)
        if not form.valid:
            return await _templates(site, form, status_code=422)

        async def work() -> None:
            await wording.write_template(site, form.data, by=request.user)

        return await perform(request, form, work, answer=f"/desk/{site.slug}/settings/templates")

    @post("/{template:uuid}/removal", name="settings:remove-template")
    async def remove(self, request: StaffRequest, site: NamedDependency[Site], template: FromPath[UUID]) -> Response[Any]:
        form = await bind(Nothing, request)

        async def work() -> None:
            await wording.remove_template(site, template, by=request.user)

        return await perform(request, form, work, answer=f"/desk/{site.slug}/settings/templates")


class Phrases(Controller):
    path = "/desk/{slug:str}/settings/phrases"
    opt = roles(*SETTINGS)

    @get("/", name="settings:phrases")
    async def index(self, site: NamedDependency[Site]) -> Page:
        return await _phrases(site, Form())

    @post("/", name="settings:write-phrases")
    async def create(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        form = await bind(NewPhrases, request)
        if not form.valid:
            return await _phrases(site, form, status_code=422)

        async def work() -> None:
            await wording.forbid(site, form.data.phrases, by=request.user, version=form.version)

        try:
            return await perform(request, form, work, answer=f"/desk/{site.slug}/settings/phrases")
        except Conflict as conflict:
            form.errors[""] = conflict.message
            form.values.pop("version", None)  # sent again, it is meant over what the other decided
            return await _phrases(site, form, status_code=409)


async def _templates(site: Site, form: Form[Any], *, status_code: int = 200) -> Page:
    return Page("settings/templates.html", status_code=status_code, site=shown_site(site), form=form,
                templates=await queries.templates(site.id), names=NAMES,
                placeholders=", ".join(f"{{{name}}}" for name in rules.PLACEHOLDERS))  # fmt: skip


async def _phrases(site: Site, form: Form[Any], *, status_code: int = 200) -> Page:
    phrases, version = await queries.phrases(site.id)
    return Page("settings/phrases.html", status_code=status_code, site=shown_site(site), form=form,
                phrases="\n".join(phrases), version=version if form.version is None else form.version)  # fmt: skip
