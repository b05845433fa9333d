"""Calling, serving, and what else becomes of somebody who waits."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from portal import clock, database
from portal.domain.accounts.queries import Staff
from portal.domain.arrivals.queries import line
from portal.domain.arrivals.rules.way import DEEDS
from portal.domain.arrivals.services import serving
from portal.domain.arrivals.tables import Arrival, State, Station
from portal.domain.bookings import tables as bookings
from portal.domain.queues.queries.items import Card
from portal.domain.queues.tables import Entry, WorkItem
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Forbidden
from portal.events import queries as events
from tests import visits
from tests.cast import Cast
from tests.visits import Came

usual = pytest.mark.usefixtures("db")


async def card(site: Site, came: Came) -> Card:
    return await line.visitor(site, came.number)


async def called(cast: Cast, **more: object) -> tuple[Came, Station]:
    """Somebody of the hotel who was called to window 1."""
    tours, window = await visits.make_type(cast.hotel), await visits.make_station(cast.hotel)
    came = await visits.make_arrival(cast.hotel, tours, **more)  # type: ignore[arg-type]  # as it takes them
    await serving.call_next(cast.hotel, window, by=cast.receptionist)
    return came, window


async def row(came: Came) -> Arrival:
    found = await Arrival.objects().get(Arrival.id == came.item)
    assert found is not None
    return found


async def states(*several: Came) -> list[str]:
    rows = await WorkItem.select(WorkItem.id, WorkItem.state)
    by_id = {one["id"]: one["state"] for one in rows}
    return [by_id[one.item] for one in several]


@usual
async def test_the_next_is_the_first_by_rank_who_may_be_called_here(cast: Cast) -> None:
    """HALL-01, VIS-04: by rank, not by coming; the window's types; nobody before the time that was asked for."""
    house, by = cast.hotel, cast.receptionist
    tours, viewings = await visits.make_type(house), await visits.make_type(house, code="viewing")
    one, two = await visits.make_station(house, types="tour"), await visits.make_station(house, code="2")
    later = await visits.make_arrival(house, tours, minutes=50, not_before=clock.now() + timedelta(minutes=5))
    viewing = await visits.make_arrival(house, viewings, minutes=40)
    sent = await visits.make_arrival(house, tours, minutes=30, station=two)
    walk_in = await visits.make_arrival(house, tours, minutes=10)
    booked = await visits.make_arrival(house, tours, minutes=2, rank=clock.now() - timedelta(minutes=12))

    assert [await serving.call_next(house, one, by=by) for _call in range(2)] == [booked.item, walk_in.item]
    with pytest.raises(Conflict, match="1"):
        await serving.call_next(house, one, by=by)
    assert [await serving.call_next(house, two, by=by) for _call in range(2)] == [viewing.item, sent.item]
    assert await states(later) == [State.WAITING]


@usual
async def test_a_call_says_whose_it_is_and_where(cast: Cast) -> None:
    came, window = await called(cast)

    item = await card(cast.hotel, came)
    arrival = await row(came)

    assert (item.state, item.owner_id, item.version) == (State.CALLED, cast.receptionist.id, 2)
    assert (arrival.station, arrival.calls) == (window.id, 1)
    assert arrival.called_at == arrival.rung_at != None  # noqa: E711  # both, and something
    assert [one.kind for one in await events.timeline(came.item)] == ["arrival.called"]


@usual
async def test_out_of_turn_needs_words_that_are_kept_sealed(cast: Cast) -> None:
    tours, window = await visits.make_type(cast.hotel), await visits.make_station(cast.hotel)
    await visits.make_arrival(cast.hotel, tours, minutes=30)
    last = await visits.make_arrival(cast.hotel, tours, minutes=1)
    await serving.call(await card(cast.hotel, last), window, site=cast.hotel, by=cast.receptionist, reason="孩子发烧")

    entry = await Entry.select().where(Entry.item == last.item).first()
    assert await states(last) == [State.CALLED]
    assert (await events.timeline(last.item))[-1].particulars["out_of_turn"] is True
    assert entry is not None and "发烧" not in entry["body"]


@usual
async def test_somebody_is_called_again_three_times_and_no_more(cast: Cast) -> None:
    came, _window = await called(cast)
    first = await row(came)
    for _time in range(3):
        await serving.recall(await card(cast.hotel, came), site=cast.hotel, by=cast.receptionist)

    with pytest.raises(Conflict):
        await serving.recall(await card(cast.hotel, came), site=cast.hotel, by=cast.receptionist)
    again = await row(came)
    assert (again.calls, again.called_at) == (4, first.called_at)
    await serving.miss(await card(cast.hotel, came), site=cast.hotel, by=cast.receptionist)
    assert await states(came) == [State.NO_SHOW]


