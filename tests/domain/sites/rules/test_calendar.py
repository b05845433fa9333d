"""Open time to the instant: worked examples, and the same answer as counting the minutes one by one (CMP-14)."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.domain.sites.rules import calendar as rules
from portal.domain.sites.rules.calendar import Calendar, Interval, NeverOpen, Span

SHANGHAI, BERLIN, LORD_HOWE = "Asia/Shanghai", "Europe/Berlin", "Australia/Lord_Howe"
OFFICE: tuple[Interval, ...] = ((540, 720), (810, 1080))  # 9–12, 13:30–18
NIGHT: tuple[Interval, ...] = ((1320, 1800),)  # 22–6
WEEKDAYS = (*(OFFICE,) * 5, (), ())
CHINESE = Calendar(SHANGHAI, WEEKDAYS, "CN")
MINUTE = timedelta(minutes=1)
# A day in each zone near which the clocks go forward, and one near which they go back.
TURNS = [
    (BERLIN, datetime(2026, 3, 29, tzinfo=UTC)), (BERLIN, datetime(2026, 10, 25, tzinfo=UTC)),
    ("America/New_York", datetime(2026, 3, 8, tzinfo=UTC)), ("America/New_York", datetime(2026, 11, 1, tzinfo=UTC)),
    (LORD_HOWE, datetime(2026, 4, 4, tzinfo=UTC)), (LORD_HOWE, datetime(2026, 10, 3, tzinfo=UTC)),
    (SHANGHAI, datetime(2026, 2, 14, tzinfo=UTC)),
]  # fmt: skip
few = settings(max_examples=60, derandomize=True, deadline=None, database=None)


def at(text: str, zone: str = SHANGHAI) -> datetime:
    """An instant by the clock on the wall: "2026-02-13 17:00"."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


# Worked examples


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-18 15:00", 2, "2026-11-20 18:00"),  # Wednesday: the end of Friday
        ("2026-11-20 15:00", 2, "2026-11-24 18:00"),  # over a weekend
        ("2026-09-18 15:00", 2, "2026-09-21 18:00"),  # the Sunday is made up for National Day
        ("2026-09-24 15:00", 2, "2026-09-29 18:00"),  # Mid-Autumn is off
        ("2026-09-30 23:59", 2, "2026-10-09 18:00"),  # National Day
        ("2026-11-18 15:00", 0, "2026-11-18 18:00"),
    ],
)
def test_working_days_leave_out_weekends_and_holidays_and_count_make_up_days(start: str, days: int, end: str) -> None:
    """VIS-20."""
    assert rules.end_of_working_day(CHINESE, at(start), days) == at(end)


def test_a_site_that_is_always_open_has_working_days_all_the_same() -> None:
    """VIS-20: a house that never closes works from Monday to Friday, and on the days of its own that it says."""
    always = rules.round_the_clock(SHANGHAI)
    own = Calendar(SHANGHAI, always.week, "", ((date(2026, 11, 21), OFFICE), (date(2026, 11, 23), ())))

    assert rules.end_of_working_day(always, at("2026-11-20 15:00"), 2) == at("2026-11-25 00:00")
    assert rules.end_of_working_day(own, at("2026-11-20 15:00"), 2) == at("2026-11-25 00:00")
    assert rules.end_of_working_day(own, at("2026-11-20 15:00"), 1) == at("2026-11-21 18:00")
    with pytest.raises(NeverOpen):
        rules.end_of_working_day(Calendar(SHANGHAI, ((), (), (), (), (), OFFICE, OFFICE)), at("2026-11-20 15:00"), 1)


