"""Who finds no place waits for one, and whoever is asked something by the house answers by the link; nobody signs in."""

from collections.abc import Awaitable
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from portal import settings
from portal.controllers.bookings import proving
from portal.domain.bookings.forms.waiting import NewWaiting
from portal.domain.bookings.queries import times
from portal.domain.bookings.queries import waiting as queries
from portal.domain.bookings.services import answering, waiting
from portal.domain.bookings.tables import VisitType
from portal.domain.complaints.forms.handling import Nothing
from portal.domain.sites import queries as sites
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.errors import Invalid, NotFound
from portal.i18n import formats
from portal.i18n.labels import options
from portal.ids import new_token
from portal.security import rates
from portal.security.rates import Try
from portal.web import browser
from portal.web.client import PublicRequest, address
from portal.web.forms import Form, bind, perform, typed
from portal.web.page import Page
from portal.web.shown import shown_site


class WaitingList(Controller):
    path = "/s/{slug:str}/waiting-list"

    @get("/", name="bookings:waiting")
    async def new(self, request: PublicRequest, slug: FromPath[str]) -> Page:
        asked = request.query_params
        form: Form[Any] = Form({"type": asked.get("type", ""), "day": asked.get("day", ""), "people": "1"})
        site, kind = await _kind(slug, form.value("type"))
        return _page(site, kind, form)

    @post("/", name="bookings:wait")
    async def wait(self, request: PublicRequest, slug: FromPath[str]) -> Response[Any]:
        site, kind = await _kind(slug, (await typed(request)).get("type", ""))
        form = await bind(NewWaiting, request, limit=partial(_limit, request, site), most=kind.most)
        if not form.valid:
            return _page(site, kind, form, status_code=422)
        token = new_token()

        async def work() -> None:
            await waiting.line_up(form.data, site=site, kind=kind, token=token)

        try:
            if kind.proven and not await proving.proven(request, site, form, kind=None):
                return _page(site, kind, form, status_code=422, code_sent=True)
            return await perform(request, form, work, answer=f"/b/{token}")
        except Invalid as refused:
            form.refuse(refused)
            return _page(site, kind, form, status_code=422, code_sent="code" in refused.fields)


class Answer(Protocol):
    """What a visitor says to what stands open."""

    def __call__(self, booking: UUID, *, site: Site, version: int | None = None) -> Awaitable[None]: ...


class Answers(Controller):
    path = "/b/{token:str}"

    @post("/acceptance", name="bookings:accept")
    async def accept(self, request: PublicRequest, token: FromPath[str]) -> Response[Any]:
        return await _answered(request, token, answering.accept)

    @post("/rejection", name="bookings:reject")
    async def reject(self, request: PublicRequest, token: FromPath[str]) -> Response[Any]:
        return await _answered(request, token, answering.reject)


async def _answered(request: PublicRequest, token: str, answer: Answer) -> Response[Any]:
    """The answer to what stands open; a page that says which `version` it shows never answers something newer."""
    booking, site = await _found(request, token)
    form = await bind(Nothing, request, limit=partial(_deeds, token))

    async def work() -> None:
        await answer(booking, site=site, version=form.version)

    return await perform(request, form, work, answer=f"/b/{token}")


async def _found(request: PublicRequest, token: str) -> tuple[UUID, Site]:
    """The booking of a link; wrong links are counted, so that guessing ends (P36)."""
    try:
        booking, site_id = await queries.by_token(token)
    except NotFound:
        await rates.check(Try("link.guesses", address(request), settings.current().limits.link_guesses))
        raise
    site = await sites.site_by_id(site_id)
    formats.set_zone(site.zone)
    return booking, site


async def _kind(slug: str, code: str) -> tuple[Site, VisitType]:
    """The site of an address, and what is waited for; its times are those of its own clocks."""
    site = await sites.site(slug)
    formats.set_zone(site.zone)
    return site, await times.visit_type(site, code, online=True)


async def _deeds(token: str, _form: Form[Any]) -> None:
    """So many deeds by one link in ten minutes."""
    await rates.check(Try("link.deeds", token, settings.current().limits.deeds_link))


async def _limit(request: PublicRequest, site: Site, _form: Form[Any]) -> None:
    """So many entries from a device and an address in ten minutes, so many at a site in an hour (P36)."""
    device, hourly = site_rules.figure(site, "limit.filings_device"), site_rules.figure(site, "limit.filings_site")
    await rates.check(
        Try("waiting.device", browser.known(request), (device, 600)),
        Try("waiting.address", address(request), settings.current().limits.filings_address),
        Try("waiting.site", str(site.id), (hourly, 3600)),
    )


def _page(site: Site, kind: VisitType, form: Form[Any], *, status_code: int = 200, code_sent: bool = False) -> Page:
    return Page(
        "bookings/waiting.html", status_code=status_code, site=shown_site(site), kind=kind, form=form,
        salutations=options("salutation"), minutes=site_rules.figure(site, "visit.offer_minutes"), proving=code_sent,
    )  # fmt: skip
