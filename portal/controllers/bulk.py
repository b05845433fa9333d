"""One deed for many items: cards are ticked in the queue, and a page says what came of each."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal.controllers.listing import listing, options
from portal.controllers.undoing import offer
from portal.domain.complaints.forms.handling import Nothing
from portal.domain.complaints.services import bulk as services
from portal.domain.queues.forms import ManyItems
from portal.domain.queues.queries import people
from portal.domain.queues.queries.items import Filters
from portal.domain.queues.rules import HANDLERS
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.i18n.labels import label
from portal.i18n.translations import _
from portal.ids import new_id
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import Form, bind, perform
from portal.web.page import Page
from portal.web.shown import shown_site


class Bulks(Controller):
    path = "/desk/{slug:str}/queue/bulk"
    opt = roles(*HANDLERS)

    @post("/", name="bulk:create", status_code=200)
    async def create(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        form = await bind(ManyItems, request)
        if form.valid and form.data.deed == "handover" and await people.handler(site, form.data.to) is None:
            form.errors["to"] = _("Choose somebody who works here.")
        if not form.valid:
            return await choosing(request, site, Filters(), form=form, status_code=422)
        bulk, begun = new_id(), list[bool]()

        async def begin() -> None:
            begun.clear()  # the transaction may be tried again
            await services.begin(bulk, form.data, site=site, by=request.user)
            begun.append(True)

        answer = await perform(request, form, begin, answer=f"/desk/{site.slug}/queue/bulk/{bulk}")
        if not begun:
            return answer  # the form came a second time: what came of the first is shown
        await services.do(bulk, form.data, site=site, by=request.user)
        return await _outcome(request, site, bulk)

    @post("/{bulk:uuid}/undo", name="bulk:undo", status_code=200)
    async def undo(self, request: StaffRequest, site: NamedDependency[Site], bulk: FromPath[UUID]) -> Response[Any]:
        form = await bind(Nothing, request)
        back, undone, begun = await services.reversal(bulk, site=site, by=request.user), new_id(), list[bool]()
        if back is None:
            raise Conflict(_("It can be undone for ten seconds, and they are over."))

        async def begin() -> None:
            begun.clear()  # the transaction may be tried again
            await services.begin(undone, back, site=site, by=request.user)
            begun.append(True)

        answer = await perform(request, form, begin, answer=f"/desk/{site.slug}/queue/bulk/{undone}")
        if not begun:
            return answer
        await services.do(undone, back, site=site, by=request.user)
        return await _outcome(request, site, undone)

    @get("/{bulk:uuid}", name="bulk:show")
    async def show(self, request: StaffRequest, site: NamedDependency[Site], bulk: FromPath[UUID]) -> Page:
        return await _outcome(request, site, bulk)


async def choosing(
    request: StaffRequest, site: Site, wanted: Filters, *, form: Form[Any] | None = None, status_code: int = 200
) -> Page:
    """The queue with its cards to tick; it does not follow by itself, so that nothing moves under the finger."""
    return Page(
        "queues/index.html",
        fragment="queue",
        status_code=status_code,
        site=shown_site(site),
        **await listing(request.user, site, wanted),
        options=await options(site),
        bulk_form=form or Form[Any]({"deed": "claim"}),
        people=[(name, f"{full} · {label('role', role)}") for name, full, role in await people.handlers(site)],
    )


async def _outcome(request: StaffRequest, site: Site, bulk: UUID) -> Page:
    deed, lines = await services.outcome(bulk, site=site, by=request.user)
    back = await services.reversal(bulk, site=site, by=request.user)
    here = f"/desk/{site.slug}/queue/bulk/{bulk}"
    undo = offer(_("Done"), f"{here}/undo", back.done_at) if back else None
    return Page("queues/bulk.html", site=shown_site(site), deed=deed, lines=lines, undo=undo, outcome=here)
