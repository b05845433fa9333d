"""Staff take complaints down and handle them."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal.controllers.complaints.customer import WITH_PHOTOS
from portal.controllers.items import new_link, step
from portal.domain.complaints.forms import Intake, Nothing, Plan, Reply, Telling, Triage
from portal.domain.complaints.queries import customer
from portal.domain.complaints.rules import rights, way
from portal.domain.complaints.services import filing, handling, mediating
from portal.domain.queues.queries.items import Card
from portal.domain.queues.rules import HANDLERS
from portal.domain.sites import queries as sites
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.i18n.labels import label
from portal.ids import new_token
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import Form, bind, perform
from portal.web.page import Page
from portal.web.shown import shown_site


class Taking(Controller):
    path = "/desk/{slug:str}/complaints"
    opt = roles(*rights.FILERS)

    @get("/new", name="complaints:intake")
    async def new(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        asked = request.query_params
        return await _form(site, Form({"kind": asked.get("kind", "complaint")}), place=asked.get("place", ""))

    @post("/", name="complaints:take", request_max_body_size=WITH_PHOTOS)
    async def create(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        codes = await sites.category_codes(site.id)
        form = await bind(Intake, request, categories=codes)
        if not form.valid:
            return await _form(site, form, status_code=422)

        async def work() -> str:
            filed = await filing.file(form.data, site=site, token=new_token(), by=request.user, pictures=form.pictures)
            return f"/desk/{site.slug}/items/{filed.number}"

        return await perform(request, form, work)


class Handling(Controller):
    path = "/desk/{slug:str}/complaints/{number:str}"
    opt = roles(*HANDLERS)

    @post("/messages", name="complaints:write", request_max_body_size=WITH_PHOTOS)
    async def message(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Telling, request)

        async def work(item: Card) -> None:
            tell = mediating.tell if form.data.side == "party" else handling.write_to_customer
            await tell(item, form.data, site=site, by=request.user, pictures=form.pictures)

        return await step(request, site, number, "messages", form, work)

    @post("/triage", name="complaints:triage")
    async def triage(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        codes = {category.code for category in await sites.categories(site.id, all_of_them=True)}
        form = await bind(Triage, request, categories=codes)
        return await step(request, site, number, "triage", form, lambda item: handling.triage(
            item, form.data, site=site, by=request.user, version=form.version))  # fmt: skip

    @post("/plan", name="complaints:plan")
    async def plan(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Plan, request)
        return await step(request, site, number, "plan", form, lambda item: handling.plan(
            item, form.data.plan, site=site, by=request.user, version=form.version))  # fmt: skip

    @post("/reply", name="complaints:answer")
    async def answer(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Reply, request)
        return await step(request, site, number, "reply", form, lambda item: handling.answer(
            item, form.data.reply, site=site, by=request.user, version=form.version))  # fmt: skip

    @post("/link", name="complaints:renew-link")
    async def renew_link(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        """A new link for the customer, shown once, to hand out; the old one is dead."""
        return await new_link(request, site, number, "link", "c", lambda item, token: handling.renew_link(
            item, token, site=site, by=request.user))  # fmt: skip

    @post("/closure", name="complaints:close")
    async def close(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Nothing, request)
        return await step(request, site, number, "closure", form, lambda item: handling.close(
            item, site=site, by=request.user, version=form.version))  # fmt: skip


async def _form(site: Site, form: Form[Any], *, place: str = "", status_code: int = 200) -> Page:
    return Page(
        "complaints/intake.html",
        status_code=status_code,
        site=shown_site(site),
        form=form,
        kinds=customer.kinds(),
        channels=[(channel.value, label("channel", channel.value)) for channel in way.INTAKE_CHANNELS],
        categories=await sites.categories(site.id),
        places=await sites.places(site.id),
        place=place[:80],
        retention_days=site_rules.figure(site, "complaint.retention_days"),
    )
