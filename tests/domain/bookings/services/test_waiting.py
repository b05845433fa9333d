"""The waiting list: a freed place goes to the first whom it suits, for a while, once, then to the next."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from portal import clock, database
from portal.domain.bookings.services import agreeing, answering, minding, reserving, waiting
from portal.domain.bookings.services.booking import Booked
from portal.domain.bookings.tables import Blackout, Reservation, State, VisitType
from portal.domain.queues.queries import items
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid
from portal.events.tables import Event
from portal.ids import new_id
from tests import cast as actors
from tests import visits
from tests.cast import Cast

Travel = Callable[[datetime], None]
HAN, WANG = "+8613900139000", "+8613700137000"


async def full(site: Site, **more: Any) -> tuple[VisitType, Booked]:
    """A type with one place, at one time of the day, and whoever has it tomorrow."""
    kind = await visits.make_type(site, parties=1, opens=600, closes=660, **more)
    return kind, await visits.make_booking(site, kind, at=visits.on(site))


async def offered(booked: Booked) -> datetime | None:
    _item, row = await visits.standing(booked)
    return row.asked_begins_at if row.asked == "offer" else None


@pytest.mark.usefixtures("db")
async def test_who_waits_has_a_number_and_no_place(cast: Cast) -> None:
    kind, _taken = await full(cast.hotel)

    booked = await visits.make_waiting(cast.hotel, kind, phone=HAN)

    item, row = await visits.standing(booked)
    assert (item.state, item.line) == (State.WAITING, "bookings")
    assert row.begins_at is None
    assert row.place is None
    assert (row.wanted_from, row.wanted_to) == (visits.on(cast.hotel, hour=9), visits.on(cast.hotel, hour=18))
    assert await Reservation.count().where(Reservation.booking == booked.item) == 0


@pytest.mark.usefixtures("db")
async def test_a_window_without_visits_or_too_soon_is_refused_at_its_field(cast: Cast) -> None:
    """VIS-03: also by way of the list nobody books later than the lead time allows."""
    kind, _taken = await full(cast.hotel)
    with pytest.raises(Invalid) as never:
        await visits.make_waiting(cast.hotel, kind, first="11:00", phone=HAN)
    strict = await visits.make_type(cast.hotel, code="viewing", lead_minutes=3 * 24 * 60)
    with pytest.raises(Invalid) as soon:
        await visits.make_waiting(cast.hotel, strict, phone=HAN)

    assert (list(never.value.fields), list(soon.value.fields)) == (["from"], ["to"])


@pytest.mark.usefixtures("db")
async def test_who_is_blocked_or_has_too_many_open_ones_hears_the_same_words(cast: Cast) -> None:
    kind = await visits.make_type(cast.hotel)
    for _three in range(3):
        await visits.make_waiting(cast.hotel, kind)

    with pytest.raises(Conflict, match=r"ring us|致电"):
        await visits.make_waiting(cast.hotel, kind)


@pytest.mark.usefixtures("db")
async def test_a_cancelled_place_is_offered_to_the_first_whose_party_fits(cast: Cast, travel: Travel) -> None:
    kind, taken = await full(cast.hotel, people=4)
    start, at = clock.now(), visits.on(cast.hotel)
    large = await visits.make_waiting(cast.hotel, kind, people=6, phone=HAN)
    travel(start + timedelta(seconds=1))
    small = await visits.make_waiting(cast.hotel, kind, people=3, phone=HAN)
    travel(start + timedelta(seconds=2))
    later = await visits.make_waiting(cast.hotel, kind, phone=WANG)

    assert await waiting.offer_everywhere() == 0
    await visits.cancel(cast.hotel, taken)
    assert await waiting.offer_freed(cast.hotel, kind, at.date()) == 1

    assert [await offered(one) for one in (large, small, later)] == [None, at, None]
    _item, row = await visits.standing(small)
    assert row.asked_until is not None
    assert timedelta(minutes=14) < row.asked_until - clock.now() <= timedelta(minutes=15)
    with pytest.raises(reserving.Full):
        await visits.make_booking(cast.hotel, kind, at=at, phone=WANG)


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("end", [agreeing.decline, agreeing.withdraw])
async def test_what_staff_call_off_is_offered_in_the_same_moment(cast: Cast, end: Callable[..., Awaitable[None]]) -> None:
    kind = await visits.make_type(cast.hotel, parties=1, opens=600, closes=660, instant=False)
    taken = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel))
    waits = await visits.make_waiting(cast.hotel, kind, phone=HAN)

    await end(await items.item_by_id(taken.item), "会议室停电", site=cast.hotel, by=cast.receptionist)

    assert await offered(waits) == visits.on(cast.hotel)


@pytest.mark.usefixtures("db")
async def test_an_offer_is_kept_no_longer_than_until_the_visit_begins(cast: Cast, travel: Travel) -> None:
    kind, taken = await full(cast.hotel)
    waits = await visits.make_waiting(cast.hotel, kind, phone=HAN)
    await visits.cancel(cast.hotel, taken)
    travel(visits.on(cast.hotel) - timedelta(minutes=5))

    await waiting.offer_everywhere()

    _item, row = await visits.standing(waits)
    assert row.asked_until == row.asked_begins_at


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("how", ["hold", "capacity", "blackout"])
async def test_the_clock_finds_a_place_however_it_became_free(cast: Cast, travel: Travel, how: str) -> None:
    kind = await visits.make_type(cast.hotel, parties=1, opens=600, closes=660)
    at = visits.on(cast.hotel)
    if how == "hold":
        await reserving.hold(cast.hotel, kind, reserving.Wish(at.date(), at, 2), browser="somebody")
    elif how == "capacity":
        await visits.make_booking(cast.hotel, kind, at=at)
    waits = await visits.make_waiting(cast.hotel, kind, phone=HAN)
    if how == "blackout":
        await Blackout.insert(Blackout(id=new_id(), site=cast.hotel.id, type=kind.id, begins_at=at,
                                       ends_at=at + timedelta(hours=1), reason=""))  # fmt: skip
    assert await waiting.offer_everywhere() == 0

    if how == "hold":
        travel(clock.now() + timedelta(minutes=6))
    elif how == "capacity":
        await VisitType.update({VisitType.parties: 2}).where(VisitType.id == kind.id)
    else:
        await Blackout.delete().where(Blackout.type == kind.id)

    assert await waiting.offer_everywhere() == 1
    assert await offered(waits) == at


@pytest.mark.usefixtures("db")
async def test_who_lets_an_offer_pass_stays_behind_and_is_asked_again_only_when_it_is_free_anew(
    cast: Cast, travel: Travel
) -> None:
    kind, taken = await full(cast.hotel)
    start, at = clock.now(), visits.on(cast.hotel)
    first = await visits.make_waiting(cast.hotel, kind, phone=HAN)
    travel(start + timedelta(seconds=1))
    second = await visits.make_waiting(cast.hotel, kind, phone=WANG)
    await visits.cancel(cast.hotel, taken)
    await waiting.offer_everywhere()
    assert (await offered(first), await offered(second)) == (at, None)

    travel(start + timedelta(minutes=16))
    await minding.end_unanswered()

    assert (await offered(first), await offered(second)) == (None, at)
    item, row = await visits.standing(first)
    assert item.state == State.WAITING
    assert row.asked_until is None
    with pytest.raises(Conflict):
        await answering.accept(first.item, site=cast.hotel)

    await answering.accept(second.item, site=cast.hotel)
    assert await waiting.offer_everywhere() == 0
    travel(start + timedelta(minutes=17))
    await visits.cancel(cast.hotel, second)
    assert await waiting.offer_everywhere() == 1
    assert await offered(first) == at
    travel(start + timedelta(minutes=40))
    await minding.end_unanswered()
    assert await waiting.offer_everywhere() == 0


@pytest.mark.usefixtures("db")
async def test_who_waits_for_a_time_that_is_over_waits_no_more(cast: Cast, travel: Travel) -> None:
    kind, _taken = await full(cast.hotel)
    waits = await visits.make_waiting(cast.hotel, kind, phone=HAN)
    assert await minding.end_waiting() == 0

    travel(visits.on(cast.hotel, hour=18) + timedelta(minutes=1))

    assert (await minding.end_waiting(), await minding.end_waiting()) == (1, 0)
    item, _row = await visits.standing(waits)
    assert item.state == State.DECLINED
    assert item.closed_at is not None


@pytest.mark.usefixtures("committed")
async def test_two_workers_offer_one_place_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await contested(monkeypatch) == (1, 1)


@pytest.mark.usefixtures("committed")
async def test_without_the_guards_they_offer_it_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: neither the room is counted under the day's row, nor is the offer made only to who has none."""

    async def unchecked(*_args: object, **_more: object) -> None:
        return None

    monkeypatch.setattr(reserving, "_check", unchecked)
    monkeypatch.setattr(waiting, "_OFFER", waiting._OFFER.replace(" AND asked = ''", ""))

    assert await contested(monkeypatch) == (2, 2)


async def contested(monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Two workers who have both seen the same free place: how often it was reserved, and offered."""
    cast = await actors.enter()
    kind, taken = await full(cast.hotel)
    for phone in (HAN, WANG):
        await visits.make_waiting(cast.hotel, kind, phone=phone)
    await visits.cancel(cast.hotel, taken)
    both = asyncio.Barrier(2)
    seen: list[object] = []

    def together(look: Callable[..., Awaitable[object]]) -> Callable[..., Awaitable[object]]:
        async def found(*args: object) -> object:
            there = await look(*args)
            if len(seen) < 2:
                seen.append(there)
                await both.wait()
            return there

        return found

    monkeypatch.setattr(waiting, "_next", together(waiting._next))
    await asyncio.gather(*(database.spawn(waiting.offer_everywhere()) for _two in range(2)))

    assert seen[0] == seen[1] is not None
    return (
        await Reservation.count().where(Reservation.type == kind.id),
        await Event.count().where(Event.kind == "booking.offered"),
    )
