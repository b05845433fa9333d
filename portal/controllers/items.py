"""An item's page with its deeds, and the way every deed on it goes."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response

from portal import clock
from portal.controllers.listing import filters, listing, options, place_of
from portal.controllers.looking import looked
from portal.domain.complaints.queries import staff
from portal.domain.complaints.rules import way
from portal.domain.complaints.rules.promises import BANK
from portal.domain.queues.queries import items as queries
from portal.domain.queues.queries import people
from portal.domain.queues.queries.items import Card
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid, NotFound
from portal.i18n.labels import label
from portal.web.client import StaffRequest
from portal.web.forms import Form, perform
from portal.web.page import Page
from portal.web.shown import qr, shown, shown_site

FORMS = (*way.STAFF_DEEDS, "unmask")
Work = Callable[[Card], Awaitable[None]]


async def step(
    request: StaffRequest, site: Site, number: str, deed: str, form: Form[Any], work: Work
) -> Response[Any]:
    """Do one deed on an item this person may see; afterwards its page, or this page again with what was typed."""
    item = await queries.item(request.user, site, number)
    if not form.valid:
        return await item_page(request, site, item, status_code=422, forms={deed: form})

    async def done() -> str:
        await work(item)
        return await _where(request, site, item)

    try:
        return await perform(request, form, done)
    except Invalid as invalid:
        form.refuse(invalid)
        return await item_page(request, site, item, status_code=422, forms={deed: form})
    except Conflict as conflict:
        form.errors[""] = conflict.message
        item = await queries.latest(request.user, site, item.id)
        return await item_page(request, site, item, status_code=409, forms={deed: form}, flash=conflict.message)


async def _where(request: StaffRequest, site: Site, item: Card) -> str:
    """After a deed: the item, or the queue where the deed took it out of this person's reach."""
    try:
        await queries.seen_by(request.user, site, item.id)
    except NotFound:
        return place_of(request, f"/desk/{site.slug}/queue")
    return place_of(request, f"/desk/{site.slug}/items/{item.number}")


async def item_page(
    request: StaffRequest,
    site: Site,
    item: Card,
    *,
    status_code: int = 200,
    forms: dict[str, Form[Any]] | None = None,
    revealed: tuple[str, str] | None = None,
    flash: str = "",
) -> Page:
    """The page of an item: what it is, what may be done, what happened; beside it the queue."""
    person, mine = request.user, request.user.roles_at(site)
    if item.confidential:
        await looked(request, site, item.id)
    view = await staff.for_staff(item, site, roles=mine)
    base = f"/desk/{site.slug}"
    may = way.possible(item, mine, by=person.id, accepted=view.accepted_at is not None,
                         closable_on=view.closable_on, now=clock.now())  # fmt: skip
    blank = {deed: Form[Any]() for deed in FORMS}
    about = {username for username, _full in view.about}
    if view.giver and item.owner_id == person.id:
        blank["handover"] = Form({"to": view.giver})  # who was given an item gives it back to whom it came from
    able = [(name, f"{full} · {label('role', role)}") for name, full, role in await people.handlers(site)]
    return Page(
        "queues/show.html",
        fragment="item",
        status_code=status_code,
        site=shown_site(site),
        **await listing(person, site, filters(request)),
        item=shown(item, base=f"{base}/items/{item.number}", address=place_of(request, f"{base}/items/{item.number}"),
                   first_asked=view.first_asked, filed_by=view.filed_by, channel=view.channel, language=view.language),
        complaint=shown(view, base=f"{base}/complaints/{item.number}", category_code=item.category_code),
        timeline=view.timeline,
        forms={**blank, **(forms or {})},
        may=may,
        counts_days=site_rules.value(site, "complaint.preset") == BANK,
        people=[one for one in able if one[0] != item.owner and one[0] not in about],
        options=await options(site, own=item.category_code),
        revealed=revealed,
        link_qr=qr(revealed[1]) if revealed and revealed[0] == "link" else "",
        flash=flash,
    )  # fmt: skip


