"""What time alone does to bookings: reminders, those who did not come, wishes that nobody confirmed."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from portal import clock, database
from portal.domain.accounts.tables import Role
from portal.domain.arrivals.forms.coming import NewNumber
from portal.domain.arrivals.queries import expected
from portal.domain.arrivals.services import coming
from portal.domain.bookings.queries import waiting as queries
from portal.domain.bookings.services import answering, minding, reserving
from portal.domain.bookings.services.booking import Booked
from portal.domain.bookings.tables import Engagement, Reservation, State
from portal.domain.queues.services import deeds
from portal.domain.queues.tables import WorkItem
from portal.domain.sites.tables import Site
from portal.events import queries as events
from portal.events.tables import Event
from portal.ids import new_token
from tests import visits
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
Travel = Callable[[datetime], None]
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


async def reminders(booked: Booked) -> list[str]:
    return [one.particulars["which"] for one in await events.timeline(booked.item) if one.kind == "booking.reminded"]


async def agreed(site: Site, *, days: int = 3, **more: Any) -> tuple[Booked, datetime]:
    """A visit that is agreed, and when it begins."""
    kind = await visits.make_type(site, **more)
    at = visits.on(site, days)
    return await visits.make_booking(site, kind, at=at), at


async def test_a_visitor_is_reminded_a_day_and_two_hours_before_once_each(cast: Cast, travel: Travel) -> None:
    booked, at = await agreed(cast.hotel)
    steps = (at - 25 * HOUR, at - 24 * HOUR, at - 23 * HOUR, at - 2 * HOUR, at - HOUR, at + MINUTE)
    found = []

    for step in steps:
        travel(step)
        await minding.remind()
        await minding.remind()
        found.append(await reminders(booked))

    assert found == [[], ["first"], ["first"], ["first", "last"], ["first", "last"], ["first", "last"]]


async def test_after_a_move_reminders_are_planned_anew(cast: Cast, travel: Travel) -> None:
    booked, at = await agreed(cast.hotel)
    travel(at - 24 * HOUR)
    await minding.remind()
    await visits.ask(cast.hotel, booked, "change", at=at + 48 * HOUR, until=clock.now() + HOUR)
    await answering.accept(booked.item, site=cast.hotel)

    travel(at - 2 * HOUR)
    await minding.remind()
    assert await reminders(booked) == ["first"]
    travel(at + 24 * HOUR)
    await minding.remind()

    assert await reminders(booked) == ["first", "first"]


async def test_who_books_when_the_reminder_is_due_already_gets_the_next_alone(cast: Cast, travel: Travel) -> None:
    kind = await visits.make_type(cast.hotel)
    at = visits.on(cast.hotel, 3)
    travel(at - 5 * HOUR)
    booked = await visits.make_booking(cast.hotel, kind, at=at)

    await minding.remind()
    assert await reminders(booked) == []
    travel(at - HOUR)
    await minding.remind()

    assert await reminders(booked) == ["last"]


@pytest.mark.parametrize("state", [State.REQUESTED, State.CANCELLED, State.ARRIVED])
async def test_only_who_is_awaited_is_reminded(cast: Cast, travel: Travel, state: State) -> None:
    booked, at = await agreed(cast.hotel)
    await WorkItem.update({WorkItem.state: state}).where(WorkItem.id == booked.item)

    travel(at - HOUR)
    await minding.remind()

    assert await reminders(booked) == []


async def test_a_site_may_send_no_reminders(cast: Cast, travel: Travel) -> None:
    booked, at = await agreed(cast.hotel)
    choices = '{"visit.remind_first_hours": 0, "visit.remind_last_hours": 0}'
    await Site.update({Site.choices: choices}).where(Site.id == cast.hotel.id)

    for step in (at - 24 * HOUR, at - HOUR):
        travel(step)
        await minding.remind()

    assert await reminders(booked) == []


async def test_after_a_long_night_only_the_reminder_that_is_due_is_sent(cast: Cast, travel: Travel) -> None:
    booked, at = await agreed(cast.hotel)

    travel(at - HOUR)
    await minding.remind()

    assert await reminders(booked) == ["last"]


async def test_who_does_not_come_is_given_up_with_the_room(cast: Cast, travel: Travel) -> None:
    booked, at = await agreed(cast.hotel)
    travel(at + 14 * MINUTE)
    assert await minding.release_absent() == 0

    travel(at + 15 * MINUTE)
    assert (await minding.release_absent(), await minding.release_absent()) == (1, 0)

    item, _row = await visits.standing(booked)
    assert item.state == State.NO_SHOW
    assert item.closed_at is not None
    assert await Reservation.count().where(Reservation.booking == booked.item) == 0
    assert await Engagement.count().where(Engagement.booking == booked.item) == 0
    assert await Event.count().where(Event.kind == "booking.released") == 1


async def test_who_comes_later_than_that_is_taken_without_a_booking(cast: Cast, travel: Travel) -> None:
    """VIS-12: he is not expected any more, and gets a number as anybody."""
    booked, at = await agreed(cast.hotel)
    travel(at + 16 * MINUTE)
    await minding.release_absent()
    kind = await queries.kind((await visits.standing(booked))[1].type)

    assert await expected.today(cast.hotel, phone="+8613800138000") is None
    form = NewNumber.model_validate({"type": kind.code, "phone": "13800138000"}, context={"kinds": {kind.code: kind}})
    assert await coming.take_number(form, site=cast.hotel, kind=kind, door=None, token=new_token())


async def test_who_has_come_is_not_given_up_nor_is_one_who_still_may_answer(cast: Cast, travel: Travel) -> None:
    """VIS-25: while a change stands open the visitor has the last word."""
    here, at = await agreed(cast.hotel)
    await WorkItem.update({WorkItem.state: State.ARRIVED}).where(WorkItem.id == here.item)
    kind = await visits.make_type(cast.hotel, code="viewing")
    asked = await visits.make_booking(cast.hotel, kind, at=at)
    await visits.ask(cast.hotel, asked, "change", at=at + 4 * HOUR, until=at + 30 * MINUTE)

    travel(at + 20 * MINUTE)
    assert await minding.release_absent() == 0
    travel(at + 31 * MINUTE)
    await minding.end_unanswered()

    assert await minding.release_absent() == 1
    assert [(await visits.standing(one))[0].state for one in (here, asked)] == [State.ARRIVED, State.NO_SHOW]


async def test_one_that_was_moved_meanwhile_is_not_given_up(
    cast: Cast, travel: Travel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The visitor moves it between the clock's look and its deed."""
    booked, at = await agreed(cast.hotel)
    travel(at + HOUR)
    look = database.rows

    async def seen_late(sql: str, *values: object) -> list[Any]:
        rows = await look(sql, *values)
        if sql is minding._ABSENT:
            moved: deeds.Changes = {WorkItem.due_at: at + 48 * HOUR, WorkItem.version: WorkItem.version + 1}
            await WorkItem.update(moved).where(WorkItem.id == booked.item)
        return rows

    monkeypatch.setattr(database, "rows", seen_late)

    assert await minding.release_absent() == 0