@pytest.mark.parametrize(
    ("start", "work", "due"),
    [
        ("2026-11-23 11:00", 2, "2026-11-23 14:30"),  # over lunch
        ("2026-11-23 12:30", 1, "2026-11-23 14:30"),  # begun at lunch
        ("2026-11-23 09:00", 7.5, "2026-11-23 18:00"),  # to the last minute, not to the next morning
        ("2026-11-27 17:00", 2, "2026-11-30 10:00"),  # over a weekend
        ("2026-02-13 17:00", 8, "2026-02-14 17:30"),  # Spring Festival: the Saturday before it is worked
        ("2026-02-13 17:00", 10, "2026-02-24 10:30"),  # and then nine days are off
        ("2026-02-27 17:00", 2, "2026-02-28 10:00"),  # the Saturday after it is worked too
        ("2026-09-18 17:00", 2, "2026-09-20 10:00"),  # a Sunday worked for National Day
        ("2026-09-30 17:00", 2, "2026-10-08 10:00"),  # National Day
        ("2026-10-09 17:00", 8.5, "2026-10-10 18:00"),  # the Saturday after it
        ("2026-12-31 17:00", 2, "2027-01-04 10:00"),  # New Year's Eve
    ],
)
def test_an_office_that_keeps_chinas_holidays(start: str, work: float, due: str) -> None:
    assert rules.due(CHINESE, at(start), hours(work)) == at(due)
    assert rules.worked(CHINESE, at(start), at(due)) == hours(work)


def test_a_make_up_day_has_the_hours_of_the_weekday_it_stands_for() -> None:
    short_friday, long_monday = OFFICE[:1], ((480, 1200),)
    calendar = Calendar(SHANGHAI, (long_monday, OFFICE, OFFICE, OFFICE, short_friday, (), ()), "CN")

    assert calendar.hours(date(2026, 2, 14)) == short_friday
    assert calendar.hours(date(2026, 2, 28)) == long_monday


def test_a_house_open_every_day_is_closed_on_the_whole_holiday() -> None:
    calendar = Calendar(SHANGHAI, (OFFICE,) * 7, "CN")

    closed = [day for day in range(1, 12) if not calendar.hours(date(2026, 10, day))]
    assert closed == [1, 2, 3, 4, 5, 6, 7]


def test_the_sites_own_days_win_over_holidays_and_make_up_days() -> None:
    half_day = OFFICE[:1]
    calendar = Calendar(SHANGHAI, WEEKDAYS, "CN", ((date(2026, 10, 1), half_day), (date(2026, 10, 10), ())))

    assert rules.due(calendar, at("2026-09-30 17:00"), hours(2)) == at("2026-10-01 10:00")
    assert rules.due(calendar, at("2026-10-09 17:00"), hours(2)) == at("2026-10-12 10:00")


def test_only_days_in_a_year_without_an_order_are_provisional() -> None:
    eve = at("2026-12-31 09:00")

    assert not rules.provisional(CHINESE, eve, rules.due(CHINESE, eve, hours(7.5)))
    assert rules.provisional(CHINESE, eve, rules.due(CHINESE, eve, hours(8)))
    assert not rules.provisional(Calendar(SHANGHAI, WEEKDAYS), eve, at("2027-06-01 09:00"))


def test_a_year_ends_at_midnight_of_the_site() -> None:
    assert not rules.provisional(CHINESE, at("2026-12-31 09:00"), at("2027-01-01 00:00"))
    assert rules.provisional(CHINESE, at("2026-12-31 09:00"), at("2027-01-01 00:01"))


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    calendar = Calendar(SHANGHAI, ((), (), (), (), NIGHT, (), ()), days=((date(2026, 11, 28), ()),))

    assert rules.spans(calendar, at("2026-11-23 00:00"), at("2026-11-30 00:00")) == [
        Span(at("2026-11-27 22:00"), at("2026-11-28 06:00"))
    ]


@pytest.mark.parametrize(("evening", "length"), [("2026-03-28", 7), ("2026-10-24", 9), ("2026-11-20", 8)])
def test_a_night_in_which_the_clocks_change_is_as_long_as_it_is(evening: str, length: int) -> None:
    calendar = Calendar(BERLIN, (NIGHT,) * 7)
    start = at(f"{evening} 18:00", BERLIN)

    assert rules.worked(calendar, start, start + hours(14)) == hours(length)
    assert rules.due(calendar, start, hours(length)) == start + hours(4 + length)


