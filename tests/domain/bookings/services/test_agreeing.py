"""Agreeing on a visit: confirming, declining, proposing, changing, calling off."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.domain.bookings.forms.agreeing import Change, Proposal
from portal.domain.bookings.queries import agenda
from portal.domain.bookings.services import agreeing, answering
from portal.domain.bookings.services.booking import Booked
from portal.domain.bookings.services.reserving import Engaged, Full
from portal.domain.bookings.tables import Booking, Engagement, Reservation, State
from portal.domain.queues.queries import words
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Forbidden, Invalid
from portal.i18n import formats
from tests import visits
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


def proposal(day: date, time: str) -> Proposal:
    return Proposal.model_validate({"day": day.isoformat(), "time": time})


def another(site: Site, *, hour: int, **more: str) -> Change:
    at = visits.on(site, hour=hour)
    formats.set_zone(site.zone)
    return Change.model_validate(
        {"day": at.date().isoformat(), "time": at.strftime("%H:%M"), "reason": "会议室停电", **more}
    )


async def facts(booked: Booked) -> Booking:
    return (await Booking.objects().where(Booking.id == booked.item))[0]


async def test_a_confirmed_visit_has_place_person_and_time(cast: Cast) -> None:
    """VIS-04: all three are there, or it is not confirmed."""
    booked = await visits.asked_for(cast.hotel)

    card = await visits.confirmed(cast.hotel, booked, by=cast.receptionist)

    row = await facts(booked)
    assert (card.state, card.owner, row.place) == (State.CONFIRMED, "hotel.desk", cast.places["1203"].id)
    assert row.confirmed_at is not None
    assert await Engagement.count().where(Engagement.booking == booked.item) == 2


@pytest.mark.parametrize(("place", "person", "field"), [
    ("F8", "hotel.desk", "place"), ("nowhere", "hotel.desk", "place"), ("1203", "hotel.kitchen", "person"),
    ("1203", "tower.desk", "person"), ("1203", "nobody", "person"),
])  # fmt: skip
async def test_place_and_person_are_of_this_house(cast: Cast, place: str, person: str, field: str) -> None:
    """VIS-04, VIS-16: a guide is somebody who receives visitors; P32: of this site."""
    booked = await visits.asked_for(cast.hotel)

    with pytest.raises(Invalid) as refused:
        await visits.confirmed(cast.hotel, booked, place=place, to=person, by=cast.receptionist)

    assert set(refused.value.fields) == {field}


async def test_a_room_or_a_person_is_nowhere_twice(cast: Cast) -> None:
    """VIS-05: refused, with the clash named, and nothing is left of the try."""
    kind = await visits.make_type(cast.hotel, instant=False)
    first, second = [await visits.asked_for(cast.hotel, kind=kind, phone=f"+86138001380{n:02}") for n in (1, 2)]
    await visits.confirmed(cast.hotel, first, by=cast.receptionist)

    with pytest.raises(Engaged, match=first.number):
        await visits.confirmed(cast.hotel, second, to="hotel.desk2", by=cast.receptionist)
    with pytest.raises(Engaged, match=first.number):
        await visits.confirmed(cast.hotel, second, place="1204", by=cast.receptionist)
    card = await agenda.card(cast.hotel, second.number)
    assert (card.state, card.owner_id) == (State.REQUESTED, None)

    assert (
        await visits.confirmed(cast.hotel, second, place="1204", to="hotel.desk2", by=cast.receptionist)
    ).state == State.CONFIRMED


async def test_one_visit_may_begin_when_the_other_is_over(cast: Cast) -> None:
    kind = await visits.make_type(cast.hotel, instant=False)
    first = await visits.asked_for(cast.hotel, kind=kind, hour=10)
    second = await visits.asked_for(cast.hotel, kind=kind, hour=11)

    await visits.confirmed(cast.hotel, first, by=cast.receptionist)

    assert (await visits.confirmed(cast.hotel, second, by=cast.receptionist)).state == State.CONFIRMED


async def test_declining_says_why_and_frees_the_room(cast: Cast) -> None:
    booked = await visits.asked_for(cast.hotel)
    card = await agenda.card(cast.hotel, booked.number)

    await agreeing.decline(card, "那天已满", site=cast.hotel, by=cast.receptionist)

    card = await agenda.card(cast.hotel, booked.number)
    assert card.state == State.DECLINED and card.closed_at is not None
    assert await Reservation.count().where(Reservation.booking == booked.item) == 0
    assert [said.body for said in await words.written(booked.item)] == ["那天已满"]


async def test_a_proposal_keeps_both_times_until_it_is_answered(cast: Cast) -> None:
    """VIS-26."""
    booked = await visits.asked_for(cast.hotel)
    card, at = await agenda.card(cast.hotel, booked.number), visits.on(cast.hotel, hour=15)
    formats.set_zone(cast.hotel.zone)

    await agreeing.propose(card, proposal(at.date(), "15:00"), site=cast.hotel, by=cast.receptionist)

    row, kept = await facts(booked), await Reservation.objects().where(Reservation.booking == booked.item)
    assert (row.asked, row.asked_begins_at) == ("proposal", at)
    assert row.asked_until == visits.on(cast.hotel) - timedelta(hours=4)  # the sooner of the two is at ten
    assert {(one.begins_at, one.expires_at) for one in kept} == {(row.begins_at, None), (at, row.asked_until)}


async def test_a_second_proposal_takes_the_place_of_the_first(cast: Cast) -> None:
    booked = await visits.asked_for(cast.hotel)
    formats.set_zone(cast.hotel.zone)
    for hour in ("15:00", "16:00"):
        card = await agenda.card(cast.hotel, booked.number)
        form = proposal(visits.on(cast.hotel).date(), hour)
        await agreeing.propose(card, form, site=cast.hotel, by=cast.receptionist)

    kept = await Reservation.objects().where(Reservation.booking == booked.item)
    assert sorted(one.begins_at.astimezone(ZoneInfo(cast.hotel.zone)).hour for one in kept) == [10, 16]


async def test_what_is_proposed_has_to_be_free_and_another_time(cast: Cast) -> None:
    kind = await visits.make_type(cast.hotel, instant=False, parties=1)
    booked = await visits.asked_for(cast.hotel, kind=kind)
    await visits.asked_for(cast.hotel, kind=kind, hour=15, phone="+8613900139000")
    card, day = await agenda.card(cast.hotel, booked.number), visits.on(cast.hotel).date()
    formats.set_zone(cast.hotel.zone)

    with pytest.raises(Full):
        await agreeing.propose(card, proposal(day, "15:00"), site=cast.hotel, by=cast.receptionist)
    with pytest.raises(Invalid):
        await agreeing.propose(card, proposal(day, "10:00"), site=cast.hotel, by=cast.receptionist)

    assert (await agenda.card(cast.hotel, booked.number)).state == State.REQUESTED


async def test_confirming_after_all_ends_the_proposal(cast: Cast) -> None:
    booked = await visits.asked_for(cast.hotel)
    formats.set_zone(cast.hotel.zone)
    card = await agenda.card(cast.hotel, booked.number)
    form = proposal(visits.on(cast.hotel).date(), "15:00")
    await agreeing.propose(card, form, site=cast.hotel, by=cast.receptionist)

    await visits.confirmed(cast.hotel, booked, by=cast.receptionist)

    row = await facts(booked)
    assert row.asked == "" and row.asked_until is None
    assert await Reservation.count().where(Reservation.booking == booked.item) == 1


async def test_what_was_agreed_stays_while_the_visitor_is_asked(cast: Cast) -> None:
    """VIS-25: with a reason, and shown beside each other until the visitor answers."""
    booked = await visits.asked_for(cast.hotel)
    card = await visits.confirmed(cast.hotel, booked, by=cast.receptionist)
    before = await facts(booked)

    await agreeing.change(card, another(cast.hotel, hour=14, place="1204"), site=cast.hotel, by=cast.receptionist)

    row, card = await facts(booked), await agenda.card(cast.hotel, booked.number)
    assert (card.state, row.asked, row.asked_place) == (State.CHANGED, "change", cast.places["1204"].id)
    assert (row.begins_at, row.place, card.owner) == (before.begins_at, before.place, "hotel.desk")
    firm = await Engagement.count().where(Engagement.booking == booked.item, Engagement.expires_at.is_null())
    assert firm == 2 and await Engagement.count().where(Engagement.booking == booked.item) == 4
    assert [said.body for said in await words.written(booked.item)] == ["会议室停电"]


async def test_a_taken_change_leaves_exactly_the_new_one(cast: Cast) -> None:
    """VIS-25: another person at the same time; the room in the book is counted once all the time."""
    booked = await visits.asked_for(cast.hotel)
    card = await visits.confirmed(cast.hotel, booked, by=cast.receptionist)
    await agreeing.change(card, Change(person="hotel.desk2", reason="换人接待"), site=cast.hotel, by=cast.receptionist)

    await answering.accept(booked.item, site=cast.hotel)

    kept = await Reservation.objects().where(Reservation.booking == booked.item)
    assert [one.begins_at for one in kept] == [visits.on(cast.hotel)] and kept[0].expires_at is None
    assert await Engagement.count().where(Engagement.booking == booked.item, Engagement.expires_at.is_null()) == 2


async def test_a_change_that_changes_nothing_is_none(cast: Cast) -> None:
    booked = await visits.asked_for(cast.hotel)
    card = await visits.confirmed(cast.hotel, booked, by=cast.receptionist)

    for form in (Change(reason="随便"), another(cast.hotel, hour=10, place="1203", person="hotel.desk")):
        with pytest.raises(Invalid):
            await agreeing.change(card, form, site=cast.hotel, by=cast.receptionist)


async def test_a_change_into_somebody_elses_time_is_refused_by_name(cast: Cast) -> None:
    """VIS-05, VIS-25: one that fails leaves all as it was."""
    kind = await visits.make_type(cast.hotel, instant=False)
    first = await visits.asked_for(cast.hotel, kind=kind, hour=14, phone="+8613900139000")
    booked = await visits.asked_for(cast.hotel, kind=kind)
    await visits.confirmed(cast.hotel, first, by=cast.receptionist)
    card = await visits.confirmed(cast.hotel, booked, place="1204", to="hotel.desk2", by=cast.receptionist)

    with pytest.raises(Engaged, match=first.number):
        await agreeing.change(card, another(cast.hotel, hour=14, place="1203"), site=cast.hotel, by=cast.receptionist)

    assert (await facts(booked)).asked == ""
    assert await Engagement.count().where(Engagement.booking == booked.item) == 2


async def test_the_house_calls_off_with_a_reason(cast: Cast) -> None:
    booked = await visits.asked_for(cast.hotel)
    card = await visits.confirmed(cast.hotel, booked, by=cast.receptionist)
    before = (await facts(booked)).sequence

    await agreeing.withdraw(card, "台风", site=cast.hotel, by=cast.second)

    assert (await agenda.card(cast.hotel, booked.number)).state == State.CANCELLED
    assert (await facts(booked)).sequence == before + 1
    assert await Engagement.count().where(Engagement.booking == booked.item) == 0
    with pytest.raises(Conflict):
        await agreeing.withdraw(card, "再来一次", site=cast.hotel, by=cast.second)


@pytest.mark.parametrize("who", ["floor", "kitchen", "guard", "finance", "auditor", "admin", "owner"])
async def test_who_does_not_receive_visitors_does_not_agree_on_them(cast: Cast, who: str) -> None:
    booked = await visits.asked_for(cast.hotel)

    with pytest.raises(Forbidden):
        await visits.confirmed(cast.hotel, booked, by=getattr(cast, who))


async def test_an_old_form_does_not_go_over_what_another_did(cast: Cast) -> None:
    """P06."""
    booked = await visits.asked_for(cast.hotel)
    card = await agenda.card(cast.hotel, booked.number)
    await visits.confirmed(cast.hotel, booked, by=cast.receptionist)

    with pytest.raises(Conflict):
        await agreeing.decline(card, "那天已满", site=cast.hotel, by=cast.second, version=card.version)


async def test_a_change_means_the_wall_of_the_site() -> None:
    """P13."""
    formats.set_zone("Asia/Shanghai")
    was = datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

    assert Change(time="14:30", reason="…").begins_at(was) == was + timedelta(hours=4, minutes=30)
