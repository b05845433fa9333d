"""Who comes scans the code at the door, checks in or takes a number, and waits by a link; nobody signs in."""

from functools import partial
from typing import Any

from litestar import Controller, Response, get, post
from litestar.datastructures import State as AppState
from litestar.params import FromPath
from litestar.response import Stream

from portal import settings
from portal.domain.arrivals.forms.coming import CheckIn, NewNumber
from portal.domain.arrivals.queries import doors, expected
from portal.domain.arrivals.queries import waiting as queries
from portal.domain.arrivals.queries.waiting import Waiting
from portal.domain.arrivals.services import coming, waiting
from portal.domain.complaints.forms.handling import Nothing
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Door, Site
from portal.errors import NotFound, PortalError
from portal.events.services import topic
from portal.i18n import formats
from portal.i18n.labels import options
from portal.i18n.translations import _
from portal.ids import new_token
from portal.notifications.channels import sms
from portal.realtime.stream import stream
from portal.security import rates
from portal.security.rates import Try
from portal.web import browser
from portal.web.client import PublicRequest, address
from portal.web.forms import Form, bind, perform
from portal.web.page import Page, to
from portal.web.shown import shown_site

TEN_MINUTES, HOUR = 600, 3600


class Doors(Controller):
    path = "/d"

    @get("/", name="arrivals:doors")
    async def index(self, request: PublicRequest) -> Response[Any]:
        """Where the code of a poster is typed that cannot be scanned."""
        typed = request.query_params.get("code", "").strip()
        if not typed:
            return Page("arrivals/doors.html", form=Form())
        await _count_guess(request)
        try:
            door, _site = await doors.door(typed)
        except NotFound:
            said = _("There is no door with this code. Please look at the poster again.")
            return Page("arrivals/doors.html", form=Form({"code": typed}, {"code": said}), status_code=404)
        return to(request, f"/d/{door.slug}")

    @get("/{door:str}", name="arrivals:door")
    async def show(self, door: FromPath[str]) -> Page:
        found, site = await doors.door(door)
        return await _door(found, site)

    @post("/{door:str}/check-in", name="arrivals:check-in")
    async def check_in(self, request: PublicRequest, door: FromPath[str]) -> Response[Any]:
        found, site = await doors.door(door)
        form = await bind(CheckIn, request, limit=partial(_limit, request, site, found))
        if not form.valid:
            return await _door(found, site, check_in=form, status_code=422)
        guest = await expected.today(site, code=form.data.code, phone=form.data.phone)
        if guest is None:
            form.errors["code" if form.data.code else "phone"] = _(
                "We do not find it in today's book. Please ask at the desk, or take a number."
            )
            return await _door(found, site, check_in=form, status_code=422)
        token = new_token()

        async def work() -> str:
            there = await coming.check_in(guest, site=site, door=found, token=token, browser=browser.known(request))
            return f"/w/{there}"

        return await perform(request, form, work)

    @post("/{door:str}/number", name="arrivals:number")
    async def number(self, request: PublicRequest, door: FromPath[str]) -> Response[Any]:
        found, site = await doors.door(door)
        kinds = {kind.code: kind for kind in await doors.numbered(site)}
        form = await bind(NewNumber, request, limit=partial(_limit, request, site, found), kinds=kinds)
        if not form.valid:
            return await _door(found, site, number_form=form, status_code=422)
        token = new_token()

        async def work() -> str:
            there = await coming.take_number(form.data, site=site, kind=kinds[form.data.type], door=found, token=token,
                                             browser=browser.known(request))  # fmt: skip
            return f"/w/{there}"

        return await perform(request, form, work)


class Waits(Controller):
    path = "/w/{token:str}"

    @get("/", name="arrivals:wait")
    async def show(self, request: PublicRequest, token: FromPath[str]) -> Page:
        arrival, site = await _found(request, token)
        return Page("arrivals/wait.html", fragment="wait", site=shown_site(site), token=token, arrival=arrival)

    @get("/live", name="arrivals:live", opt={"plain": True})
    async def live(self, request: PublicRequest, state: AppState, token: FromPath[str]) -> Stream:
        _arrival, site = await _found(request, token)

        async def still_allowed() -> bool:
            try:
                return await queries.lives(token)
            except PortalError:
                return True  # the database is away: no link ended there

        return stream(state.hub, topic(site.id), still_allowed)

    @post("/delay", name="arrivals:delay")
    async def delay(self, request: PublicRequest, token: FromPath[str]) -> Response[Any]:
        arrival, site = await _found(request, token)
        form = await bind(Nothing, request, limit=partial(_limit_link, token))

        async def work() -> None:
            await waiting.delay(arrival.item, site=site)

        return await perform(request, form, work, answer=f"/w/{token}")

    @post("/leaving", name="arrivals:leave")
    async def leave(self, request: PublicRequest, token: FromPath[str]) -> Response[Any]:
        arrival, site = await _found(request, token)
        form = await bind(Nothing, request, limit=partial(_limit_link, token))

        async def work() -> None:
            await waiting.leave(arrival.item, site=site)

        return await perform(request, form, work, answer=f"/w/{token}")


async def _door(door: Door, site: Site, *, status_code: int = 200, **forms: Form[Any]) -> Page:
    kinds = await doors.numbered(site)
    shown_forms: dict[str, Any] = {"check_in": Form(), "number_form": Form(), **forms}
    return Page(
        "arrivals/door.html", status_code=status_code, site=shown_site(site), door=door, kinds=kinds,
        kind_options=[(kind.code, kind.name) for kind in kinds],
        tables={kind.code for kind in kinds if kind.at_table}, salutations=options("salutation"), texts=sms.configured(),
        **shown_forms,
    )  # fmt: skip


async def _found(request: PublicRequest, token: str) -> tuple[Waiting, Site]:
    """The arrival of a link; wrong links are counted, so that guessing ends (P36)."""
    try:
        arrival, site = await queries.by_token(token)
    except NotFound:
        await _count_guess(request)
        raise
    formats.set_zone(site.zone)
    return arrival, site


async def _count_guess(request: PublicRequest) -> None:
    await rates.check(Try("link.guesses", address(request), settings.current().limits.link_guesses))


async def _limit(request: PublicRequest, site: Site, door: Door, form: Form[Any]) -> None:
    """So many from a device and at a door, and none by address: all phones of a hall may have the same (P36)."""
    device, hourly = site_rules.figure(site, "limit.door_device"), site_rules.figure(site, "limit.door")
    await rates.check(
        Try("door.device", browser.known(request), (device, TEN_MINUTES)), Try("door", str(door.id), (hourly, HOUR))
    )


async def _limit_link(token: str, form: Form[Any]) -> None:
    """So many deeds by one link."""
    await rates.check(Try("link.deeds", token, settings.current().limits.deeds_link))
