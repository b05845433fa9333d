"""Who of those who wait is offered a place."""

from datetime import UTC, date, datetime, timedelta

from portal import ids
from portal.domain.bookings.rules import lining
from portal.domain.bookings.rules.lining import Entry
from portal.domain.bookings.rules.slots import Slot

DAY = date(2026, 11, 24)
TEN = datetime(2026, 11, 24, 10, tzinfo=UTC)
HOUR = timedelta(hours=1)


def slot(at: datetime, *, parties: int = 1, people: int = 10) -> Slot:
    return Slot(at, DAY, "", parties, people)


def entry(
    *, people: int = 2, first: datetime = TEN - HOUR, last: datetime = TEN + HOUR, not_before: datetime = TEN - 9 * HOUR,
    passed: dict[datetime, datetime] | None = None,
) -> Entry:  # fmt: skip
    return Entry(ids.new_id(), people, first, last, not_before, passed or {})


def test_the_first_whose_party_fits_gets_the_first_time_that_suits() -> None:
    large, small, late = entry(people=12), entry(), entry()
    free = [slot(TEN - 3 * HOUR), slot(TEN, parties=0), slot(TEN + HOUR)]

    assert lining.match([large, small, late], free, {}) == (small, free[2])
    assert lining.match([large], free, {}) is None


def test_a_time_outside_the_window_or_nearer_than_one_may_book_suits_nobody() -> None:
    """VIS-03: who asked less than the lead time before gets nothing that nobody could have booked."""
    assert lining.match([entry(first=TEN + HOUR)], [slot(TEN)], {}) is None
    assert lining.match([entry(last=TEN - HOUR)], [slot(TEN)], {}) is None
    assert lining.match([entry(not_before=TEN + HOUR)], [slot(TEN)], {}) is None
    assert lining.match([entry(not_before=TEN, first=TEN, last=TEN)], [slot(TEN)], {}) is not None


def test_a_time_that_was_let_pass_comes_again_only_when_it_was_given_up_anew() -> None:
    let = entry(passed={TEN: TEN - 20 * HOUR})

    assert lining.match([let], [slot(TEN)], {}) is None
    assert lining.match([let], [slot(TEN)], {TEN: TEN - 21 * HOUR}) is None
    assert lining.match([let], [slot(TEN)], {TEN: TEN - 19 * HOUR}) is not None
    assert lining.match([let], [slot(TEN), slot(TEN + HOUR)], {}) == (let, slot(TEN + HOUR))
