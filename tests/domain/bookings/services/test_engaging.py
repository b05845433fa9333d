"""Two tablets want the same room and the same person at once: one gets them, the other is told who has them (VIS-05)."""

import asyncio
from typing import Any

import pytest

from portal import database
from portal.domain.bookings.forms.agreeing import Confirmation
from portal.domain.bookings.queries import agenda
from portal.domain.bookings.services import agreeing, reserving
from portal.domain.bookings.services.booking import Booked
from portal.domain.bookings.services.reserving import Engaged
from portal.domain.bookings.tables import Engagement, VisitType
from tests import cast as actors
from tests import visits
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("committed")
ROUNDS = 8


async def test_of_two_tablets_one_gets_room_and_person_and_the_other_the_number() -> None:
    outcome = await contested()

    for first, second, answers in outcome:
        lost = [one for one in answers if isinstance(one, Engaged)]
        assert [one for one in answers if one is None] == [None] and len(lost) == 1
        assert lost[0].clash in {first.number, second.number}
    assert await Engagement.count() == 2 * ROUNDS


async def test_without_the_check_both_get_them(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the race is one."""

    async def unchecked(*_args: object) -> None:
        return None

    monkeypatch.setattr(reserving, "_check_engaged", unchecked)

    outcome = await contested()

    assert all(answers == [None, None] for _first, _second, answers in outcome)


async def test_without_the_row_that_is_held_both_see_the_room_free(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control for the lock: on SQLite there is one writer anyway, so that nothing else is held."""
    monkeypatch.setattr(reserving, "_HOLD_RESOURCE", "SELECT parties FROM resource WHERE id = {}")

    outcome = await contested()

    twice = [answers for _first, _second, answers in outcome if answers == [None, None]]
    assert bool(twice) != database.embedded()


async def contested() -> list[tuple[Booked, Booked, list[Any]]]:
    """So many times two tablets confirm two visits of one hour with one room and person, both under way at once."""
    cast = await actors.enter()
    kind = await visits.make_type(cast.hotel, instant=False, parties=2, opens=0, closes=24 * 60)
    found = []
    for number in range(ROUNDS):
        one, other = [await _asked(cast, kind, number, which) for which in (1, 2)]
        meeting = asyncio.Barrier(2)
        both = [database.spawn(_confirm(cast, booked, meeting)) for booked in (one, other)]
        answers = await asyncio.gather(*both, return_exceptions=True)
        found.append((one, other, list(answers)))
    return found


async def _asked(cast: Cast, kind: VisitType, number: int, which: int) -> Booked:
    at = visits.on(cast.hotel, days=1 + number // 20, hour=number % 20 + 2)
    return await visits.make_booking(cast.hotel, kind, at=at, phone=f"+86138{which:04}{number:04}")


async def _confirm(cast: Cast, booked: Booked, meeting: asyncio.Barrier) -> None:
    """One tablet: its form is in before either deed begins."""
    card = await agenda.card(cast.hotel, booked.number)
    await meeting.wait()
    form, by = Confirmation(place="1203", person="hotel.desk"), cast.receptionist
    await database.retried(lambda: agreeing.confirm(card, form, site=cast.hotel, by=by))
