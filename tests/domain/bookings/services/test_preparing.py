"""Preparing for a visit, and the taps of the day."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal import clock
from portal.domain.bookings.forms.agreeing import Change
from portal.domain.bookings.queries import agenda
from portal.domain.bookings.queries.agenda import Visit
from portal.domain.bookings.rules import preparing as checks
from portal.domain.bookings.services import agreeing, preparing
from portal.domain.bookings.tables import Booking, Engagement, Preparation, Reservation, State
from portal.domain.queues.queries.items import Card
from portal.errors import Conflict, Forbidden
from tests import visits
from tests.cast import Cast

Travel = Callable[[datetime], None]
pytestmark = pytest.mark.usefixtures("db")


async def agreed(cast: Cast) -> Card:
    return await visits.confirmed(cast.hotel, await visits.asked_for(cast.hotel), by=cast.receptionist)


async def anew(cast: Cast, card: Card) -> Visit:
    return await agenda.visit(cast.hotel, await agenda.card(cast.hotel, card.number))


async def test_a_visit_is_prepared_when_the_whole_list_is(cast: Cast) -> None:
    """VIS-07, VIS-29: safety is one of the list."""
    card = await agreed(cast)
    whole = (await anew(cast, card)).checklist
    assert "safety" in whole

    await preparing.tick(card, whole[:-1], site=cast.hotel, by=cast.receptionist)
    assert (await anew(cast, card)).state == State.CONFIRMED
    await preparing.tick(card, whole, site=cast.hotel, by=cast.second)
    assert (await anew(cast, card)).state == State.PREPARED
    await preparing.tick(card, whole[1:], site=cast.hotel, by=cast.second)

    one = await anew(cast, card)
    assert (one.state, one.left) == (State.CONFIRMED, [whole[0]])
    rows = await Preparation.select(Preparation.code, Preparation.done_by).where(Preparation.booking == card.id)
    assert {row["code"]: row["done_by"] for row in rows} == {
        **dict.fromkeys(whole[1:-1], cast.receptionist.id), whole[-1]: cast.second.id,
    }  # fmt: skip


async def test_what_is_not_ready_a_day_before_is_overdue_and_tea_on_the_day(cast: Cast, travel: Travel) -> None:
    """VIS-07."""
    card = await agreed(cast)
    one = await anew(cast, card)
    travel(one.begins_at - timedelta(days=1, seconds=1))
    assert (await anew(cast, card)).overdue == ()

    travel(one.begins_at - timedelta(days=1))
    assert (await anew(cast, card)).overdue == tuple(item for item in one.checklist if item != "tea")

    travel(one.begins_at - timedelta(minutes=15))
    assert (await anew(cast, card)).overdue == one.checklist


async def test_the_desk_is_ready_a_quarter_of_an_hour_before(cast: Cast, travel: Travel) -> None:
    """VIS-08: highlighted then; the tick keeps time and person. VIS-09: at tables the reception starts then."""
    card = await agreed(cast)
    begins = (await anew(cast, card)).begins_at
    travel(begins - timedelta(minutes=15, seconds=1))
    assert not (await anew(cast, card)).get_ready
    travel(begins - timedelta(minutes=15))
    assert (await anew(cast, card)).get_ready

    await preparing.be_ready(card, site=cast.hotel, by=cast.second)

    row, one = (await Booking.objects().where(Booking.id == card.id))[0], await anew(cast, card)
    assert row.ready_by == cast.second.id and row.ready_at is not None and clock.now() - row.ready_at < timedelta(minutes=1)
    assert (one.state, one.get_ready) == (State.READY, False)


async def test_an_arrival_is_one_tap_with_time_and_person(cast: Cast) -> None:
    """VIS-11."""
    card = await agreed(cast)

    await preparing.arrive(card, site=cast.hotel, by=cast.second)

    row = (await Booking.objects().where(Booking.id == card.id))[0]
    assert (await anew(cast, card)).state == State.ARRIVED
    assert row.arrived_by == cast.second.id and row.arrived_at is not None
    with pytest.raises(Conflict):
        await preparing.arrive(card, site=cast.hotel, by=cast.receptionist)


async def test_who_comes_while_a_change_stands_open_comes_to_what_was_agreed(cast: Cast) -> None:
    card = await agreed(cast)
    await agreeing.change(card, Change(person="hotel.desk2", reason="换人"), site=cast.hotel, by=cast.receptionist)

    await preparing.arrive(card, site=cast.hotel, by=cast.second)

    assert (await anew(cast, card)).asked == ""
    assert await Engagement.count().where(Engagement.booking == card.id) == 2


async def test_who_does_not_come_leaves_the_room_to_others(cast: Cast) -> None:
    card = await agreed(cast)

    await preparing.miss(card, site=cast.hotel, by=cast.receptionist)

    assert (await anew(cast, card)).state == State.NO_SHOW
    assert await Reservation.count().where(Reservation.booking == card.id) == 0


@pytest.mark.parametrize("who", ["guard", "auditor", "floor"])
async def test_who_does_not_receive_does_not_tick(cast: Cast, who: str) -> None:
    card = await agreed(cast)

    with pytest.raises(Forbidden):
        await preparing.tick(card, checks.ITEMS, site=cast.hotel, by=getattr(cast, who))


async def test_a_type_has_a_list_of_its_own(cast: Cast) -> None:
    """VIS-07: a table needs no projector; a type says what it needs."""
    table = await visits.make_type(cast.hotel, code="table", at_table=True)
    drive = await visits.make_type(cast.hotel, code="drive", checks="vehicle safety")

    assert checks.checklist(table) == checks.AT_TABLE
    assert checks.checklist(drive) == ("safety", "vehicle")


async def test_a_tap_on_the_wrong_line_is_taken_back_within_ten_seconds(cast: Cast, travel: Travel) -> None:
    """Only by whoever tapped, and only while nothing else happened; P05: never over what another did since."""
    card = await agreed(cast)
    event = await preparing.arrive(card, site=cast.hotel, by=cast.receptionist, tapped=True)
    card = await agenda.card(cast.hotel, card.number)

    with pytest.raises(Conflict):
        await preparing.not_arrived(card, event, site=cast.hotel, by=cast.second)
    await preparing.not_arrived(card, event, site=cast.hotel, by=cast.receptionist)

    row = (await Booking.objects().where(Booking.id == card.id))[0]
    assert (await anew(cast, card)).state == State.CONFIRMED and row.arrived_at is None
    with pytest.raises(Conflict):
        await preparing.not_arrived(card, event, site=cast.hotel, by=cast.receptionist)

    card = await agenda.card(cast.hotel, card.number)
    event = await preparing.arrive(card, site=cast.hotel, by=cast.receptionist, tapped=True)
    travel(clock.now() + timedelta(seconds=11))
    with pytest.raises(Conflict):
        await preparing.not_arrived(card, event, site=cast.hotel, by=cast.receptionist)


async def test_who_checked_in_is_not_taken_back(cast: Cast) -> None:
    card = await agreed(cast)
    event = await preparing.arrive(card, site=cast.hotel, by=cast.receptionist)

    with pytest.raises(Conflict):
        await preparing.not_arrived(card, event, site=cast.hotel, by=cast.receptionist)
