"""Visits for tests to stand on: types with their hours, bookings, doors, stations."""

from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from portal import clock, database, ids, sealing
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.arrivals.tables import Arrival, Station
from portal.domain.bookings.forms.after import Satisfaction
from portal.domain.bookings.forms.booking import NewBooking, StaffBooking
from portal.domain.bookings.rules.way import DEEDS
from portal.domain.bookings.services import after, booking
from portal.domain.bookings.services.booking import Booked
from portal.domain.bookings.tables import Channel, State, VisitHours, VisitType
from portal.domain.queues.queries import items
from portal.domain.queues.queries.items import Card
from portal.domain.queues.services import deeds
from portal.domain.queues.tables import WorkItem
from portal.domain.sites.tables import Category, Door, Place, Site
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
        id=ids.new_id(), site=site.id, code=code, name_zh="参观", name_en="Tour", minutes=minutes, buffer=buffer, step=step,
        parties=parties, people=people, most=most, lead_minutes=lead_minutes, instant=instant, role=Role.DESK,
        place=place.id if place else None, **{"letter": code[0].upper(), **more},
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


async def bring(staff: Staff, site: Site, booked: Booked, *, to: State) -> Card:
    """Lead a confirmed booking by its deeds to a state, up to its end; the item as it then stands."""
    steps = [State.CONFIRMED, State.ARRIVED, State.RECEPTION, State.SEEN_OFF, State.SUMMARISED]
    now = State((await items.item_by_id(booked.item)).state)
    for state in steps[steps.index(now) + 1 : steps.index(to) + 1]:
        card = await items.item_by_id(booked.item)
        match state:
            case State.ARRIVED:
                await deeds.move(card, DEEDS["arrival"], site=site, by=staff)
            case State.RECEPTION:
                await after.receive(booked.item, by=staff)
            case State.SEEN_OFF:
                await after.see_off(card, Satisfaction.model_validate({"satisfied": "yes"}), site=site, by=staff)
            case State.SUMMARISED:
                await after.summarise(card, "谈了合作", site=site, by=staff)
    return await items.item_by_id(booked.item)


async def make_served(site: Site, kind: VisitType, *, by: Staff, booked: Booked | None = None) -> Card:
    """Somebody who is served at a counter, with a booking or without."""
    item, now, number = ids.new_id(), clock.now(), await deeds.next_number(site)
    category = (await Category.select(Category.id).where(Category.site == site.id).first() or {})["id"]
    await WorkItem.insert(WorkItem(
        id=item, site=site.id, line="arrivals", kind="arrival", number=number, state="serving", category=category,
        due_at=now, due_from=now, arrived_at=now, owner=by.id, who=sealing.seal("李先生", f"work_item.who:{item}"),
    ))  # fmt: skip
    await Arrival.insert(Arrival(
        id=item, item=item, site=site.id, type=kind.id, booking=booked.item if booked else None, token_hash=str(item),
        day=clock.today(site.zone), ticket=f"A{number[-3:]}", came_at=now, served_at=now,
    ))  # fmt: skip
    return await items.item_by_id(item)


async def cells(table: str, column: str, item: UUID) -> list[str]:
    """What of a column stands in the database for an item, as it stands."""
    known = "item" if table == "entry" else "id"
    return [row[column] for row in await database.rows(f"SELECT {column} FROM {table} WHERE {known} = {{}}", item)]
