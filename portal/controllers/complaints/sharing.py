"""One complaint and several hands: tasks of departments, a second contact, merging, splitting."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal.controllers.items import step
from portal.domain.complaints.forms.handling import Contact, Merge, Split
from portal.domain.complaints.rules import rights
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import sharing
from portal.domain.queues.forms import NewTask, TaskDone, TaskRefused
from portal.domain.queues.rules import DEPARTMENTS, HANDLERS
from portal.domain.queues.services import tasks
from portal.domain.sites.tables import Site
from portal.ids import new_token
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import bind


class Sharing(Controller):
    path = "/desk/{slug:str}/complaints/{number:str}"
    opt = roles(*HANDLERS)

    @post("/contacts", name="complaints:contact")
    async def contact(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Contact, request)
        return await step(request, site, number, "contacts", form, lambda item: sharing.note_contact(
            item, form.data, site=site, by=request.user))  # fmt: skip

    @post("/merge", name="complaints:merge")
    async def merge(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Merge, request)
        return await step(request, site, number, "merge", form, lambda item: sharing.merge(
            item, form.data.into, site=site, by=request.user))  # fmt: skip

    @post("/split", name="complaints:split", opt=roles(*(HANDLERS & rights.FILERS)))
    async def split(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Split, request)
        return await step(request, site, number, "split", form, lambda item: sharing.split(
            item, form.data, site=site, by=request.user, token=new_token()))  # fmt: skip


class Tasks(Controller):
    path = "/desk/{slug:str}/complaints/{number:str}/tasks"
    opt = roles(*DEPARTMENTS)

    @post("/", name="tasks:create", opt=roles(*HANDLERS))
    async def create(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(NewTask, request)
        return await step(request, site, number, "tasks", form, lambda item: tasks.ask(
            item, DEEDS["tasks"], form.data, site=site, by=request.user))  # fmt: skip

    @post("/{task:uuid}/done", name="tasks:finish")
    async def finish(
        self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str], task: FromPath[UUID]
    ) -> Response[Any]:
        form = await bind(TaskDone, request)
        form.values["task"] = str(task)
        return await step(request, site, number, "task done", form, lambda item: tasks.finish(
            item, DEEDS["task done"], task, site=site, by=request.user, note=form.data.note))  # fmt: skip

    @post("/{task:uuid}/refusal", name="tasks:refuse")
    async def refuse(
        self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str], task: FromPath[UUID]
    ) -> Response[Any]:
        form = await bind(TaskRefused, request)
        form.values["task"] = str(task)
        return await step(request, site, number, "task refusal", form, lambda item: tasks.refuse(
            item, DEEDS["task refusal"], task, site=site, by=request.user, reason=form.data.reason))  # fmt: skip
