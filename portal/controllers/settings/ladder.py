"""The ladder of a site: who is told when nobody takes notice of what is late."""

from types import SimpleNamespace
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from portal.domain.queues import rules
from portal.domain.queues.forms import Ladder
from portal.domain.sites import queries, services
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.i18n.labels import label
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import Form, bind, perform
from portal.web.page import Page
from portal.web.rooms import SETTINGS
from portal.web.shown import shown_site

MOST = 4


class Ladders(Controller):
    path = "/desk/{slug:str}/settings/ladder"
    opt = roles(*SETTINGS)

    @get("/", name="settings:ladder")
    async def edit(self, site: NamedDependency[Site]) -> Page:
        return _page(site, Form())

    @post("/", name="settings:write-ladder")
    async def update(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        form = await bind(Ladder, request)
        if not form.valid:
            return _page(site, form, status_code=422)

        async def work() -> None:
            await services.decide(site, {"complaint.ladder": form.data.text()}, by=request.user, may_all=False,
                                  version=form.version)  # fmt: skip

        try:
            return await perform(request, form, work, answer=f"/desk/{site.slug}/settings/ladder")
        except Conflict as conflict:
            form.errors[""] = conflict.message
            form.values.pop("version", None)  # sent again, it is meant over what the other decided
            return _page(await queries.site(site.slug), form, status_code=409)


def _page(site: Site, form: Form[Any], *, status_code: int = 200) -> Page:
    rungs = rules.rungs(str(site_rules.value(site, "complaint.ladder")))
    steps = [SimpleNamespace(role=rung.role, minutes=int(rung.after.total_seconds() // 60)) for rung in rungs]
    steps += [SimpleNamespace(role="", minutes="")] * (MOST - len(steps))
    return Page("settings/ladder.html", status_code=status_code, site=shown_site(site), form=form, steps=steps,
                roles=[(role, label("role", role)) for role in site_rules.LADDER_ROLES],
                version=form.version or site.version)  # fmt: skip
