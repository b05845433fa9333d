"""A manager's today: five numbers with yesterday beside them, then what needs one, then the rest."""

from litestar import Controller, get
from litestar.di import NamedDependency

from portal import clock
from portal.domain.complaints.queries import attention
from portal.domain.queues.queries import absences
from portal.domain.queues.queries import items as queues
from portal.domain.queues.queries.items import CAP
from portal.domain.sites.tables import Site
from portal.i18n.labels import label
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.page import Page
from portal.web.rooms import TODAY
from portal.web.shown import shown_site


class Today(Controller):
    @get("/desk/{slug:str}/today", name="today:show", opt=roles(*TODAY))
    async def show(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        asked = request.query_params.get("part", "")
        if asked in attention.PARTS:
            part = await attention.part(request.user, site, asked, most=CAP)
            return Page("today/part.html", fragment="today", site=shown_site(site), part=part, now=clock.now())
        return Page(
            "today/show.html",
            fragment="today",
            site=shown_site(site),
            needs=await attention.needs(request.user, site),
            severe=await attention.part(request.user, site, "severe", most=attention.FEW),
            units=[(label("role", unit), [(many, "")]) for unit, many in await queues.units(request.user, site)],
            away=[one for one in await absences.coming(site) if one.begun],
            now=clock.now(),
        )
