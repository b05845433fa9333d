"""Customers file complaints and follow them by their link; nobody signs in."""

from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from portal import clock, settings
from portal.domain.complaints.forms.filing import Message, NewComplaint, Rating, Rejection
from portal.domain.complaints.forms.handling import Nothing
from portal.domain.complaints.queries import customer
from portal.domain.complaints.queries.customer import CustomerView
from portal.domain.complaints.rules import way
from portal.domain.complaints.services import filing, following
from portal.domain.sites import queries as sites
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.errors import NotFound
from portal.i18n import formats
from portal.ids import new_token
from portal.photos import queries as photos
from portal.security import rates
from portal.security.rates import Try
from portal.web import browser
from portal.web.client import PublicRequest, address
from portal.web.forms import Form, bind, perform
from portal.web.page import Page
from portal.web.photo import picture, size
from portal.web.shown import address as full_address
from portal.web.shown import qr, shown, shown_site

FRESH = timedelta(minutes=10)
A_DAY = 24 * 3600
WITH_PHOTOS = 52_000_000  # bytes: five photos of 10 MB, and the words


class Filing(Controller):
    @get("/s/{slug:str}/complaints/new", name="complaints:new")
    async def new(self, request: PublicRequest, slug: FromPath[str]) -> Page:
        site, asked = await sites.site(slug), request.query_params
        form: Form[Any] = Form({"kind": asked.get("kind", "complaint")})
        return await _form(site, form, place=asked.get("place", ""))

    @post("/s/{slug:str}/complaints", name="complaints:create", request_max_body_size=WITH_PHOTOS)
    async def create(self, request: PublicRequest, slug: FromPath[str]) -> Response[Any]:
        site = await sites.site(slug)
        codes = await sites.category_codes(site.id)
        form = await bind(NewComplaint, request, limit=partial(_limit, request, site), categories=codes,
                          kinds=way.offered(site))  # fmt: skip
        if not form.valid:
            return await _form(site, form, status_code=422)
        token = new_token()

        async def work() -> None:
            await filing.file(form.data, site=site, token=token, pictures=form.pictures)

        return await perform(request, form, work, answer=f"/c/{token}")


class Following(Controller):
    path = "/c/{token:str}"

    @get("/", name="complaints:follow")
    async def show(self, request: PublicRequest, token: FromPath[str]) -> Page:
        complaint, site = await _found(request, token)
        return _page(token, complaint, site)

    @get("/photos/{photo:uuid}", name="complaints:photo")
    async def photo(self, request: PublicRequest, token: FromPath[str], photo: FromPath[UUID]) -> Response[bytes]:
        complaint, _site = await _found(request, token)
        if photo not in complaint.photos and all(photo not in said.photos for said in complaint.talk):
            raise NotFound
        return picture(await photos.read(photo, size(request)))

    @post("/messages", name="complaints:message", request_max_body_size=WITH_PHOTOS)
    async def message(self, request: PublicRequest, token: FromPath[str]) -> Response[Any]:
        complaint, site = await _found(request, token)
        form = await bind(Message, request, limit=partial(limit_message, request, site, token))
        if not form.valid:
            return _page(token, complaint, site, status_code=422, message_form=form)

        async def work() -> None:
            await following.write(complaint.item, form.data, site=site, pictures=form.pictures)

        return await perform(request, form, work, answer=f"/c/{token}")

    @post("/acceptance", name="complaints:accept")
    async def accept(self, request: PublicRequest, token: FromPath[str]) -> Response[Any]:
        complaint, site = await _found(request, token)
        form = await bind(Nothing, request)

        async def work() -> None:
            await following.accept(complaint.item, site=site)

        return await perform(request, form, work, answer=f"/c/{token}")

    @post("/rejection", name="complaints:reject")
    async def reject(self, request: PublicRequest, token: FromPath[str]) -> Response[Any]:
        complaint, site = await _found(request, token)
        form = await bind(Rejection, request)
        if not form.valid:
            return _page(token, complaint, site, status_code=422, rejection_form=form)

        async def work() -> None:
            await following.reject(complaint.item, form.data.reason, site=site)

        return await perform(request, form, work, answer=f"/c/{token}")

    @post("/rating", name="complaints:rate")
    async def rate(self, request: PublicRequest, token: FromPath[str]) -> Response[Any]:
        complaint, site = await _found(request, token)
        form = await bind(Rating, request)
        if not form.valid:
            return _page(token, complaint, site, status_code=422, rating_form=form)

        async def work() -> None:
            await following.rate(complaint.item, form.data, site=site)

        return await perform(request, form, work, answer=f"/c/{token}")