def test_an_hour_that_comes_twice_counts_twice_and_one_that_is_left_out_does_not() -> None:
    calendar = Calendar(BERLIN, (((120, 180),),) * 7)

    assert rules.spans(calendar, at("2026-10-25 00:00", BERLIN), at("2026-10-26 00:00", BERLIN)) == [
        Span(datetime(2026, 10, 25, 0, tzinfo=UTC), datetime(2026, 10, 25, 2, tzinfo=UTC))
    ]
    assert rules.spans(calendar, at("2026-03-29 00:00", BERLIN), at("2026-03-30 00:00", BERLIN)) == []


def test_half_an_hour_of_summer_time() -> None:
    calendar = Calendar(LORD_HOWE, (((0, 240),),) * 7)
    day = at("2026-04-05 00:00", LORD_HOWE)

    assert rules.worked(calendar, day, day + hours(12)) == hours(4.5)


def test_what_touches_is_one_span_round_the_clock() -> None:
    calendar, start = rules.round_the_clock(SHANGHAI), at("2026-11-23 10:07")

    assert rules.spans(calendar, start, start + hours(72)) == [Span(start, start + hours(72))]
    assert rules.due(calendar, start, hours(72)) == start + hours(72)


def test_a_pause_moves_the_due_time_by_the_open_time_in_it() -> None:
    start, night = at("2026-11-23 16:00"), (at("2026-11-23 17:00"), at("2026-11-24 10:00"))

    assert rules.due(CHINESE, start, hours(3)) == at("2026-11-24 10:00")
    assert rules.due(CHINESE, start, hours(3), [night]) == at("2026-11-24 12:00")
    assert rules.due(CHINESE, start, hours(3), [night, night, (start, start)]) == at("2026-11-24 12:00")


def test_without_work_it_is_due_at_once() -> None:
    start = at("2026-11-22 03:00")

    assert rules.due(CHINESE, start, timedelta()) == start


def test_a_calendar_that_never_opens_says_so() -> None:
    with pytest.raises(NeverOpen):
        rules.due(Calendar(SHANGHAI, ((),) * 7), at("2026-11-23 09:00"), MINUTE)


def test_a_calendar_that_seldom_opens_comes_to_an_end() -> None:
    """An hour a week is enough for ninety days of work, though it takes decades."""
    calendar = Calendar(SHANGHAI, (((540, 600),), (), (), (), (), (), ()))

    assert rules.due(calendar, at("2026-11-23 09:00"), hours(200)) == at("2026-11-23 10:00") + timedelta(weeks=199)


@pytest.mark.parametrize(
    ("zone", "start", "days", "end"),
    [
        (SHANGHAI, "2026-11-22 00:00", 15, "2026-12-08 00:00"),
        (SHANGHAI, "2026-11-22 23:59", 15, "2026-12-08 00:00"),
        (BERLIN, "2026-10-20 09:00", 15, "2026-11-05 00:00"),
    ],
)
def test_the_banks_days_end_at_midnight_and_leave_out_the_day_of_receipt(
    zone: str, start: str, days: int, end: str
) -> None:
    assert rules.end_of_day(zone, at(start, zone), days) == at(end, zone)


@pytest.mark.parametrize(
    ("week", "found"),
    [
        (((OFFICE,) * 7), []),
        (((NIGHT,) * 7), []),
        (((rules.ALL_DAY,) * 7), []),
        (((((540, 720), (700, 800)),) + ((),) * 6), [0]),
        (((NIGHT, ((300, 720),)) + ((),) * 5), [1]),
        (((((300, 720),),) + ((),) * 5 + (NIGHT,)), [0]),  # from Sunday into Monday
        (((((0, 1440), (60, 120), (180, 240)),) + ((),) * 6), [0]),
    ],
)
def test_intervals_that_overlap_are_told_by_the_later_day(week: tuple[tuple[Interval, ...], ...], found: list[int]) -> None:
    assert rules.overlaps(week) == found


