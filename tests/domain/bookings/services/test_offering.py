"""Deciding what is offered: what it does to visits that stand in the book is looked at first (VIS-25, X-44)."""

import asyncio
from datetime import date
from typing import Any

import pytest

from portal.database import transaction
from portal.domain.bookings.forms.offering import NewBlackout, NewOfficer, NewReceiving, TypeDays, TypeFacts
from portal.domain.bookings.queries import offering as queries
from portal.domain.bookings.queries import times
from portal.domain.bookings.services import doors, offering, reserving
from portal.domain.bookings.services.offering import FACTS, Touches
from portal.domain.bookings.services.reserving import Full, Wish
from portal.domain.bookings.tables import Reservation, VisitType
from portal.domain.sites.forms import Week
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.ids import new_id
from tests import visits
from tests.cast import Cast


def facts(kind: VisitType, **changed: Any) -> TypeFacts:
    """What holds of a type, with some of it changed, as a form would say it."""
    values = {name: getattr(kind, name) for name in FACTS} | {"place": "", "fee": "0", "instant": False} | changed
    return TypeFacts.model_validate({name: value for name, value in values.items() if value is not None})


def days(at: Any, hours: str = "") -> TypeDays:
    return TypeDays.model_validate({"from": at.date().isoformat(), "hours": hours})


@pytest.mark.usefixtures("db")
async def test_a_change_that_touches_nobody_is_saved_at_once(cast: Cast) -> None:
    kind = await visits.make_type(cast.hotel)
    await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel))

    await offering.change(cast.hotel, "tour", facts(kind, parties=2, buffer=30), by=cast.manager, version=kind.version)

    row = await queries.visit_type(cast.hotel, "tour")
    assert (row.parties, row.buffer, row.version) == (2, 30, kind.version + 1)


@pytest.mark.usefixtures("db")
async def test_one_that_touches_a_visit_lists_it_first_and_keeps_it(cast: Cast) -> None:
    house = cast.hotel
    kind = await visits.make_type(house)
    booked = await visits.make_booking(house, kind, at=visits.on(house))
    form = Week.model_validate({"monday": "14:00-18:00"})

    with pytest.raises(Touches) as touches:
        await offering.write_week(house, "tour", form, by=cast.manager, version=kind.version)
    assert [(one.standing.number, one.standing.who) for one in touches.value.found] == [(booked.number, "李先生")]
    assert (await queries.week(kind))[0] == ((540, 1080),)

    await offering.write_week(house, "tour", form, by=cast.manager, version=kind.version, confirmed=touches.value.digest)
    assert (await queries.week(kind))[0] == ((840, 1080),)
    assert await Reservation.count().where(Reservation.booking == booked.item) == 1


@pytest.mark.usefixtures("db")
async def test_a_list_that_has_grown_meanwhile_is_shown_again(cast: Cast) -> None:
    house = cast.hotel
    kind = await visits.make_type(house)
    await visits.make_booking(house, kind, at=visits.on(house))
    with pytest.raises(Touches) as first:
        await offering.write_days(house, "tour", days(visits.on(house)), by=cast.manager)

    await visits.make_booking(house, kind, at=visits.on(house, hour=11), phone="+8613900139000")

    with pytest.raises(Touches) as second:
        await offering.write_days(house, "tour", days(visits.on(house)), by=cast.manager, confirmed=first.value.digest)
    assert (len(first.value.found), len(second.value.found)) == (1, 2)


@pytest.mark.usefixtures("db")
async def test_days_blackouts_rooms_and_the_sites_own_days_list_what_they_touch(cast: Cast) -> None:
    house, at = cast.hotel, visits.on(cast.hotel)
    kind, other = await visits.make_type(house), await visits.make_type(house, code="table")
    booked = await visits.make_booking(house, kind, at=at)
    stretch = {"from": at.date().isoformat()}
    until = reserving.ends(kind, at)
    await reserving.engage(house, booked.item, place=cast.places["1203"].id, person=None, begins_at=at, free_at=until)

    everywhere, elsewhere = (NewBlackout.model_validate(stretch | more, context={"types": {"table"}})
                             for more in ({}, {"type": "table"}))  # fmt: skip
    with pytest.raises(Touches):
        await offering.add_blackout(house, everywhere, by=cast.manager)
    await offering.add_blackout(house, elsewhere, by=cast.manager)
    assert [one.type for one in await queries.blackouts(house)] == [other.id]
    await offering.remove_blackout(house, (await queries.blackouts(house))[0].id, by=cast.manager)

    with pytest.raises(Touches):
        async with transaction(), offering.watched(house):
            await VisitType.update({VisitType.active: False}).where(VisitType.id == kind.id)
    room = NewReceiving.model_validate({"place": "1203", "parties": "1"}, context={"places": {"1203"}})
    await offering.write_receiving(house, room, by=cast.manager)
    assert [(one.code, one.room, one.parties) for one in await queries.resources(house)] == [("1203", True, 1)]


@pytest.mark.usefixtures("db")
async def test_a_day_of_its_own_wins_and_is_taken_away_again(cast: Cast) -> None:
    house, at = cast.hotel, visits.on(cast.hotel, hour=20)
    kind = await visits.make_type(house)

    await offering.write_days(house, "tour", days(at, "19:00-22:00"), by=cast.manager)
    kind = await queries.visit_type(house, "tour")
    assert [slot.time for slot in await times.free(house, kind, at.date(), at.date())] == ["19:00", "20:00", "21:00"]

    await visits.make_booking(house, kind, at=at)
    with pytest.raises(Touches) as touches:
        await offering.remove_days(house, "tour", at.date(), at.date(), by=cast.manager)
    await offering.remove_days(house, "tour", at.date(), at.date(), by=cast.manager, confirmed=touches.value.digest)
    assert await queries.own_days(house, kind) == []


