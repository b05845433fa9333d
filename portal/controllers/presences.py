"""Who else looks at an item: each open page says that it is there, and learns who else is."""

from litestar import Controller, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal.domain.queues import rules
from portal.domain.queues.queries import items, presences
from portal.domain.queues.services import presences as services
from portal.domain.sites.tables import Site
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.page import Page


class Presences(Controller):
    @get("/desk/{slug:str}/items/{number:str}/presence", name="presences:show", opt=roles(*rules.REACH))
    async def show(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Page:
        """Asking is being there, for half a minute; no signal leaves for it, so that nobody else's page asks anew."""
        item = await items.item(request.user, site, number)
        await services.be_there(item, by=request.user)
        others = await presences.others(item.id, but=request.user.id)
        base = f"/desk/{site.slug}/items/{item.number}"
        return Page("queues/presence.html", fragment="presence", always=True, item_base=base, others=others)
