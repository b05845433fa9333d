"""Visitors book a time and look after their booking by its link; nobody signs in."""

from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from typing import Any

from litestar import Controller, Response, get, post
from litestar.params import FromPath

from portal import clock, database, settings
from portal.controllers.bookings import proving
from portal.domain.bookings.forms.booking import When
from portal.domain.bookings.forms.visiting import Hold, Nothing, Visiting
from portal.domain.bookings.queries import choosing, times, visitor
from portal.domain.bookings.queries.visitor import Visit
from portal.domain.bookings.rules import asking, ics, slots
from portal.domain.bookings.rules.slots import Slot
from portal.domain.bookings.services import booking, following
from portal.domain.bookings.services.reserving import Full, Wish
from portal.domain.bookings.tables import VisitType
from portal.domain.customers import queries as customers
from portal.domain.customers import rules as known
from portal.domain.sites import queries as sites
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid, NotFound
from portal.i18n import formats
from portal.i18n.labels import options
from portal.ids import new_token
from portal.security import rates
from portal.security.rates import Try
from portal.web import browser
from portal.web.client import PublicRequest, address
from portal.web.forms import Form, bind, perform, typed
from portal.web.page import Page, to
from portal.web.shown import address as full_address
from portal.web.shown import qr, shown_site

DETAILS = "details"  # the cookie of a browser that something is remembered for
CALENDAR = ".ics"


class Bookings(Controller):
    path = "/s/{slug:str}/bookings"

    @get("/new", name="bookings:new")
    async def new(self, request: PublicRequest, slug: FromPath[str]) -> Page:
        site, kinds = await _offered(slug)
        asked = request.query_params
        form: Form[Any] = Form({
            "type": asked.get("type", ""), "day": asked.get("day", ""), "time": asked.get("time", ""),
            "people": asked.get("people", ""),
        })  # fmt: skip
        kind = _kind(kinds, form) or (kinds[0] if len(kinds) == 1 else None)
        return await _choice(request, site, kinds, kind, form)

    @post("/holds", name="bookings:hold")
    async def hold(self, request: PublicRequest, slug: FromPath[str]) -> Response[Any]:
        site, kinds = await _offered(slug)
        kind = _kind(kinds, Form(await typed(request)))
        form = await bind(Hold, request, limit=partial(_hold_limit, request), most=kind.most if kind else None)
        if kind is None or not form.valid:
            return await _times(request, site, kinds, kind, form, status_code=422)
        wish = Wish(form.data.day, form.data.begins_at, form.data.people)
        try:
            await database.retried(partial(booking.hold, site, kind, wish, browser=browser.identity(request)))
        except Invalid as refused:
            form.refuse(refused)
            return await _times(request, site, kinds, kind, form, status_code=422)
        except Full as refused:
            return await _times(request, site, kinds, kind, form, status_code=409, refused=refused.message)
        chosen = f"day={form.data.day}&time={form.data.time}&people={form.data.people}"
        return to(request, f"/s/{site.slug}/bookings/new?type={kind.code}&{chosen}")

    @post("/", name="bookings:create")
    async def create(self, request: PublicRequest, slug: FromPath[str]) -> Response[Any]:
        site, kinds = await _offered(slug)
        kind = _kind(kinds, Form(await typed(request)))
        form = await bind(Visiting, request, limit=partial(_limit, request, site), most=kind.most if kind else None)
        if kind is None:
            return await _times(request, site, kinds, kind, form, status_code=422)
        asks = asking.parse(kind.asks)
        answers, wrong = asking.validate(asks, form.values)
        form.errors |= wrong
        if not form.valid:
            return await _contact(request, site, kind, _chosen(form), status_code=422, proving=bool(form.value("code")))
        form.values |= {"day": form.data.day.isoformat(), "time": form.data.time}
        typed_in = await _with_kept(request, form.data)
        who, token, kept = browser.known(request), new_token(), new_token()

        async def work() -> None:
            booked = await booking.book(
                typed_in, site=site, kind=kind, token=token, browser=who, answers=asking.kept(asks, answers)
            )
            if form.data.remember:
                await booking.remember(booked, typed_in, token=kept, instead=_details(request))

        try:
            if kind.proven and not await proving.proven(request, site, form, kind=kind):
                return await _contact(request, site, kind, form, status_code=422, proving=True)
            answer = await perform(request, form, work, answer=f"/b/{token}")
        except Invalid as refused:
            form.refuse(refused)
            return await _contact(request, site, kind, form, status_code=422, proving="code" in refused.fields)
        except Conflict as refused:
            return await _contact(request, site, kind, form, status_code=409, refused=refused)
        if form.data.remember:
            answer.cookies.append(browser.kept(DETAILS, kept, seconds=int(known.KEPT_FOR.total_seconds())))
        return answer


