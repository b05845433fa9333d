"""The public front: the sites, one site, and the choice of language."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from portal.domain.bookings.queries import times
from portal.domain.reports.queries import boards
from portal.domain.sites import queries as sites
from portal.i18n.translations import LANGUAGES
from portal.web import browser
from portal.web.client import PublicRequest
from portal.web.forms import check_token, next_path, typed
from portal.web.page import Page, to
from portal.web.shown import shown_site

A_YEAR = 365 * 24 * 3600


class Home(Controller):
    @get("/", name="sites:index")
    async def index(self) -> Page:
        return Page("sites/index.html", sites=await sites.sites())

    @get("/s/{slug:str}", name="sites:show")
    async def show(self, slug: FromPath[str]) -> Page:
        site = await sites.site(slug)
        notices = await boards.hanging(site, boards.current(site))
        return Page("sites/show.html", site=shown_site(site), notices=notices,
                    visits=await times.types(site, online=True))  # fmt: skip

    @post("/language", name="language")
    async def language(self, request: PublicRequest) -> Response[Any]:
        posted = await typed(request)
        check_token(request, posted)
        answer = to(request, next_path(posted, "/"))
        if posted.get("lang") in LANGUAGES:
            answer.cookies.append(browser.plain("lang", posted["lang"], seconds=A_YEAR))
        return answer
