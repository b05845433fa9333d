"""A visitor who is here, or was: what one knows, the note, what others are asked, seeing off, the summary."""

from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal.controllers.bookings.page import step
from portal.domain.arrivals.rules import way as arrivals
from portal.domain.bookings.forms import after as forms
from portal.domain.bookings.rules import way
from portal.domain.bookings.services import after as services
from portal.domain.queues import rules
from portal.domain.queues.forms import TaskRefused
from portal.domain.queues.queries import items, tasks
from portal.domain.queues.queries.items import Card
from portal.domain.queues.services import tasks as asking
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid
from portal.i18n import labels
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import Form, bind, perform
from portal.web.page import Page
from portal.web.shown import shown_site

ENDS = {way.KIND: way.DEEDS, arrivals.KIND: arrivals.DEEDS}
Work = Callable[[Card], Awaitable[object]]


class After(Controller):
    path = "/desk/{slug:str}/bookings/{number:str}"
    opt = roles(*way.RECEIVERS)

    @post("/background", name="bookings:know")
    async def know(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(forms.Background, request)
        return await step(request, site, number, "background", form, lambda item: services.know(
            item, form.data, site=site, by=request.user))  # fmt: skip

    @post("/papers", name="bookings:ask-papers")
    async def papers(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(forms.Papers, request)
        return await step(request, site, number, "papers", form, lambda item: services.ask_papers(
            item, form.data, site=site, by=request.user))  # fmt: skip

    @post("/note", name="bookings:note")
    async def note(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(forms.Note, request)
        return await step(request, site, number, "note", form, lambda item: services.note(
            item, form.data, site=site, by=request.user))  # fmt: skip

    @post("/follow-ups", name="bookings:follow-up")
    async def follow_up(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(forms.FollowUp, request)
        return await step(request, site, number, "follow-up", form, lambda item: services.follow_up(
            item, form.data, site=site, by=request.user))  # fmt: skip

    @post("/negotiation", name="bookings:negotiate")
    async def negotiate(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(forms.Negotiation, request)
        return await step(request, site, number, "negotiation", form, lambda item: services.negotiate(
            item, form.data, site=site, by=request.user))  # fmt: skip

    @post("/satisfaction", name="bookings:see-off")
    async def see_off(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(forms.Satisfaction, request)
        return await step(request, site, number, "satisfaction", form, lambda item: services.see_off(
            item, form.data, site=site, by=request.user))  # fmt: skip

    @post("/summary", name="bookings:summarise")
    async def summarise(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(forms.Summary, request)
        return await step(request, site, number, "summary", form, lambda item: services.summarise(
            item, form.data.summary, site=site, by=request.user))  # fmt: skip


class Errands(Controller):
    """What departments are asked to do for visitors; they see the task, and nothing else of the visit."""

    path = "/desk/{slug:str}/tasks/{task:uuid}"
    opt = roles(*rules.DEPARTMENTS)

    @get("/", name="bookings:task")
    async def show(self, request: StaffRequest, site: NamedDependency[Site], task: FromPath[UUID]) -> Page:
        return await _task(request, site, task)

    @post("/done", name="bookings:finish-task")
    async def finish(self, request: StaffRequest, site: NamedDependency[Site], task: FromPath[UUID]) -> Response[Any]:
        form = await bind(forms.Done, request)
        return await _end(request, site, task, "task done", form, lambda item: services.finish(
            item, ENDS[item.kind]["task done"], task, form.data, site=site, by=request.user))  # fmt: skip

    @post("/refusal", name="bookings:refuse-task")
    async def refuse(self, request: StaffRequest, site: NamedDependency[Site], task: FromPath[UUID]) -> Response[Any]:
        form = await bind(TaskRefused, request)
        return await _end(request, site, task, "task refusal", form, lambda item: asking.refuse(
            item, ENDS[item.kind]["task refusal"], task, site=site, by=request.user, reason=form.data.reason))  # fmt: skip


async def _end(
    request: StaffRequest, site: Site, task: UUID, deed: str, form: Form[Any], work: Work
) -> Response[Any]:
    """End a task; afterwards the visit's page for those who see it, the desk for the others."""
    ask = await tasks.errand(request.user, site, task)
    if not form.valid:
        return await _task(request, site, task, status_code=422, form=(deed, form))
    sees = ask.line == way.LINE and way.READERS & request.user.roles_at(site)
    answer = f"/desk/{site.slug}/bookings/{ask.number}" if sees else f"/desk/{site.slug}"

    async def done() -> None:
        await work(await items.item_by_id(ask.item))

    try:
        return await perform(request, form, done, answer=answer)
    except Invalid as invalid:
        form.refuse(invalid)
        return await _task(request, site, task, status_code=422, form=(deed, form))
    except Conflict as conflict:
        form.errors[""] = conflict.message
        return await _task(request, site, task, status_code=409, form=(deed, form), flash=conflict.message)


async def _task(
    request: StaffRequest, site: Site, task: UUID, *, status_code: int = 200, form: tuple[str, Form[Any]] | None = None,
    flash: str = "",
) -> Page:  # fmt: skip
    ask = await tasks.errand(request.user, site, task)
    item = await items.item_by_id(ask.item)
    return Page("bookings/desk/task.html", status_code=status_code, site=shown_site(site), task=ask, who=item.who,
                ended=dict([form]) if form else {}, outcomes=labels.options("touch"), flash=flash,
                flash_tone="danger" if status_code == 409 else "")  # fmt: skip
