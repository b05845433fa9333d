"""What somebody is told who waits: a range that holds, on days that no estimator has made (HALL-03)."""

import heapq
import random
from bisect import bisect_left, insort
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest

from portal.domain.arrivals.rules import estimating, ranking

MORNING = datetime(2026, 3, 2, 9, tzinfo=UTC)
TYPICAL = 3  # what the house believes that one person takes, in minutes
GRACE, WEIGHT = timedelta(minutes=15), timedelta(minutes=20)
BUSY = timedelta(hours=10)


@dataclass
class Person:
    """Somebody who comes on a day of the test."""

    came_at: datetime
    booked_at: datetime | None
    priority: bool
    takes: timedelta
    gives_up_after: timedelta | None
    absent: bool
    due_at: datetime = MORNING
    shown: tuple[int, int] = (0, 0)
    called_at: datetime | None = None

    @property
    def counts_from(self) -> datetime:
        return ranking.came(self.came_at, self.booked_at if self.due_on_time else None)

    @property
    def due_on_time(self) -> bool:
        return self.booked_at is not None and self.came_at <= self.booked_at + GRACE


@dataclass
class Hall:
    """A hall with its windows: it calls, serves and tells by the house's own laws."""

    windows: int
    now: datetime = MORNING
    line: list[tuple[datetime, int, Person]] = field(default_factory=list)
    taken: deque[float] = field(default_factory=lambda: deque(maxlen=60))
    called: deque[tuple[datetime, int]] = field(default_factory=deque)
    free: set[int] = field(default_factory=set)
    closed: set[int] = field(default_factory=set)

    def tell(self, person: Person, number: int) -> tuple[int, int]:
        """What somebody is shown who has just come."""
        while self.called and self.called[0][0] < self.now - timedelta(minutes=30):
            self.called.popleft()
        lately = {window for _at, window in self.called} - self.closed
        on_duty = len(lately) or self.windows
        pace = estimating.pace(TYPICAL, self.taken, on_duty=on_duty, idle=len(self.free & lately))
        early = max(0.0, (person.due_at - self.now).total_seconds() / 60)
        return estimating.shown(bisect_left(self.line, (person.due_at, number, person)), pace, early=early)


def a_day(chance: random.Random, many: int, windows: int) -> Iterator[Person]:
    """People of a day: services log-normal, arrivals in bursts, some booked, some too late, some who never answer."""
    mean = BUSY.total_seconds() / many
    rush = [(chance.uniform(0, 9.5), chance.uniform(0.2, 0.8), chance.uniform(1.2, 1.7)) for _ in range(4)]
    at, seconds = MORNING, windows * mean * 1.0
    for _ in range(many):
        hour = (at - MORNING).total_seconds() / 3600
        crowd = max([0.9, *(by for begins, lasts, by in rush if begins <= hour < begins + lasts)])
        at += timedelta(seconds=chance.expovariate(crowd / mean))
        booked = None
        if chance.random() < 0.25:
            booked = MORNING + timedelta(minutes=15 * round((at - MORNING).total_seconds() / 900 + chance.gauss(0.3, 0.6)))
        yield Person(
            came_at=at, booked_at=booked, priority=chance.random() < 0.04, absent=chance.random() < 0.04,
            takes=timedelta(seconds=seconds * chance.lognormvariate(-0.245, 0.7)),
            gives_up_after=timedelta(minutes=chance.expovariate(1 / 20)) if chance.random() < 0.05 else None,
        )  # fmt: skip


