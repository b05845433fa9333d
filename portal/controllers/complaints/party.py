"""The other party of a dispute, by a link of its own; it reads and writes its own words alone."""

from functools import partial
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from portal import settings
from portal.controllers.complaints.customer import WITH_PHOTOS, limit_message
from portal.domain.complaints.forms.filing import Message
from portal.domain.complaints.queries import party
from portal.domain.complaints.queries.party import PartyView
from portal.domain.complaints.services import mediating
from portal.domain.sites.tables import Site
from portal.errors import NotFound
from portal.i18n import formats
from portal.photos import queries as photos
from portal.security import rates
from portal.security.rates import Try
from portal.web.client import PublicRequest, address
from portal.web.forms import Form, bind, perform
from portal.web.page import Page
from portal.web.photo import picture, size
from portal.web.shown import shown_site


class Mediating(Controller):
    path = "/p/{token:str}"

    @get("/", name="complaints:party")
    async def show(self, request: PublicRequest, token: FromPath[str]) -> Page:
        view, site = await _found(request, token)
        return _page(token, view, site, Form())

    @get("/photos/{photo:uuid}", name="complaints:party-photo")
    async def photo(self, request: PublicRequest, token: FromPath[str], photo: FromPath[UUID]) -> Response[bytes]:
        view, _site = await _found(request, token)
        if all(photo not in said.photos for said in view.talk):
            raise NotFound
        return picture(await photos.read(photo, size(request)))

    @post("/messages", name="complaints:party-message", request_max_body_size=WITH_PHOTOS)
    async def message(self, request: PublicRequest, token: FromPath[str]) -> Response[Any]:
        view, site = await _found(request, token)
        form = await bind(Message, request, limit=partial(limit_message, request, site, token))
        if not form.valid:
            return _page(token, view, site, form, status_code=422)

        async def work() -> None:
            await mediating.hear(view.item, form.data, site=site, pictures=form.pictures)

        return await perform(request, form, work, answer=f"/p/{token}")


async def _found(request: PublicRequest, token: str) -> tuple[PartyView, Site]:
    """The dispute of a link; wrong links are counted, so that guessing ends (P36)."""
    try:
        view, site = await party.by_token(token)
    except NotFound:
        await rates.check(Try("link.guesses", address(request), settings.current().limits.link_guesses))
        raise
    formats.set_zone(site.zone)
    return view, site


def _page(token: str, view: PartyView, site: Site, form: Form[Any], *, status_code: int = 200) -> Page:
    return Page("complaints/party.html", fragment="party_talk", status_code=status_code, site=shown_site(site), token=token,
                item=view.item, place=view.place, talk=view.talk, form=form)  # fmt: skip
