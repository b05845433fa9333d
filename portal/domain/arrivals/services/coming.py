"""Coming: a visitor with a booking checks in, anybody else takes a number."""

import hashlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal import clock, database, sealing
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.arrivals.forms.coming import NewNumber
from portal.domain.arrivals.queries import prospects
from portal.domain.arrivals.queries.expected import Expected
from portal.domain.arrivals.rules import ranking, way
from portal.domain.arrivals.tables import Arrival, State
from portal.domain.bookings.rules import naming
from portal.domain.bookings.services import preparing
from portal.domain.bookings.tables import State as Visit
from portal.domain.bookings.tables import VisitType
from portal.domain.customers import queries as known
from portal.domain.customers import services as customers
from portal.domain.queues.queries import items
from portal.domain.queues.queries.words import opened
from portal.domain.queues.services import deeds
from portal.domain.queues.tables import EntryKind, WorkItem
from portal.domain.sites.rules import days
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.services import OTHER
from portal.domain.sites.tables import Door, Site
from portal.errors import Conflict, NotFound
from portal.events import services as events
from portal.i18n.translations import N_, gettext, language
from portal.ids import new_id, token_hash

# The same words whatever the reason, so that they tell nobody that he is blocked, or that this phone has a number.
AT_THE_DESK = N_("We cannot give out a number here. Please ask at the desk.")
PHONE = "arrival.phone"
_TICKET = """
INSERT INTO ticket (id, type, day, last) VALUES ({}, {}, {}, 1)
ON CONFLICT (type, day) DO UPDATE SET last = ticket.last + 1 RETURNING last
"""
_LIVE = "SELECT id, token, browser FROM arrival WHERE ended_at IS NULL AND "


async def take_number(
    form: NewNumber, *, site: Site, kind: VisitType, door: Door | None, token: str, browser: str = "",
    by: Staff | None = None,
) -> str:  # fmt: skip
    """Somebody without a booking takes a number (HALL-01, VIS-12); returns the token of the page that shows it.

    A phone has one live number of a type: the same browser is shown it again, any other is sent to the desk.
    """
    async with transaction():
        if form.phone and await known.is_blocked(site, phone=form.phone):
            raise Conflict(gettext(AT_THE_DESK))
        if form.phone and (first := await _of_phone(kind, form.phone)):
            return _shown_again(first, browser)
        if kind.at_table and form.phone:
            await customers.meet(site, phone=form.phone, name=form.name, email="")
        item = new_id()
        there = await _insert(
            site, kind, item=item, door=door, token=token, browser=browser, by=by, name=form.name, phone=form.phone,
            salutation=form.salutation, people=form.people, priority=form.priority,
        )  # fmt: skip
        if not there:  # in the same moment, from another browser
            raise Conflict(gettext(AT_THE_DESK))
        event = await events.record("arrival.came", site=site.id, subject=item, by=by, customer=by is None, type=kind.code,
                                    priority=form.priority)  # fmt: skip
        await deeds.write(item, event, EntryKind.FILING, form.needs, by=by)
    return token


async def check_in(
    guest: Expected, *, site: Site, door: Door | None, token: str, browser: str = "", by: Staff | None = None
) -> str:
    """Somebody who booked has come (VIS-11): the booking has arrived, he waits under a number; once, however often asked.

    Returns the token of the waiting page.
    """
    if found := await _of_booking(guest.id):
        return found
    kind = await VisitType.objects().get(VisitType.id == guest.type)
    if kind is None:
        raise NotFound
    async with transaction():
        item = new_id()
        there = await _insert(
            site, kind, item=item, door=door, token=token, browser=browser, by=by, name=guest.name, phone=guest.phone,
            salutation=guest.salutation, people=guest.people, booking=guest.id, booked_at=guest.begins_at,
        )  # fmt: skip
        if not there:  # in the same moment
            return await _of_booking(guest.id)
        if guest.state != Visit.ARRIVED:
            await preparing.arrive(await items.item_by_id(guest.id), site=site, by=by)
        await events.record("arrival.came", site=site.id, subject=item, by=by, customer=by is None, type=kind.code,
                            booking=guest.id)  # fmt: skip
    return token


