"""Booking a visit, from a phone or at the desk."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from portal import clock, database, sealing
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.bookings.forms.booking import NewBooking, StaffBooking
from portal.domain.bookings.forms.waiting import NewWaiting
from portal.domain.bookings.queries import times
from portal.domain.bookings.rules import naming, way
from portal.domain.bookings.services import reserving, telling
from portal.domain.bookings.services.reserving import Wish
from portal.domain.bookings.tables import Booking, Channel, State, VisitType
from portal.domain.customers import queries as known
from portal.domain.customers import rules as customer_rules
from portal.domain.customers import services as customers
from portal.domain.queues.services import deeds
from portal.domain.queues.tables import EntryKind, WorkItem
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.services import OTHER
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Forbidden, Invalid
from portal.events import services as events
from portal.i18n import formats
from portal.i18n.translations import N_, _, gettext, language
from portal.ids import new_id, token_hash

# The same words whatever the reason, so that they tell nobody that he is blocked.
NOT_ONLINE = N_("We cannot take this booking online. Please ring us.")
# What is said at the door: no two characters of it are taken for each other.
CODE, LETTERS = 6, "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
SEALED = ("token", "name", "phone", "purpose", "needs", "companions", "plate", "answers", "company", "position")
_OPEN = """
SELECT count(*) AS many FROM booking b JOIN work_item i ON i.id = b.item
WHERE b.customer = {} AND b.type = {} AND i.closed_at IS NULL
"""


@dataclass(frozen=True)
class Booked:
    """What came of it: the number people say aloud, and the token of the visitor's link."""

    item: UUID
    number: str
    token: str


async def book(
    form: NewBooking, *, site: Site, kind: VisitType, token: str, browser: str = "", by: Staff | None = None,
    answers: str = "", source: UUID | None = None, limited: bool = True,
) -> Booked:  # fmt: skip
    """Book a visit; its room is reserved from now on (VIS-01, VIS-02). Raises reserving.Full where there is none.

    `token` is new and opens the visitor's page, `browser` is whose hold becomes the booking. One of staff with a reason
    goes outside the lead time, the hours and the capacity (VIS-03), and over a block. Of a series (`limited` False) one
    phone may have any number.
    """
    if by is not None and not way.RECEIVERS & by.roles_at(site):
        raise Forbidden(_("This is not among your tasks."))
    reason = form.override_reason if isinstance(form, StaffBooking) else ""
    state = State.CONFIRMED if kind.instant else State.REQUESTED
    wish = Wish(form.day, form.begins_at, form.people)
    async with transaction():
        if by is None:
            await in_time(site, kind, form.begins_at, form.people, browser=browser)
        await reserving.turn(site, kind, wish, browser=browser, anyway=bool(reason))
        customer = await customers.meet(site, phone=form.phone, name=form.name, email="")
        if not reason:
            await _may_book(site, kind, customer.id, form.phone, by=by, limited=limited)
        item, number = new_id(), await deeds.next_number(site)
        await _insert(form, item=item, number=number, token=token, site=site, kind=kind, customer=customer.id, state=state,
                      by=by, answers=answers)  # fmt: skip
        await reserving.reserve(kind, wish, booking=item, browser=browser)
        event = await events.record("booking.made", site=site.id, subject=item, by=by, customer=by is None, number=number,
                                    state=state, override=bool(reason), source=source)  # fmt: skip
        if reason and by is not None:
            await deeds.write(item, event, EntryKind.REASON, reason, by=by)
        if state is State.REQUESTED and by is None:
            await telling.tell_desk(item, event, site=site)
    return Booked(item, number, token)


async def wait(form: NewWaiting, *, site: Site, kind: VisitType, token: str) -> Booked:
    """Put somebody on the waiting list of a day; nothing is reserved."""
    async with transaction():
        customer = await customers.meet(site, phone=form.phone, name=form.name, email="")
        await _may_book(site, kind, customer.id, form.phone, by=None)
        item, number = new_id(), await deeds.next_number(site)
        await _insert(form, item=item, number=number, token=token, site=site, kind=kind, customer=customer.id,
                      state=State.WAITING, by=None, answers="")  # fmt: skip
        await Booking.update({
            Booking.begins_at: None, Booking.ends_at: None, Booking.place: None, Booking.confirmed_at: None,
            Booking.wanted_from: form.begins_at, Booking.wanted_to: form.ends_at, Booking.lined_up_at: clock.now(),
        }).where(Booking.id == item)  # fmt: skip
        await events.record("booking.waits", site=site.id, subject=item, by=None, customer=True, number=number)
    return Booked(item, number, token)


