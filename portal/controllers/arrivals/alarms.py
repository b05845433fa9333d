"""Somebody of the staff needs help: every open page of the site says so at once, and one says who comes."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal.domain.accounts.tables import Role
from portal.domain.arrivals.forms.serving import NewAlarm
from portal.domain.arrivals.queries import alarms as queries
from portal.domain.arrivals.services import alarms as services
from portal.domain.complaints.forms.handling import Nothing
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.security.policies import EVERYBODY, roles
from portal.web import htmx
from portal.web.client import StaffRequest
from portal.web.forms import Form, bind, perform
from portal.web.page import Page
from portal.web.rooms import HELPERS
from portal.web.shown import shown_site

LOOKS_BACK = frozenset({Role.MANAGER, Role.AUDITOR, Role.OWNER})
HELPS = roles(*HELPERS)


class Alarms(Controller):
    path = "/desk/{slug:str}/alarms"
    opt = roles(*EVERYBODY)

    @get("/", name="arrivals:alarms")
    async def index(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        place = request.query_params.get("place", "")[:80]
        return await _page(request, site, Form({"place": place}))

    @get("/standing", name="arrivals:standing-alarms")
    async def standing(self, site: NamedDependency[Site]) -> Page:
        return await _standing(site)

    @post("/", name="arrivals:raise-alarm", opt=HELPS)
    async def create(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        form = await bind(NewAlarm, request)
        if not form.valid:
            return await _page(request, site, form, status_code=422)

        async def work() -> None:
            await services.call_for_help(site, form.data, by=request.user)

        return await perform(request, form, work, answer=f"/desk/{site.slug}/alarms")

    @post("/{alarm:uuid}/acknowledgement", name="arrivals:answer-alarm", opt=HELPS)
    async def answer(self, request: StaffRequest, site: NamedDependency[Site], alarm: FromPath[UUID]) -> Response[Any]:
        form = await bind(Nothing, request)

        async def work() -> None:
            await services.answer(site, alarm, by=request.user)

        try:
            answer = await perform(request, form, work, answer=f"/desk/{site.slug}/alarms")
        except Conflict as conflict:
            if not htmx.asked(request):
                return await _page(request, site, Form(), status_code=409, flash=conflict.message)
        return await _standing(site) if htmx.asked(request) else answer


async def _standing(site: Site) -> Page:
    """The line of alarms on top of every page; whoever presses in it stays on the page, with all that is typed there."""
    return Page("arrivals/standing.html", fragment="alarms", always=True, site=shown_site(site),
                alarms=await queries.standing(site))  # fmt: skip


async def _page(request: StaffRequest, site: Site, form: Form[Any], *, status_code: int = 200, flash: str = "") -> Page:
    looks_back = bool(LOOKS_BACK & request.user.roles_at(site))
    return Page(
        "arrivals/alarms.html",
        status_code=status_code,
        site=shown_site(site),
        form=form,
        alarms=await queries.standing(site),
        history=await queries.history(site) if looks_back else None,
        flash=flash,
        flash_tone="danger" if flash else "",
    )
