"""What visits a site offers: their kinds, hours, days and fields, when there are none, and who and what receives."""

from datetime import date, datetime, time, timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal.controllers.settings.touching import CONFIRMED, saved
from portal.domain.bookings.forms import offering as forms
from portal.domain.bookings.forms.offering import NewBlackout, NewOfficer, NewReceiving, NewType, TypeDays, TypeFacts
from portal.domain.bookings.queries import offering as queries
from portal.domain.bookings.rules import asking, preparing
from portal.domain.bookings.rules.asking import Ask, Kind
from portal.domain.bookings.rules.way import RECEIVERS
from portal.domain.bookings.services import offering
from portal.domain.bookings.services.offering import FACTS
from portal.domain.bookings.tables import VisitType
from portal.domain.complaints.forms.handling import Nothing
from portal.domain.sites import queries as sites
from portal.domain.sites.forms import WEEKDAYS, Removal, Week
from portal.domain.sites.rules.calendar import written
from portal.domain.sites.tables import Site
from portal.errors import NotFound
from portal.i18n import formats
from portal.i18n.labels import label, options
from portal.i18n.translations import N_, gettext
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import Form, bind, bind_typed, perform
from portal.web.page import Page
from portal.web.rooms import SETTINGS
from portal.web.shown import shown_site

FRESH = {"minutes": "60", "step": "30", "parties": "1", "people": "10", "most": "10", "horizon_days": "60",
         "online": "1", "active": "1"}  # fmt: skip
KINDS = ((Kind.TEXT, N_("Words")), (Kind.CHOICE, N_("One of several answers")), (Kind.YES, N_("Yes or no")))