@pytest.mark.usefixtures("db")
async def test_public_holidays_are_kept_where_the_type_says_so(cast: Cast, travel: Any) -> None:
    """X-36: hours of their own, and the weekend worked for a holiday counts as a working day."""
    travel("2026-09-15T12:00+08:00")
    house = cast.hotel
    kind = await visits.make_type(house)
    form = Week.model_validate({"holidays": "1"} | dict.fromkeys(("tuesday", "thursday"), "09:00-12:00"))

    await offering.write_week(house, "tour", form, by=cast.manager)

    kind = await queries.visit_type(house, "tour")
    offer = await times.offer(house, kind)
    assert not kind.holidays
    assert offer.calendar.hours(date(2026, 10, 1)) == ()  # a Thursday, and the national day
    assert offer.calendar.hours(date(2026, 9, 20)) == ((540, 720),)  # a Sunday that is worked like a Tuesday


@pytest.mark.usefixtures("db")
async def test_of_two_who_change_a_type_at_once_the_second_is_told(cast: Cast) -> None:
    """P06."""
    kind = await visits.make_type(cast.hotel)
    await offering.change(cast.hotel, "tour", facts(kind, parties=9), by=cast.manager, version=kind.version)

    with pytest.raises(Conflict):
        await offering.change(cast.hotel, "tour", facts(kind, parties=8), by=cast.admin, version=kind.version)

    assert (await queries.visit_type(cast.hotel, "tour")).parties == 9


@pytest.mark.usefixtures("db")
async def test_who_reserves_with_an_older_offer_in_hand_is_told_to_look_again(cast: Cast) -> None:
    house, at = cast.hotel, visits.on(cast.hotel)
    older = await visits.make_type(house)
    await offering.change(house, "tour", facts(older, parties=1), by=cast.manager)

    with pytest.raises(Full, match=r"changed|变动"):
        await visits.make_booking(house, older, at=at)


@pytest.mark.usefixtures("committed")
async def test_a_booking_that_is_being_made_stands_on_the_list(cast: Cast) -> None:
    """Whoever changes the offer waits for who reserves, and then sees the reservation."""
    house, at = cast.hotel, visits.on(cast.hotel)
    kind = await visits.make_type(house)
    booked = await visits.make_booking(house, kind, at=at)
    await reserving.give_up(booked.item)
    reserved, go_on = asyncio.Event(), asyncio.Event()

    async def reserve() -> None:
        async with transaction():
            await reserving.take(house, kind, Wish(at.date(), at, 2), booking=booked.item)
            reserved.set()
            await go_on.wait()

    async def change() -> None:
        await reserved.wait()
        await offering.write_days(house, "tour", days(at), by=cast.manager)

    changing = asyncio.create_task(change())
    reserving_now = asyncio.create_task(reserve())
    await reserved.wait()
    await asyncio.sleep(0.05)
    assert not changing.done()
    go_on.set()
    await reserving_now

    with pytest.raises(Touches):
        await changing


@pytest.mark.usefixtures("db")
async def test_reception_officers_are_named_with_their_duties(cast: Cast) -> None:
    """VIS-28."""

    def named(duties: str) -> NewOfficer:
        return NewOfficer.model_validate({"person": "hotel.sales", "duties": duties}, context={"people": {"hotel.sales"}})

    await offering.write_officer(cast.hotel, named("接待"), by=cast.manager)
    await offering.write_officer(cast.hotel, named("接待；可安排车辆"), by=cast.manager)

    assert [(one.username, one.duties) for one in await queries.officers(cast.hotel)] == [
        ("hotel.sales", "接待；可安排车辆")
    ]
    assert await queries.officers(cast.tower) == []
    await offering.remove_officer(cast.hotel, "hotel.sales", by=cast.manager)
    assert await queries.officers(cast.hotel) == []


def test_a_code_of_a_door_is_never_taken_for_another() -> None:
    codes = {doors.new_code() for _number in range(200)}

    assert len(codes) > 190
    assert all(len(code) == doors.LENGTH and set(code) <= set(doors.LETTERS) for code in codes)
    assert not set(doors.LETTERS) & set("01ILOSZB5")


async def standing_numbers(house: Site, kind: VisitType) -> list[str]:
    return [one.number for one in (await queries.standing([kind.id]))[kind.id]]


@pytest.mark.usefixtures("db")
async def test_what_stands_in_the_book_is_of_this_type_and_to_come(cast: Cast, travel: Any) -> None:
    """P32."""
    travel("2026-11-22T12:00+08:00")
    hotel, tower = await visits.make_type(cast.hotel), await visits.make_type(cast.tower)
    booked = await visits.make_booking(cast.hotel, hotel, at=visits.on(cast.hotel))
    await visits.make_booking(cast.tower, tower, at=visits.on(cast.tower))
    await reserving.hold(cast.hotel, hotel, Wish(visits.on(cast.hotel).date(), visits.on(cast.hotel), 1), browser="b")

    assert await standing_numbers(cast.hotel, hotel) == [booked.number]
    travel("2026-11-24T12:00+08:00")
    assert await standing_numbers(cast.hotel, hotel) == []
    assert await queries.standing([]) == {}
    assert await queries.standing([new_id()]) != {}
