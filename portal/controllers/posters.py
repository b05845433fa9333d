"""Posters to print: a code for the site, for each of its places, and for each of its doors."""

from types import SimpleNamespace
from urllib.parse import quote

from litestar import Controller, get
from litestar.di import NamedDependency

from portal.domain.sites import queries
from portal.domain.sites.tables import Site
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.page import Page
from portal.web.rooms import POSTERS
from portal.web.shown import address, qr, shown_site


class Posters(Controller):
    @get("/desk/{slug:str}/posters", name="posters:index", opt=roles(*POSTERS))
    async def index(self, site: NamedDependency[Site]) -> Page:
        front = f"/s/{site.slug}"
        form = f"{front}/complaints/new?place="
        posters = [
            _poster(site.name, "", address(front)),
            *(_poster(one.name, one.code, address(form + quote(one.code))) for one in await queries.places(site.id)),
        ]
        return Page("posters/index.html", site=shown_site(site), posters=posters)

    @get("/desk/{slug:str}/posters/doors", name="posters:doors", opt=roles(*POSTERS))
    async def doors(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        """A poster for each open door, to scan or to type; the size is that of the paper."""
        size = "a6" if request.query_params.get("size") == "a6" else "a4"
        posters = [
            _poster(one.name, one.code, address(f"/d/{one.slug}")) for one in await queries.doors(site.id) if one.active
        ]
        return Page("posters/doors.html", site=shown_site(site), posters=posters, size=size,
                    typed=address("/d"))  # fmt: skip


def _poster(name: str, code: str, url: str) -> SimpleNamespace:
    return SimpleNamespace(name=name, code=code, url=url, svg=qr(url))
