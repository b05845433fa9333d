"""The notice board: what a director tells customers for a quarter, and where everybody reads it."""

import dataclasses
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal import settings
from portal.domain.complaints.forms.handling import Nothing
from portal.domain.reports.forms.boards import Notice as NoticeForm
from portal.domain.reports.queries import boards as queries
from portal.domain.reports.queries.boards import Notice
from portal.domain.reports.rules import boards as rules
from portal.domain.reports.services import boards, counting
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Site, named
from portal.errors import Conflict, NotFound
from portal.i18n import formats
from portal.i18n.labels import label, options
from portal.i18n.translations import _, gettext
from portal.ids import new_id
from portal.security import rates
from portal.security.policies import roles
from portal.security.rates import Try
from portal.web import browser
from portal.web.client import PublicRequest, StaffRequest, address
from portal.web.forms import Form, bind, perform
from portal.web.page import Page
from portal.web.rooms import BOARDS
from portal.web.shown import shown, shown_site

DIRECTORS = roles(*BOARDS)
BEHIND = 3_000  # marks that are worked off while somebody waits


class Boards(Controller):
    path = "/desk/{slug:str}/reports/boards"
    opt = DIRECTORS

    @get("/", name="reports:boards")
    async def index(self, site: NamedDependency[Site]) -> Page:
        return await _index(site, Form({"quarter": queries.current(site).next.code, "figures": "many in_time"}))

    @post("/", name="reports:write-board")
    async def create(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        form, board = await _bound(request, site), new_id()
        if not form.valid:
            return await _index(site, form, status_code=422)

        async def work() -> None:
            await boards.draft(site, form.data, identity=board, by=request.user)

        return await perform(request, form, work, answer=_at(site, board))

    @get("/{board:uuid}", name="reports:board")
    async def show(self, site: NamedDependency[Site], board: FromPath[UUID]) -> Page:
        notice = await queries.notice(site, board)
        return await _show(site, notice, Form({**notice.typed, "version": str(notice.version)}))

    @post("/{board:uuid}", name="reports:change-board")
    async def change(self, request: StaffRequest, site: NamedDependency[Site], board: FromPath[UUID]) -> Response[Any]:
        notice, form = await queries.notice(site, board), await _bound(request, site)
        if not form.valid:
            return await _show(site, notice, form, status_code=422)

        async def work() -> None:
            await boards.write(site, board, form.data, by=request.user, version=form.version)

        try:
            return await perform(request, form, work, answer=_at(site, board))
        except Conflict as conflict:
            form.errors[""] = conflict.message
            form.values["version"] = str((await queries.notice(site, board)).version)
            return await _show(site, notice, form, status_code=409)

    @post("/{board:uuid}/publication", name="reports:publish-board")
    async def publish(self, request: StaffRequest, site: NamedDependency[Site], board: FromPath[UUID]) -> Response[Any]:
        notice, form = await queries.notice(site, board), await bind(Nothing, request)
        await counting.catch_up(most=BEHIND)

        async def work() -> None:
            if await counting.backlog(most=1):  # what hangs there stays as it was counted
                raise Conflict(
                    _("Still counting: these figures may lack what happened last. Load the page again in a minute.")
                )
            await boards.publish(site, notice, by=request.user, version=form.version)

        return await perform(request, form, work, answer=_at(site, board))

    @post("/{board:uuid}/withdrawal", name="reports:withdraw-board")
    async def withdraw(self, request: StaffRequest, site: NamedDependency[Site], board: FromPath[UUID]) -> Response[Any]:
        form = await bind(Nothing, request)

        async def work() -> None:
            await boards.withdraw(site, board, by=request.user, version=form.version)

        return await perform(request, form, work, answer=f"/desk/{site.slug}/reports/boards")

    @post("/{board:uuid}/edition", name="reports:edit-board")
    async def edit(self, request: StaffRequest, site: NamedDependency[Site], board: FromPath[UUID]) -> Response[Any]:
        notice, form, edition = await queries.notice(site, board), await bind(Nothing, request), new_id()

        async def work() -> None:
            await boards.edit(site, notice, identity=edition, by=request.user)

        return await perform(request, form, work, answer=_at(site, edition))


class Notices(Controller):
    path = "/s/{slug:str}/notices"

    @get("/", name="reports:notices")
    async def index(self, request: PublicRequest, slug: FromPath[str]) -> Page:
        """What hangs there in this quarter, or in an older one that is asked for."""
        site = await sites.site(slug)
        formats.set_zone(site.zone)
        now = queries.current(site)
        asked = request.query_params.get("quarter", "")
        quarter = rules.read(asked) if asked else now
        hanging = await queries.hanging(site, quarter) if quarter <= now else []
        if asked and not hanging:
            raise NotFound
        seen = await queries.read_by(_reader(request), [one.id for one in hanging])
        return Page("reports/notices.html", site=shown_site(site), quarter=quarter, now=now,
                    notices=[_shown(one) for one in hanging], seen=seen,
                    older=[one for one in await queries.quarters(site) if one != quarter])  # fmt: skip

    @post("/{board:uuid}/reading", name="reports:read-notice")
    async def read(self, request: PublicRequest, slug: FromPath[str], board: FromPath[UUID]) -> Response[Any]:
        """A browser says so once; who is behind it nobody asks (CMP-31)."""
        site = await sites.site(slug)
        form = await bind(Nothing, request)
        await rates.check(Try("notices.address", address(request), settings.current().limits.filings_address))

        async def work() -> None:
            await boards.read(site, board, reader=_reader(request))

        quarter = (await queries.notice(site, board)).quarter
        return await perform(request, form, work, answer=f"/s/{slug}/notices?quarter={quarter.code}")


async def _bound(request: StaffRequest, site: Site) -> Form[Any]:
    return await bind(NoticeForm, request, quarters=[quarter.code for quarter in _quarters(site)])


def _quarters(site: Site) -> list[rules.Quarter]:
    """The quarter that follows, for which one decides, and the one that is."""
    now = queries.current(site)
    return [now.next, now]


def _reader(request: PublicRequest) -> str:
    return boards.reader_of(browser.known(request))


def _at(site: Site, board: UUID) -> str:
    return f"/desk/{site.slug}/reports/boards/{board}"


async def _index(site: Site, form: Form[Any], *, status_code: int = 200) -> Page:
    notices = [_shown(one) for one in await queries.notices(site)]
    return Page("reports/boards.html", status_code=status_code, site=shown_site(site), form=form, notices=notices,
                choices=_choices(site))  # fmt: skip


async def _show(site: Site, notice: Notice, form: Form[Any], *, status_code: int = 200) -> Page:
    """A notice as everybody will see it, or sees it; a draft with the numbers of this moment."""
    if notice.numbers is None:
        await counting.catch_up(most=BEHIND)
        notice = dataclasses.replace(notice, numbers=await queries.numbers(site, notice.quarter))
    return Page("reports/board.html", status_code=status_code, site=shown_site(site), form=form, notice=_shown(notice),
                hangs=notice.quarter <= queries.current(site), choices=_choices(site))  # fmt: skip


def _shown(notice: Notice) -> SimpleNamespace:
    """A notice with the names that its reader knows."""
    ranked = notice.numbers.subjects if notice.numbers else []
    return shown(notice, audience=[label("tier", tier) for tier in notice.tiers],
                 subjects=[(named(chinese, english), many) for chinese, english, many in ranked])  # fmt: skip


def _choices(site: Site) -> SimpleNamespace:
    return SimpleNamespace(
        quarters=[(quarter.code, quarter.name) for quarter in _quarters(site)],
        tiers=[one for one in options("tier") if one[0]],
        figures=[(name, gettext(word)) for name, word in rules.FIGURES],
    )