def spend(chance: random.Random, many: int, windows: int) -> list[Person]:
    """Let a day go by; every tenth window closes over lunch."""
    hall, people, turn = Hall(windows, free=set(range(windows))), list(a_day(chance, many, windows)), count()
    events: list[tuple[datetime, int, str, object]] = [(one.came_at, next(turn), "comes", one) for one in people]
    lunch = set(range(windows // 10))
    for hour, what in ((3, "closes"), (4, "opens")):
        events.append((MORNING + timedelta(hours=hour), next(turn), what, lunch))
    heapq.heapify(events)
    while events:
        hall.now, number, what, whose = heapq.heappop(events)
        if what == "comes" and isinstance(whose, Person):
            weight = WEIGHT if whose.priority else timedelta()
            whose.due_at = ranking.rank(whose.came_at, booked_at=whose.booked_at, grace=GRACE, weight=weight)
            whose.shown = hall.tell(whose, number)
            insort(hall.line, (whose.due_at, number, whose))
        elif what == "ends" and isinstance(whose, int):
            hall.free |= {whose} - hall.closed
        elif what == "closes" and isinstance(whose, set):
            hall.closed, hall.free = whose, hall.free - whose
        elif what == "opens" and isinstance(whose, set):
            hall.closed, hall.free = set(), hall.free | whose
        while hall.free and hall.line:
            _due, _number, person = hall.line.pop(0)
            if person.gives_up_after and person.came_at + person.gives_up_after < hall.now:
                continue
            window = hall.free.pop()
            person.called_at = hall.now
            lasts = timedelta(minutes=1) if person.absent else person.takes
            hall.called.append((hall.now, window))
            hall.taken.append(lasts.total_seconds() / 60)
            heapq.heappush(events, (hall.now + lasts, next(turn), "ends", window))
    return people


def waited(person: Person) -> float:
    return ((person.called_at or person.came_at) - person.came_at).total_seconds() / 60


def overtaken(people: list[Person]) -> list[Person]:
    """Those before whom, while they stood there, somebody was called who counts as come more than the bound later."""
    calls = sorted((one.called_at, one.counts_from) for one in people if one.called_at)
    found = []
    for person in people:
        if person.called_at is None:
            continue
        meanwhile = calls[bisect_left(calls, (person.came_at,)) : bisect_left(calls, (person.called_at,))]
        if any(came > person.counts_from + ranking.BOUND for _at, came in meanwhile):
            found.append(person)
    return found


@pytest.mark.prove
def test_nobody_waits_beyond_the_bound_and_the_shown_range_holds(
    scale: Callable[[int, int], int], figure: Callable[[str, float, str, str], None]
) -> None:
    """HALL-03: a day of arrivals that follows another law than the estimator's."""
    days = [spend(random.Random(seed), scale(1_000, 5_000), scale(4, 20)) for seed in range(scale(3, 10))]
    called = [one for people in days for one in people if one.called_at]
    misses = [estimating.error(*one.shown, waited(one)) for one in called]
    inside = misses.count(0) / len(called)
    widths = sorted(one.shown[1] - one.shown[0] for one in called)
    waits = sorted(map(waited, called))

    figure("simulated days of arrivals", len(days), f"of {scale(1_000, 5_000)} at {scale(4, 20)} windows", "HALL-03")
    figure("called inside the range they were shown", round(inside * 100, 1), "%", "HALL-03")
    figure("width of that range, median", widths[len(widths) // 2], "min", "HALL-03")
    figure("wait until called, 90th percentile", round(waits[len(waits) * 9 // 10], 1), "min", "HALL-03")
    assert inside >= 0.8
    assert widths[len(widths) // 2] <= 15, "a range that says nothing always holds"
    assert [one for people in days for one in overtaken(people)] == []


def test_the_bound_is_seen_where_it_is_broken() -> None:
    """The control: a rank that lets the late ones in before all others."""
    early, late = (Person(MORNING + timedelta(minutes=at), None, False, timedelta(), None, False) for at in (0, 21))
    early.called_at, late.called_at = MORNING + timedelta(minutes=40), MORNING + timedelta(minutes=30)

    assert overtaken([early, late]) == [early]


def test_a_range_is_rounded_outwards_to_five_minutes_and_never_a_single_one() -> None:
    for ahead in range(200):
        soonest, latest = estimating.shown(ahead, estimating.pace(4, [], on_duty=3))
        assert (soonest % 5, latest % 5) == (0, 0)
        assert 0 <= soonest < latest


def test_more_people_before_one_make_it_later_and_more_windows_sooner() -> None:
    few, many = (estimating.pace(6, [], on_duty=windows) for windows in (1, 4))

    assert estimating.shown(2, few)[1] < estimating.shown(12, few)[1]
    assert estimating.shown(12, many)[1] < estimating.shown(12, few)[1]
    assert estimating.shown(0, estimating.pace(30, [], on_duty=2, idle=1)) == (0, 5)


def test_it_learns_from_how_long_the_last_ones_took() -> None:
    said, real = estimating.pace(10, [], on_duty=1), estimating.pace(10, [2.0] * 40, on_duty=1)

    assert said.minutes == 10
    assert 2 < real.minutes < 3.5


def test_who_asked_for_more_time_is_shown_no_less() -> None:
    assert estimating.shown(0, estimating.pace(5, [], on_duty=1, idle=1), at_least=4.2) == (0, 5)
    assert estimating.shown(0, estimating.pace(5, [], on_duty=1, idle=1), at_least=5.5) == (5, 10)


def test_its_error_is_the_minutes_outside() -> None:
    assert [estimating.error(10, 20, waited) for waited in (4, 10, 15, 20, 26)] == [-6, 0, 0, 0, 6]
