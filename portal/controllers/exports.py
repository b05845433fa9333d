"""Files to take away: a short table at once, a long one made in the background, one with guests' contacts by two people."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Stream

from portal import clock, database
from portal.domain.complaints.forms.handling import Nothing
from portal.domain.exports import rules
from portal.domain.exports.forms import Contacts, Verdict
from portal.domain.exports.queries import files as queries
from portal.domain.exports.queries.files import File
from portal.domain.exports.services import asking, files
from portal.domain.exports.tables import Format
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Forbidden, Invalid, NotFound
from portal.i18n import formats
from portal.i18n.labels import label
from portal.i18n.translations import _
from portal.jobs.exports import MAKERS
from portal.security.policies import roles
from portal.sheets import books, commas
from portal.sheets.sheet import Sheets
from portal.web.client import StaffRequest
from portal.web.forms import Form, bind, perform
from portal.web.page import Page, to
from portal.web.rooms import EXPORTS
from portal.web.shown import shown, shown_site

TYPES = {
    Format.CSV: "text/csv",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
UNCOMPRESSED = {"plain": True}


async def answer(
    request: StaffRequest, site: Site, what: str, query: str, sheets: Sheets, rows: int, shape: Format
) -> Response[Any]:
    """A table as a file: up to 10,000 rows at once, else the page (303) on which its making is followed.

    `what` is a key of MAKERS, which makes the same table of `query` where it is long.
    """
    if rows > rules.MOST_ROWS:
        raise Conflict(_("These are too many rows for one file. Choose a shorter range."))
    if rows > rules.AT_ONCE:
        export = await database.retried(lambda: asking.ask(site, what, query, shape, rows=rows, by=request.user))
        return to(request, _address(site, export))
    await asking.handed_out(site, what, by=request.user)
    pieces = commas.pieces(sheets) if shape is Format.CSV else books.pieces(sheets)
    return await _sent(pieces, site, what, shape)


class Exports(Controller):
    path = "/desk/{slug:str}/exports"
    opt = roles(*EXPORTS)

    @get("/", name="exports:index")
    async def index(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        found = [_shown(one) for one in await queries.files(request.user, site)]
        mine = request.user.roles_at(site)
        return Page("exports/index.html", site=shown_site(site), mine=[one for one in found if one.mine],
                    others=[one for one in found if not one.mine], may_ask=bool(mine & rules.ASKERS),
                    decides=rules.may_decide(mine))  # fmt: skip

    @get("/contacts", name="exports:new", opt=roles(*rules.ASKERS))
    async def new(self, site: NamedDependency[Site]) -> Page:
        return _form(site, Form())

    @post("/contacts", name="exports:create", opt=roles(*rules.ASKERS))
    async def create(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        form = await bind(Contacts, request)
        if not form.valid:
            return _form(site, form, status_code=422)

        async def work() -> str:
            return _address(site, await asking.ask_for_contacts(site, form.data, by=request.user))

        try:
            return await perform(request, form, work)
        except Invalid as invalid:
            form.refuse(invalid)
            return _form(site, form, status_code=422)

    @get("/{export:uuid}", name="exports:show")
    async def show(self, request: StaffRequest, site: NamedDependency[Site], export: FromPath[UUID]) -> Page:
        found = await queries.file(request.user, site, export)
        return Page("exports/show.html", fragment="export", site=shown_site(site), file=_shown(found))

    @post("/{export:uuid}/decision", name="exports:decide", opt=roles(*rules.DECIDERS))
    async def decide(self, request: StaffRequest, site: NamedDependency[Site], export: FromPath[UUID]) -> Response[Any]:
        form = await bind(Verdict, request)
        found = await queries.file(request.user, site, export)
        if not form.valid:
            return Page("exports/show.html", fragment="export", status_code=422, site=shown_site(site), file=_shown(found),
                        form=form)  # fmt: skip

        async def work() -> None:
            await asking.decide(found, site, approved=form.data.decision == "approve", by=request.user)

        return await perform(request, form, work, answer=_address(site, export))

    @post("/{export:uuid}/cancellation", name="exports:cancel")
    async def cancel(self, request: StaffRequest, site: NamedDependency[Site], export: FromPath[UUID]) -> Response[Any]:
        form = await bind(Nothing, request)
        found = await queries.file(request.user, site, export)

        async def work() -> None:
            await asking.cancel(found, site, by=request.user)

        return await perform(request, form, work, answer=_address(site, export))

    @get("/{export:uuid}/file", name="exports:file", opt=UNCOMPRESSED)
    async def file(self, request: StaffRequest, site: NamedDependency[Site], export: FromPath[UUID]) -> Response[Any]:
        """The file, for whoever asked for it and for nobody else, as long as its roles may have it."""
        found = await queries.file(request.user, site, export)
        if not found.mine or not found.ready:
            raise NotFound
        if not MAKERS[found.what].roles & request.user.roles_at(site):
            raise Forbidden(_("This is not among your tasks."))
        sent = await _sent(files.pieces(export), site, found.what, Format(found.format))
        await database.retried(lambda: asking.fetched(found, site, by=request.user))
        return sent


def _form(site: Site, form: Form[Any], *, status_code: int = 200) -> Page:
    return Page("exports/new.html", status_code=status_code, site=shown_site(site), form=form, most=rules.MOST_PERSONAL)


def _shown(found: File) -> Any:
    """A file with the words of its page; what was asked for, in words, where it is days."""
    said = dict(parse_qsl(found.query))
    days = (said["from"], said["to"]) if {"from", "to"} <= said.keys() else ()
    return shown(found, name=label("export", found.what), days=days, by=said.get("by", ""))


def _address(site: Site, export: UUID) -> str:
    return f"/desk/{site.slug}/exports/{export}"


async def _sent(pieces: AsyncGenerator[bytes, None], site: Site, what: str, shape: Format) -> Response[Any]:
    """The first piece is at hand before anything is sent: what fails until then is a page with its words."""
    first = await anext(pieces)
    day = clock.now().astimezone(formats.zone()).date()
    name = f"{site.slug}-{what}-{day.isoformat()}.{shape.value}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    return Stream(_all(first, pieces), media_type=TYPES[shape], headers=headers)


async def _all(first: bytes, rest: AsyncGenerator[bytes, None]) -> AsyncIterator[bytes]:
    try:
        yield first
        async for piece in rest:
            yield piece
    finally:
        await rest.aclose()
