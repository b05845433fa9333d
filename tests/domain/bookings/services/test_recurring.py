"""Bookings that belong together: their conflicts first, then made; one, those after it, or all of them changed."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal.domain.bookings.forms.agreeing import Change, Confirmation
from portal.domain.bookings.forms.taking import TakenDown
from portal.domain.bookings.queries import agenda
from portal.domain.bookings.services import answering, recurring
from portal.domain.bookings.services.booking import Booked
from portal.domain.bookings.services.reserving import Engaged
from portal.domain.bookings.tables import Booking, State, VisitType
from portal.errors import Conflict, Invalid
from portal.i18n import formats
from tests import visits
from tests.cast import Cast
from tests.ground.probes import statements

pytestmark = pytest.mark.usefixtures("db")


def weekly(cast: Cast, kind: VisitType, **more: Any) -> TakenDown:
    """A visit every week at ten, four times from tomorrow on."""
    formats.set_zone(cast.hotel.zone)
    return TakenDown.model_validate({
        "type": kind.code, "day": visits.on(cast.hotel).date().isoformat(), "time": "10:00", "people": "2",
        "name": "李雷", "phone": "13800138000", "purpose": "例会", "channel": "phone", "unit": "week", "times": "4", **more,
    })  # fmt: skip


async def made(cast: Cast, kind: VisitType, **more: Any) -> list[Booked]:
    form = weekly(cast, kind, which="free", **more)
    return await recurring.make(form, site=cast.hotel, kind=kind, by=cast.receptionist)


async def states(cast: Cast, series: list[Booked]) -> list[str]:
    return [(await agenda.card(cast.hotel, one.number)).state for one in series]


async def test_a_series_is_made_at_once_each_with_its_own_number(cast: Cast) -> None:
    """More of them than one phone may otherwise have."""
    kind = await visits.make_type(cast.hotel, instant=False)

    series = await made(cast, kind)

    rows = await Booking.select(Booking.begins_at, Booking.recurrence).where(Booking.site == cast.hotel.id)
    assert len({one.number for one in series}) == 4 and len({row["recurrence"] for row in rows}) == 1
    assert [row["begins_at"] for row in rows] == [visits.on(cast.hotel, days=1 + 7 * n) for n in range(4)]
    assert await states(cast, series) == [State.REQUESTED] * 4


async def test_conflicts_are_listed_before_anything_is_made(cast: Cast) -> None:
    """VIS-05: by name, and a fixed number of questions however long the series is."""
    kind = await visits.make_type(cast.hotel, instant=False, parties=1)
    other = await visits.make_type(cast.hotel, code="other", instant=False)
    await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel, days=8), phone="+8613900139000")
    busy = await visits.make_booking(cast.hotel, other, at=visits.on(cast.hotel, days=15), phone="+8613900139000")
    await visits.confirmed(cast.hotel, busy, by=cast.second)
    form = weekly(cast, kind, place="1203", person="hotel.sales")

    found = await recurring.look(form, site=cast.hotel, kind=kind)

    assert [one.free for one in found] == [True, False, False, True]
    assert found[1].why and busy.number in found[2].engaged
    with statements() as few:
        await recurring.look(form, site=cast.hotel, kind=kind)
    with statements() as many:
        await recurring.look(form.model_copy(update={"times": 8}), site=cast.hotel, kind=kind)
    assert len(few) == len(many)


async def test_the_free_ones_are_made_or_all_with_a_reason(cast: Cast) -> None:
    """VIS-03; P10: all that was wanted, or nothing."""
    kind = await visits.make_type(cast.hotel, instant=False, parties=1)
    await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel, days=8), phone="+8613900139000")

    assert len(await made(cast, kind)) == 3
    with pytest.raises(Conflict):
        await made(cast, kind)
    with pytest.raises(Invalid):
        await recurring.make(weekly(cast, kind, which="all"), site=cast.hotel, kind=kind, by=cast.receptionist)
    form = weekly(cast, kind, which="all", override_reason="总部例会")
    assert len(await recurring.make(form, site=cast.hotel, kind=kind, by=cast.receptionist)) == 4


async def test_with_place_and_person_a_series_is_agreed_on_at_once(cast: Cast) -> None:
    """VIS-04."""
    kind = await visits.make_type(cast.hotel, instant=False)

    assert await states(cast, await made(cast, kind, place="1203", person="hotel.desk")) == [State.CONFIRMED] * 4


async def test_a_series_is_confirmed_as_a_whole_or_not_at_all(cast: Cast) -> None:
    """VIS-05."""
    kind = await visits.make_type(cast.hotel, instant=False)
    busy = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel, days=15), phone="+8613900139000")
    await visits.confirmed(cast.hotel, busy, by=cast.second)
    series = await made(cast, kind)
    card = await agenda.card(cast.hotel, series[0].number)

    def form(place: str) -> Confirmation:
        return Confirmation(place=place, person="hotel.sales", scope="all")

    with pytest.raises(Conflict, match=f"{series[2].number}.*{busy.number}"):
        await recurring.confirm(card, form("1203"), site=cast.hotel, by=cast.receptionist)
    assert await states(cast, series) == [State.REQUESTED] * 4
    await recurring.confirm(card, form("1204"), site=cast.hotel, by=cast.receptionist, version=card.version)

    assert await states(cast, series) == [State.CONFIRMED] * 4


@pytest.mark.parametrize(("scope", "off"), [("one", [1]), ("following", [1, 2, 3]), ("all", [0, 1, 2, 3])])
async def test_one_of_a_series_those_after_it_or_all_are_called_off(cast: Cast, scope: str, off: list[int]) -> None:
    """The calendar's SEQUENCE rises with it."""
    kind = await visits.make_type(cast.hotel, instant=False)
    series = await made(cast, kind)
    card = await agenda.card(cast.hotel, series[1].number)

    await recurring.withdraw(card, "展厅装修", scope=scope, site=cast.hotel, by=cast.receptionist)

    found = await states(cast, series)
    assert [number for number, state in enumerate(found) if state == State.CANCELLED] == off
    rows = await Booking.select(Booking.sequence).where(Booking.id.is_in([series[number].item for number in off]))
    assert {row["sequence"] for row in rows} == {1}


