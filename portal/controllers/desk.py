"""The desk: which sites are mine, and what I may do at one."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from portal.domain.queues.queries import items as queries
from portal.domain.queues.queries import tasks
from portal.domain.sites.tables import Site
from portal.events import queries as events
from portal.events import services
from portal.events.queries import Notice
from portal.security.policies import EVERYBODY, anybody_signed_in, roles
from portal.web.client import StaffRequest
from portal.web.forms import bind_typed, perform
from portal.web.page import Page, to
from portal.web.rooms import rooms
from portal.web.shown import place_of, shown, shown_site


class Desk(Controller):
    path = "/desk"

    @get("/", name="desk:index", opt=anybody_signed_in())
    async def index(self, request: StaffRequest) -> Response[Any]:
        if len(request.user.sites) == 1:
            return to(request, f"/desk/{request.user.sites[0].slug}")
        return Page("desk/sites.html", sites=request.user.sites)

    @get("/alive", name="desk:alive", opt=anybody_signed_in(), status_code=204)
    async def alive(self) -> None:
        """Somebody types: asking counts as use."""

    @get("/{slug:str}", name="desk:show", opt=roles(*EVERYBODY))
    async def show(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        mine = rooms(request.user.roles_at(site))
        counts = await queries.counts(request.user, site) if mine["queue"] else {}
        unread = await events.unread(request.user.id, site=site.id)
        numbers = await queries.numbers_for(request.user, site, [one.subject for one in unread])
        notices = _notices(site, unread, numbers)[: events.MOST]
        asked = await tasks.waiting_for(request.user, site)
        return Page("desk/show.html", site=shown_site(site), counts=counts, may=mine, notices=notices, tasks=asked)

    @post("/{slug:str}/notices", name="desk:seen", opt=roles(*EVERYBODY))
    async def seen(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        """Put away the notices that were shown, and no other."""
        form = await bind_typed(request)

        async def work() -> None:
            await services.seen(request.user, form.value("shown").split())

        return await perform(request, form, work, answer=f"/desk/{site.slug}")


def _notices(site: Site, unread: list[Notice], numbers: dict[UUID, str]) -> list[SimpleNamespace]:
    """What somebody was told of one thing, once, with the ids of all, and where it leads: to its item, or elsewhere.

    What he may not see has an empty number, and is left out.
    """
    alike: dict[tuple[UUID, str], list[Notice]] = {}
    for one in unread:
        if numbers.get(one.subject) != "":
            alike.setdefault((one.subject, one.kind), []).append(one)
    found = []
    for (subject, kind), same in alike.items():
        number = numbers.get(subject, "")
        href = f"/desk/{site.slug}/{f'items/{number}' if number else place_of(kind, subject)}"
        found.append(shown(same[0], ids=" ".join(str(one.id) for one in same), number=number, href=href))
    return found
