"""Visits for tests to stand on: types with their hours, bookings, doors, stations."""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from portal import clock, database, ids, sealing
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.arrivals.rules import way
from portal.domain.arrivals.tables import Arrival, State, Station
from portal.domain.bookings.forms.agreeing import Confirmation
from portal.domain.bookings.forms.booking import NewBooking, StaffBooking
from portal.domain.bookings.forms.waiting import NewWaiting
from portal.domain.bookings.queries import agenda
from portal.domain.bookings.rules import naming
from portal.domain.bookings.rules.way import DEEDS
from portal.domain.bookings.services import agreeing, booking, reserving, waiting
from portal.domain.bookings.services.booking import Booked
from portal.domain.bookings.services.reserving import Wish
from portal.domain.bookings.tables import Booking, Channel, VisitHours, VisitType
from portal.domain.queues.queries import items
from portal.domain.queues.queries.items import Card
from portal.domain.queues.services import deeds
from portal.domain.queues.tables import WorkItem
from portal.domain.sites.rules import days
from portal.domain.sites.services import OTHER
from portal.domain.sites.tables import Door, Place, Site
from portal.i18n import formats

NINE, SIX = 9 * 60, 18 * 60


async def make_type(
    site: Site,
    *,
    code: str = "tour",
    opens: int = NINE,
    closes: int = SIX,
    minutes: int = 60,
    buffer: int = 0,
    step: int = 60,
    parties: int = 5,
    people: int = 50,
    most: int = 10,
    lead_minutes: int | None = 0,
    instant: bool = True,
    place: Place | None = None,
    **more: Any,
) -> VisitType:
    """A type that is open every day from nine to six, with room for five parties at once."""
    kind = VisitType(
        id=ids.new_id(), site=site.id, code=code, minutes=minutes, buffer=buffer, step=step,
        parties=parties, people=people, most=most, lead_minutes=lead_minutes, instant=instant, role=Role.DESK,
        place=place.id if place else None, **{"name_zh": "参观", "name_en": "Tour", "letter": code[0].upper(), **more},
    )  # fmt: skip
    await VisitType.insert(kind)
    await VisitHours.insert(*(
        VisitHours(id=ids.new_id(), type=kind.id, weekday=weekday, opens=opens, closes=closes) for weekday in range(7)
    ))  # fmt: skip
    return kind


def on(site: Site, days: int = 1, hour: int = 10, minute: int = 0) -> datetime:
    """So many days from today at the site, at a time on its wall."""
    day = clock.today(site.zone) + timedelta(days=days)
    return datetime.combine(day, time(hour, minute), ZoneInfo(site.zone))


async def make_booking(
    site: Site, kind: VisitType, *, at: datetime, people: int = 2, name: str = "李雷", phone: str = "+8613800138000",
    salutation: str = "mr", purpose: str = "参观展厅", by: Staff | None = None, browser: str = "", token: str = "",
    **more: object,
) -> Booked:  # fmt: skip
    """Somebody books; `by` staff, where given, takes it down."""
    formats.set_zone(site.zone)
    local = at.astimezone(ZoneInfo(site.zone))
    typed = {
        "day": local.date().isoformat(), "time": local.strftime("%H:%M"), "people": people, "name": name, "phone": phone,
        "salutation": salutation, "purpose": purpose, **more,
    }  # fmt: skip
    form = NewBooking.model_validate(typed) if by is None else StaffBooking.model_validate(typed | {"channel": Channel.DESK})
    return await booking.book(form, site=site, kind=kind, token=token or ids.new_token(), browser=browser, by=by)


async def asked_for(site: Site, *, hour: int = 10, kind: VisitType | None = None, **more: object) -> Booked:
    """Somebody asks for a tour tomorrow."""
    kind = kind or await make_type(site, instant=False)
    return await make_booking(site, kind, at=on(site, hour=hour), **more)  # type: ignore[arg-type]


async def confirmed(site: Site, booked: Booked, *, by: Staff, place: str = "1203", to: str = "hotel.desk") -> Card:
    """The card of a booking that was agreed on."""
    form = Confirmation(place=place, person=to)
    await agreeing.confirm(await agenda.card(site, booked.number), form, site=site, by=by)
    return await agenda.card(site, booked.number)


async def make_door(site: Site, *, slug: str = "hotel-lobby", code: str = "LOBBY1") -> Door:
    """A door with a poster."""
    door = Door(id=ids.new_id(), site=site.id, slug=slug, code=code, name_zh="大堂", name_en="Lobby")
    await Door.insert(door)
    return door


