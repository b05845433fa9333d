"""The shared queue of a site, its items, and the deeds that every item knows."""

from typing import Any

from litestar import Controller, MediaType, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal.controllers.bulk import choosing
from portal.controllers.items import item_page, step
from portal.controllers.listing import filters, listing, number_in, options
from portal.controllers.undoing import offered_after
from portal.domain.accounts.tables import Role
from portal.domain.complaints.forms.handling import Nothing
from portal.domain.complaints.queries import staff
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import handling
from portal.domain.queues import rules
from portal.domain.queues.forms import Acknowledgement, Escalation, HandOver, Note, Release, Undo, Unmask, Waiting
from portal.domain.queues.queries import items as queries
from portal.domain.queues.queries import undos
from portal.domain.queues.queries.items import Card
from portal.domain.queues.rules import HANDLERS
from portal.domain.queues.services import deeds, escalating, pauses, undoing
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.errors import TooMany
from portal.security import rates
from portal.security.policies import roles
from portal.security.rates import Try
from portal.web.client import StaffRequest, address
from portal.web.forms import bind, perform
from portal.web.page import Page
from portal.web.shown import shown_site

SEES = roles(*rules.REACH)
HANDLES = roles(*rules.HANDLERS)
AN_HOUR = 3600


class Queues(Controller):
    path = "/desk/{slug:str}"

    @get("/queue", name="queues:index", opt=SEES)
    async def index(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        wanted = filters(request)
        if request.query_params.get("select") and HANDLERS & request.user.roles_at(site):
            return await choosing(request, site, wanted)
        kept = number_in(request, "kept")
        return Page(
            "queues/index.html",
            fragment="queue",
            site=shown_site(site),
            **await listing(request.user, site, wanted),
            options=await options(site),
            kept=kept,
            undo=await offered_after(request.user, site, kept) if kept else None,
        )

    @get("/severe", name="queues:severe", opt=SEES, media_type=MediaType.TEXT)
    async def severe(self, request: StaffRequest, site: NamedDependency[Site]) -> str:
        """The numbers of the open severe cases that this person sees, one a line: what is new among them may sound."""
        return "\n".join(await queries.severe(request.user, site))

    @get("/digest", name="queues:digest", opt=HANDLES)
    async def digest(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        oldest = await queries.oldest(request.user, site)
        leads = rules.leads(request.user.roles_at(site))
        return Page("queues/digest.html", site=shown_site(site), oldest=oldest, leads=leads)

    @get("/items/{number:str}", name="queues:show", opt=SEES)
    async def show(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Page:
        return await item_page(request, site, await queries.item(request.user, site, number))

    @post("/items/{number:str}/claim", name="queues:claim", opt=HANDLES)
    async def claim(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Nothing, request)
        return await step(request, site, number, "claim", form, lambda item: deeds.claim(
            item, DEEDS["claim"], site=site, by=request.user))  # fmt: skip

    @post("/items/{number:str}/release", name="queues:release", opt=HANDLES)
    async def release(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Release, request)
        return await step(request, site, number, "release", form, lambda item: deeds.release(
            item, DEEDS["release"], site=site, by=request.user, reason=form.data.reason, version=form.version))  # fmt: skip

    @post("/items/{number:str}/handover", name="queues:hand-over", opt=HANDLES)
    async def hand_over(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(HandOver, request)
        return await step(request, site, number, "handover", form, lambda item: deeds.hand_over(
            item, DEEDS["handover"], site=site, by=request.user, to=form.data.to, reason=form.data.reason,
            version=form.version))  # fmt: skip

    @post("/items/{number:str}/undo", name="queues:undo", opt=HANDLES)
    async def undo(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Undo, request)
        return await step(request, site, number, "undo", form, lambda item: undoing.undo(
            item, DEEDS["undo"], form.data.event, site=site, by=request.user), find=undos.item)  # fmt: skip

    @post("/items/{number:str}/notes", name="queues:note", opt=HANDLES)
    async def note(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Note, request)
        return await step(request, site, number, "notes", form, lambda item: deeds.note(
            item, DEEDS["notes"], site=site, by=request.user, body=form.data.body))  # fmt: skip

    @post("/items/{number:str}/pause", name="queues:pause", opt=HANDLES)
    async def pause(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Waiting, request)
        return await step(request, site, number, "pause", form, lambda item: pauses.pause(
            item, DEEDS["pause"], site=site, by=request.user, reason=form.data.reason, body=form.data.body,
            until=form.data.until))  # fmt: skip

    @post("/items/{number:str}/resumption", name="queues:resume", opt=HANDLES)
    async def resume(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Nothing, request)
        return await step(request, site, number, "resumption", form, lambda item: pauses.resume(
            item, DEEDS["resumption"], site=site, by=request.user))  # fmt: skip

    @post("/items/{number:str}/escalation", name="queues:escalate", opt=HANDLES)
    async def escalate(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Escalation, request)
        return await step(request, site, number, "escalation", form, lambda item: escalating.escalate(
            item, DEEDS["escalation"], site=site, by=request.user, reason=form.data.reason))  # fmt: skip

    @post("/items/{number:str}/acknowledgement", name="queues:acknowledge", opt=HANDLES)
    async def acknowledge(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Acknowledgement, request)
        return await step(request, site, number, "acknowledgement", form, lambda item: escalating.acknowledge(
            item, DEEDS["acknowledgement"], site=site, by=request.user, note=form.data.reason))  # fmt: skip

    @post("/items/{number:str}/unmask", name="queues:unmask", opt=roles(Role.DESK, *rules.AUTHORITY))
    async def unmask(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Unmask, request)
        item = await queries.item(request.user, site, number)
        if not form.valid:
            return await item_page(request, site, item, status_code=422, forms={"unmask": form})
        limit = site_rules.figure(site, "limit.unmaskings"), AN_HOUR
        try:
            await rates.check(Try("unmask", str(request.user.id), limit))
        except TooMany as many:
            if many.first:
                await handling.alert(item, site=site, by=request.user)
            raise
        return await _unmasked(request, site, item, form)


async def _unmasked(request: StaffRequest, site: Site, item: Card, form: Any) -> Response[Any]:
    view = await staff.for_staff(item, site)
    seen: list[str] = []

    async def work() -> None:
        seen.clear()  # the transaction may be tried again
        seen.append(await handling.unmask(view, form.data.field, site=site, by=request.user, reason=form.data.reason,
                                          address=address(request)))  # fmt: skip

    answer = await perform(request, form, work, answer=f"/desk/{site.slug}/items/{item.number}")
    if not seen:
        return answer  # the form came a second time: what was shown is masked again
    return await item_page(request, site, item, revealed=(form.data.field, seen[0]))