# The same as counting


def minutes(calendar: Calendar, start: datetime) -> Iterator[tuple[datetime, bool]]:
    """Each minute from an instant on, and whether the wall then shows a time that is open. Written without the rules."""
    zone, own = ZoneInfo(calendar.zone), dict(calendar.days)
    while True:
        wall = start.astimezone(zone)
        today, yesterday = wall.date(), wall.date() - timedelta(days=1)
        shown = wall.hour * 60 + wall.minute
        open_now = any(begins <= shown < ends for begins, ends in own.get(today, calendar.week[today.weekday()]))
        still = any(
            begins <= shown + 1440 < ends for begins, ends in own.get(yesterday, calendar.week[yesterday.weekday()])
        )
        yield start, open_now or still
        start += MINUTE


def counted(calendar: Calendar, start: datetime, end: datetime) -> int:
    """The open minutes between two instants."""
    count = 0
    for minute, is_open in minutes(calendar, start):
        if minute >= end:
            return count
        count += is_open
    raise AssertionError("minutes do not end")


def due_by_counting(
    calendar: Calendar, start: datetime, work: int, pauses: list[tuple[datetime, datetime]], until: datetime
) -> datetime | None:
    """When so many open minutes outside the pauses have passed; None where that is not until then."""
    left = work
    for minute, is_open in minutes(calendar, start):
        if not left:
            return minute
        if minute >= until:
            return None
        left -= is_open and not any(begins <= minute < ends for begins, ends in pauses)
    raise AssertionError("minutes do not end")


@st.composite
def a_day(draw: st.DrawFn) -> tuple[Interval, ...]:
    """Up to three intervals, the last perhaps over midnight."""
    points = sorted(draw(st.lists(st.integers(0, 1439), max_size=6, unique=True)))
    found = [(opens, closes) for opens, closes in zip(points[::2], points[1::2], strict=False)]
    if len(points) % 2:
        found.append((points[-1], points[-1] + draw(st.integers(1, 1440))))
    return tuple(found)


@st.composite
def a_case(draw: st.DrawFn) -> tuple[Calendar, datetime]:
    """A calendar, and an instant within three days of a change of the clocks."""
    zone, turn = draw(st.sampled_from(TURNS))
    own = draw(st.dictionaries(st.integers(-3, 6), a_day(), max_size=2))
    days = tuple((turn.date() + timedelta(days=number), intervals) for number, intervals in own.items())
    week = tuple(draw(st.lists(a_day(), min_size=7, max_size=7)))
    return Calendar(zone, week, days=days), turn + draw(st.integers(-4320, 1440)) * MINUTE


@few
@given(a_case(), st.integers(0, 5 * 1440))
def test_what_is_worked_is_what_counting_the_minutes_finds(case: tuple[Calendar, datetime], length: int) -> None:
    calendar, start = case
    end = start + length * MINUTE

    found = rules.spans(calendar, start, end)
    assert rules.worked(calendar, start, end) == counted(calendar, start, end) * MINUTE
    assert all(start <= span.start < span.end <= end for span in found)
    assert all(one.end < two.start for one, two in pairwise(found))


@few
@given(
    a_case(), st.integers(1, 3000),
    st.lists(st.tuples(st.integers(-600, 4320), st.integers(0, 1440)), max_size=3),
)  # fmt: skip
def test_it_is_due_when_counting_the_minutes_says_so(
    case: tuple[Calendar, datetime], work: int, stops: list[tuple[int, int]]
) -> None:
    calendar, start = case
    pauses = [(start + after * MINUTE, start + (after + length) * MINUTE) for after, length in stops]
    until = start + timedelta(days=7)

    expected = due_by_counting(calendar, start, work, pauses, until)

    try:
        found = rules.due(calendar, start, work * MINUTE, pauses)
    except NeverOpen:
        assert expected is None
    else:
        assert found == expected if expected else found > until
