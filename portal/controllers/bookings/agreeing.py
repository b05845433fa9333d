"""One booking on the desk, and what staff do with it."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal.controllers.bookings.page import base, booking_page, step
from portal.domain.bookings.forms.after import Arriving
from portal.domain.bookings.forms.agreeing import (
    BookingField,
    Change,
    Confirmation,
    Decline,
    Proposal,
    Ticks,
    Withdrawal,
)
from portal.domain.bookings.queries import agenda as queries
from portal.domain.bookings.queries import desk
from portal.domain.bookings.rules import way
from portal.domain.bookings.services import after, agreeing, preparing, recurring
from portal.domain.complaints.forms.handling import Nothing
from portal.domain.queues.forms import Undo
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.errors import TooMany
from portal.security import rates
from portal.security.policies import roles
from portal.security.rates import Try
from portal.web.client import StaffRequest, address
from portal.web.forms import bind, perform
from portal.web.page import Page

AN_HOUR = 3600


class Agreeing(Controller):
    path = "/desk/{slug:str}/bookings/{number:str}"
    opt = roles(*way.RECEIVERS)

    @get("/", name="bookings:show", opt=roles(*way.READERS))
    async def show(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Page:
        return await booking_page(request, site, await queries.card(site, number))

    @post("/confirmation", name="bookings:confirm")
    async def confirm(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Confirmation, request)
        return await step(request, site, number, "confirmation", form, lambda item: recurring.confirm(
            item, form.data, site=site, by=request.user, version=form.version))  # fmt: skip

    @post("/decline", name="bookings:decline")
    async def decline(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Decline, request)
        return await step(request, site, number, "decline", form, lambda item: agreeing.decline(
            item, form.data.reason, site=site, by=request.user, version=form.version))  # fmt: skip

    @post("/proposal", name="bookings:propose")
    async def propose(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Proposal, request)
        return await step(request, site, number, "proposal", form, lambda item: agreeing.propose(
            item, form.data, site=site, by=request.user, version=form.version))  # fmt: skip

    @post("/change", name="bookings:change")
    async def change(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Change, request)
        return await step(request, site, number, "change", form, lambda item: recurring.change(
            item, form.data, site=site, by=request.user, version=form.version))  # fmt: skip

    @post("/preparation", name="bookings:prepare")
    async def prepare(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Ticks, request)
        return await step(request, site, number, "preparation", form, lambda item: preparing.tick(
            item, form.data.items, site=site, by=request.user, version=form.version))  # fmt: skip

    @post("/ready", name="bookings:be-ready")
    async def ready(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Nothing, request)
        return await step(request, site, number, "ready", form, lambda item: preparing.be_ready(
            item, site=site, by=request.user, version=form.version))  # fmt: skip

    @post("/arrival", name="bookings:arrive")
    async def arrive(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Arriving, request)
        return await step(request, site, number, "arrival", form, lambda item: after.arrive(
            item, form.data.needs, site=site, by=request.user, version=form.version))  # fmt: skip

    @post("/undo", name="bookings:undo")
    async def undo(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Undo, request)
        return await step(request, site, number, "undo", form, lambda item: preparing.not_arrived(
            item, form.data.event, site=site, by=request.user))  # fmt: skip

    @post("/no-show", name="bookings:miss")
    async def miss(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Nothing, request)
        return await step(request, site, number, "no-show", form, lambda item: preparing.miss(
            item, site=site, by=request.user, version=form.version))  # fmt: skip

    @post("/withdrawal", name="bookings:withdraw")
    async def withdraw(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(Withdrawal, request)
        return await step(request, site, number, "withdrawal", form, lambda item: recurring.withdraw(
            item, form.data.reason, scope=form.data.scope, site=site, by=request.user, version=form.version))  # fmt: skip

    @post("/unmask", name="bookings:unmask")
    async def unmask(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(BookingField, request)
        card = await queries.card(site, number)
        if not form.valid:
            return await booking_page(request, site, card, status_code=422, forms={"unmask": form})
        limit = site_rules.figure(site, "limit.unmaskings"), AN_HOUR
        try:
            await rates.check(Try("unmask", str(request.user.id), limit))
        except TooMany as many:
            if many.first:
                await agreeing.alert(card, site=site, by=request.user)
            raise
        whole, seen = await desk.whole(site, card), list[str]()

        async def work() -> None:
            seen.clear()  # the transaction may be tried again
            seen.append(await agreeing.unmask(whole, site=site, by=request.user, reason=form.data.reason,
                                              address=address(request)))  # fmt: skip

        answer = await perform(request, form, work, answer=base(site, card))
        return await booking_page(request, site, card, revealed=("phone", seen[0])) if seen else answer