class VisitTypes(Controller):
    path = "/desk/{slug:str}/settings/visits"
    opt = roles(*SETTINGS)

    @get("/", name="offering:types")
    async def index(self, site: NamedDependency[Site]) -> Page:
        return Page("settings/visits.html", site=shown_site(site), types=await queries.types(site))

    @get("/new", name="offering:new-type")
    async def new(self, site: NamedDependency[Site]) -> Page:
        return await _new(site, Form(FRESH))

    @post("/", name="offering:add-type")
    async def create(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        form = await bind(NewType, request, places=await _places(site))
        if not form.valid:
            return await _new(site, form, 422)

        async def work() -> None:
            await offering.add(site, form.data, by=request.user)

        return await saved(request, site, form, work, answer=f"{_base(site)}/{form.data.code}",
                           page=lambda status: _new(site, form, status))  # fmt: skip

    @get("/{code:str}", name="offering:type")
    async def edit(self, site: NamedDependency[Site], code: FromPath[str]) -> Page:
        return await _page(site, await queries.visit_type(site, code))

    @post("/{code:str}", name="offering:write-type")
    async def update(self, request: StaffRequest, site: NamedDependency[Site], code: FromPath[str]) -> Response[Any]:
        kind = await queries.visit_type(site, code)
        form = await bind(TypeFacts, request, places=await _places(site))
        if not form.valid:
            return await _page(site, kind, facts=form, status_code=422)

        async def work() -> None:
            await offering.change(site, code, form.data, by=request.user, version=form.version,
                                  confirmed=form.value(CONFIRMED))  # fmt: skip

        return await saved(request, site, form, work, answer=f"{_base(site)}/{code}",
                           page=lambda status: _again(site, code, facts=form, status_code=status))  # fmt: skip

    @post("/{code:str}/hours", name="offering:write-hours")
    async def hours(self, request: StaffRequest, site: NamedDependency[Site], code: FromPath[str]) -> Response[Any]:
        kind = await queries.visit_type(site, code)
        form = await bind(Week, request)
        if not form.valid:
            return await _page(site, kind, week=form, status_code=422)

        async def work() -> None:
            await offering.write_week(site, code, form.data, by=request.user, version=form.version,
                                      confirmed=form.value(CONFIRMED))  # fmt: skip

        return await saved(request, site, form, work, answer=f"{_base(site)}/{code}",
                           page=lambda status: _again(site, code, week=form, status_code=status))  # fmt: skip

    @post("/{code:str}/days", name="offering:write-days")
    async def days(self, request: StaffRequest, site: NamedDependency[Site], code: FromPath[str]) -> Response[Any]:
        kind = await queries.visit_type(site, code)
        form = await bind(TypeDays, request)
        if not form.valid:
            return await _page(site, kind, days=form, status_code=422)

        async def work() -> None:
            await offering.write_days(site, code, form.data, by=request.user, confirmed=form.value(CONFIRMED))

        return await saved(request, site, form, work, answer=f"{_base(site)}/{code}",
                           page=lambda status: _again(site, code, days=form, status_code=status))  # fmt: skip

    @post("/{code:str}/days/{on:str}/removal", name="offering:remove-days")
    async def remove_days(
        self, request: StaffRequest, site: NamedDependency[Site], code: FromPath[str], on: FromPath[str]
    ) -> Response[Any]:
        form = await bind(Removal, request)
        try:
            first = date.fromisoformat(on)
        except ValueError:
            raise NotFound from None

        async def work() -> None:
            last = form.data.to if form.valid else None
            await offering.remove_days(site, code, first, last or first, by=request.user, confirmed=form.value(CONFIRMED))

        return await saved(request, site, form, work, answer=f"{_base(site)}/{code}",
                           page=lambda status: _again(site, code, status_code=status))  # fmt: skip

    @get("/{code:str}/asks", name="offering:asks")
    async def asks(self, site: NamedDependency[Site], code: FromPath[str]) -> Page:
        kind = await queries.visit_type(site, code)
        return await _asks(site, kind, _asks_typed(asking.parse(kind.asks)))

    @post("/{code:str}/asks", name="offering:write-asks")
    async def write_asks(self, request: StaffRequest, site: NamedDependency[Site], code: FromPath[str]) -> Response[Any]:
        kind = await queries.visit_type(site, code)
        form = await bind_typed(request)
        asks, wrong = forms.asked(form.values, asking.parse(kind.asks))
        form.errors |= wrong
        if wrong:
            return await _asks(site, kind, form, 422)

        async def work() -> None:
            await offering.write_asks(site, code, asks, by=request.user, version=form.version)

        return await saved(request, site, form, work, answer=f"{_base(site)}/{code}/asks",
                           page=lambda status: _asks(site, kind, form, status))  # fmt: skip


class Blackouts(Controller):
    path = "/desk/{slug:str}/settings/blackouts"
    opt = roles(*SETTINGS)

    @get("/", name="offering:blackouts")
    async def index(self, site: NamedDependency[Site]) -> Page:
        return await _blackouts(site, Form())

    @post("/", name="offering:add-blackout")
    async def create(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        form = await bind(NewBlackout, request, types={kind.code for kind in await queries.types(site)})
        if not form.valid:
            return await _blackouts(site, form, 422)

        async def work() -> None:
            await offering.add_blackout(site, form.data, by=request.user, confirmed=form.value(CONFIRMED))

        return await saved(request, site, form, work, answer=f"/desk/{site.slug}/settings/blackouts",
                           page=lambda status: _blackouts(site, form, status))  # fmt: skip

    @post("/{blackout:uuid}/removal", name="offering:remove-blackout")
    async def remove(self, request: StaffRequest, site: NamedDependency[Site], blackout: FromPath[UUID]) -> Response[Any]:
        form = await bind(Nothing, request)

        async def work() -> None:
            await offering.remove_blackout(site, blackout, by=request.user)

        return await perform(request, form, work, answer=f"/desk/{site.slug}/settings/blackouts")


class Receivers(Controller):
    path = "/desk/{slug:str}/settings/receivers"
    opt = roles(*SETTINGS)

    @get("/", name="offering:receivers")
    async def index(self, site: NamedDependency[Site]) -> Page:
        return await _receivers(site)

    @post("/", name="offering:write-receiving")
    async def create(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        form = await bind(NewReceiving, request, places=await _places(site), people=await _people(site))
        if not form.valid:
            return await _receivers(site, form=form, status_code=422)

        async def work() -> None:
            await offering.write_receiving(site, form.data, by=request.user, confirmed=form.value(CONFIRMED))

        return await saved(request, site, form, work, answer=f"/desk/{site.slug}/settings/receivers",
                           page=lambda status: _receivers(site, form=form, status_code=status))  # fmt: skip

    @post("/officers", name="offering:write-officer")
    async def write_officer(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        form = await bind(NewOfficer, request, people=await _people(site))
        if not form.valid:
            return await _receivers(site, officer=form, status_code=422)

        async def work() -> None:
            await offering.write_officer(site, form.data, by=request.user)

        return await perform(request, form, work, answer=f"/desk/{site.slug}/settings/receivers")

    @post("/officers/{username:str}/removal", name="offering:remove-officer")
    async def remove_officer(
        self, request: StaffRequest, site: NamedDependency[Site], username: FromPath[str]
    ) -> Response[Any]:
        form = await bind(Nothing, request)

        async def work() -> None:
            await offering.remove_officer(site, username, by=request.user)

        return await perform(request, form, work, answer=f"/desk/{site.slug}/settings/receivers")


async def _new(site: Site, form: Form[Any], status_code: int = 200) -> Page:
    return Page("settings/visit.html", status_code=status_code, site=shown_site(site), kind=None, form=form,
                version=None, places=await sites.places(site.id), roles=_roles(), checks=_checks())  # fmt: skip


async def _again(site: Site, code: str, **more: Any) -> Page:
    """The page of a type as it is now, with what could not be saved of it."""
    return await _page(site, await queries.visit_type(site, code), **more)


async def _page(
    site: Site, kind: VisitType, *, facts: Form[TypeFacts] | None = None, week: Form[Week] | None = None,
    days: Form[TypeDays] | None = None, status_code: int = 200,
) -> Page:  # fmt: skip
    places = await sites.places(site.id)
    standing = next((place.code for place in places if place.id == kind.place), "")
    hours = await queries.week(kind)
    kept = next((form.version for form in (facts, week) if form and form.version), kind.version)
    return Page("settings/visit.html", status_code=status_code, site=shown_site(site), kind=kind,
                form=facts or _typed(kind, standing), week=week or _week(kind, hours), days=days or Form(), version=kept,
                weekdays=[(name, gettext(title)) for name, title in WEEKDAYS.items()], places=places, roles=_roles(),
                checks=_checks(), own=_own(await queries.own_days(site, kind)), empty=not any(hours))  # fmt: skip


def _typed(kind: VisitType, place: str) -> Form[Any]:
    """The form as somebody would have filled it in who wanted what holds."""
    values = {name: getattr(kind, name) for name in FACTS} | {"place": place}
    texts = {name: "" if value is None or value is False else "1" if value is True else str(value)
             for name, value in values.items()}  # fmt: skip
    return Form({**texts, "fee": f"{kind.fee / forms.FEN:.2f}".removesuffix(".00")})


def _week(kind: VisitType, hours: tuple[tuple[tuple[int, int], ...], ...]) -> Form[Any]:
    times = {name: written(hours[number]) for number, name in enumerate(WEEKDAYS)}
    return Form({**times, "holidays": "" if kind.holidays else "1"})


def _own(rows: list[Any]) -> list[SimpleNamespace]:
    """The type's own days; those in a row that say the same are one line."""
    lines: list[SimpleNamespace] = []
    for row in rows:
        hours = written(row.times)
        if lines and lines[-1].hours == hours and (row.day - lines[-1].last).days == 1:
            lines[-1].last = row.day
        else:
            lines.append(SimpleNamespace(first=row.day, last=row.day, hours=hours))
    return lines


async def _asks(site: Site, kind: VisitType, form: Form[Any], status_code: int = 200) -> Page:
    asks = asking.parse(kind.asks)
    answers = [
        (f"{ask.key}={value}", f"{ask.label}: {word}") for ask in asks for value, word in ask.choices
    ]  # a condition looks at what is written down already
    return Page("settings/visit_asks.html", status_code=status_code, site=shown_site(site), kind=kind, form=form, asks=asks,
                rows=range(asking.MOST), shown=min(asking.MOST, len(asks) + 2), answers=answers,
                kinds=[(value.value, gettext(word)) for value, word in KINDS], preview=Form(),
                version=form.version or kind.version)  # fmt: skip


def _asks_typed(asks: tuple[Ask, ...]) -> Form[Any]:
    values: dict[str, str] = {}
    for place, ask in enumerate(asks):
        options = "\n".join(f"{one.zh}, {one.en}".rstrip(", ") for one in ask.options)
        only = f"{ask.only_key}={ask.only_value}" if ask.only_key else ""
        row = {"key": ask.key, "zh": ask.zh, "en": ask.en, "kind": ask.kind.value, "required": "1" if ask.required else "",
               "options": options, "only": only}  # fmt: skip
        values |= {f"{name}_{place}": text for name, text in row.items()}
    return Form(values)


async def _blackouts(site: Site, form: Form[Any], status_code: int = 200) -> Page:
    types = await queries.types(site)
    names = {kind.id: kind.name for kind in types}
    stretches = [
        SimpleNamespace(id=one.id, name=names.get(one.type, ""), begins_at=one.begins_at, ends_at=one.ends_at,
                        reason=one.reason, days=_whole_days(one.begins_at, one.ends_at))
        for one in await queries.blackouts(site)
    ]  # fmt: skip
    return Page("settings/blackouts.html", status_code=status_code, site=shown_site(site), form=form, stretches=stretches,
                types=[(kind.code, kind.name) for kind in types])  # fmt: skip


def _whole_days(begins_at: datetime, ends_at: datetime) -> tuple[date, date] | None:
    """The first and the last day of a stretch that is whole days on the site's wall; None of any other."""
    first, end = begins_at.astimezone(formats.zone()), ends_at.astimezone(formats.zone())
    return (first.date(), end.date() - timedelta(days=1)) if first.time() == end.time() == time() else None


async def _receivers(
    site: Site, *, form: Form[Any] | None = None, officer: Form[Any] | None = None, status_code: int = 200
) -> Page:
    people = [(username, f"{username} · {name}") for _id, username, name in await queries.receivers(site)]
    return Page("settings/receivers.html", status_code=status_code, site=shown_site(site), form=form or Form(),
                officer=officer or Form(), people=people, places=await sites.places(site.id),
                receiving=await queries.resources(site), officers=await queries.officers(site))  # fmt: skip


async def _places(site: Site) -> set[str]:
    return {place.code for place in await sites.places(site.id)}


async def _people(site: Site) -> set[str]:
    return {username for _id, username, _name in await queries.receivers(site)}


def _roles() -> list[tuple[str, str]]:
    return [(role, word) for role, word in options("role") if role in RECEIVERS]


def _checks() -> list[tuple[str, str]]:
    return [(item, label("preparation", item)) for item in preparing.ITEMS]


def _base(site: Site) -> str:
    return f"/desk/{site.slug}/settings/visits"
