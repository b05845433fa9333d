"""The desk: which sites are mine, and what I may do at one."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from portal import clock
from portal.controllers.undoing import offer
from portal.domain.queues import rules
from portal.domain.queues.queries import items as queries
from portal.domain.queues.queries import tasks
from portal.domain.queues.queries.items import Numbered
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.events import queries as events
from portal.events import services
from portal.events.queries import Notice
from portal.i18n.translations import _
from portal.security.policies import EVERYBODY, anybody_signed_in, roles
from portal.web.client import StaffRequest
from portal.web.forms import bind_typed, perform
from portal.web.page import Page, to
from portal.web.rooms import lines, rooms
from portal.web.shown import item_at, place_of, shown, shown_site


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

    @get("/keys", name="desk:keys", opt=anybody_signed_in())
    async def keys(self) -> Page:
        """What the keys do, as a page of its own."""
        return Page("desk/keys.html")

    @get("/{slug:str}", name="desk:show", opt=roles(*EVERYBODY))
    async def show(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        mine = rooms(request.user.roles_at(site))
        counts = await queries.counts(request.user, site) if mine["queue"] else {}
        unread = await events.unread(request.user.id, site=site.id)
        numbers = await queries.numbers_for(request.user, site, [one.subject for one in unread],
                                            lines=lines(request.user.roles_at(site)))  # fmt: skip
        notices = _notices(site, unread, numbers)[: events.MOST]
        asked = await tasks.waiting_for(request.user, site)
        away = request.query_params.get("away", "")
        return Page("desk/show.html", site=shown_site(site), counts=counts, may=mine, notices=notices, tasks=asked,
                    undo=_put_away(site, away))  # fmt: skip

    @post("/{slug:str}/notices", name="desk:seen", opt=roles(*EVERYBODY))
    async def seen(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        """Put away the notices that were shown, and no other."""
        form = await bind_typed(request)

        async def work() -> str:
            away = await services.seen(request.user, form.value("shown").split())
            return f"/desk/{site.slug}?{urlencode({'away': away.isoformat()})}"

        return await perform(request, form, work)

    @post("/{slug:str}/notices/return", name="desk:unseen", opt=roles(*EVERYBODY))
    async def unseen(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        """Put back the notices that were put away at an instant, ten seconds ago at most."""
        form = await bind_typed(request)
        away = _lately(form.value("away"))

        async def work() -> None:
            if away is None:
                raise Conflict(_("It can be undone for ten seconds, and they are over."))
            await services.unseen(request.user, away)

        return await perform(request, form, work, answer=f"/desk/{site.slug}")


def _put_away(site: Site, text: str) -> SimpleNamespace | None:
    """What to say of notices that were put away at the instant that an address names, and the way back."""
    away = _lately(text)
    return offer(_("Put away"), f"/desk/{site.slug}/notices/return", away, away=text) if away else None


def _lately(text: str) -> datetime | None:
    """The instant that a text names, if it may still be undone."""
    try:
        instant = datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return instant if timedelta() <= clock.now() - instant <= rules.UNDO_WITHIN else None


def _notices(site: Site, unread: list[Notice], numbers: dict[UUID, Numbered]) -> list[SimpleNamespace]:
    """What somebody was told of one thing, once, with the ids of all, and where it leads: to its item, or elsewhere.

    What he may not see has an empty number, and is left out.
    """
    alike: dict[tuple[UUID, str], list[Notice]] = {}
    for one in unread:
        if one.subject not in numbers or numbers[one.subject].number:
            alike.setdefault((one.subject, one.kind), []).append(one)
    found = []
    for (subject, kind), same in alike.items():
        about = numbers.get(subject)
        href = f"/desk/{site.slug}/{item_at(*about) if about else place_of(kind, subject)}"
        found.append(shown(same[0], ids=" ".join(str(one.id) for one in same), number=about.number if about else "",
                           href=href))  # fmt: skip
    return found
