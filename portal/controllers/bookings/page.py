"""The page of one booking, and the way every deed on it goes."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response

from portal.controllers.bookings.agenda import AHEAD, tapped
from portal.controllers.bookings.beside import beside
from portal.domain.bookings.queries import agenda as queries
from portal.domain.bookings.queries import desk, times
from portal.domain.bookings.rules import preparing, way
from portal.domain.bookings.tables import VisitType
from portal.domain.queues import rules as queues
from portal.domain.queues.queries import items
from portal.domain.queues.queries.items import Card
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid
from portal.i18n.labels import label
from portal.i18n.labels import options as label_options
from portal.web.client import StaffRequest
from portal.web.forms import Form, next_path, perform
from portal.web.page import Page
from portal.web.shown import shown, shown_site

FORMS = ("confirmation", "decline", "proposal", "change", "preparation", "ready", "arrival", "no-show", "withdrawal",
         "undo", "unmask")  # fmt: skip


async def step(
    request: StaffRequest, site: Site, number: str, deed: str, form: Form[Any], work: Callable[[Card], Awaitable[object]]
) -> Response[Any]:
    """Do one deed on a booking; afterwards the page that its form names, or the booking's; or this, with what was typed."""
    card = await queries.card(site, number)
    if not form.valid:
        return await booking_page(request, site, card, status_code=422, forms={deed: form})

    async def done() -> None:
        await work(card)

    try:
        return await perform(request, form, done, answer=next_path(form.values, base(site, card)))
    except Invalid as invalid:
        form.refuse(invalid)
        return await booking_page(request, site, card, status_code=422, forms={deed: form})
    except Conflict as conflict:
        form.errors[""] = conflict.message
        card = await items.item_by_id(card.id)
        return await booking_page(request, site, card, status_code=409, forms={deed: form}, flash=conflict.message)


async def booking_page(
    request: StaffRequest, site: Site, card: Card, *, status_code: int = 200, forms: dict[str, Form[Any]] | None = None,
    revealed: tuple[str, str] | None = None, flash: str = "",
) -> Page:  # fmt: skip
    """The page of one booking: who comes when and why, what may be done, what happened."""
    booking = await desk.whole(site, card)
    mine, kind = request.user.roles_at(site), booking.visit.type
    may = {name for name, deed in way.DEEDS.items() if queues.may(deed, mine) and booking.visit.state in deed.before}
    does = bool(may)
    free = await times.free(site, kind, booking.visit.day, booking.visit.day + AHEAD) if does else []
    return Page(
        "bookings/desk/show.html",
        fragment="booking",
        status_code=status_code,
        site=shown_site(site),
        booking=shown(booking, base=base(site, card)),
        item=shown(card, base=base(site, card)),
        visit=booking.visit,
        kind=kind,
        may={**dict.fromkeys(may, ""), **({"unmask": ""} if mine & way.RECEIVERS else {})},
        forms={**{deed: Form[Any]() for deed in FORMS}, **(forms or {})},
        free=[slot for slot in free if slot.fits(booking.visit.people)][:40],
        places=await sites.places(site.id) if does else [],
        receivers=await people(site, kind) if does else [],
        standing=await standing_place(site, kind),
        revealed=revealed,
        scopes=label_options("scope") if len(booking.series) > 1 else [],
        into=request.query_params.get("into", ""),
        flash=flash,
        undo=None if flash else await tapped(request.user, site, {card.id: card.number}),
        flash_tone="danger" if status_code == 409 else "",
        **await beside(request.user, site, card, forms or {}),
        items=[(item, label("preparation", item), item in preparing.ON_THE_DAY) for item in preparing.ITEMS
               if item in booking.visit.checklist or item in booking.visit.done],
    )  # fmt: skip


async def people(site: Site, kind: VisitType) -> list[tuple[str, str]]:
    """Who may receive somebody for a type, to choose from: those first whose task it is (VIS-31)."""
    return [(username, f"{name} · {label('role', role)}") for username, name, role in await queries.receivers(site, kind)]


async def standing_place(site: Site, kind: VisitType) -> str:
    """The code of the place at which a type is received if nobody names another."""
    return next((place.code for place in await sites.places(site.id) if place.id == kind.place), "") if kind.place else ""


def base(site: Site, card: Card) -> str:
    """The address of a booking on the desk."""
    return f"/desk/{site.slug}/bookings/{card.number}"
