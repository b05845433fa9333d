"""The questions that customers asked, by the way they came."""

from litestar import Controller, get
from litestar.di import NamedDependency

from portal.domain.complaints.queries import enquiries as queries
from portal.domain.complaints.tables import Channel
from portal.domain.queues import rules
from portal.domain.sites.tables import Site
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.page import Page
from portal.web.shown import shown_site


class Enquiries(Controller):
    @get("/desk/{slug:str}/enquiries", name="complaints:enquiries", opt=roles(*rules.REACH))
    async def index(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        asked = request.query_params
        channel = asked.get("channel", "")
        channel = channel if channel in set(Channel) else ""
        cards, many = await queries.open_ones(request.user, site, channel)
        return Page("complaints/enquiries.html", fragment="enquiries", site=shown_site(site), channel=channel, cards=cards,
                    many=many, ways=await queries.ways(request.user, site))  # fmt: skip
