"""The field that finds an item again; what is typed into it is posted, so that no phone stands in an address."""

from typing import Any

from litestar import Controller, get, post
from litestar.di import NamedDependency

from portal import access_log
from portal.domain.queues import rules
from portal.domain.search import queries, services
from portal.domain.search.forms import Search
from portal.domain.search.queries import Hit
from portal.domain.sites.tables import Site
from portal.security.policies import roles
from portal.web.client import StaffRequest, address
from portal.web.forms import Form, bind
from portal.web.page import Page
from portal.web.shown import shown_site

BATCHES = 10  # that a search waits for; what else an older database lacks, the worker adds


class Searching(Controller):
    path = "/desk/{slug:str}/search"
    opt = roles(*rules.REACH)

    @get("/", name="search:index")
    async def index(self, site: NamedDependency[Site]) -> Page:
        return _page(site, Form())

    @post("/", name="search:find", status_code=200)
    async def find(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        form = await bind(Search, request)
        if not form.valid:
            return _page(site, form, status_code=422)
        person = request.user
        await access_log.record(
            "search", site=site.id, account=person.id, role=",".join(sorted(person.roles_at(site))), address=address(request)
        )
        await services.catch_up(most=BATCHES)
        hits, more = await queries.found(person, site, form.data.q)
        return _page(site, form, hits=hits, more=more, behind=await queries.lacks())


def _page(
    site: Site, form: Form[Any], *, hits: list[Hit] | None = None, more: bool = False, behind: bool = False,
    status_code: int = 200,
) -> Page:  # fmt: skip
    return Page("search/index.html", status_code=status_code, site=shown_site(site), sought=form, hits=hits, more=more,
                behind=behind, most=queries.MOST)  # fmt: skip
