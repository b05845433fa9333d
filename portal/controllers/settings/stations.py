"""The windows, rooms and tables that people are called to."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal.domain.arrivals.queries import stations as queries
from portal.domain.arrivals.services import stations
from portal.domain.bookings.forms.offering import StationFacts
from portal.domain.bookings.queries import offering
from portal.domain.sites.tables import Site
from portal.errors import NotFound
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import Form, bind, perform
from portal.web.page import Page
from portal.web.rooms import SETTINGS
from portal.web.shown import shown_site


class Stations(Controller):
    path = "/desk/{slug:str}/settings/stations"
    opt = roles(*SETTINGS)

    @get("/", name="offering:stations")
    async def index(self, site: NamedDependency[Site]) -> Page:
        return await _page(site, Form({"active": "1"}))

    @get("/{code:str}", name="offering:station")
    async def edit(self, site: NamedDependency[Site], code: FromPath[str]) -> Page:
        return await _page(site, None, code=code)

    @post("/", name="offering:write-station")
    async def create(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        form = await bind(StationFacts, request, types={kind.code for kind in await offering.types(site)})
        if not form.valid:
            return await _page(site, form, status_code=422)

        async def work() -> None:
            await stations.write(site, form.data, by=request.user)

        return await perform(request, form, work, answer=f"/desk/{site.slug}/settings/stations")


async def _page(site: Site, form: Form[Any] | None, *, code: str = "", status_code: int = 200) -> Page:
    found, types = await queries.stations(site), await offering.types(site)
    chosen = next((one for one in found if one.code == code), None)
    if code and chosen is None:
        raise NotFound
    if form is None and chosen is not None:
        form = Form({name: getattr(chosen, name) for name in ("code", "name_zh", "name_en", "types")}
                    | {"active": "1" if chosen.active else ""})  # fmt: skip
    names = {kind.code: kind.name for kind in types}
    shown = [(one, [names[word] for word in one.types.split() if word in names]) for one in found]
    return Page("settings/stations.html", status_code=status_code, site=shown_site(site), form=form, station=chosen,
                stations=shown, types=list(names.items()))  # fmt: skip
