"""Posters to print: a code for the site and for each of its places."""

from types import SimpleNamespace
from urllib.parse import quote

from litestar import Controller, get
from litestar.di import NamedDependency

from portal.domain.sites import queries
from portal.domain.sites.tables import Site
from portal.security.policies import roles
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


def _poster(name: str, code: str, url: str) -> SimpleNamespace:
    return SimpleNamespace(name=name, code=code, url=url, svg=qr(url))
