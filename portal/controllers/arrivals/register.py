"""The register of receptions, and what a service point writes of whom it serves."""

from datetime import date
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal import clock
from portal.controllers import exports
from portal.domain.accounts.tables import Role
from portal.domain.arrivals.queries import register as queries
from portal.domain.arrivals.queries.register import Asked
from portal.domain.arrivals.rules import way
from portal.domain.arrivals.services import recording
from portal.domain.bookings.forms import after as forms
from portal.domain.bookings.queries import times
from portal.domain.exports.tables import Format
from portal.domain.queues import rules
from portal.domain.queues.queries import tasks
from portal.domain.queues.queries.items import Card
from portal.domain.sites.rules import days
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid
from portal.i18n.labels import label
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import Form, bind, perform
from portal.web.page import Page
from portal.web.rooms import RECEPTIONS, REGISTER_FILES
from portal.web.shown import shown_site


class Register(Controller):
    @get("/desk/{slug:str}/receptions", name="arrivals:register", opt=roles(*RECEPTIONS))
    async def index(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        asked = _asked(request, site)
        found, after = await queries.receptions(site, asked, after=request.query_params.get("after", ""))
        states = sorted(queries.LISTED | queries.WALKED_IN, key=list(queries.ORDER).index)
        return Page(
            "arrivals/register.html", site=shown_site(site), asked=asked, receptions=found, after=after,
            types=[(one.code, one.name) for one in await times.types(site)],
            writings=[(kind, label("entry", kind)) for kind in queries.WRITTEN],
            states=[(state, label("state", state)) for state in states], people=await queries.people(site),
            takes=bool(set(REGISTER_FILES) & request.user.roles_at(site)),
        )  # fmt: skip

    @get(["/desk/{slug:str}/receptions.csv", "/desk/{slug:str}/receptions.xlsx"], name="arrivals:register-file",
         opt=roles(*REGISTER_FILES))  # fmt: skip
    async def file(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        """The days that are shown, to take away: nothing of the visitors themselves."""
        asked, shape = _asked(request, site), Format(request.url.path.rpartition(".")[2])
        rows, sheets = await queries.count(site, asked), await queries.sheets(request.user, site, asked.query)
        return await exports.answer(request, site, queries.WHAT, asked.query, sheets, rows, shape)


class Recording(Controller):
    path = "/desk/{slug:str}/arrivals/{number:str}"
    opt = roles(*way.CALLERS)

    @get("/record", name="arrivals:record", opt=roles(*way.READERS))
    async def show(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Page:
        return await _page(request, site, await queries.arrival(request.user, site, number))

    @post("/record", name="arrivals:write-record")
    async def record(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(forms.Record, request)
        return await _step(request, site, number, "record", form)

    @post("/papers", name="arrivals:ask-papers")
    async def papers(self, request: StaffRequest, site: NamedDependency[Site], number: FromPath[str]) -> Response[Any]:
        form = await bind(forms.Papers, request)
        return await _step(request, site, number, "papers", form)


def _asked(request: StaffRequest, site: Site) -> Asked:
    """What an address narrows the register to; without days, today, until its end the day of the house. So for no day."""
    asked = request.query_params
    first = _day(asked.get("from", ""), days.today(site, clock.now()))
    last = _day(asked.get("to", ""), max(first, clock.today(site.zone)))
    words = (asked.get("type", ""), asked.get("state", ""), asked.get("person", ""), asked.get("written", ""))
    return Asked(first, max(first, last), *(text.replace("\0", "")[:60] for text in words))


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return otherwise


async def _step(request: StaffRequest, site: Site, number: str, deed: str, form: Form[Any]) -> Response[Any]:
    """Do one deed on an arrival; afterwards its record."""
    item = await queries.arrival(request.user, site, number)
    if not form.valid:
        return await _page(request, site, item, status_code=422, form=(deed, form))

    async def done() -> None:
        if deed == "record":
            await recording.record(item, form.data, site=site, by=request.user)
        else:
            await recording.ask_papers(item, form.data, site=site, by=request.user)

    try:
        return await perform(request, form, done, answer=f"/desk/{site.slug}/arrivals/{item.number}/record")
    except Invalid as invalid:
        form.refuse(invalid)
        return await _page(request, site, item, status_code=422, form=(deed, form))
    except Conflict as conflict:
        form.errors[""] = conflict.message
        item = await queries.arrival(request.user, site, number)
        return await _page(request, site, item, status_code=409, form=(deed, form), flash=conflict.message)


async def _page(
    request: StaffRequest, site: Site, item: Card, *, status_code: int = 200, form: tuple[str, Form[Any]] | None = None,
    flash: str = "",
) -> Page:  # fmt: skip
    mine = request.user.roles_at(site)
    typed = dict([form]) if form else {}
    known = [way.DEEDS[deed] for deed in ("record", "papers")]
    may = {deed.name for deed in known if rules.may(deed, mine) and item.state in deed.before}
    return Page(
        "arrivals/record.html", status_code=status_code, site=shown_site(site), item=item, may=may, wrong=bool(form),
        service=await queries.service(item), tasks=await tasks.of_item(item.id, request.user, site, whole=True),
        forms={deed: typed.get(deed, Form[Any]()) for deed in ("record", "papers")}, flash=flash,
        departments=[(role.value, label("role", role)) for role in Role if role in rules.DEPARTMENTS],
        flash_tone="danger" if status_code == 409 else "",
    )  # fmt: skip