@usual
async def test_the_walk_from_call_to_service_is_kept(cast: Cast, travel: Callable[[datetime], None]) -> None:
    came, _window = await called(cast)
    travel(clock.now() + timedelta(seconds=90))
    await serving.recall(await card(cast.hotel, came), site=cast.hotel, by=cast.receptionist)
    await serving.serve(await card(cast.hotel, came), site=cast.hotel, by=cast.receptionist)
    await serving.finish(await card(cast.hotel, came), site=cast.hotel, by=cast.receptionist)

    kept = await row(came)
    assert kept.served_at - kept.called_at >= timedelta(seconds=90)
    assert kept.ended_at is not None
    assert (await card(cast.hotel, came)).closed_at == kept.ended_at


@usual
async def test_who_is_sent_on_keeps_ticket_and_coming(cast: Cast) -> None:
    """Nobody is punished for having come to the wrong window."""
    house, by = cast.hotel, cast.receptionist
    came, _one = await called(cast, minutes=30)
    viewings = await visits.make_type(house, code="viewing")
    two = await visits.make_station(house, code="2", types="viewing")
    before, other = await card(house, came), await visits.make_arrival(house, viewings, minutes=10)
    await serving.transfer(before, site=house, by=by, kind=viewings)

    after = await card(house, came)
    assert (after.state, after.due_at, after.owner_id) == (State.WAITING, before.due_at, None)
    assert (await row(came)).ticket == came.ticket
    assert [await serving.call_next(house, two, by=by) for _call in range(2)] == [came.item, other.item]


@usual
async def test_who_is_sent_to_a_window_later_is_called_there_and_then_alone(
    cast: Cast, travel: Callable[[datetime], None]
) -> None:
    house, by = cast.hotel, cast.receptionist
    came, one = await called(cast)
    two = await visits.make_station(house, code="2")
    await serving.transfer(await card(house, came), site=house, by=by, station=two, minutes=10)
    for window in (one, two):
        with pytest.raises(Conflict):
            await serving.call_next(house, window, by=by)

    travel(clock.now() + timedelta(minutes=10))
    with pytest.raises(Conflict):
        await serving.call_next(house, one, by=by)
    assert await serving.call_next(house, two, by=by) == came.item


@usual
async def test_who_was_parked_or_missed_comes_back_to_the_old_place(cast: Cast) -> None:
    house, by = cast.hotel, cast.receptionist
    came, window = await called(cast, minutes=30, phone_index="x" * 32)
    await serving.park(await card(house, came), site=house, by=by)
    await visits.make_arrival(house, await visits.make_type(house, code="viewing"), minutes=10)
    await serving.bring_back(await card(house, came), site=house, by=by)
    assert await serving.call_next(house, window, by=by) == came.item

    await serving.miss(await card(house, came), site=house, by=by)
    assert (await card(house, came)).closed_at is not None
    await serving.bring_back(await card(house, came), site=house, by=by)
    back = await row(came)
    assert [back.ended_at, back.calls, back.station, (await card(house, came)).closed_at] == [None, 0, None, None]


@usual
async def test_who_took_a_new_number_is_not_brought_back_with_the_old(cast: Cast) -> None:
    house, by = cast.hotel, cast.receptionist
    came, _window = await called(cast, phone_index="x" * 32)
    await serving.miss(await card(house, came), site=house, by=by)
    tours = (await row(came)).type
    kind = await bookings.VisitType.objects().get(bookings.VisitType.id == tours)
    assert kind is not None
    await visits.make_arrival(house, kind, phone_index="x" * 32)

    with pytest.raises(Conflict):
        await serving.bring_back(await card(house, came), site=house, by=by)
    assert await states(came) == [State.NO_SHOW]


@usual
async def test_at_the_tower_nobody_is_led_in_before_the_host_was_contacted(cast: Cast) -> None:
    """VIS-21."""
    tower, by = cast.tower, cast.stranger
    came = await visits.make_arrival(tower, await visits.make_type(tower))
    await serving.call_next(tower, await visits.make_station(tower), by=by)

    with pytest.raises(Conflict):
        await serving.serve(await card(tower, came), site=tower, by=by)
    assert await states(came) == [State.CALLED]
    await serving.contact_host(await card(tower, came), site=tower, by=by)
    with pytest.raises(Conflict):
        await serving.contact_host(await card(tower, came), site=tower, by=by)
    await serving.serve(await card(tower, came), site=tower, by=by)
    kinds = [one.kind for one in await events.timeline(came.item)]
    assert kinds.index("arrival.host-contacted") < kinds.index("arrival.served")


@usual
async def test_serving_takes_the_booking_along_once(cast: Cast) -> None:
    house, by = cast.hotel, cast.receptionist
    tours, window = await visits.make_type(house), await visits.make_station(house)
    booked = await visits.make_booking(house, tours, at=visits.on(house))
    await WorkItem.update({WorkItem.state: bookings.State.ARRIVED}).where(WorkItem.id == booked.item)
    came = await visits.make_arrival(house, tours, booked=booked)
    for _window in range(2):  # the second time after having been sent on
        await serving.call_next(house, window, by=by)
        await serving.serve(await card(house, came), site=house, by=by)
        await serving.transfer(await card(house, came), site=house, by=by, station=window)

    item = await WorkItem.objects().get(WorkItem.id == booked.item)
    assert item is not None and item.state == bookings.State.RECEPTION
    assert [one.kind for one in await events.timeline(booked.item)].count("booking.received") == 1