def same_browser(browser: str) -> str:
    """What of a browser's id stands in the database."""
    return hashlib.sha256(f"arrival\0{browser}".encode()).hexdigest() if browser else ""


async def _insert(
    site: Site, kind: VisitType, *, item: UUID, door: Door | None, token: str, browser: str, by: Staff | None, name: str,
    phone: str, salutation: str, people: int, priority: bool = False, booking: UUID | None = None,
    booked_at: datetime | None = None,
) -> bool:  # fmt: skip
    """The work item and its arrival, with the next number of the type's day; False where the phone, or the booking, has one.

    A second number of the phone of somebody who booked is no hindrance: the booking is his.
    """
    now = clock.now()
    day = days.today(site, now)
    # Whoever takes a number holds the row of its series to the end: two of one phone come one after the other.
    last = (await database.rows(_TICKET, new_id(), kind.id, day))[0]["last"]
    twice = bool(phone) and await _of_phone(kind, phone) is not None
    if await _of_booking(booking) if booking else twice:
        return False
    due_at = _due_at(site, now, booked_at, priority=priority)
    line = await prospects.prospect(site, kind, item=item, due_at=due_at)
    category = (await database.rows("SELECT id FROM category WHERE site = {} AND code = {}", site.id, OTHER))[0]["id"]
    await database.insert(WorkItem, {
        "id": item, "site": site.id, "line": way.LINE, "kind": way.KIND, "number": await deeds.next_number(site),
        "state": State.WAITING, "category": category, "due_at": due_at, "due_from": now, "arrived_at": now,
        "filed_by": by.id if by else None, "title": sealing.seal("", f"work_item.title:{item}"),
        "who": sealing.seal(naming.addressed(name, salutation), f"work_item.who:{item}"),
        "spot": sealing.seal("", f"work_item.spot:{item}"),
    })  # fmt: skip
    said: dict[str, Any] = {"token": token, "name": name, "phone": phone}
    await database.insert(Arrival, {
        "id": item, "item": item, "site": site.id, "type": kind.id, "booking": booking, "door": door.id if door else None,
        "token_hash": token_hash(token), "language": language(), "day": day, "ticket": ticket(kind, last),
        "salutation": salutation, "phone_index": sealing.index(phone, PHONE) if phone and not twice else "",
        "browser": same_browser(browser), "people": people, "priority": priority, "came_at": now,
        "shown_from": line.soonest, "shown_to": line.latest,
        **{column: sealing.seal(value, f"arrival.{column}:{item}") for column, value in said.items()},
    })  # fmt: skip
    return True


def ticket(kind: VisitType, number: int) -> str:
    """What is called: A017. A type without a letter, which gives out no numbers of its own, lends two of its code."""
    return f"{kind.letter or kind.code[:2].upper()}{number:03d}"


def _due_at(site: Site, now: datetime, booked_at: datetime | None, *, priority: bool) -> datetime:
    """The rank of somebody who comes now; priority is worth what the site says, up to the bound."""
    grace = timedelta(minutes=site_rules.figure(site, "visit.no_show_minutes"))
    weight = timedelta(minutes=site_rules.figure(site, "arrival.weight_minutes")) if priority else timedelta()
    return ranking.rank(now, booked_at=booked_at, grace=grace, weight=weight)


async def _of_phone(kind: VisitType, phone: str) -> dict[str, Any] | None:
    """What this phone has of this type and is not over."""
    index = sealing.index(phone, PHONE)
    rows = await database.rows(f"{_LIVE}type = {{}} AND phone_index = {{}}", kind.id, index)
    return dict(rows[0]) if rows else None


async def _of_booking(booking: UUID) -> str:
    """The token of the arrival that came of a booking and is not over; empty where there is none."""
    rows = await database.rows(f"{_LIVE}booking = {{}}", booking)
    return opened(rows[0]["token"], "arrival.token", rows[0]["id"]) if rows else ""


def _shown_again(row: dict[str, Any], browser: str) -> str:
    if not browser or row["browser"] != same_browser(browser):
        raise Conflict(gettext(AT_THE_DESK))
    return opened(row["token"], "arrival.token", row["id"])
