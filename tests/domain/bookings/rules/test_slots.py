"""When a visit may begin, and what is left: worked examples, and the same answer as counting minute by minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.bookings.rules import slots
from portal.domain.bookings.rules.slots import Offer, Taken
from portal.domain.sites.rules.calendar import Calendar, Interval

SHANGHAI, BERLIN = "Asia/Shanghai", "Europe/Berlin"
OFFICE: tuple[Interval, ...] = ((540, 720), (810, 1080))  # 9–12, 13:30–18
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
TODAY = date(2026, 11, 23)  # a Monday
few = settings(max_examples=60, derandomize=True, deadline=None, database=None)


def offer(**more: object) -> Offer:
    """Weekdays, an hour each, with room for two parties and five people."""
    week: tuple[tuple[Interval, ...], ...] = (*(OFFICE,) * 5, (), ())
    given_ = {
        "calendar": Calendar(SHANGHAI, week), "minutes": 60, "buffer": 0, "step": 60, "parties": 2, "people": 5,
        "lead": timedelta(), "horizon": 30, **more,
    }  # fmt: skip
    return Offer(**given_)  # type: ignore[arg-type]  # put together from words


def at(text: str, zone: str = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def found(offered: Offer, *, now: datetime, days: int = 0, taken: list[Taken] | None = None) -> list[str]:
    """The times of some days, each with the parties that still have room."""
    all_of_them = slots.slots(offered, TODAY, TODAY + timedelta(days=days), taken or [], now=now)
    return [f"{one.time} {one.left}" for one in all_of_them]


# Worked examples


def test_visits_begin_in_steps_while_one_still_ends_in_time() -> None:
    times = found(offer(), now=at("2026-11-23 00:00"))

    assert times == ["09:00 2", "10:00 2", "11:00 2", "13:30 2", "14:30 2", "15:30 2", "16:30 2"]


def test_a_time_too_soon_is_left_out() -> None:
    """VIS-03, X-05: a day before at least, and tables at once (VIS-27: no lead at all)."""
    now = at("2026-11-23 10:15")

    assert found(offer(), now=now)[0] == "11:00 2"
    assert found(offer(lead=timedelta(hours=24)), now=now) == []
    assert found(offer(lead=timedelta(hours=24)), now=now, days=1)[0] == "11:00 2"


def test_nothing_is_offered_behind_the_horizon() -> None:
    now = at("2026-11-23 00:00")

    assert found(offer(horizon=0), now=now, days=7) == found(offer(), now=now)


def test_a_party_takes_its_time_and_the_buffer_behind_it() -> None:
    taken = [Taken(at("2026-11-23 10:00"), at("2026-11-23 11:15"), 4)]

    times = found(offer(buffer=15), now=at("2026-11-23 00:00"), taken=taken)

    assert times[:4] == ["09:00 1", "10:00 1", "11:00 1", "13:30 2"]


def test_the_last_person_is_the_last_party() -> None:
    taken = [Taken(at("2026-11-23 10:00"), at("2026-11-23 11:00"), 5)]

    ten = slots.slots(offer(), TODAY, TODAY, taken, now=at("2026-11-23 00:00"))[1]

    assert (ten.left, ten.people, ten.fits(1)) == (0, 0, False)


def test_parties_one_after_the_other_are_not_there_at_once() -> None:
    nine, half, ten = (at(f"2026-11-23 {time}") for time in ("09:00", "09:30", "10:00"))
    taken = [Taken(nine, half, 1), Taken(half, ten, 1)]

    assert found(offer(), now=at("2026-11-23 00:00"), taken=taken)[0] == "09:00 1"


def test_a_blackout_takes_the_visits_that_would_be_in_it() -> None:
    dark = (at("2026-11-23 11:30"), at("2026-11-23 14:30"))

    times = found(offer(blackouts=(dark,)), now=at("2026-11-23 00:00"))

    assert times == ["09:00 2", "10:00 2", "14:30 2", "15:30 2", "16:30 2"]


def test_holidays_are_closed_and_make_up_days_open() -> None:
    """The seventh of October 2026 is a holiday; Saturday the tenth is worked for it."""
    week: tuple[tuple[Interval, ...], ...] = (*(OFFICE,) * 5, (), ())
    chinese = offer(calendar=Calendar(SHANGHAI, week, "CN"), horizon=60)
    now = at("2026-09-30 00:00")

    days = {slot.day for slot in slots.slots(chinese, date(2026, 10, 7), date(2026, 10, 11), [], now=now)}

    assert days == {date(2026, 10, 8), date(2026, 10, 9), date(2026, 10, 10)}


def test_hours_beyond_midnight_are_offered_on_the_day_that_the_wall_shows() -> None:
    night: tuple[tuple[Interval, ...], ...] = (((1320, 1560),),) * 7  # 22:00 to 02:00
    times = slots.slots(offer(calendar=Calendar(SHANGHAI, night)), TODAY, TODAY, [], now=at("2026-11-22 00:00"))

    assert [one.time for one in times] == ["00:00", "01:00", "22:00", "23:00"]


def test_an_hour_that_summer_time_leaves_out_is_not_offered() -> None:
    early: tuple[tuple[Interval, ...], ...] = (((60, 300),),) * 7
    summer = offer(calendar=Calendar(BERLIN, early))
    day = date(2026, 3, 29)

    times = slots.slots(summer, day, day, [], now=at("2026-03-28 00:00", BERLIN))

    assert [one.time for one in times] == ["01:00", "03:00", "04:00"]
    assert slots.instant(BERLIN, day, "02:30") is None


def test_what_is_no_time_is_none() -> None:
    assert [slots.instant(SHANGHAI, TODAY, text) for text in ("", "25:00", "9", "12:60", "noon", "٣:٣٠:")] == [None] * 6


# Against counting the minutes


@few
@given(st.lists(st.tuples(st.integers(0, 540), st.integers(1, 180), st.integers(1, 3)), max_size=8), st.integers(15, 120))
def test_room_is_what_counting_minute_by_minute_says(parties: list[tuple[int, int, int]], minutes: int) -> None:
    nine = at("2026-11-23 09:00")
    taken = [Taken(nine + begin * MINUTE, nine + (begin + long) * MINUTE, people) for begin, long, people in parties]
    begins, ends = nine + 120 * MINUTE, nine + (120 + minutes) * MINUTE

    there = [
        [one for one in taken if one.begins_at <= begins + number * MINUTE < one.free_at] for number in range(minutes)
    ]

    assert slots.most_at_once(begins, ends, taken) == (
        max(len(here) for here in there), max(sum(one.people for one in here) for here in there),
    )  # fmt: skip


@few
@given(st.lists(st.tuples(st.integers(0, 8), st.integers(1, 4)), max_size=12))
def test_each_slot_says_what_room_says(parties: list[tuple[int, int]]) -> None:
    """The times of a whole day are reckoned in one go; each must be as if it were asked for alone."""
    nine, offered = at("2026-11-23 09:00"), offer(step=30, buffer=30)
    taken = [Taken(nine + begin * HOUR, nine + (begin + long) * HOUR, 1) for begin, long in parties]

    all_of_them = slots.slots(offered, TODAY, TODAY, taken, now=at("2026-11-23 00:00"))

    assert [(one.parties, one.people) for one in all_of_them] == [
        slots.room(offered, *offered.stretch(one.begins_at), taken) for one in all_of_them
    ]
