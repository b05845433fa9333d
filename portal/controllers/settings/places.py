"""The places of a site, written down many at once."""

from itertools import groupby
from types import SimpleNamespace
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from portal.domain.sites import queries, services
from portal.domain.sites.forms import NewPlaces
from portal.domain.sites.services import Written
from portal.domain.sites.tables import PlaceKind, Site
from portal.i18n.labels import label, options
from portal.i18n.translations import _
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import Form, bind, perform
from portal.web.page import Page
from portal.web.rooms import SETTINGS
from portal.web.shown import shown_site

FEW = 30  # so many stand open; more are folded away
EXAMPLE = "1208, 1208 房, Room 1208"
ORDER = [kind.value for kind in PlaceKind]


class Places(Controller):
    path = "/desk/{slug:str}/settings/places"
    opt = roles(*SETTINGS)

    @get("/", name="settings:places")
    async def index(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        added, changed = request.query_params.get("added", ""), request.query_params.get("changed", "")
        return await _page(site, Form(), flash=_said(added, changed))

    @post("/", name="settings:write-places")
    async def create(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        form = await bind(NewPlaces, request)
        if not form.valid:
            return await _page(site, form, status_code=422)

        async def work() -> str:
            written = await services.write_places(site, form.data.places, kind=form.data.kind, by=request.user)
            return f"/desk/{site.slug}/settings/places?added={written.added}&changed={written.changed}"

        return await perform(request, form, work)


async def _page(site: Site, form: Form[Any], *, status_code: int = 200, flash: str = "") -> Page:
    places = sorted(await queries.places(site.id), key=lambda place: ORDER.index(place.kind))
    groups = [
        SimpleNamespace(title=label("place", kind), places=list(members))
        for kind, members in groupby(places, key=lambda place: place.kind)
    ]
    return Page("settings/places.html", status_code=status_code, site=shown_site(site), form=form, groups=groups,
                folded=len(places) > FEW, kinds=options("place"), example=EXAMPLE, flash=flash)  # fmt: skip


def _said(added: str, changed: str) -> str:
    """What a list has done, said on the page one comes to."""
    if not (added.isascii() and added.isdigit() and changed.isascii() and changed.isdigit()):
        return ""
    written = Written(int(added[:6]), int(changed[:6]))
    if not any(written):
        return _("All of it stood here already.")
    return _("Written down. New: %(added)d. With other names or of another kind: %(changed)d.") % written._asdict()
