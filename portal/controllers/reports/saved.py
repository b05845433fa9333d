"""The reports of a house: those that can be asked for, and those that are kept under a name."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal.domain.accounts.tables import Role
from portal.domain.complaints.forms.handling import Nothing
from portal.domain.complaints.rules.way import COMPLAINTS
from portal.domain.complaints.tables import Kind
from portal.domain.reports.forms.saving import Keeping
from portal.domain.reports.queries import saved as queries
from portal.domain.reports.queries.saved import Saved
from portal.domain.reports.rules import saving as rules
from portal.domain.reports.services import saving
from portal.domain.sites.tables import Site
from portal.i18n.labels import label, options
from portal.i18n.translations import _
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import Form, bind, perform
from portal.web.page import Page, to
from portal.web.rooms import REPORTS
from portal.web.shown import shown_site


class Reports(Controller):
    path = "/desk/{slug:str}/reports"
    opt = roles(*REPORTS)

    @get("/", name="reports:index")
    async def index(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        """Those that are kept, and the form to keep one; a report's page asks with its range filled in."""
        asked = request.query_params
        given = {"range": asked.get("range", ""), "from": asked.get("from", ""), "to": asked.get("to", ""),
                 "by": asked.get("by", ""), "kind": asked.get("kind", "")}  # fmt: skip
        return await _list(request, site, Form(_usual({name: text[:40] for name, text in given.items() if text})))

    @post("/", name="reports:save", opt=roles(*rules.KEEPERS))
    async def create(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        form = await bind(Keeping, request)
        if not form.valid:
            return await _list(request, site, form, status_code=422)

        async def work() -> None:
            await saving.keep(site, form.data, by=request.user)

        return await perform(request, form, work, answer=_address(site))

    @get("/saved/{report:uuid}", name="reports:saved")
    async def show(self, request: StaffRequest, site: NamedDependency[Site], report: FromPath[UUID]) -> Response[Any]:
        """To the report itself, where everybody sees what he may see."""
        found = await queries.one(request.user, site, report)
        return to(request, f"{_address(site)}/{found.path}?{found.query}")

    @get("/saved/{report:uuid}/edit", name="reports:edit", opt=roles(*rules.KEEPERS))
    async def edit(self, request: StaffRequest, site: NamedDependency[Site], report: FromPath[UUID]) -> Page:
        found = await queries.one(request.user, site, report)
        return _form(site, found, Form(_typed(found)))

    @post("/saved/{report:uuid}", name="reports:update", opt=roles(*rules.KEEPERS))
    async def update(self, request: StaffRequest, site: NamedDependency[Site], report: FromPath[UUID]) -> Response[Any]:
        form = await bind(Keeping, request)
        found = await queries.one(request.user, site, report)
        if not form.valid:
            return _form(site, found, form, status_code=422)

        async def work() -> None:
            await saving.change(found, site, form.data, by=request.user, version=form.version)

        return await perform(request, form, work, answer=_address(site))

    @post("/saved/{report:uuid}/removal", name="reports:remove", opt=roles(*rules.KEEPERS))
    async def remove(self, request: StaffRequest, site: NamedDependency[Site], report: FromPath[UUID]) -> Response[Any]:
        form = await bind(Nothing, request)
        found = await queries.one(request.user, site, report)

        async def work() -> None:
            await saving.remove(found, site, by=request.user)

        return await perform(request, form, work, answer=_address(site))


async def _list(request: StaffRequest, site: Site, form: Form[Any], *, status_code: int = 200) -> Page:
    found = await queries.saved(request.user, site)
    return Page("reports/index.html", status_code=status_code, site=shown_site(site), reports=found, form=form,
                keeps=rules.keeps(request.user.roles_at(site)), **_choices())  # fmt: skip


def _form(site: Site, found: Saved, form: Form[Any], *, status_code: int = 200) -> Page:
    return Page("reports/edit.html", status_code=status_code, site=shown_site(site), report=found, form=form, **_choices())


def _choices() -> dict[str, Any]:
    return {
        "paths": [(path, label("report", path)) for path in rules.PATHS],
        "ranges": options("range"),
        "bys": options("by"),
        "kinds": [("", _("Complaints")), *((one.value, label("kind", one)) for one in Kind if one not in COMPLAINTS)],
        "readers": [(role.value, label("role", role)) for role in Role if role in rules.READERS],
        "cadences": options("cadence"),
        "hours": [(str(hour), f"{hour:02}:00") for hour in range(24)],
    }


def _usual(given: dict[str, str]) -> dict[str, str]:
    own = {"range": "own"} if "from" in given and "range" not in given else {}
    return {"path": "complaints", "range": "month", "by": "received", "role": "manager", "cadence": "none", "hour": "8",
            **own, **given}  # fmt: skip


def _typed(found: Saved) -> dict[str, str]:
    """The form as somebody would have filled it in who wanted what is kept."""
    return {"name": found.name, "path": found.path, "role": found.role, "cadence": found.cadence, "hour": str(found.hour),
            **found.asked, "range": found.range}  # fmt: skip


def _address(site: Site) -> str:
    return f"/desk/{site.slug}/reports"