async def remember(booked: Booked, form: NewBooking, *, token: str, instead: str) -> None:
    """Keep who comes along, needs and plate for the next time, for the browser that gets the token `instead` of another."""
    row = await Booking.select(Booking.customer, Booking.site).where(Booking.id == booked.item).first()
    if row is None or row["customer"] is None:
        return
    async with transaction():
        await customers.forget(token=instead)
        said = {name: getattr(form, name) for name in customer_rules.KEPT}
        await customers.remember(row["customer"], said, token=token, subject=booked.item)
        await events.record("booking.details-remembered", site=row["site"], subject=booked.item, by=None, customer=True)


async def hold(site: Site, kind: VisitType, wish: Wish, *, browser: str) -> None:
    """Keep a time for a browser while somebody types; raises Invalid for one that is too soon, Full for one without room."""
    await in_time(site, kind, wish.begins_at, wish.people)
    await reserving.hold(site, kind, wish, browser=browser)


async def in_time(site: Site, kind: VisitType, begins_at: datetime, people: int, *, browser: str = "") -> None:
    """Raise Invalid for a time that is too soon, with the first possible one (VIS-03); what a browser holds was in time."""
    if begins_at >= clock.now() + times.lead(site, kind):
        return
    held = await times.held(kind, browser)
    if held is not None and held.begins_at == begins_at:
        return
    first = await times.next_free(site, kind, clock.now(), people, most=1, days=kind.horizon_days)
    if not first:
        raise Invalid({"time": _("This is too soon, and no other time is free.")})
    said = _("This is too soon. The first possible time is %(time)s.")
    raise Invalid({"time": said % {"time": formats.moment(first[0].begins_at)}})


async def write(row: Mapping[str, Any]) -> None:
    """Insert a booking with a code of its own, for the door."""
    for _try in range(5):
        code = "".join(secrets.choice(LETTERS) for _place in range(CODE))
        if await database.insert(Booking, {**row, "code": code}, unless_there=True):
            return
    raise LookupError("no code is free")


async def _may_book(
    site: Site, kind: VisitType, customer: UUID, phone: str, *, by: Staff | None, limited: bool = True
) -> None:
    """Not somebody who is blocked, nor with more open bookings than one may have; asked while the person's row is held."""
    await customers.hold(customer)
    blocked = await known.is_blocked(site, phone=phone)
    most = site_rules.figure(site, "visit.open_most")
    many = (await database.rows(_OPEN, customer, kind.id))[0]["many"] if limited else 0
    if by is not None and blocked:
        raise Invalid({"override_reason": _("This person is blocked here: give a reason to book all the same.")})
    if by is not None and many >= most:
        said = _("This phone has %(many)s open bookings already: give a reason.") % {"many": many}
        raise Invalid({"override_reason": said})
    if blocked or many >= most:
        raise Conflict(gettext(NOT_ONLINE))


async def _insert(
    form: NewBooking | NewWaiting, *, item: UUID, number: str, token: str, site: Site, kind: VisitType, customer: UUID,
    state: State, by: Staff | None, answers: str,
) -> None:  # fmt: skip
    now, who = clock.now(), naming.addressed(form.name, form.salutation)
    category = (await database.rows("SELECT id FROM category WHERE site = {} AND code = {}", site.id, OTHER))[0]["id"]
    await database.insert(WorkItem, {
        "id": item, "site": site.id, "line": way.LINE, "kind": way.KIND, "number": number, "state": state,
        "category": category, "due_at": form.begins_at, "due_from": now, "arrived_at": now,
        "filed_by": by.id if by else None, "title": sealing.seal("", f"work_item.title:{item}"),
        "who": sealing.seal(who, f"work_item.who:{item}"), "spot": sealing.seal("", f"work_item.spot:{item}"),
    })  # fmt: skip
    said: dict[str, Any] = {"token": token, "answers": answers} | {
        name: getattr(form, name, "") for name in SEALED if name not in ("token", "answers")
    }
    began, ends = form.begins_at, reserving.ends(kind, form.begins_at)
    await write({
        "id": item, "item": item, "site": site.id, "type": kind.id, "customer": customer, "token_hash": token_hash(token),
        "channel": form.channel if isinstance(form, StaffBooking) else Channel.PORTAL,
        "language": form.language if isinstance(form, StaffBooking) else language(), "salutation": form.salutation,
        "day": form.day, "begins_at": began, "ends_at": ends, "people": form.people,
        "place": kind.place if kind.instant else None, "confirmed_at": now if kind.instant else None,
        **{name: sealing.seal(value, f"booking.{name}:{item}") for name, value in said.items()},
    })  # fmt: skip