async def make_station(site: Site, *, code: str = "1", types: str = "") -> Station:
    """A window that people are called to."""
    station = Station(
        id=ids.new_id(), site=site.id, code=code, types=types, name_zh=f"{code}号窗口", name_en=f"Window {code}"
    )
    await Station.insert(station)
    return station


@dataclass(frozen=True)
class Came:
    """Somebody who waits: the item, its number, what is called, and the token of the waiting page."""

    item: UUID
    number: str
    ticket: str
    token: str


async def make_arrival(
    site: Site,
    kind: VisitType,
    *,
    minutes: float = 5,
    rank: datetime | None = None,
    name: str = "韩梅梅",
    salutation: str = "ms",
    people: int = 1,
    state: State = State.WAITING,
    booked: Booked | None = None,
    station: Station | None = None,
    **more: Any,
) -> Came:
    """Somebody who came so many minutes ago and waits, by the rank of the coming unless another is given."""
    item, number, token = ids.new_id(), await deeds.next_number(site), ids.new_token()
    came_at = clock.now() - timedelta(minutes=minutes)
    ticket = f"{kind.letter}{await Arrival.count().where(Arrival.type == kind.id) + 1:03d}"
    category = await database.rows("SELECT id FROM category WHERE site = {} ORDER BY code = {} DESC", site.id, OTHER)
    await database.insert(WorkItem, {
        "id": item, "site": site.id, "line": way.LINE, "kind": way.KIND, "number": number, "state": state,
        "category": category[0]["id"], "due_at": rank or came_at, "due_from": came_at, "arrived_at": came_at,
        "title": "", "spot": "", "who": sealing.seal(naming.addressed(name, salutation), f"work_item.who:{item}"),
    })  # fmt: skip
    await database.insert(Arrival, {
        "id": item, "item": item, "site": site.id, "type": kind.id, "booking": booked.item if booked else None,
        "token_hash": ids.token_hash(token), "token": sealing.seal(token, f"arrival.token:{item}"), "language": "zh-CN",
        "day": days.today(site, clock.now()), "ticket": ticket, "salutation": salutation, "people": people,
        "came_at": came_at, "name": sealing.seal(name, f"arrival.name:{item}"),
        "station": station.id if station else None, **more,
    })  # fmt: skip
    return Came(item, number, ticket, token)


async def make_waiting(
    site: Site, kind: VisitType, *, days: int = 1, first: str = "09:00", last: str = "18:00", people: int = 2,
    phone: str = "+8613800138000", name: str = "李雷",
) -> Booked:  # fmt: skip
    """Somebody stands on the list of a day, for a visit that begins between two times."""
    formats.set_zone(site.zone)
    typed = {
        "day": on(site, days).date().isoformat(), "from": first, "to": last, "people": people, "phone": phone,
        "name": name, "salutation": "mr",
    }  # fmt: skip
    return await waiting.line_up(NewWaiting.model_validate(typed), site=site, kind=kind, token=ids.new_token())


async def cancel(site: Site, booked: Booked) -> None:
    """A booking is over and its room is free, as far as others notice."""
    card = await items.item_by_id(booked.item)
    changes: dict[Any, Any] = {WorkItem.closed_at: clock.now()}
    await deeds.move(card, DEEDS["cancellation"], site=site, by=None, changes=changes)
    await reserving.give_up(booked.item)


async def ask(
    site: Site, booked: Booked, what: str, *, at: datetime, until: datetime, person: UUID | None = None,
    place: UUID | None = None,
) -> None:  # fmt: skip
    """Put another time before a visitor (`proposal` or `change`), and keep it for him until an instant."""
    card = await items.item_by_id(booked.item)
    row = await Booking.objects().get(Booking.id == booked.item)
    assert row is not None
    kind = await VisitType.objects().get(VisitType.id == row.type)
    assert kind is not None
    wish = Wish(at.astimezone(ZoneInfo(site.zone)).date(), at, row.people)
    await reserving.take(site, kind, wish, booking=booked.item, until=until)
    if person or place:
        ends = reserving.ends(kind, at)
        await reserving.engage(site, booked.item, place=place, person=person, begins_at=at, free_at=ends, until=until)
    await deeds.move(card, DEEDS[what], site=site, by=None)
    await Booking.update({
        Booking.asked: what, Booking.asked_begins_at: at, Booking.asked_until: until, Booking.asked_person: person,
        Booking.asked_place: place,
    }).where(Booking.id == booked.item)  # fmt: skip


async def standing(booked: Booked) -> tuple[WorkItem, Booking]:
    """The rows of a booking as they are."""
    item = await WorkItem.objects().get(WorkItem.id == booked.item)
    row = await Booking.objects().get(Booking.id == booked.item)
    assert item is not None and row is not None
    return item, row
