"""Whom a site takes in no more. Those it is about never learn of it here: they read the words that everybody reads."""

from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal.controllers.looking import looked
from portal.controllers.settings.touching import saved
from portal.domain.customers import queries, services
from portal.domain.customers.forms import Lifting, NewBlock
from portal.domain.customers.services import EVERYWHERE
from portal.domain.sites.tables import Site
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import Form, bind
from portal.web.page import Page
from portal.web.rooms import BLOCKERS, BLOCKS
from portal.web.shown import shown_site


class Blocks(Controller):
    path = "/desk/{slug:str}/blocks"
    opt = roles(*BLOCKERS)

    @get("/", name="offering:blocks", opt=roles(*BLOCKS))
    async def index(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        return await _list(request, site, Form())

    @post("/", name="offering:add-block")
    async def create(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        form = await bind(NewBlock, request)
        if not form.valid:
            return await _list(request, site, form, 422)

        async def work() -> None:
            await services.block(site, form.data, by=request.user)

        return await saved(request, site, form, work, answer=f"/desk/{site.slug}/blocks",
                           page=lambda status: _list(request, site, form, status))  # fmt: skip

    @get("/{block:uuid}", name="offering:block")
    async def show(self, request: StaffRequest, site: NamedDependency[Site], block: FromPath[UUID]) -> Page:
        page = await _show(request, site, block, Form())
        await looked(request, site, block)
        return page

    @post("/{block:uuid}/lifting", name="offering:lift-block")
    async def lift(self, request: StaffRequest, site: NamedDependency[Site], block: FromPath[UUID]) -> Response[Any]:
        form = await bind(Lifting, request)
        if not form.valid:
            return await _show(request, site, block, form, 422)

        async def work() -> None:
            await services.lift(site, block, form.data, by=request.user)

        return await saved(request, site, form, work, answer=f"/desk/{site.slug}/blocks",
                           page=lambda status: _show(request, site, block, form, status))  # fmt: skip


async def _list(request: StaffRequest, site: Site, form: Form[Any], status_code: int = 200) -> Page:
    mine = request.user.roles_at(site)
    return Page("settings/blocks.html", status_code=status_code, site=shown_site(site), form=form,
                blocks=await queries.blocks(site), may=bool(mine & set(BLOCKERS)),
                may_all=bool(mine & EVERYWHERE))  # fmt: skip


async def _show(request: StaffRequest, site: Site, block: UUID, form: Form[Any], status_code: int = 200) -> Page:
    found, reasons = await queries.block(site, block)
    may = not found.everywhere or bool(request.user.roles_at(site) & EVERYWHERE)
    return Page("settings/block.html", status_code=status_code, site=shown_site(site), form=form, block=found,
                reasons=reasons, may=may)  # fmt: skip
