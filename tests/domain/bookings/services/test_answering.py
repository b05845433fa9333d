"""What stands open for a visitor is taken or refused by him, or ends by silence (VIS-25, VIS-26)."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal import clock, database
from portal.domain.accounts.tables import Role
from portal.domain.bookings.services import answering, minding, reserving, waiting
from portal.domain.bookings.services.booking import Booked
from portal.domain.bookings.tables import Booking, Engagement, Reservation, State, VisitType
from portal.domain.queues.tables import WorkItem
from portal.errors import Conflict
from portal.events import queries as events
from tests import cast as actors
from tests import visits
from tests.cast import Cast

Travel = Callable[[datetime], None]
HAN = "+8613900139000"


async def taken(booked: Booked) -> list[datetime]:
    """The times at which room is reserved for a booking."""
    rows = await Reservation.select(Reservation.begins_at).where(Reservation.booking == booked.item)
    return sorted(row["begins_at"] for row in rows)


async def kinds(booked: Booked) -> list[str]:
    return [one.kind for one in await events.timeline(booked.item)]


async def noticed(cast: Cast) -> list[str]:
    """What the receptionist is told of, newest first."""
    return [one.kind for one in await events.unread(cast.receptionist.id, site=cast.hotel.id)]


async def confirmed(cast: Cast, kind: VisitType) -> Booked:
    """A visit that the receptionist receives in room 1203, tomorrow at ten."""
    at = visits.on(cast.hotel)
    booked = await visits.make_booking(cast.hotel, kind, at=at)
    place = cast.places["1203"].id
    await reserving.engage(cast.hotel, booked.item, place=place, person=cast.receptionist.id, begins_at=at,
                           free_at=at + timedelta(hours=1))  # fmt: skip
    await WorkItem.update({WorkItem.state: State.CONFIRMED, WorkItem.owner: cast.receptionist.id}).where(
        WorkItem.id == booked.item
    )
    await Booking.update({Booking.place: place}).where(Booking.id == booked.item)
    return booked


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(("instant", "state"), [(True, State.CONFIRMED), (False, State.REQUESTED)])
async def test_who_takes_an_offer_has_the_place(cast: Cast, instant: bool, state: State) -> None:
    """VIS-04: a type that confirms by itself says its standing place at once; another is confirmed by staff."""
    place = cast.places["1203"]
    kind = await visits.make_type(cast.hotel, instant=instant, place=place, opens=600, closes=660)
    waits = await visits.make_waiting(cast.hotel, kind)
    await waiting.offer_everywhere()

    await answering.accept(waits.item, site=cast.hotel)

    item, row = await visits.standing(waits)
    at = visits.on(cast.hotel)
    assert (item.state, item.due_at, row.begins_at, row.ends_at) == (state, at, at, at + timedelta(hours=1))
    assert row.place == (place.id if instant else None)
    assert row.asked == ""
    assert row.asked_until is None
    assert await Reservation.exists().where(Reservation.booking == waits.item, Reservation.expires_at.is_null())
    assert ("booking.offer-taken" in await noticed(cast)) is not instant
    with pytest.raises(Conflict):
        await answering.accept(waits.item, site=cast.hotel)


@pytest.mark.usefixtures("db")
async def test_who_refuses_an_offer_lets_it_go_to_the_next_at_once(cast: Cast, travel: Travel) -> None:
    kind = await visits.make_type(cast.hotel, parties=1, opens=600, closes=660)
    first = await visits.make_waiting(cast.hotel, kind)
    travel(clock.now() + timedelta(seconds=1))
    second = await visits.make_waiting(cast.hotel, kind, phone=HAN)
    await waiting.offer_everywhere()

    await answering.reject(first.item, site=cast.hotel)

    assert (await taken(first), await taken(second)) == ([], [visits.on(cast.hotel)])
    item, _row = await visits.standing(first)
    assert item.state == State.WAITING


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(("instant", "state"), [(True, State.CONFIRMED), (False, State.REQUESTED)])
async def test_a_proposed_time_that_is_taken_replaces_the_first(cast: Cast, instant: bool, state: State) -> None:
    """VIS-26"""
    kind = await visits.make_type(cast.hotel, instant=False)
    booked = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel))
    await VisitType.update({VisitType.instant: instant}).where(VisitType.id == kind.id)
    later = visits.on(cast.hotel, days=2, hour=14)
    await visits.ask(cast.hotel, booked, "proposal", at=later, until=clock.now() + timedelta(hours=1))
    assert await taken(booked) == [visits.on(cast.hotel), later]

    await answering.accept(booked.item, site=cast.hotel)

    item, row = await visits.standing(booked)
    assert (item.state, item.due_at, row.begins_at, row.day) == (state, later, later, later.date())
    assert (await taken(booked), row.sequence) == ([later], 1)
    assert "booking.proposal-taken" in await noticed(cast)


@pytest.mark.usefixtures("db")
async def test_a_proposed_time_that_is_refused_leaves_the_first_wish(cast: Cast) -> None:
    """VIS-26"""
    kind = await visits.make_type(cast.hotel, instant=False)
    booked = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel))
    later = visits.on(cast.hotel, hour=14)
    await visits.ask(cast.hotel, booked, "proposal", at=later, until=clock.now() + timedelta(hours=1))

    await answering.reject(booked.item, site=cast.hotel)

    item, row = await visits.standing(booked)
    assert (item.state, row.begins_at, row.asked) == (State.REQUESTED, visits.on(cast.hotel), "")
    assert await taken(booked) == [visits.on(cast.hotel)]


@pytest.mark.usefixtures("db")
async def test_a_change_that_is_taken_moves_time_place_and_person(cast: Cast) -> None:
    """VIS-25"""
    kind = await visits.make_type(cast.hotel)
    booked = await confirmed(cast, kind)
    later, room = visits.on(cast.hotel, hour=15), cast.places["1204"].id
    await visits.ask(cast.hotel, booked, "change", at=later, until=clock.now() + timedelta(hours=1),
                     person=cast.second.id, place=room)  # fmt: skip

    await answering.accept(booked.item, site=cast.hotel)

    item, row = await visits.standing(booked)
    assert (item.state, item.owner, row.place, row.begins_at) == (State.CONFIRMED, cast.second.id, room, later)
    engaged = await Engagement.select(Engagement.begins_at, Engagement.expires_at).where(Engagement.booking == booked.item)
    assert [(one["begins_at"], one["expires_at"]) for one in engaged] == [(later, None)] * 2
    assert await taken(booked) == [later]


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("how", ["refused", "unanswered"])
async def test_a_change_without_a_yes_leaves_all_as_it_was_agreed(cast: Cast, travel: Travel, how: str) -> None:
    """VIS-25: what was agreed with a visitor holds until he agrees to something else."""
    kind = await visits.make_type(cast.hotel)
    booked = await confirmed(cast, kind)
    at, later = visits.on(cast.hotel), visits.on(cast.hotel, hour=15)
    until = clock.now() + timedelta(hours=1)
    await visits.ask(cast.hotel, booked, "change", at=later, until=until, person=cast.second.id,
                     place=cast.places["1204"].id)  # fmt: skip
    assert await minding.end_unanswered() == 0

    if how == "refused":
        await answering.reject(booked.item, site=cast.hotel)
    else:
        travel(until)
        with pytest.raises(Conflict, match=r"stays as it was agreed|原约定"):
            await answering.accept(booked.item, site=cast.hotel)
        assert (await minding.end_unanswered(), await minding.end_unanswered()) == (1, 0)

    item, row = await visits.standing(booked)
    assert (item.state, item.owner, row.place) == (State.CONFIRMED, cast.receptionist.id, cast.places["1203"].id)
    assert (row.begins_at, row.asked, await taken(booked)) == (at, "", [at])
    assert await Engagement.count().where(Engagement.booking == booked.item) == 2
    assert (await noticed(cast))[0] == f"booking.change-{how}"


@pytest.mark.usefixtures("db")
async def test_a_proposal_without_a_word_leaves_the_first_wish_and_the_desk_is_told(cast: Cast, travel: Travel) -> None:
    """VIS-26, VIS-31: those of the role that receives hear of it."""
    kind = await visits.make_type(cast.hotel, instant=False)
    await VisitType.update({VisitType.role: Role.SALES}).where(VisitType.id == kind.id)
    booked = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel))
    until = clock.now() + timedelta(hours=1)
    await visits.ask(cast.hotel, booked, "proposal", at=visits.on(cast.hotel, hour=15), until=until)

    travel(until)
    assert await minding.end_unanswered() == 1

    item, _row = await visits.standing(booked)
    told = [one.kind for one in await events.unread(cast.sales.id, site=cast.hotel.id)]
    assert item.state == State.REQUESTED
    assert told == ["booking.proposal-unanswered", "booking.made"]
    assert await noticed(cast) == []


@pytest.mark.usefixtures("db")
async def test_an_answer_to_a_page_that_is_no_longer_true_is_refused(cast: Cast) -> None:
    kind = await visits.make_type(cast.hotel)
    booked = await confirmed(cast, kind)
    await visits.ask(cast.hotel, booked, "change", at=visits.on(cast.hotel, hour=15),
                     until=clock.now() + timedelta(hours=1))  # fmt: skip
    item, _row = await visits.standing(booked)

    with pytest.raises(Conflict):
        await answering.accept(booked.item, site=cast.hotel, version=item.version - 1)
    await answering.accept(booked.item, site=cast.hotel, version=item.version)


@pytest.mark.usefixtures("db")
async def test_a_place_that_a_taken_change_gives_up_goes_to_who_waits(cast: Cast) -> None:
    kind = await visits.make_type(cast.hotel, parties=1)
    booked = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel))
    waits = await visits.make_waiting(cast.hotel, kind, first="10:00", last="10:00", phone=HAN)
    await visits.ask(cast.hotel, booked, "change", at=visits.on(cast.hotel, hour=15),
                     until=clock.now() + timedelta(hours=1))  # fmt: skip

    await answering.accept(booked.item, site=cast.hotel)

    assert await taken(waits) == [visits.on(cast.hotel)]


@pytest.mark.usefixtures("committed")
async def test_of_two_answers_and_the_clock_exactly_one_counts(travel: Travel) -> None:
    """Both tapped at once, while the offer's time runs out: one answer, and the place is nobody's twice."""
    cast = await actors.enter()
    kind = await visits.make_type(cast.hotel, parties=1, opens=600, closes=660)
    waits = await visits.make_waiting(cast.hotel, kind)
    await waiting.offer_everywhere()

    async def tried(answer: Callable[..., object]) -> bool:
        try:
            await database.retried(lambda: answer(waits.item, site=cast.hotel))  # type: ignore[arg-type,return-value]
        except Conflict:
            return False
        return True

    answers = (answering.accept, answering.accept, answering.reject)
    won = await asyncio.gather(*(database.spawn(tried(answer)) for answer in answers), database.spawn(sweep()))

    assert sum(won[:3]) == 1
    item, row = await visits.standing(waits)
    assert len(await taken(waits)) == (1 if item.state == State.CONFIRMED else 0)
    assert [one for one in await kinds(waits) if one in ("booking.offer-taken", "booking.offer-refused")] == [
        "booking.offer-taken" if item.state == State.CONFIRMED else "booking.offer-refused"
    ]
    assert row.asked == ""


async def sweep() -> bool:
    return bool(await minding.end_unanswered())
