"""What a house has besides, told step by step: goods that come back, a dispute with both sides, what is about one of us."""

import random
from datetime import datetime, timedelta

from portal.demo import beats
from portal.demo.beats import Act, Beat
from portal.demo.scenes import Plot

SOON = timedelta(minutes=8)  # after its filing somebody has it
MANAGERS = frozenset({Act.APPROVE})


def drawn(plot: Plot, *, seed: str, now: datetime) -> tuple[Beat, ...]:
    """The steps of a plot, evenly from its filing up to now, and the looks at its clocks."""
    luck = random.Random(seed)  # noqa: S311  # a story, not a secret
    filed = now - timedelta(minutes=plot.minutes)
    apart = (timedelta(minutes=plot.minutes) - SOON) / (len(plot.steps) + 1)
    made = [Beat(filed, Act.FILE, plot.filer)]
    for number, step in enumerate(plot.steps):
        by = "manager" if step in MANAGERS else plot.by
        made.append(Beat(filed + SOON + number * apart, Act(step), by, plot.heard if step == Act.HEAR else ""))
    return tuple(made + beats.looks(made, beats.hours(plot), now, luck))