async def test_a_wish_that_nobody_confirmed_in_time_is_declined_and_the_managers_hear(cast: Cast, travel: Travel) -> None:
    """VIS-04: a visitor waits for a word; without one his wish ends, and somebody is told."""
    booked, at = await agreed(cast.hotel, instant=False)
    travel(at)

    assert (await minding.decline_unconfirmed(), await minding.decline_unconfirmed()) == (1, 0)

    item, _row = await visits.standing(booked)
    told = [one.kind for one in await events.unread(cast.manager.id, site=cast.hotel.id)]
    assert (item.state, told) == (State.DECLINED, ["booking.lapsed"])
    assert await Reservation.count().where(Reservation.booking == booked.item) == 0


async def test_sites_without_the_receiving_role_tell_their_managers(cast: Cast) -> None:
    """VIS-31"""
    kind = await visits.make_type(cast.tower, instant=False, letter="T")
    kind.role = Role.SALES
    await kind.save()
    await visits.make_booking(cast.tower, kind, at=visits.on(cast.tower))

    assert [one.kind for one in await events.unread(cast.strange_manager.id, site=cast.tower.id)] == ["booking.made"]
    assert await events.unread(cast.manager.id, site=cast.tower.id) == []


async def test_one_that_fails_keeps_nobody_else(cast: Cast, travel: Travel, monkeypatch: pytest.MonkeyPatch) -> None:
    first, at = await agreed(cast.hotel)
    kind = await visits.make_type(cast.hotel, code="viewing")
    second = await visits.make_booking(cast.hotel, kind, at=at)
    release = reserving.give_up

    async def fails_once(booking: Any, **more: Any) -> None:
        if booking == first.item:
            raise ValueError("陈先生")
        await release(booking, **more)

    monkeypatch.setattr(reserving, "give_up", fails_once)
    travel(at + HOUR)

    assert await minding.release_absent() == 1
    assert [(await visits.standing(one))[0].state for one in (first, second)] == [State.CONFIRMED, State.NO_SHOW]
