"""What staff do about the end of a complaint: fault and compensation, cause and action, the visit afterwards."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal import clock
from portal.controllers import exports
from portal.controllers.items import step
from portal.domain.complaints.forms.ending import Action, Decision, Effect, Fault, Found, Promise, Rectification, Visit
from portal.domain.complaints.forms.handling import Nothing
from portal.domain.complaints.queries import learning as learned
from portal.domain.complaints.queries import ledger
from portal.domain.complaints.queries import redress as promised
from portal.domain.complaints.rules import redress as money
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import ending, learning, redress
from portal.domain.exports.tables import Format
from portal.domain.sites.tables import Site
from portal.i18n import formats
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import bind
from portal.web.page import Page
from portal.web.shown import shown_site


def who(deed: str) -> dict[str, Any]:
    """The roles that the deed table names."""
    return roles(*DEEDS[deed].roles)


class Ending(Controller):
    path = "/desk/{slug:str}/complaints/{number:str}"

    @post("/liability", name="complaints:assess", opt=who("liability"))
    async def assess(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Fault, request)
        return await step(request, site, number, "liability", form, lambda item: redress.assess(
            item, form.data.liability, site=site, by=request.user))  # fmt: skip

    @post("/compensation", name="complaints:propose", opt=who("compensation"))
    async def propose(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Promise, request)
        return await step(request, site, number, "compensation", form, lambda item: redress.propose(
            item, form.data, site=site, by=request.user))  # fmt: skip

    @post("/compensation-approval", name="complaints:decide", opt=who("compensation-approval"))
    async def decide(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Decision, request)
        return await step(request, site, number, "compensation-approval", form, lambda item: redress.decide(
            item, form.data, site=site, by=request.user))  # fmt: skip

    @post("/cause", name="complaints:name-cause", opt=who("cause"))
    async def cause(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Found, request, causes={one.code for one in await learned.causes(site.id)})
        return await step(request, site, number, "cause", form, lambda item: learning.name_cause(
            item, form.data.cause, site=site, by=request.user))  # fmt: skip

    @post("/actions", name="complaints:plan-action", opt=who("actions"))
    async def action(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Action, request, today=clock.now().astimezone(formats.zone()).date())
        return await step(request, site, number, "actions", form, lambda item: learning.plan_action(
            item, form.data, site=site, by=request.user))  # fmt: skip

    @post("/actions/{action:uuid}/effect", name="complaints:check-effect", opt=who("effect"))
    async def effect(
        self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str], action: FromPath[UUID]
    ) -> Response[Any]:
        form = await bind(Effect, request)
        form.values["action"] = str(action)
        return await step(request, site, number, "effect", form, lambda item: learning.check_effect(
            item, action, form.data, site=site, by=request.user))  # fmt: skip

    @post("/return-visit", name="complaints:visit", opt=who("return-visit"))
    async def visit(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Visit, request)
        return await step(request, site, number, "return-visit", form, lambda item: ending.visit(
            item, form.data, site=site, by=request.user))  # fmt: skip

    @post("/rectification", name="complaints:verify", opt=who("rectification"))
    async def verify(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Rectification, request)
        return await step(request, site, number, "rectification", form, lambda item: ending.verify(
            item, form.data.note, site=site, by=request.user))  # fmt: skip

    @post("/reopening", name="complaints:reopen", opt=who("reopening"))
    async def reopen(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Nothing, request)
        return await step(request, site, number, "reopening", form, lambda item: ending.reopen(
            item, site=site, by=request.user))  # fmt: skip


class Ledger(Controller):
    @get("/desk/{slug:str}/ledger", name="complaints:ledger", opt=roles(*money.READERS))
    async def index(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        """What the site has promised: numbers, amounts, who and when, nothing of the customers."""
        lines, after = await promised.ledger(request.user, site, after=request.query_params.get("after", ""))
        return Page("complaints/ledger.html", site=shown_site(site), lines=lines, after=after,
                    totals=await promised.totals(request.user, site))  # fmt: skip

    @get(["/desk/{slug:str}/ledger.csv", "/desk/{slug:str}/ledger.xlsx"], name="complaints:ledger-file",
         opt=roles(*money.READERS))  # fmt: skip
    async def file(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        """The whole of it, to take away."""
        rows, shape = await ledger.count(request.user, site), Format(request.url.path.rpartition(".")[2])
        sheets = await ledger.sheets(request.user, site)
        return await exports.answer(request, site, ledger.WHAT, "", sheets, rows, shape)
