"""The agenda of a site: who comes when, to whom and where, what waits for a decision, what is due."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from litestar import Controller, get
from litestar.di import NamedDependency

from portal import clock
from portal.controllers.undoing import offer
from portal.domain.accounts.queries import Staff
from portal.domain.bookings.queries import agenda as queries
from portal.domain.bookings.queries import times
from portal.domain.bookings.queries.agenda import Visit
from portal.domain.bookings.rules import way
from portal.domain.bookings.rules.slots import Slot
from portal.domain.queues.queries.undos import UNDONE
from portal.domain.queues.rules import UNDO_WITHIN
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Site
from portal.events import queries as events
from portal.i18n.labels import label
from portal.i18n.translations import N_, gettext, use
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.page import Page
from portal.web.rooms import AGENDA
from portal.web.shown import shown, shown_site

# What a visitor reads whose visit was declined by one tap.
SORRY = N_("We are sorry: at that time we cannot receive you. Please choose another time, or ring us.")
AHEAD, A_DAY, A_WEEK = timedelta(days=14), timedelta(days=1), timedelta(days=7)


class Agenda(Controller):
    path = "/desk/{slug:str}"

    @get("/agenda", name="bookings:agenda", opt=roles(*AGENDA))
    async def index(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        asked, mine = request.query_params, request.user.roles_at(site)
        today = clock.today(site.zone)
        on = day_in(asked.get("day", ""), today)
        week = asked.get("view") == "week"
        first = on - timedelta(days=on.weekday()) if week else on
        last = first + timedelta(days=6) if week else on
        way_here = {name: word for name, word in (("view", "week" if week else ""), ("whose", _whose(asked))) if word}
        common: dict[str, Any] = {
            "site": shown_site(site), "on": on, "today": today, "week": week, "days": [first, last], "whose": _whose(asked),
            "kept": way_here, "before": first - (A_WEEK if week else A_DAY),
            "after": last + A_DAY, "updated_at": clock.now(),
        }  # fmt: skip
        if not mine & way.READERS:
            counts = await queries.counts(site, first, last)
            return Page("bookings/desk/counts.html", fragment="agenda", **common, counts=counts)
        found = await queries.agenda(site, first, last, mine=request.user.id if _whose(asked) else None)
        does = bool(mine & way.RECEIVERS)
        return Page(
            "bookings/desk/index.html", fragment="agenda", **common, agenda=found, does=does,
            requests=await _requests(request, site, found.requests) if does else found.requests, sorry=gettext(SORRY),
            undo=await tapped(request.user, site, {one.id: one.number for ones in found.days.values() for one in ones}),
            standing=await _standing(site, found.requests) if does else {},
        )  # fmt: skip


async def tapped(person: Staff, site: Site, numbers: dict[UUID, str]) -> SimpleNamespace | None:
    """The arrival that this person has just tapped, of some bookings by their id, with the way back."""
    since = clock.now() - UNDO_WITHIN
    found = await events.lately(numbers, ("booking.arrived", UNDONE), by=person.id, since=since) if numbers else {}
    done = max(found.values(), key=lambda one: one.at, default=None)
    if done is None or (done.kind != UNDONE and "was" not in done.particulars):
        return None
    if done.kind == UNDONE:
        return SimpleNamespace(words=label("event", UNDONE), action="")
    number = next(number for item, number in numbers.items() if found.get(item) is done)
    here = f"/desk/{site.slug}/agenda"
    return offer(f"{number}: {label('event', done.kind)}", f"/desk/{site.slug}/bookings/{number}/undo", done.at,
                 event=str(done.id), next=here)  # fmt: skip


async def _requests(request: StaffRequest, site: Site, requests: list[Visit]) -> list[Any]:
    """What waits for a decision, with the next time that could be proposed: as many questions as there are types."""
    free: dict[Any, list[Slot]] = {}
    for one in requests:
        if one.type.id not in free:
            days = [other.day for other in requests if other.type.id == one.type.id]
            free[one.type.id] = await times.free(site, one.type, min(days), max(days) + AHEAD)
    found = []
    for one in requests:
        later = (slot for slot in free[one.type.id] if slot.begins_at > one.begins_at and slot.fits(one.people))
        with use(one.language):
            sorry = gettext(SORRY)
        found.append(shown(one, other=next(later, None), sorry=sorry, me=request.user.username))
    return found


async def _standing(site: Site, requests: list[Visit]) -> dict[Any, str]:
    """The standing places of the types that wait for a decision, by type: what approving by one tap takes (VIS-04)."""
    wanted = {one.type.place for one in requests if one.type.place and not one.type.guided}
    places = {place.id: place.code for place in await sites.places(site.id)} if wanted else {}
    return {one.type.id: places[one.type.place] for one in requests if one.type.place in places and not one.type.guided}


def _whose(asked: Any) -> str:
    return "me" if asked.get("whose") == "me" else ""


def day_in(text: str, otherwise: date) -> date:
    try:
        return min(max(date.fromisoformat(text.strip()), date(2000, 1, 1)), date(2200, 1, 1))
    except ValueError:
        return otherwise
