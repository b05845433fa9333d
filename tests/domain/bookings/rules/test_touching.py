"""What a change of the offer touches: visits that fitted before and do not now, and no others (VIS-25)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from portal.domain.bookings.rules import touching
from portal.domain.bookings.rules.slots import Offer
from portal.domain.bookings.rules.touching import Standing, Terms, Why
from portal.domain.sites.rules.calendar import Calendar

NINE_TO_SIX = ((540, 1080),)
CALENDAR = Calendar("Asia/Shanghai", (NINE_TO_SIX,) * 7, "", ())
OFFER = Offer(CALENDAR, 60, 15, 60, 2, 20, timedelta(), 60)
TERMS = Terms(OFFER, 10, active=True)


def standing(number: str = "1", hour: int = 10, *, people: int = 2, minutes: int = 60) -> Standing:
    """Somebody on Monday the 23rd at an hour of Shanghai."""
    begins = datetime(2026, 11, 23, hour - 8, tzinfo=UTC)
    ends = begins + timedelta(minutes=minutes)
    return Standing(number, "李先生", begins, ends, ends + timedelta(minutes=15), people)


def week(*times: tuple[int, int]) -> Calendar:
    return replace(CALENDAR, week=(times,) * 7)


def why(after: Terms, *booked: Standing, before: Terms = TERMS) -> dict[str, tuple[Why, ...]]:
    return {one.standing.number: one.why for one in touching.touched(before, after, booked)}


def test_shorter_hours_touch_who_does_not_end_within_them() -> None:
    after = Terms(replace(OFFER, calendar=week((540, 700))), 10, active=True)

    assert why(after, standing("ends", 10), standing("over", 11)) == {"over": (Why.HOURS,)}


def test_another_beginning_of_the_hours_does_not_touch_who_is_inside_them_all_the_same() -> None:
    after = Terms(replace(OFFER, calendar=week((510, 1080)), step=45), 10, active=True)

    assert why(after, standing()) == {}


def test_hours_over_midnight_hold_for_the_next_morning() -> None:
    before = Terms(replace(OFFER, calendar=week((1200, 1620))), 10, active=True)  # 20:00 to 03:00
    after = Terms(replace(OFFER, calendar=week((1200, 1500))), 10, active=True)  # 20:00 to 01:00
    night = replace(standing("night"), begins_at=datetime(2026, 11, 23, 17, tzinfo=UTC),
                    ends_at=datetime(2026, 11, 23, 18, tzinfo=UTC))  # fmt: skip

    assert why(before, night, before=before) == {}
    assert why(after, night, before=before) == {"night": (Why.HOURS,)}


def test_a_day_without_visits_and_a_blackout_touch_who_is_in_them() -> None:
    shut = Terms(replace(OFFER, calendar=replace(CALENDAR, days=((date(2026, 11, 23), ()),))), 10, active=True)
    begins = standing().begins_at
    dark = Terms(replace(OFFER, blackouts=((begins, begins + timedelta(minutes=30)),)), 10, active=True)

    assert why(shut, standing()) == {"1": (Why.HOURS,)}
    assert why(dark, standing(), standing("2", 11)) == {"1": (Why.DARK,)}


def test_less_room_touches_all_who_are_too_many_at_once_and_nobody_else() -> None:
    booked = [standing("1"), standing("2"), standing("3", 12), standing("4", 14, people=9)]

    assert why(Terms(replace(OFFER, parties=1), 10, active=True), *booked) == {"1": (Why.CROWD,), "2": (Why.CROWD,)}
    assert why(Terms(replace(OFFER, people=8), 10, active=True), *booked) == {"4": (Why.CROWD,)}
    assert why(Terms(replace(OFFER, parties=5), 10, active=True), *booked) == {}


def test_another_length_touches_who_was_booked_with_the_old_one() -> None:
    after = Terms(replace(OFFER, minutes=90), 10, active=True)

    assert why(after, standing("old"), standing("new", minutes=90)) == {"old": (Why.LENGTH,)}


def test_a_smaller_party_and_a_retired_type_touch() -> None:
    few, many = standing("few", people=3), standing("many", people=4)

    assert why(Terms(OFFER, 3, active=True), few, many) == {"many": (Why.PARTY,)}
    assert why(Terms(OFFER, 10, active=False), standing()) == {"1": (Why.RETIRED,)}


def test_who_did_not_fit_before_either_was_somebodys_decision() -> None:
    after = Terms(replace(OFFER, calendar=week((540, 720))), 10, active=True)

    assert why(after, standing("late", 20)) == {}


def test_a_room_that_receives_fewer_touches_who_are_there_together() -> None:
    found = touching.crowded(1, [standing("1"), standing("2"), standing("3", 14)])

    assert [one.standing.number for one in found] == ["1", "2"]


def test_a_list_is_named_by_what_stands_in_it() -> None:
    first = touching.crowded(0, [standing("1"), standing("2")])

    assert touching.digest(first) == touching.digest(list(reversed(first)))
    assert touching.digest(first) != touching.digest(first[:1])