async def test_those_that_follow_move_by_as_much(cast: Cast) -> None:
    """VIS-25: each visitor is asked; taken, it is at the new time, with a higher SEQUENCE."""
    kind = await visits.make_type(cast.hotel, instant=False)
    series = await made(cast, kind, place="1203", person="hotel.desk")
    card = await agenda.card(cast.hotel, series[2].number)
    day = visits.on(cast.hotel, days=16).date().isoformat()
    form = Change.model_validate({"day": day, "time": "14:00", "reason": "改到第二天", "scope": "following"})

    await recurring.change(card, form, site=cast.hotel, by=cast.receptionist)
    before = (await Booking.objects().where(Booking.id == series[3].item))[0]
    await answering.accept(series[3].item, site=cast.hotel)

    after = (await Booking.objects().where(Booking.id == series[3].item))[0]
    assert await states(cast, series) == [State.CONFIRMED, State.CONFIRMED, State.CHANGED, State.CONFIRMED]
    zone = ZoneInfo(cast.hotel.zone)
    assert after.begins_at is not None and after.begins_at.astimezone(zone) == visits.on(cast.hotel, days=23, hour=14)
    assert after.sequence == before.sequence + 1


async def test_a_change_of_many_that_fails_for_one_leaves_all_as_they_were(cast: Cast) -> None:
    kind = await visits.make_type(cast.hotel, instant=False)
    busy = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel, days=22, hour=14), phone="+8613900139000")
    await visits.confirmed(cast.hotel, busy, by=cast.second)
    series = await made(cast, kind, place="1203", person="hotel.desk")
    card = await agenda.card(cast.hotel, series[0].number)
    form = Change.model_validate({"time": "14:00", "reason": "改时间", "scope": "all"})

    with pytest.raises(Conflict, match=busy.number) as refused:
        await recurring.change(card, form, site=cast.hotel, by=cast.receptionist)

    assert not isinstance(refused.value, Engaged)
    assert await states(cast, series) == [State.CONFIRMED] * 4


@pytest.mark.parametrize("wrong", [{"times": None}, {"times": "1"}, {"every": "0"}, {"until": "2020-01-01"}])
async def test_a_series_has_an_end(cast: Cast, wrong: dict[str, Any]) -> None:
    kind = await visits.make_type(cast.hotel)

    with pytest.raises(ValueError, match="validation error"):
        weekly(cast, kind, **wrong)
