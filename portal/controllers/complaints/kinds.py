"""What only some kinds of complaints know: goods that come back, a colleague who is asked, a grumble that goes to sales."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal.controllers.items import new_link, step
from portal.controllers.looking import looked
from portal.domain.accounts.tables import Role
from portal.domain.complaints.forms.ending import Decision
from portal.domain.complaints.forms.goods import Instruction, NewReturn, Receipt
from portal.domain.complaints.forms.handling import Asking, Forwarding, NamedParty, Nothing
from portal.domain.complaints.queries import goods, staff
from portal.domain.complaints.services import handling, mediating, returning
from portal.domain.queues.queries import items
from portal.domain.queues.rules import AUTHORITY, HANDLERS
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.i18n.translations import _
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import bind
from portal.web.page import Page
from portal.web.shown import shown_site


class Kinds(Controller):
    path = "/desk/{slug:str}/complaints/{number:str}"
    opt = roles(*HANDLERS)

    @post("/colleague", name="complaints:ask-colleague")
    async def ask(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Asking, request)
        return await step(request, site, number, "colleague", form, lambda item: handling.ask_colleague(
            item, form.data, site=site, by=request.user))  # fmt: skip

    @post("/forwarding", name="complaints:forward")
    async def forward(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Forwarding, request)
        return await step(request, site, number, "forwarding", form, lambda item: handling.forward(
            item, form.data.reason, site=site, by=request.user))  # fmt: skip

    @post("/party", name="complaints:name-party")
    async def name_party(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(NamedParty, request)
        return await step(request, site, number, "party", form, lambda item: mediating.name(
            item, form.data, site=site, by=request.user))  # fmt: skip

    @post("/party/link", name="complaints:renew-party-link")
    async def renew_link(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        """A new link for the other party, shown once, to hand out."""
        return await new_link(request, site, number, "party-link", "p", lambda item, token: mediating.renew_link(
            item, token, site=site, by=request.user))  # fmt: skip

    @post("/returns", name="complaints:return")
    async def send_back(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(NewReturn, request)
        return await step(request, site, number, "returns", form, lambda item: returning.request(
            item, form.data, site=site, by=request.user))  # fmt: skip

    @post("/returns/{note:uuid}/approval", name="complaints:decide-return", opt=roles(*AUTHORITY))
    async def decide(
        self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str], note: FromPath[UUID]
    ) -> Response[Any]:
        form = await bind(Decision, request)
        return await step(request, site, number, f"approval-{note}", form, lambda item: returning.decide(
            item, note, form.data, site=site, by=request.user))  # fmt: skip

    @post("/returns/{note:uuid}/shipment", name="complaints:ship-return")
    async def ship(
        self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str], note: FromPath[UUID]
    ) -> Response[Any]:
        form = await bind(Nothing, request)
        return await step(request, site, number, f"shipment-{note}", form, lambda item: returning.ship(
            item, note, site=site, by=request.user))  # fmt: skip

    @post("/returns/{note:uuid}/instruction", name="complaints:instruct-return")
    async def instruct(
        self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str], note: FromPath[UUID]
    ) -> Response[Any]:
        form = await bind(Instruction, request)
        return await step(request, site, number, f"instruction-{note}", form, lambda item: returning.instruct(
            item, note, form.data.body, site=site, by=request.user))  # fmt: skip

    @post("/returns/{note:uuid}/receipt", name="complaints:receive-return")
    async def receive(
        self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str], note: FromPath[UUID]
    ) -> Response[Any]:
        form = await bind(Receipt, request)
        return await step(request, site, number, f"receipt-{note}", form, lambda item: returning.receive(
            item, note, form.data.lines, site=site, by=request.user))  # fmt: skip

    @get("/returns/{note:uuid}/print", name="complaints:print-return", opt=roles(*HANDLERS, Role.AUDITOR))
    async def show(
        self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str], note: FromPath[UUID]
    ) -> Page:
        """The note on paper, in four copies (CMP-36); one that nobody approved is not issued (CMP-35)."""
        item = await items.item(request.user, site, number)
        if item.confidential:
            await looked(request, site, item.id)
        found, view = await goods.note(item, note), await staff.for_staff(item, site, roles=request.user.roles_at(site))
        if not found.printable:
            raise Conflict(_("A return note is printed once it is approved."))
        copies = (_("Issuer, for follow-up"), _("Finished-goods store"), _("Accounting"), _("Business department"))
        return Page("complaints/return_note.html", site=shown_site(site), item=item, note=found, product=view.product,
                    named=view.named, copies=list(enumerate(copies, start=1)))  # fmt: skip
