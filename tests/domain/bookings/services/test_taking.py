"""Taking down a visit at the desk."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from portal import ids
from portal.domain.bookings.forms.taking import TakenDown
from portal.domain.bookings.queries import agenda
from portal.domain.bookings.services import taking
from portal.domain.bookings.services.booking import Booked
from portal.domain.bookings.services.reserving import Engaged, Full
from portal.domain.bookings.tables import Booking, Channel, State, VisitType
from portal.errors import Invalid
from portal.i18n import formats
from tests import visits
from tests.cast import Cast

Travel = Callable[[datetime], None]
pytestmark = pytest.mark.usefixtures("db")


async def take_down(cast: Cast, kind: VisitType, at: datetime, **more: Any) -> Booked:
    formats.set_zone(cast.hotel.zone)
    local = at.astimezone(ZoneInfo(cast.hotel.zone))
    form = TakenDown.model_validate({
        "type": kind.code, "day": local.date().isoformat(), "time": local.strftime("%H:%M"), "people": "2", "name": "李雷",
        "phone": "13800138000", "purpose": "参观", "channel": "phone", **more,
    })  # fmt: skip
    return await taking.take_down(form, site=cast.hotel, kind=kind, token=ids.new_token(), by=cast.receptionist)


@pytest.mark.parametrize("channel", [Channel.PHONE, Channel.EMAIL, Channel.DESK])
async def test_a_visit_is_taken_down_whichever_way_it_came(cast: Cast, channel: Channel) -> None:
    """VIS-01."""
    kind = await visits.make_type(cast.hotel, instant=False)

    booked = await take_down(cast, kind, visits.on(cast.hotel), channel=channel.value)

    row = (await Booking.objects().where(Booking.id == booked.item))[0]
    card = await agenda.card(cast.hotel, booked.number)
    assert (row.channel, card.state, card.filed_by_id) == (channel, State.REQUESTED, cast.receptionist.id)


async def test_with_place_and_person_it_is_agreed_on_at_once(cast: Cast) -> None:
    """VIS-04, VIS-05: or not at all."""
    kind = await visits.make_type(cast.hotel, instant=False)
    first = await visits.asked_for(cast.hotel, kind=kind, phone="+8613900139000")
    await visits.confirmed(cast.hotel, first, by=cast.receptionist)
    at = visits.on(cast.hotel)

    with pytest.raises(Engaged, match=first.number):
        await take_down(cast, kind, at, place="1203", person="hotel.desk2")
    with pytest.raises(Invalid):
        await take_down(cast, kind, at, place="1204")
    assert await Booking.count().where(Booking.site == cast.hotel.id) == 1
    booked = await take_down(cast, kind, at, place="1204", person="hotel.desk2")

    card = await agenda.card(cast.hotel, booked.number)
    assert (card.state, card.owner) == (State.CONFIRMED, "hotel.desk2")


async def test_what_is_too_soon_needs_a_reason(cast: Cast, travel: Travel) -> None:
    """VIS-03: at least 24 hours before; staff may, with a reason."""
    kind = await visits.make_type(cast.hotel, instant=False, lead_minutes=None)
    at = visits.on(cast.hotel, days=2)
    travel(at - timedelta(hours=23))

    with pytest.raises(Invalid) as refused:
        await take_down(cast, kind, at)
    assert set(refused.value.fields) == {"override_reason"}

    await take_down(cast, kind, at, override_reason="老客户，电话约定")


async def test_a_full_time_and_one_outside_the_hours_need_a_reason(cast: Cast) -> None:
    """VIS-03."""
    kind = await visits.make_type(cast.hotel, instant=False, parties=1)
    await visits.asked_for(cast.hotel, kind=kind, phone="+8613900139000")

    for at in (visits.on(cast.hotel), visits.on(cast.hotel, hour=20)):
        with pytest.raises(Full):
            await take_down(cast, kind, at)
        await take_down(cast, kind, at, override_reason="总经理的客人")


async def test_another_time_goes_before_one_of_the_list(cast: Cast) -> None:
    kind = await visits.make_type(cast.hotel, instant=False)

    booked = await take_down(cast, kind, visits.on(cast.hotel), other="10:20", override_reason="客人只有这时有空")

    row = (await Booking.objects().where(Booking.id == booked.item))[0]
    assert row.begins_at == visits.on(cast.hotel, minute=20)
