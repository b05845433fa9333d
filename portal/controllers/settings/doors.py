"""The doors of a site: an address for the poster, and a code for who types it."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal.controllers.settings.touching import saved
from portal.domain.bookings.forms.offering import DoorFacts, NewDoor
from portal.domain.bookings.services import doors
from portal.domain.sites import queries
from portal.domain.sites.tables import Site
from portal.errors import NotFound
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import Form, bind
from portal.web.page import Page
from portal.web.rooms import SETTINGS
from portal.web.shown import shown_site


class HouseDoors(Controller):
    path = "/desk/{slug:str}/settings/doors"
    opt = roles(*SETTINGS)

    @get("/", name="offering:doors")
    async def index(self, site: NamedDependency[Site]) -> Page:
        return await _page(site, Form({"active": "1"}))

    @get("/{door:str}", name="offering:door")
    async def edit(self, site: NamedDependency[Site], door: FromPath[str]) -> Page:
        return await _page(site, None, door=door)

    @post("/", name="offering:add-door")
    async def create(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        form = await bind(NewDoor, request, places=await _places(site))
        if not form.valid:
            return await _page(site, form, status_code=422)

        async def work() -> None:
            await doors.add(site, form.data, by=request.user)

        return await saved(request, site, form, work, answer=f"/desk/{site.slug}/settings/doors",
                           page=lambda status: _page(site, form, status_code=status))  # fmt: skip

    @post("/{door:str}", name="offering:write-door")
    async def update(self, request: StaffRequest, site: NamedDependency[Site], door: FromPath[str]) -> Response[Any]:
        form = await bind(DoorFacts, request, places=await _places(site))
        if not form.valid:
            return await _page(site, form, door=door, status_code=422)

        async def work() -> None:
            await doors.change(site, door, form.data, by=request.user)

        return await saved(request, site, form, work, answer=f"/desk/{site.slug}/settings/doors",
                           page=lambda status: _page(site, form, door=door, status_code=status))  # fmt: skip


async def _page(site: Site, form: Form[Any] | None, *, door: str = "", status_code: int = 200) -> Page:
    found, places = await queries.doors(site.id), await queries.places(site.id)
    chosen = next((one for one in found if one.slug == door), None)
    if door and chosen is None:
        raise NotFound
    codes = {place.id: place.code for place in places}
    if form is None and chosen is not None:
        form = Form({"name_zh": chosen.name_zh, "name_en": chosen.name_en, "place": codes.get(chosen.place, ""),
                     "active": "1" if chosen.active else ""})  # fmt: skip
    names = {place.id: place.name for place in places}
    return Page("settings/doors.html", status_code=status_code, site=shown_site(site), form=form, door=chosen, places=places,
                doors=[(one, names.get(one.place, "")) for one in found])  # fmt: skip


async def _places(site: Site) -> set[str]:
    return {place.code for place in await queries.places(site.id)}
