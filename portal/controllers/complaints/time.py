"""The time of a complaint: how each due time came about, what the guest means to the house, and more days."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal.controllers.items import step
from portal.controllers.looking import looked
from portal.domain.accounts.tables import Role
from portal.domain.complaints.forms.ending import Decision
from portal.domain.complaints.forms.handling import MoreTime, Ranking
from portal.domain.complaints.queries import policies
from portal.domain.complaints.services import extending, ranking
from portal.domain.queues.queries import clocks
from portal.domain.queues.queries import items as queries
from portal.domain.queues.rules import AUTHORITY, HANDLERS, REACH
from portal.domain.sites.tables import Site
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import bind
from portal.web.page import Page
from portal.web.shown import shown_site


class Time(Controller):
    path = "/desk/{slug:str}/complaints/{number:str}"

    @get("/clock", name="complaints:clock", opt=roles(*REACH))
    async def show(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Page:
        """Every due time explains itself."""
        item = await queries.item(request.user, site, number)
        if item.confidential:
            await looked(request, site, item.id)
        named = {law.id: law.name for law in await policies.laws(site)}
        explained = await clocks.explanations(item, site)
        return Page("complaints/clock.html", site=shown_site(site), item=item, explanations=explained, policies=named)

    @post("/tier", name="complaints:rank", opt=roles(Role.DESK, *AUTHORITY))
    async def rank(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Ranking, request)
        return await step(request, site, number, "tier", form, lambda item: ranking.rank(
            item, form.data.tier, site=site, by=request.user))  # fmt: skip

    @post("/extension", name="complaints:ask-more-time", opt=roles(*HANDLERS))
    async def ask(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(MoreTime, request)
        return await step(request, site, number, "extension", form, lambda item: extending.ask(
            item, form.data, site=site, by=request.user))  # fmt: skip

    @post("/extension-approval", name="complaints:decide-more-time", opt=roles(*AUTHORITY))
    async def decide(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Decision, request)
        return await step(request, site, number, "extension-approval", form, lambda item: extending.decide(
            item, form.data, site=site, by=request.user))  # fmt: skip
