"""How long somebody still waits: a range of minutes, never a false minute."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt

STEP = 5  # minutes that a shown range is rounded to, outwards
# How sure the range is: so many deviations of the sum on either side, and a share of the whole for what no sum knows
# (people who are sent in before, a window that closes, others who give up).
DEVIATIONS = 1.3
EARLIER, LATER = 0.1, 0.25
# The type's own duration counts as much as so many people who were really called.
TRUST = 5
SPREAD = 0.7  # of single visits, in parts of their mean, until there are enough of them to know
LONGEST = 12 * 60


@dataclass(frozen=True)
class Pace:
    """How fast a line goes: the `minutes` that one person takes a window for, how many windows are on duty, and `idle`."""

    minutes: float
    on_duty: int
    idle: int = 0


def pace(typical: int, taken: Sequence[float], *, on_duty: int, idle: int = 0) -> Pace:
    """The pace of a line, from how long the type takes, corrected by the minutes that the last ones really took."""
    minutes = (TRUST * typical + sum(taken)) / (TRUST + len(taken))
    return Pace(max(0.25, minutes), max(1, on_duty), idle)


def shown(ahead: int, pace: Pace, *, early: float = 0, at_least: float = 0) -> tuple[int, int]:
    """From so many minutes to so many until somebody is called who has `ahead` before him, and waits `at_least` anyway.

    Who is so many minutes `early` for a booking may be called sooner, but others may still come in before him until then.
    """
    if ahead < pace.idle:
        low = high = 0.0
    else:
        each = pace.minutes / pace.on_duty
        mean = (ahead - pace.idle + 1) * each
        deviation = DEVIATIONS * SPREAD * each * sqrt(ahead - pace.idle + 1)
        low, high = mean * (1 - EARLIER) - deviation, mean * (1 + LATER) + deviation
        high += early
    first = min(STEP * floor(max(low, at_least, 0) / STEP), LONGEST)
    return first, max(STEP * ceil(max(high, at_least) / STEP), first + STEP)


def error(shown_from: int, shown_to: int, waited: float) -> float:
    """By how many minutes somebody was called outside of what he was shown: below 0 too early, above too late, else 0."""
    return min(0.0, waited - shown_from) + max(0.0, waited - shown_to)
