"""When a site is open: its week, the holidays it keeps, and days of its own."""

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal import clock
from portal.controllers.settings.touching import CONFIRMED, listing
from portal.database import transaction
from portal.domain.bookings.services import offering
from portal.domain.bookings.services.offering import Touches
from portal.domain.sites import queries, services
from portal.domain.sites.forms import WEEKDAYS, OwnDays, Removal, Week
from portal.domain.sites.rules import holidays
from portal.domain.sites.rules.calendar import Calendar, written
from portal.domain.sites.tables import Site, named
from portal.errors import Conflict, Invalid, NotFound
from portal.i18n.translations import gettext
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import Form, bind, perform
from portal.web.page import Page
from portal.web.rooms import SETTINGS
from portal.web.shown import shown_site

AHEAD, ONE = timedelta(days=365), timedelta(days=1)


class OpeningTimes(Controller):
    path = "/desk/{slug:str}/settings/calendar"
    opt = roles(*SETTINGS)

    @get("/", name="settings:calendar")
    async def edit(self, site: NamedDependency[Site]) -> Page:
        return await _page(site)

    @post("/", name="settings:write-calendar")
    async def update(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        form = await bind(Week, request)
        if not form.valid:
            return await _page(site, week=form, status_code=422)

        async def work() -> None:
            await services.write_week(site, form.data, by=request.user, version=form.version)

        try:
            return await perform(request, form, work, answer=_address(site))
        except Invalid as invalid:
            form.refuse(invalid)
            return await _page(site, week=form, status_code=422)
        except Conflict as conflict:
            form.errors[""] = conflict.message
            form.values.pop("version", None)  # sent again, it is meant over what the other decided
            return await _page(await queries.site(site.slug), week=form, status_code=409)

    @post("/days", name="settings:write-days")
    async def create(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        form = await bind(OwnDays, request)
        if not form.valid:
            return await _page(site, days=form, status_code=422)

        async def work() -> None:
            async with transaction(), offering.watched(site, confirmed=form.value(CONFIRMED)):
                await services.write_days(site, form.data, by=request.user)

        try:
            return await perform(request, form, work, answer=_address(site))
        except Touches as touches:
            return listing(request, site, form, touches, back=_address(site))
        except Invalid as invalid:
            form.refuse(invalid)
            return await _page(site, days=form, status_code=422)

    @post("/days/{on:str}/removal", name="settings:remove-days")
    async def remove(self, request: StaffRequest, site: NamedDependency[Site], on: FromPath[str]) -> Response[Any]:
        form = await bind(Removal, request)
        try:
            first = date.fromisoformat(on)
        except ValueError:
            raise NotFound from None

        async def work() -> None:
            last = form.data.to if form.valid else None
            await services.remove_days(site, first, last or first, by=request.user)

        return await perform(request, form, work, answer=_address(site))


async def _page(
    site: Site, *, week: Form[Week] | None = None, days: Form[OwnDays] | None = None, status_code: int = 200
) -> Page:
    calendar, today = await queries.calendar(site), clock.today(site.zone)
    open_years = {today.year, (today + AHEAD).year} - holidays.published(calendar.holidays)
    return Page("settings/calendar.html", status_code=status_code, site=shown_site(site), week=week or _typed(calendar),
                days=days or Form(), version=week.version if week and week.version else site.version,
                weekdays=[(name, gettext(title)) for name, title in WEEKDAYS.items()], own=await _own(site),
                keeps=bool(calendar.holidays), coming=_coming(calendar, today),
                unpublished=sorted(open_years) if calendar.holidays else [])  # fmt: skip


def _typed(calendar: Calendar) -> Form[Week]:
    """The form as somebody would have filled it in who wanted what holds."""
    times = {name: written(calendar.week[number]) for number, name in enumerate(WEEKDAYS)}
    return Form({**times, "holidays": "1" if calendar.holidays else ""})


async def _own(site: Site) -> list[SimpleNamespace]:
    """The site's own days; those in a row that say the same are one line."""
    lines: list[SimpleNamespace] = []
    for day in await queries.special_days(site.id):
        before, hours = lines[-1] if lines else None, written(day.times)
        if before and (before.last + ONE, before.name, before.hours) == (day.on, day.name, hours):
            before.last = day.on
        else:
            lines.append(SimpleNamespace(first=day.on, last=day.on, name=day.name, hours=hours))
    return lines


def _coming(calendar: Calendar, today: date) -> list[SimpleNamespace]:
    """The holidays of the coming year, and the weekend days worked for them, as they come."""
    country, last = calendar.holidays, today + AHEAD
    official, titles = holidays.published(country), list(WEEKDAYS.values())
    off = [
        SimpleNamespace(first=one.first, last=one.last, name=named(one.name_zh, one.name_en), instead="",
                        provisional=one.last.year not in official)
        for one in holidays.breaks(country, today, last)
    ]  # fmt: skip
    worked = [
        SimpleNamespace(first=day, last=day, name="", instead=gettext(titles[other.weekday()]), provisional=False)
        for day, other in holidays.made_up(country, today, last)
    ]
    return sorted([*off, *worked], key=lambda one: one.first)


def _address(site: Site) -> str:
    return f"/desk/{site.slug}/settings/calendar"