@usual
async def test_done_by_mistake_is_taken_back_for_ten_seconds_by_who_said_so(
    cast: Cast, travel: Callable[[datetime], None]
) -> None:
    house, by = cast.hotel, cast.receptionist
    came, _window = await called(cast)
    await serving.serve(await card(house, came), site=house, by=by)
    await serving.finish(await card(house, came), site=house, by=by)

    with pytest.raises(Conflict):
        await serving.undo_finish(await card(house, came), site=house, by=cast.second)
    await serving.undo_finish(await card(house, came), site=house, by=by)
    assert await states(came) == [State.SERVING]
    assert [(await row(came)).ended_at, (await card(house, came)).closed_at] == [None, None]

    await serving.finish(await card(house, came), site=house, by=by)
    assert await line.finished(by, house, came.number)
    travel(clock.now() + timedelta(seconds=11))
    assert await line.finished(by, house, came.number) is None
    with pytest.raises(Conflict):
        await serving.undo_finish(await card(house, came), site=house, by=by)


@usual
async def test_every_deed_starts_where_its_row_says_and_nowhere_else(cast: Cast) -> None:
    """HALL-10: who calls and serves is desk, sales and managers; whoever only reads does nothing."""
    house, by = cast.hotel, cast.receptionist
    window = await visits.make_station(house)
    work: dict[str, Callable[[Card, Staff], Awaitable[None]]] = {
        "call out of turn": lambda item, by: serving.call(item, window, site=house, by=by, reason="急"),
        "recall": lambda item, by: serving.recall(item, site=house, by=by),
        "serving": lambda item, by: serving.serve(item, site=house, by=by),
        "park": lambda item, by: serving.park(item, site=house, by=by),
        "transfer": lambda item, by: serving.transfer(item, site=house, by=by, station=window),
        "return": lambda item, by: serving.bring_back(item, site=house, by=by),
        "no-show": lambda item, by: serving.miss(item, site=house, by=by),
        "finish": lambda item, by: serving.finish(item, site=house, by=by),
        "host": lambda item, by: serving.contact_host(item, site=house, by=by),
    }
    tours = await visits.make_type(house)
    for name, do in work.items():
        for state in State:
            came = await visits.make_arrival(house, tours, state=state)
            item = await card(house, came)
            with pytest.raises(Forbidden):
                await do(item, cast.auditor)
            if state in DEEDS[name].before:
                await do(item, by)
                assert await states(came) == [DEEDS[name].after or state], name
            else:
                with pytest.raises(Conflict):
                    await do(item, by)


@pytest.mark.usefixtures("committed")
async def test_of_several_who_call_at_once_nobody_gets_the_same_person(cast: Cast) -> None:
    """Eight call for five who wait: five get somebody each, and three are told that nobody waits."""
    house = cast.hotel
    tours, window = await visits.make_type(house), await visits.make_station(house)
    waiting = {(await visits.make_arrival(house, tours, minutes=minutes)).item for minutes in range(5)}
    work = (database.spawn(serving.call_next(house, window, by=cast.receptionist)) for _person in range(8))

    done = await asyncio.gather(*work, return_exceptions=True)

    got = [one for one in done if not isinstance(one, Conflict)]
    assert len(got) == 5
    assert set(got) == waiting
    assert await WorkItem.count().where(WorkItem.state == State.CALLED, WorkItem.version == 2) == 5


@usual
async def test_whoever_reads_alone_calls_nobody(cast: Cast) -> None:
    await visits.make_arrival(cast.hotel, await visits.make_type(cast.hotel))
    window = await visits.make_station(cast.hotel)

    for person in (cast.auditor, cast.floor, cast.admin):
        with pytest.raises(Forbidden):
            await serving.call_next(cast.hotel, window, by=person)


@pytest.mark.only_postgres
@pytest.mark.usefixtures("committed")
async def test_whom_somebody_has_in_hand_is_waited_for_where_nobody_else_is_there(cast: Cast) -> None:
    house, by = cast.hotel, cast.receptionist
    tours, window = await visits.make_type(house), await visits.make_station(house)
    first = await visits.make_arrival(house, tours, minutes=9)
    second = await visits.make_arrival(house, tours, minutes=5)
    held, go = asyncio.Event(), asyncio.Event()

    async def hold() -> None:
        async with database.transaction():
            await WorkItem.update({WorkItem.circle: 0}).where(WorkItem.id == first.item)
            held.set()
            await go.wait()

    holding = database.spawn(hold())
    await held.wait()
    assert await serving.call_next(house, window, by=by) == second.item
    calling = database.spawn(serving.call_next(house, window, by=by))
    _done, waiting = await asyncio.wait({calling}, timeout=0.2)
    go.set()

    assert waiting
    assert await calling == first.item
    await holding
