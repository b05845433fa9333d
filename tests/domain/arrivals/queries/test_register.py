"""The register of receptions (VIS-06, VIS-23): by day, narrowed, a page at a time, and as a file."""

from dataclasses import replace
from datetime import timedelta

import pytest

from portal import clock
from portal.domain.arrivals.queries import register
from portal.domain.arrivals.queries.register import Asked
from portal.domain.bookings.services.booking import Booked
from portal.domain.bookings.tables import Booking, State, VisitType
from tests import receptions, visits
from tests.cast import Cast
from tests.ground.probes import statements
from tests.month import Travel

pytestmark = pytest.mark.usefixtures("db", "noon")


@pytest.fixture
def noon(travel: Travel) -> None:
    """So that the day of the house is the day of the calendar."""
    travel("2026-11-23T04:00:00Z")


def days(cast: Cast, first: int = -1, last: int = 3) -> Asked:
    today = clock.today(cast.hotel.zone)
    return Asked(today + timedelta(days=first), today + timedelta(days=last))


async def book(cast: Cast, *, day: int = 1, hour: int = 10, code: str = "tour", instant: bool = True) -> Booked:
    kind = await VisitType.objects().get(
        (VisitType.site == cast.hotel.id) & (VisitType.code == code)
    ) or await visits.make_type(cast.hotel, code=code, instant=instant)
    await Booking.update({Booking.customer: None}).where(Booking.site == cast.hotel.id)
    return await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel, day, hour))


async def numbers(cast: Cast, asked: Asked) -> list[str]:
    return [one.number for one in (await register.receptions(cast.hotel, asked))[0]]


async def test_confirmed_visits_stand_in_the_register_of_their_day(cast: Cast) -> None:
    """VIS-06: a wish that nobody confirmed does not."""
    later, sooner = await book(cast, hour=15), await book(cast, hour=9)
    wish, tomorrow = await book(cast, code="talk", instant=False), await book(cast, day=2)

    assert await numbers(cast, days(cast, 1, 1)) == [sooner.number, later.number]
    assert await numbers(cast, days(cast, 2, 2)) == [tomorrow.number]
    assert wish.number not in await numbers(cast, days(cast))


async def test_a_line_says_who_why_when_by_whom_and_what_was_written(cast: Cast) -> None:
    """VIS-23: the visitor as others may read him, never a full name."""
    booked = await book(cast)
    await receptions.bring(cast.receptionist, cast.hotel, booked, to=State.SUMMARISED)
    kind = await visits.make_type(cast.hotel, code="counter")
    walked = await receptions.make_served(cast.hotel, kind, by=cast.second)

    first, second = (await register.receptions(cast.hotel, days(cast)))[0]

    assert (first.number, first.walked_in, first.person) == (walked.number, True, cast.second.name)
    assert (second.number, second.walked_in, second.who, second.username) == (booked.number, False, "李先生", "hotel.desk")
    assert (second.state, second.satisfied, second.written) == (State.SUMMARISED, "yes", ("summary",))
    assert second.began_at is not None and second.ended_at is not None


async def test_an_arrival_with_a_booking_is_one_reception(cast: Cast) -> None:
    booked = await book(cast)
    kind = await VisitType.objects().get(VisitType.code == "tour")
    assert kind is not None
    await receptions.make_served(cast.hotel, kind, by=cast.second, booked=booked)

    assert await numbers(cast, days(cast)) == [booked.number]


async def test_the_register_is_narrowed_by_type_state_and_person(cast: Cast) -> None:
    """VIS-23: filed by class."""
    tour, talk = await book(cast), await book(cast, code="talk")
    await receptions.bring(cast.receptionist, cast.hotel, talk, to=State.RECEPTION)
    every = days(cast)

    assert await numbers(cast, replace(every, type="talk")) == [talk.number]
    assert await numbers(cast, replace(every, state="confirmed")) == [tour.number]
    assert await numbers(cast, replace(every, person="hotel.desk")) == [talk.number]
    assert await numbers(cast, replace(every, state="nothing")) == []
    await receptions.bring(cast.receptionist, cast.hotel, talk, to=State.SUMMARISED)
    assert await numbers(cast, replace(every, written="summary")) == [talk.number]
    assert await numbers(cast, replace(every, written="opinion")) == []
    assert await register.count(cast.hotel, every) == 2
    assert await register.count(cast.hotel, replace(every, person="hotel.desk")) == 1
    asked = replace(every, type="talk", person="x", written="facts")
    assert register.read(asked.query) == asked


async def test_the_register_of_another_site_is_empty(cast: Cast) -> None:
    """P32."""
    await book(cast)

    assert (await register.receptions(cast.tower, days(cast)))[0] == []
    assert await register.count(cast.tower, days(cast)) == 0


async def test_a_page_after_the_other_is_the_whole_register(cast: Cast) -> None:
    made = [(await book(cast, day=day, hour=hour)).number for day in (1, 2) for hour in (9, 10, 11)]
    kind = await visits.make_type(cast.hotel, code="counter")
    walked = (await receptions.make_served(cast.hotel, kind, by=cast.second)).number

    found: list[str] = []
    after = ""
    while True:
        page, after = await register.receptions(cast.hotel, days(cast), after=after, most=2)
        found += [one.number for one in page]
        if not after:
            break
    assert found == [walked, *made]
    assert (await register.receptions(cast.hotel, days(cast), after="rubbish"))[0][0].number == walked


async def test_a_list_of_one_and_of_three_takes_as_many_questions(cast: Cast) -> None:
    many = []
    for hour in (9, 10, 11):
        await book(cast, hour=hour)
        with statements() as heard:
            await register.receptions(cast.hotel, days(cast))
        many.append(len(heard))

    assert many == [2, 2, 2]