async def _found(request: PublicRequest, token: str) -> tuple[CustomerView, Site]:
    """The complaint of a link; wrong links are counted, so that guessing ends (P36)."""
    limit, guesser = settings.current().limits.link_guesses, address(request)
    try:
        complaint, site = await customer.by_token(token)
    except NotFound:
        await rates.check(Try("link.guesses", guesser, limit))
        raise
    formats.set_zone(site.zone)
    return complaint, site


async def _limit(request: PublicRequest, site: Site, form: Form[Any]) -> None:
    """So many filings from a device and an address in ten minutes, so many at a site in an hour (P36), so many photos."""
    device, hourly = site_rules.figure(site, "limit.filings_device"), site_rules.figure(site, "limit.filings_site")
    await rates.check(
        Try("filing.device", browser.known(request), (device, 600)),
        Try("filing.address", address(request), settings.current().limits.filings_address),
        _photo_quota(request, site, form),
        Try("filing.site", str(site.id), (hourly, 3600)),
    )


async def limit_message(request: PublicRequest, site: Site, token: str, form: Form[Any]) -> None:
    """So many messages by one link in ten minutes, so many photos from a device."""
    deeds = settings.current().limits.deeds_link
    await rates.check(Try("link.deeds", token, deeds), _photo_quota(request, site, form))


def _photo_quota(request: PublicRequest, site: Site, form: Form[Any]) -> Try:
    """So many megabytes of photos from a device in a day, counted in kilobytes (P27)."""
    most = site_rules.figure(site, "limit.photos_device") * 1000
    return Try("photos.device", browser.known(request), (most, A_DAY), weight=form.photo_bytes // 1000)


async def _form(site: Site, form: Form[Any], *, place: str = "", status_code: int = 200) -> Page:
    return Page(
        "complaints/new.html",
        status_code=status_code,
        site=shown_site(site),
        form=form,
        kinds=customer.kinds(way.offered(site)),
        categories=await sites.categories(site.id),
        places=[],
        place=await _place(site, place),
        acknowledge_minutes=site_rules.figure(site, "complaint.acknowledge_minutes"),
        retention_days=site_rules.figure(site, "complaint.retention_days"),
    )


async def _place(site: Site, code: str) -> str:
    """A place as a guest reads it: by its name, where that leads back to it; what is not known stays as it came."""
    known = await sites.place(site.id, code)
    if known is None:
        return code[:80]
    return known.name if await sites.place(site.id, known.name) == known else known.code


def _page(token: str, complaint: CustomerView, site: Site, *, status_code: int = 200, **forms: Form[Any]) -> Page:
    link = full_address(f"/c/{token}")
    fresh = complaint.state == "received" and clock.now() - complaint.filed_at < FRESH
    shown_forms: dict[str, Any] = {
        **{name: Form[Any]() for name in ("message_form", "rejection_form", "rating_form")},
        **forms,
    }
    return Page(
        "complaints/follow.html",
        fragment="complaint_follow",
        status_code=status_code,
        site=shown_site(site),
        token=token,
        complaint=shown(complaint, link=link, qr=qr(link), fresh=fresh),
        story=complaint.story,
        talk=complaint.talk,
        **shown_forms,
    )
