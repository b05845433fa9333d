"""Displays on a wall: a manager hangs them up, and a link shows them to whoever stands before the screen."""

from types import SimpleNamespace
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from portal import settings
from portal.domain.bookings.queries import times
from portal.domain.complaints.forms.handling import Nothing
from portal.domain.complaints.tables import Kind
from portal.domain.displays import queries, services
from portal.domain.displays.forms import NewDisplay
from portal.domain.displays.queries import Call
from portal.domain.displays.tables import Display, Shows
from portal.domain.queues.rules import UNITS
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Site
from portal.errors import NotFound
from portal.events.services import topic
from portal.i18n import formats
from portal.i18n.labels import label, options
from portal.i18n.translations import LANGUAGES, _, use
from portal.ids import new_token
from portal.realtime.stream import stream
from portal.security import rates
from portal.security.policies import roles
from portal.security.rates import Try
from portal.web.client import PublicRequest, StaffRequest
from portal.web.client import address as peer
from portal.web.forms import Form, bind, perform
from portal.web.page import Page
from portal.web.rooms import DISPLAYS
from portal.web.shown import address, qr, shown_site


class Walls(Controller):
    @get("/display/{token:str}", name="displays:wall")
    async def show(self, request: PublicRequest, token: FromPath[str]) -> Page:
        display, site = await _found(request, token)
        await services.seen(display)
        if display.shows == Shows.CALLS:
            calls = await queries.calls(display)
            return Page("displays/calls.html", fragment="calls", site=shown_site(site), token=token, board=calls,
                        said={call.once: _said(call) for call in calls.calls})  # fmt: skip
        return Page("displays/wall.html", fragment="wall", site=shown_site(site), wall=await queries.wall(display))

    @get("/display/{token:str}/live", name="displays:live", opt={"plain": True})
    async def live(self, request: PublicRequest, state: State, token: FromPath[str]) -> Stream:
        _display, site = await _found(request, token)

        async def still_hangs() -> bool:
            """Whether the link was not revoked since."""
            try:
                await queries.by_token(token)
            except NotFound:
                return False
            return True

        return stream(state.hub, topic(site.id), still_hangs)


class Displays(Controller):
    path = "/desk/{slug:str}/displays"
    opt = roles(*DISPLAYS)

    @get("/", name="displays:index")
    async def index(self, site: NamedDependency[Site]) -> Page:
        return await _page(site, Form())

    @post("/", name="displays:create")
    async def create(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        types = [one.code for one in await times.types(site)]
        form = await bind(NewDisplay, request, categories=await sites.category_codes(site.id), types=types)
        if not form.valid:
            return await _page(site, form, status_code=422)
        token, made = new_token(), list[str]()

        async def work() -> None:
            made.clear()  # the transaction may be tried again
            await services.make(site, form.data, token=token, by=request.user)
            made.append(token)

        answer = await perform(request, form, work, answer=f"/desk/{site.slug}/displays")
        if not made:
            return answer  # the form came a second time: the link was shown
        return await _page(site, Form(), link=address(f"/display/{token}"), made=form.data.name)

    @post("/{display:uuid}/revocation", name="displays:revoke")
    async def revoke(self, request: StaffRequest, site: NamedDependency[Site], display: FromPath[UUID]) -> Response[Any]:
        form = await bind(Nothing, request)

        async def work() -> None:
            await services.revoke(site, display, by=request.user)

        return await perform(request, form, work, answer=f"/desk/{site.slug}/displays")


async def _found(request: PublicRequest, token: str) -> tuple[Display, Site]:
    """The display of a link; wrong links are counted, so that guessing ends (P36)."""
    try:
        display, site = await queries.by_token(token)
    except NotFound:
        await rates.check(Try("link.guesses", peer(request), settings.current().limits.link_guesses))
        raise
    formats.set_zone(site.zone)
    return display, site


def _said(call: Call) -> dict[str, str]:
    """What a voice says of a call in each language, the ticket sign by sign."""
    said, windows = {}, {"zh-CN": call.window_zh, "en": call.window_en}
    for lang in LANGUAGES:
        with use(lang):
            said[lang] = _("Number %(ticket)s, please come to %(window)s") % {
                "ticket": " ".join(call.ticket), "window": windows[lang],
            }  # fmt: skip
    return said


async def _page(site: Site, form: Form[Any], *, status_code: int = 200, link: str = "", made: str = "") -> Page:
    types = {one.code: one.name for one in await times.types(site)}
    subjects = {one.code: one.name for one in await sites.categories(site.id, all_of_them=True)}
    displays = [
        SimpleNamespace(
            id=row["id"], name=row["name"], maker=row["maker"], made_at=row["made_at"], seen_at=row["seen_at"],
            whole=_("All calls") if row["shows"] == Shows.CALLS else _("The whole queue"),
            part=[word for word in (row["kind"] and label("kind", row["kind"]), subjects.get(row["category"], ""),
                                    row["unit"] and label("role", row["unit"]),
                                    *(types.get(code, "") for code in row["types"].split())) if word],
        )
        for row in await queries.displays(site)
    ]  # fmt: skip
    return Page(
        "displays/index.html", status_code=status_code, site=shown_site(site), form=form, displays=displays, made=made,
        link=link, qr=qr(link) if link else "", kinds=[(kind.value, label("kind", kind)) for kind in Kind],
        subjects=list(subjects.items()), types=list(types.items()), shows=options("shows"),
        units=[(role, word) for role, word in options("role") if role in UNITS],
    )  # fmt: skip
