"""The line at the door: one list for who has booked and who walks in, and the deeds of those who call and serve."""

import logging
from collections.abc import Awaitable, Callable
from functools import partial
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal import clock
from portal.domain.accounts.queries import Staff
from portal.domain.arrivals.forms.serving import AtWindow, OutOfTurn, Transfer
from portal.domain.arrivals.queries import line
from portal.domain.arrivals.rules import way, windows
from portal.domain.arrivals.services import serving
from portal.domain.arrivals.tables import Station
from portal.domain.bookings.queries import times
from portal.domain.complaints.forms.handling import Nothing
from portal.domain.queues.queries.items import Card
from portal.domain.queues.rules import UNDO_WITHIN
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.i18n.translations import _
from portal.security.policies import roles
from portal.web import browser
from portal.web.client import AnyRequest, StaffRequest
from portal.web.forms import Form, bind, perform
from portal.web.page import Page
from portal.web.shown import shown_site

PARTS = ("windows", "waiting", "aside")
A_YEAR = 365 * 24 * 3600
Work = Callable[[Card], Awaitable[None]]

log = logging.getLogger(__name__)


class Line(Controller):
    path = "/desk/{slug:str}/arrivals"
    opt = roles(*way.CALLERS)

    @get("/", name="arrivals:index", opt=roles(*way.READERS))
    async def index(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        page = await _page(request, site, part=request.query_params.get("part", ""))
        if chosen := request.query_params.get("window"):
            _remember(page, site, await line.stations(site), chosen)
        return page

    @post("/call", name="arrivals:call")
    async def call(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        stations = await line.stations(site)
        form = await bind(AtWindow, request, windows=[one.code for one in stations])
        if not form.valid:
            return await _page(request, site, status_code=422, form=form)
        station = next(one for one in stations if one.code == form.data.window)

        async def work() -> None:
            await serving.call_next(site, station, by=request.user)

        try:
            answer = await perform(request, form, work, answer=_list(site))
        except Conflict as conflict:
            answer = await _page(request, site, status_code=409, flash=conflict.message, mine=station.id)
        _remember(answer, site, stations, station.code)
        return answer

    @post("/{number:str}/call", name="arrivals:call-out-of-turn")
    async def call_out_of_turn(
        self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]
    ) -> Response[Any]:
        stations = {one.code: one for one in await line.stations(site)}
        form = await bind(OutOfTurn, request, windows=list(stations))
        return await _step(request, site, number, "call", form, lambda item: serving.call(
            item, stations[form.data.window], site=site, by=request.user, reason=form.data.reason))  # fmt: skip

    @post("/{number:str}/transfer", name="arrivals:transfer")
    async def transfer(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        types = {one.code: one for one in await times.types(site)}
        stations = {one.code: one for one in await line.stations(site)}
        form = await bind(Transfer, request, ways=[*types, *stations])
        return await _step(request, site, number, "transfer", form, lambda item: serving.transfer(
            item, site=site, by=request.user, kind=types.get(form.data.to), minutes=form.data.after,
            station=None if form.data.to in types else stations[form.data.to]))  # fmt: skip

    @post("/{number:str}/recall", name="arrivals:recall")
    async def recall(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        return await _tap(request, site, number, "recall", serving.recall)

    @post("/{number:str}/park", name="arrivals:park")
    async def park(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        return await _tap(request, site, number, "park", serving.park)

    @post("/{number:str}/return", name="arrivals:return")
    async def bring_back(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        return await _tap(request, site, number, "return", serving.bring_back)

    @post("/{number:str}/no-show", name="arrivals:miss")
    async def miss(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        return await _tap(request, site, number, "no-show", serving.miss)

    @post("/{number:str}/host", name="arrivals:contact-host")
    async def contact_host(
        self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]
    ) -> Response[Any]:
        return await _tap(request, site, number, "host", serving.contact_host)

    @post("/{number:str}/serving", name="arrivals:serve")
    async def serve(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        return await _tap(request, site, number, "serving", serving.serve)

    @post("/{number:str}/finish", name="arrivals:finish")
    async def finish(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        return await _tap(request, site, number, "finish", serving.finish, to=f"{_list(site)}?done={quote(number)}")

    @post("/{number:str}/undo", name="arrivals:undo-finish")
    async def undo_finish(
        self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]
    ) -> Response[Any]:
        return await _tap(request, site, number, "undo", serving.undo_finish)


async def _tap(
    request: StaffRequest, site: Site, number: str, deed: str, work: Callable[..., Awaitable[None]], *, to: str = ""
) -> Response[Any]:
    """A deed that needs no words."""
    form = await bind(Nothing, request)
    return await _step(request, site, number, deed, form, lambda item: work(item, site=site, by=request.user), to=to)


async def _step(
    request: StaffRequest, site: Site, number: str, deed: str, form: Form[Any], work: Work, *, to: str = ""
) -> Response[Any]:
    """Do one deed on somebody in the line; afterwards the list, or the list with what was typed and what is wrong."""
    item = await line.visitor(site, number)
    wrong = {(number, deed): form}
    if not form.valid:
        return await _page(request, site, status_code=422, wrong=wrong)

    async def done() -> None:
        await work(item)

    try:
        return await perform(request, form, done, answer=to or _list(site))
    except Conflict as conflict:
        form.errors[""] = conflict.message
        return await _page(request, site, status_code=409, flash=conflict.message, wrong=wrong)


async def _page(
    request: StaffRequest, site: Site, *, part: str = "", status_code: int = 200, flash: str = "", mine: UUID | None = None,
    form: Form[Any] | None = None, wrong: dict[tuple[str, str], Form[Any]] | None = None,
) -> Page:  # fmt: skip
    """The list, or one part of it. A part that fails says so in its place, and the others stay."""
    asked = part if part in PARTS else ""
    stations = await line.stations(site)
    here = mine or _chosen(request, site, stations)
    ways: dict[str, Callable[[], Awaitable[Any]]]
    ways = {"windows": partial(_windows, site, stations), "waiting": partial(line.waiting, site),
            "aside": partial(line.aside, site)}  # fmt: skip
    parts: dict[str, Any] = {name: await _part(ways[name]) for name in PARTS if asked in ("", name)}
    return Page(
        "arrivals/desk/index.html",
        fragment=asked,
        status_code=status_code,
        site=shown_site(site),
        **parts,
        stations=[(one.code, one.name) for one in stations],
        mine=next((one for one in stations if one.id == here), None),
        types=[(one.code, one.name) for one in await times.types(site)],
        calls=bool(way.CALLERS & request.user.roles_at(site)),
        host_first=serving.wants_host(site),
        form=form or Form[Any](),
        blank=Form[Any](),
        wrong=wrong or {},
        flash=flash,
        flash_tone="danger" if flash else "",
        undo=await _finished(request.user, site, request.query_params.get("done", "")),
    )


async def _part(work: Callable[[], Awaitable[Any]]) -> SimpleNamespace:
    """What a part of the page shows, or that it cannot just now."""
    try:
        return SimpleNamespace(found=await work(), failed=False)
    except Exception as error:
        log.error("a part of the line cannot be shown: %s", type(error).__name__)
        return SimpleNamespace(found=None, failed=True)


async def _windows(site: Site, stations: list[Station]) -> SimpleNamespace:
    """Who is at which window, which of them stand idle while somebody waits, and whether one more should open."""
    called, waits = await line.called(site), await line.waits(site)
    known = [line.window(one) for one in stations]
    idle = windows.idle(known, {one.station for one in called if one.station}, waits)
    alert = site_rules.figure(site, "arrival.alert_minutes")
    waited = windows.longest(waits, clock.now()).total_seconds() // 60
    return SimpleNamespace(called=called, waiting=len(waits), idle=[one.name for one in idle], waited=int(waited),
                           alert=alert if waited > alert else 0)  # fmt: skip


async def _finished(person: Staff, site: Site, number: str) -> SimpleNamespace | None:
    """What this person finished a moment ago, with the way back; and the word that one says then (HALL-06)."""
    done = await line.finished(person, site, number) if number else None
    if done is None:
        return None
    words = _("%(ticket)s is done. Remind the guest to take all belongings along.") % {"ticket": done.ticket}
    action = f"{_list(site)}/{number}/undo"
    return SimpleNamespace(words=words, action=action, fields={}, until=done.ended_at + UNDO_WITHIN)


def _list(site: Site) -> str:
    return f"/desk/{site.slug}/arrivals"


def _chosen(request: AnyRequest, site: Site, stations: list[Station]) -> UUID | None:
    """The window that this browser sits at: the one asked for, the one it called to last, or the only one."""
    asked = request.query_params.get("window", "")
    kept = request.cookies.get(browser.cookie_name(_cookie(site)), "")
    by_code, by_id = {one.code: one.id for one in stations}, {one.id.hex: one.id for one in stations}
    only = stations[0].id if len(stations) == 1 else None
    return by_code.get(asked) or by_id.get(kept) or only


def _remember(answer: Response[Any], site: Site, stations: list[Station], code: str) -> None:
    if found := next((one for one in stations if one.code == code), None):
        answer.set_cookie(browser.kept(_cookie(site), found.id.hex, seconds=A_YEAR))


def _cookie(site: Site) -> str:
    return f"window-{site.slug}"
