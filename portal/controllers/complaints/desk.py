"""Staff take complaints down and handle them."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal.controllers.complaints.customer import WITH_PHOTOS
from portal.controllers.items import new_link, step
from portal.controllers.listing import number_in
from portal.domain.complaints.forms.filing import Intake
from portal.domain.complaints.forms.handling import Nothing, Plan, Reply, Restriction, Telling, Triage
from portal.domain.complaints.queries import customer
from portal.domain.complaints.rules import rights, way
from portal.domain.complaints.services import confiding, filing, handling, mediating
from portal.domain.complaints.services.filing import Filed
from portal.domain.queues.queries import items, people
from portal.domain.queues.queries.items import Card
from portal.domain.queues.rules import HANDLERS
from portal.domain.sites import queries as sites
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.errors import Invalid, NotFound
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
        return await _form(site, Form({"kind": asked.get("kind", "complaint")}), place=asked.get("place", ""),
                           filed=number_in(request, "filed"))  # fmt: skip

    @post("/", name="complaints:take", request_max_body_size=WITH_PHOTOS)
    async def create(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        codes = await sites.category_codes(site.id)
        form = await bind(Intake, request, categories=codes, people=await _people(site))
        if not form.valid:
            return await _form(site, form, status_code=422)

        async def work() -> str:
            filed = await filing.file(form.data, site=site, token=new_token(), by=request.user, pictures=form.pictures)
            return await _filed(request, site, filed)

        try:
            return await perform(request, form, work)
        except Invalid as invalid:
            form.refuse(invalid)
            return await _form(site, form, status_code=422)


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
        form = await bind(Triage, request, categories=codes, people=await _people(site))
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

    @post("/restriction", name="complaints:restrict")
    async def restrict(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Restriction, request, people=await _people(site))
        return await step(request, site, number, "restriction", form, lambda item: confiding.restrict(
            item, form.data, site=site, by=request.user))  # fmt: skip

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


async def _people(site: Site) -> set[str]:
    """The user names that somebody may give when a complaint is about staff."""
    return {username for username, _name in await people.workers(site)}


async def _filed(request: StaffRequest, site: Site, filed: Filed) -> str:
    """After taking one down: the item, or the empty form, which says that it is kept from whoever took it down."""
    try:
        await items.seen_by(request.user, site, filed.item)
    except NotFound:
        return f"/desk/{site.slug}/complaints/new?filed={filed.number}"
    return f"/desk/{site.slug}/items/{filed.number}"


async def _form(site: Site, form: Form[Any], *, place: str = "", filed: str = "", status_code: int = 200) -> Page:
    return Page(
        "complaints/intake.html",
        status_code=status_code,
        site=shown_site(site),
        form=form,
        kinds=customer.kinds(way.taken(site)),
        channels=[(channel.value, label("channel", channel.value)) for channel in way.INTAKE_CHANNELS],
        categories=await sites.categories(site.id),
        places=await sites.places(site.id),
        place=place[:80],
        filed=filed,
        workers=await people.workers(site),
        retention_days=site_rules.figure(site, "complaint.retention_days"),
    )
