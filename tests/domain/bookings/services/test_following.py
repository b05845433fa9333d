"""A visitor moves and cancels while others book: never more than there is, and nobody waits for ever (P08)."""

import asyncio
import secrets

import pytest

from portal import database
from portal.domain.bookings.forms.booking import When
from portal.domain.bookings.queries import visitor
from portal.domain.bookings.services import following
from portal.domain.bookings.services.reserving import Full
from portal.domain.bookings.tables import Booking, Reservation
from portal.errors import Conflict
from portal.i18n import formats
from portal.ids import new_token
from tests import visits
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("committed")


async def test_two_who_change_places_do_not_wait_for_each_other(cast: Cast) -> None:
    """Each wants what the other has: there is one place only, so both keep theirs, and both get an answer."""
    house = cast.hotel
    kind = await visits.make_type(house, parties=1)
    tokens = [new_token(), new_token()]
    for number, token in enumerate(tokens):
        at = visits.on(house, days=number + 1)
        await visits.make_booking(house, kind, at=at, token=token, phone=f"+861390013900{number}")
    formats.set_zone(house.zone)

    async def move(token: str, days: int) -> str:
        visit, site = await visitor.by_token(token)
        wanted = When.model_validate({"day": str(visits.on(house, days=days).date()), "time": "10:00"})
        try:
            await database.retried(lambda: following.move(visit, wanted, site=site))
        except Full:
            return "full"
        return "moved"

    said = await asyncio.wait_for(asyncio.gather(move(tokens[0], 2), move(tokens[1], 1)), 20)

    assert list(said) == ["full", "full"]
    assert await Reservation.count() == 2


async def test_of_many_moves_into_one_place_one_gets_it(cast: Cast) -> None:
    house = cast.hotel
    kind = await visits.make_type(house, parties=1)
    tokens = [new_token() for _one in range(6)]
    for number, token in enumerate(tokens):
        at = visits.on(house, days=1, hour=9 + number)
        await visits.make_booking(house, kind, at=at, token=token, phone=f"+861390013900{number}")
    formats.set_zone(house.zone)
    wanted = When.model_validate({"day": str(visits.on(house, days=2).date()), "time": "10:00"})

    async def move(token: str) -> bool:
        visit, site = await visitor.by_token(token)
        try:
            await database.retried(lambda: following.move(visit, wanted, site=site))
        except Full:
            return False
        return True

    assert sum(await asyncio.gather(*map(move, tokens))) == 1
    assert await Reservation.count() == 6
    assert await Reservation.count().where(Reservation.begins_at == visits.on(house, days=2)) == 1


async def test_a_cancellation_and_a_move_at_once_leave_one_of_the_two(cast: Cast) -> None:
    house = cast.hotel
    kind = await visits.make_type(house)
    token = new_token()
    await visits.make_booking(house, kind, at=visits.on(house), token=token)
    formats.set_zone(house.zone)
    wanted = When.model_validate({"day": str(visits.on(house, days=2).date()), "time": "10:00"})
    visit, site = await visitor.by_token(token)

    said = await asyncio.gather(
        database.retried(lambda: following.cancel(visit, site=site)),
        database.retried(lambda: following.move(visit, wanted, site=site)), return_exceptions=True,
    )  # fmt: skip

    assert all(one is None or isinstance(one, Conflict) for one in said)
    visit, _site = await visitor.by_token(token)
    assert await Reservation.count() == (0 if visit.over else 1)


async def test_every_booking_has_a_code_of_its_own(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """A code that somebody has at this site is not given again."""
    house = cast.hotel
    kind = await visits.make_type(house)
    drawn = iter("AAAAAA" + "AAAAAA" + "BBBBBB")
    monkeypatch.setattr(secrets, "choice", lambda _letters: next(drawn))
    for hour in (9, 10):
        await visits.make_booking(house, kind, at=visits.on(house, hour=hour))

    rows = await Booking.select(Booking.code).order_by(Booking.code)
    assert [row["code"] for row in rows] == ["AAAAAA", "BBBBBB"]
