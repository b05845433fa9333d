"""What is due after 72 hours of open time, by the portal's calendar and by counting the minutes one by one."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bench.ground import Ground
from bench.results import Figure, milliseconds
from bench.sizes import Sizes
from portal.domain.sites.rules import calendar as rules
from portal.domain.sites.rules.calendar import Calendar

WORK = timedelta(hours=72)
TURNS = 50
OFFICE = ((540, 720), (810, 1080))
# A calendar, and when the clock starts: over National Day, the Spring Festival, a change of the clocks, and without an end.
CASES = (
    (Calendar("Asia/Shanghai", (*(OFFICE,) * 5, (), ()), "CN"), datetime(2026, 9, 24, 2, 7, tzinfo=UTC)),
    (Calendar("Asia/Shanghai", ((OFFICE),) * 7, "CN"), datetime(2026, 2, 10, 8, 30, tzinfo=UTC)),
    (Calendar("Europe/Berlin", (((1320, 1800),),) * 7), datetime(2026, 3, 26, 12, tzinfo=UTC)),
    (rules.round_the_clock("Asia/Shanghai"), datetime(2026, 11, 22, 3, 11, tzinfo=UTC)),
)


def measure(ground: Ground, engine: str, sizes: Sizes) -> tuple[list[Figure], list[str]]:
    """The ratio over all cases, side by side; the engine makes no difference to it."""
    if engine != "sqlite":
        return [], []
    found = [rules.due(calendar, start, WORK) for calendar, start in CASES]
    if found != [_counted(calendar, start) for calendar, start in CASES]:
        raise RuntimeError("the calendar and the count differ")
    counts, known, fresh = [], [], []
    for _round in range(sizes.rounds):
        counts.append(_time(_counted, 1))
        known.append(_time(_reckoned, TURNS))
        fresh.append(_time(_reckoned_anew, 1))
    times = [sorted(these)[len(these) // 2] for these in (counts, known, fresh)]
    detail = (f"{len(CASES)} cases: counted {milliseconds(counts)}, by a calendar the process knows {milliseconds(known)}, "
              f"by one it has just read {milliseconds(fresh)} ({times[0] / times[2]:.0f} ×)")  # fmt: skip
    return [Figure("Due after 72 h of open time, against counting minutes", "", times[0] / times[1], " ×", least=200,
                   detail=detail)], []  # fmt: skip


def _time(work: Callable[[Calendar, datetime], datetime], turns: int) -> float:
    """Seconds for all cases once."""
    began = time.perf_counter()
    for _turn in range(turns):
        for calendar, start in CASES:
            work(calendar, start)
    return (time.perf_counter() - began) / turns


def _reckoned(calendar: Calendar, start: datetime) -> datetime:
    return rules.due(calendar, start, WORK)


def _reckoned_anew(calendar: Calendar, start: datetime) -> datetime:
    return rules.due(Calendar(calendar.zone, calendar.week, calendar.holidays, calendar.days), start, WORK)


def _counted(calendar: Calendar, start: datetime) -> datetime:
    """Minute after minute, with what each day has looked up once."""
    zone, minute, left, hours = ZoneInfo(calendar.zone), timedelta(minutes=1), WORK // timedelta(minutes=1), {}
    while left:
        wall = start.astimezone(zone)
        day, shown = wall.date(), wall.hour * 60 + wall.minute
        if day not in hours:
            before = calendar.hours(day - timedelta(days=1))
            hours[day] = [*calendar.hours(day), *((opens - 1440, closes - 1440) for opens, closes in before)]
        left -= any(opens <= shown < closes for opens, closes in hours[day])
        start += minute
    return start