class Visits(Controller):
    path = "/b/{token:str}"

    @get("/", name="bookings:follow")
    async def show(self, request: PublicRequest, token: FromPath[str]) -> Response[Any]:
        if token.endswith(CALENDAR):
            return await _calendar(request, token.removesuffix(CALENDAR))
        visit, site = await found(request, token)
        return await page(request, token, visit, site)

    @get("/change", name="bookings:moving")
    async def moving(self, request: PublicRequest, token: FromPath[str]) -> Page:
        visit, site = await found(request, token)
        return await _moving(token, visit, site, Form({"day": request.query_params.get("day", "")}))

    @post("/change", name="bookings:move")
    async def move(self, request: PublicRequest, token: FromPath[str]) -> Response[Any]:
        visit, site = await found(request, token)
        form = await bind(When, request, limit=partial(limit_deeds, token))
        if not form.valid:
            return await _moving(token, visit, site, form, status_code=422)

        async def work() -> None:
            await following.move(visit, form.data, site=site)

        try:
            return await perform(request, form, work, answer=f"/b/{token}")
        except Invalid as refused:
            form.refuse(refused)
            return await _moving(token, visit, site, form, status_code=422)
        except Full as refused:
            return await _moving(token, visit, site, form, status_code=409, refused=refused.message)

    @post("/cancellation", name="bookings:cancel")
    async def cancel(self, request: PublicRequest, token: FromPath[str]) -> Response[Any]:
        visit, site = await found(request, token)
        form = await bind(Nothing, request, limit=partial(limit_deeds, token))

        async def work() -> None:
            await following.cancel(visit, site=site)

        return await perform(request, form, work, answer=f"/b/{token}")

    @post("/forgetting", name="bookings:forget")
    async def forget(self, request: PublicRequest, token: FromPath[str]) -> Response[Any]:
        visit, site = await found(request, token)
        form = await bind(Nothing, request, limit=partial(limit_deeds, token))

        async def work() -> None:
            await following.forget(visit, site=site, token=_details(request))

        return await perform(request, form, work, answer=f"/b/{token}")


async def found(request: PublicRequest, token: str) -> tuple[Visit, Site]:
    """The booking of a link; wrong links are counted, so that guessing ends (P36)."""
    try:
        visit, site = await visitor.by_token(token)
    except NotFound:
        await rates.check(Try("link.guesses", address(request), settings.current().limits.link_guesses))
        raise
    formats.set_zone(site.zone)
    return visit, site


async def page(request: PublicRequest, token: str, visit: Visit, site: Site, *, status_code: int = 200) -> Page:
    """The visitor's page: where things stand, what is to be brought, what may be done."""
    kept = visit.customer is not None and await customers.is_kept(
        visit.customer, token=_details(request), subject=visit.item.id
    )
    return Page(
        "bookings/follow.html", fragment="booking_follow", status_code=status_code, site=shown_site(site), token=token,
        visit=visit, kept=kept, qr=qr(visit.code) if visit.code else "", clock_time=slots.wall,
    )  # fmt: skip


async def limit_deeds(token: str, _form: Form[Any]) -> None:
    """So many deeds by one link in ten minutes."""
    await rates.check(Try("link.deeds", token, settings.current().limits.deeds_link))


async def _offered(slug: str) -> tuple[Site, list[VisitType]]:
    """The site of an address, and what can be booked there by anybody; its times are those of its own clocks."""
    site = await sites.site(slug)
    formats.set_zone(site.zone)
    return site, await times.types(site, online=True)


def _kind(kinds: Sequence[VisitType], form: Form[Any]) -> VisitType | None:
    return next((kind for kind in kinds if kind.code == form.value("type")), None)


async def _choice(
    request: PublicRequest, site: Site, kinds: list[VisitType], kind: VisitType | None, form: Form[Any]
) -> Page:
    """The step that is next: what for, when, or who comes."""
    if kind is None or not form.value("time") or _day(form) is None:
        return await _times(request, site, kinds, kind, form)
    return await _contact(request, site, kind, form)


async def _times(
    request: PublicRequest, site: Site, kinds: list[VisitType], kind: VisitType | None, form: Form[Any], *,
    status_code: int = 200, refused: str = "",
) -> Page:  # fmt: skip
    if kind is None and form.value("type"):
        status_code = 404 if status_code == 200 else status_code
    weeks = await choosing.weeks(site, kind, _day(form), _people(form, kind)) if kind else None
    held = await times.held(kind, browser.known(request)) if kind else None
    return Page(
        "bookings/new.html", fragment="booking_times", status_code=status_code, site=shown_site(site), kinds=kinds,
        kind=kind, form=form, weeks=weeks, held=held, refused=refused, salutations=options("salutation"),
        many=[(str(number), str(number)) for number in range(1, kind.most + 1)] if kind and kind.most <= 20 else [],
    )  # fmt: skip


