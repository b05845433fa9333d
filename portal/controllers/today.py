"""A manager's today: five numbers with yesterday beside them, then what needs one, then the rest."""

from types import SimpleNamespace
from urllib.parse import urlencode

from litestar import Controller, get
from litestar.di import NamedDependency

from portal import clock
from portal.domain.exports.queries import files as exports
from portal.domain.queues.queries import absences
from portal.domain.queues.queries import items as queues
from portal.domain.queues.queries.items import CAP
from portal.domain.reports.queries import today
from portal.domain.reports.queries.today import Figure
from portal.domain.reports.services import counting
from portal.domain.sites.tables import Site
from portal.i18n.labels import label
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.page import Page
from portal.web.rooms import TODAY
from portal.web.shown import shown_site

BEHIND = 3_000  # marks that are worked off while somebody waits


class Today(Controller):
    @get("/desk/{slug:str}/today", name="today:show", opt=roles(*TODAY))
    async def show(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        asked = request.query_params.get("part", "")
        if asked in today.PARTS:
            part = await today.part(request.user, site, asked, most=CAP)
            return Page("today/part.html", fragment="today", site=shown_site(site), part=part, now=clock.now())
        await counting.catch_up(most=BEHIND)
        return Page(
            "today/show.html",
            fragment="today",
            site=shown_site(site),
            figures=[
                SimpleNamespace(name=name, now=_shown(site, now), before=_shown(site, before))
                for name, now, before in await today.figures(request.user, site)
            ],
            needs=await today.needs(request.user, site),
            files=await exports.to_decide(request.user, site),
            severe=await today.part(request.user, site, "severe", most=today.FEW),
            units=[(label("role", unit), [(many, "")]) for unit, many in await queues.units(request.user, site)],
            away=[one for one in await absences.coming(site) if one.begun],
            began=today.began(site),
            now=clock.now(),
        )


def _shown(site: Site, figure: Figure) -> SimpleNamespace:
    """A number with the way to exactly its records."""
    page = "today" if "part" in figure.where else "reports/complaints/records"
    unit = "count" if figure.n is None else "score"
    return SimpleNamespace(value=figure.value, n=figure.n, unit=unit,
                           href=f"/desk/{site.slug}/{page}?{urlencode(figure.where)}")  # fmt: skip
