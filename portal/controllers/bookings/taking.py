"""Taking down a visit at the desk, whichever way it came (VIS-01)."""

from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from portal import clock
from portal.controllers.bookings.agenda import day_in
from portal.controllers.bookings.page import people
from portal.domain.bookings.forms.booking import STAFF_CHANNELS
from portal.domain.bookings.forms.taking import TakenDown
from portal.domain.bookings.queries import times
from portal.domain.bookings.queries.recurring import Occurrence
from portal.domain.bookings.rules import way
from portal.domain.bookings.services import recurring, taking
from portal.domain.bookings.services.reserving import Full
from portal.domain.bookings.tables import VisitType
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid, NotFound
from portal.i18n.labels import label
from portal.i18n.labels import options as label_options
from portal.i18n.translations import _
from portal.ids import new_token
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import Form, bind, perform
from portal.web.page import Page
from portal.web.shown import shown_site


class Taking(Controller):
    path = "/desk/{slug:str}/bookings"
    opt = roles(*way.RECEIVERS)

    @get("/new", name="bookings:intake")
    async def new(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        asked = request.query_params
        values = {"type": asked.get("type", ""), "day": asked.get("day", ""), "time": asked.get("time", "")[:5]}
        return await _form(site, Form(values))

    @post("/", name="bookings:take")
    async def create(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        form = await bind(TakenDown, request)
        kind = await _kind(site, form.value("type"))
        if kind is None and form.valid:
            form.errors["type"] = _("Choose what kind of visit it is.")
        if kind is None or not form.valid:
            return await _form(site, form, status_code=422)

        async def work() -> str:
            if form.data.unit:
                made = await recurring.make(form.data, site=site, kind=kind, by=request.user)
                return f"/desk/{site.slug}/bookings/{made[0].number}"
            booked = await taking.take_down(form.data, site=site, kind=kind, token=new_token(), by=request.user)
            return f"/desk/{site.slug}/bookings/{booked.number}"

        try:
            if form.data.unit and not form.data.which:
                return await _form(site, form, series=await recurring.look(form.data, site=site, kind=kind))
            return await perform(request, form, work)
        except Invalid as invalid:
            form.refuse(invalid)
            return await _form(site, form, status_code=422)
        except Conflict as conflict:
            form.errors["time" if isinstance(conflict, Full) else ""] = conflict.message
            return await _form(site, form, status_code=409)


async def _form(site: Site, form: Form[Any], *, series: list[Occurrence] | None = None, status_code: int = 200) -> Page:
    kinds = await times.types(site)
    kind = await _kind(site, form.value("type")) or (kinds[0] if kinds else None)
    day = day_in(form.value("day"), clock.today(site.zone))
    free = await times.free(site, kind, day, day) if kind else []
    return Page(
        "bookings/desk/new.html",
        fragment="taking",
        status_code=status_code,
        site=shown_site(site),
        form=form,
        kinds=[(one.code, one.name) for one in kinds],
        kind=kind,
        on=day,
        slots=free,
        series=series or [],
        units=[("", _("Once")), ("day", _("Every … days")), ("week", _("Every … weeks"))],
        later=await times.next_free(site, kind, clock.now(), 1) if kind and not any(slot.left for slot in free) else [],
        channels=[(channel.value, label("channel", channel.value)) for channel in STAFF_CHANNELS],
        salutations=label_options("salutation"),
        places=await sites.places(site.id) if kind and not kind.instant else [],
        receivers=await people(site, kind) if kind and not kind.instant else [],
    )  # fmt: skip


async def _kind(site: Site, code: str) -> VisitType | None:
    try:
        return await times.visit_type(site, code)
    except NotFound:
        return None
