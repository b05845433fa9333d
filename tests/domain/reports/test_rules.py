"""Which days a range is, and counting."""

from collections import Counter
from datetime import UTC, date, datetime
from itertools import pairwise

import pytest

from portal.domain.reports.rules import cuts, ranges
from portal.domain.reports.rules.numbers import Measure, Number
from portal.domain.reports.rules.ranges import CLOSED, MONTH, QUARTER, RECEIVED, TODAY, WEEK, Range
from portal.domain.reports.rules.tally import Tally, largest, quantile
from portal.domain.sites.rules import days as site_days
from portal.errors import Invalid, NotFound
from tests.stories import house

HERE = house()
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)  # Sunday, 12:00 in Shanghai
KNOWN = date(2026, 3, 1)


def asked(**query: str) -> Range:
    return ranges.asked({name.rstrip("_"): text for name, text in query.items()}, HERE, now=NOON, known_from=KNOWN)


def refused(**query: str) -> list[str]:
    with pytest.raises(Invalid) as refusal:
        asked(**query)
    return list(refusal.value.fields)


@pytest.mark.parametrize(
    ("preset", "first"),
    [(TODAY, date(2026, 11, 22)), (WEEK, date(2026, 11, 16)), (MONTH, date(2026, 11, 1)), (QUARTER, date(2026, 10, 1))],
)
def test_a_named_range_is_what_has_passed_of_it(preset: str, first: date) -> None:
    days = asked(range=preset)

    assert (days.first, days.last, days.by, days.preset) == (first, date(2026, 11, 22), RECEIVED, preset)


def test_both_days_of_a_range_are_in_it() -> None:
    days = asked(from_="2026-11-10", to="2026-11-11", by="closed")

    assert (days.days, days.by) == (2, CLOSED)
    assert days.low == site_days.minute(datetime(2026, 11, 9, 20, 0, tzinfo=UTC), "Asia/Shanghai")
    assert days.high == site_days.minute(datetime(2026, 11, 11, 20, 0, tzinfo=UTC), "Asia/Shanghai")


def test_what_a_range_is_compared_with_is_as_long_and_ends_where_it_begins() -> None:
    days = asked(from_="2026-11-10", to="2026-11-11")

    assert (days.before.days, days.before.high) == (2, days.low)


def test_a_range_with_a_name_is_asked_for_by_it_on_another_day() -> None:
    named, own = asked(range=WEEK, kind="enquiry"), asked(from_="2026-11-10", to="2026-11-11")

    assert named.moving == {"range": WEEK, "by": RECEIVED, "kind": "enquiry"}
    assert own.moving == own.query == {"from": "2026-11-10", "to": "2026-11-11", "by": RECEIVED}


def test_times_are_shown_in_whole_minutes_and_the_rest_as_it_is() -> None:
    shown = [Number(measure, value).shown for measure, value in (
        (Measure.SPAN, 119), (Measure.SPAN, None), (Measure.COUNT, 119), (Measure.SHARE, 0.5))]  # fmt: skip

    assert shown == [1, None, 119, 0.5]


def test_what_counts_of_some_minutes_and_what_else_came_in_then_have_nothing_in_common() -> None:
    days = asked(kind="enquiry,request")

    within, args = cuts.counting(days, (1, 2))
    assert cuts.counting(days, (1, 2), others=True) == (within.replace("f.kind IN", "f.kind NOT IN"), args)
    assert args == [1, 2, "enquiry", "request"]
    assert cuts.counting(days)[1][:2] == [days.low, days.high]


def test_a_long_range_is_read_in_parts_that_make_it_up() -> None:
    parts = asked(from_="2026-01-01", to="2026-12-31").slices()

    assert parts[0][0] == asked(from_="2026-01-01", to="2026-12-31").low
    assert parts[-1][1] == asked(from_="2026-01-01", to="2026-12-31").high
    assert all(one[1] == other[0] for one, other in pairwise(parts))


@pytest.mark.parametrize(
    ("query", "fields"),
    [
        ({"from_": "2026-11-11", "to": "2026-11-10"}, ["to"]),
        ({"from_": "2021-11-10", "to": "2026-11-10"}, ["to"]),
        ({"from_": "yesterday", "to": "2026-11-10"}, ["from"]),
        ({"from_": "2026-11-31", "to": ""}, ["from"]),
        ({"from_": "2026-11-01", "to": "later"}, ["to"]),
        ({"to": "2026-11-01"}, ["from"]),
        ({"from_": "2019-01-01", "to": "2019-12-31"}, ["from"]),
        ({"from_": "2027-01-01", "to": "2027-12-31"}, ["from"]),
        ({"from_": "0001-01-01", "to": "9999-12-31"}, ["from", "to"]),
    ],
)
def test_a_range_that_cannot_be_is_refused_at_its_field(query: dict[str, str], fields: list[str]) -> None:
    assert refused(**query) == fields


def test_five_years_can_be_asked_for() -> None:
    assert asked(from_="2021-11-11", to="2026-11-10").days == 1826
    assert asked(from_="2024-02-29", to="2029-02-28").first == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("values", "half", "most"),
    [
        ([7], 7, 7), ([1, 2], 1, 2), ([1, 2, 3], 2, 3), ([5, 1, 3, 2, 4], 3, 5), (list(range(1, 101)), 50, 90),
        ([4] * 9 + [90], 4, 4), ([4] * 8 + [90, 90], 4, 90), ([], None, None),
    ],
)  # fmt: skip
def test_median_and_nine_tenths_are_values_that_were_measured(
    values: list[int], half: int | None, most: int | None
) -> None:
    """Nearest rank: the smallest value that so many percent do not exceed."""
    counted = Counter(values)

    assert (quantile(counted, 50), quantile(counted, 90)) == (half, most)


def test_what_there_is_most_of_stands_first_and_equals_by_their_code() -> None:
    assert largest({"room": 1, "noise": 3, "food": 1}) == [("noise", 3), ("food", 1), ("room", 1)]


def test_only_words_of_ours_say_which_records_are_meant() -> None:
    days = asked()

    for cut in (
        {"kind": "everything"}, {"hour": "24"}, {"hour": "-1"}, {"weekday": "7"}, {"late": "leave"}, {"reopened": "2"},
        {"severity": "grave"}, {"state": "lost"}, {"rating": "6"}, {"satisfied": "maybe"}, {"first": "never"},
    ):  # fmt: skip
        with pytest.raises(NotFound):
            cuts.condition(cut, days)


def test_codes_that_are_counted_together_are_found_one_by_one_and_in_pairs() -> None:
    found = Tally(asked())

    found.add({"work": ["hotel.desk/0", "hotel.desk/1", "/2"]}, {"many": 3, "fen": None})
    found.add({"work": ["hotel.desk/0"]}, {"many": 1, "fen": 5000})

    assert found.by("clerk") == {"hotel.desk": 3, "": 1}
    assert found.by("clerk", "late") == {("hotel.desk", "0"): 2, ("hotel.desk", "1"): 1, ("", "2"): 1}
    assert (found.many, found.sum["fen"]) == (4, 5000)