async def _contact(
    request: PublicRequest, site: Site, kind: VisitType, form: Form[Any], *, status_code: int = 200,
    refused: Conflict | None = None, proving: bool = False,
) -> Page:  # fmt: skip
    people, others = _people(form, kind), list[Slot]()
    if isinstance(refused, Full) or "time" in form.errors:
        others = await times.next_free(site, kind, _wanted(site, form), people, days=kind.horizon_days)
    held, day = await times.held(kind, browser.known(request)), _day(form)
    kept = await customers.kept_for(_details(request))
    return Page(
        "bookings/contact.html", status_code=status_code, site=shown_site(site), kind=kind, form=form, people=people,
        day_on=day, held=held, held_here=held is not None and day is not None and held.begins_at == _at(site, form),
        others=others, proving=proving, refused=refused.message if refused else "", asks=asking.parse(kind.asks),
        fee_hours=visitor.free_hours(site, kind), kept=kept, kept_phone=known.masked_phone(kept.phone) if kept else "",
        salutations=options("salutation"),
    )  # fmt: skip


async def _moving(
    token: str, visit: Visit, site: Site, form: Form[Any], *, status_code: int = 200, refused: str = ""
) -> Page:
    if not visit.can_move:
        raise Conflict
    weeks = await choosing.weeks(site, visit.kind, _day(form), visit.people)
    return Page("bookings/change.html", fragment="booking_times", status_code=status_code, site=shown_site(site),
                token=token, visit=visit, form=form, weeks=weeks, refused=refused)  # fmt: skip


async def _calendar(request: PublicRequest, token: str) -> Response[bytes]:
    """The visit as a file for a calendar."""
    visit, site = await found(request, token)
    entry = visitor.entry(visit, site, link=full_address(f"/b/{token}"))
    headers = {"Content-Disposition": f'attachment; filename="{visit.number}.ics"', "Cache-Control": "no-store"}
    body = ics.written(entry, now=clock.now()).encode()
    return Response(body, media_type="text/calendar", headers=headers)


async def _with_kept(request: PublicRequest, form: Visiting) -> Visiting:
    """What was remembered, where this browser asks for it and the phone is the one that it belongs to."""
    kept = await customers.kept_for(_details(request)) if form.kept else None
    if kept is None or kept.phone != form.phone:
        return form
    return form.model_copy(update={name: getattr(form, name) or getattr(kept, name) for name in known.KEPT})


async def _limit(request: PublicRequest, site: Site, _form: Form[Any]) -> None:
    """So many bookings from a device and an address in ten minutes, so many at a site in an hour (P36)."""
    await rates.check(
        Try("booking.device", browser.known(request), (site_rules.figure(site, "limit.bookings_device"), 600)),
        Try("booking.address", address(request), settings.current().limits.filings_address),
        Try("booking.site", str(site.id), (site_rules.figure(site, "limit.bookings_site"), 3600)),
    )


async def _hold_limit(request: PublicRequest, _form: Form[Any]) -> None:
    """So many times that are tried on from a device and from an address in ten minutes."""
    limits = settings.current().limits
    many, seconds = limits.filings_address
    await rates.check(Try("hold.device", browser.known(request), limits.deeds_link),
                      Try("hold.address", address(request), (many * 5, seconds)))  # fmt: skip


def _chosen(form: Form[Any]) -> Form[Any]:
    """Another time that was chosen on the page of a refusal stands in the form from now on."""
    day, _, time = form.value("slot").partition(" ")
    if day and time:
        form.values |= {"day": day, "time": time, "slot": ""}
    return form


def _day(form: Form[Any]) -> date | None:
    try:
        return date.fromisoformat(form.value("day"))
    except ValueError:
        return None


def _people(form: Form[Any], kind: VisitType | None) -> int:
    text = form.value("people")
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else 1
    return min(max(1, wanted), kind.most if kind else 1)


def _at(site: Site, form: Form[Any]) -> datetime | None:
    day = _day(form)
    return slots.instant(site.zone, day, form.value("time")) if day else None


def _wanted(site: Site, form: Form[Any]) -> datetime:
    """The instant from which on other times are looked for."""
    day = _day(form)
    return max(clock.now(), times.beginning(site, day)) if day else clock.now()


def _details(request: PublicRequest) -> str:
    return request.cookies.get(browser.cookie_name(DETAILS), "")
