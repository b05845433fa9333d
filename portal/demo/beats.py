"""The deeds of one complaint as instants: what is done when and by whom, and when the worker finds its clocks."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from portal.demo.fates import Age, Fate
from portal.demo.scenes import Scene
from portal.domain.complaints.tables import Kind

ACKNOWLEDGE = timedelta(minutes=30)
WARN = 0.8


class Act(StrEnum):
    """A deed, or the worker's look at the clocks."""

    FILE = "file"
    LOOK = "look"
    CLAIM = "claim"
    RELEASE = "release"
    HAND = "hand"
    NOTE = "note"
    TELL = "tell"
    WRITE = "write"
    TRIAGE = "triage"
    PLAN = "plan"
    ANSWER = "answer"
    ACCEPT = "accept"
    REJECT = "reject"
    CLOSE = "close"
    RATE = "rate"
    ASK = "ask"
    DONE = "done"
    HEAR = "hear"
    RETURN = "return"
    APPROVE = "approve"
    SHIP = "ship"


HANDLING = frozenset({"desk", "desk2", "floor", "kitchen", "manager"})
CUSTOMERS = frozenset({Act.WRITE, Act.ACCEPT, Act.REJECT, Act.RATE})
ACKNOWLEDGING = frozenset({Act.CLAIM, Act.HAND, Act.TELL})


@dataclass(frozen=True)
class Beat:
    """One deed at one instant; `by` and `to` are the last part of a user name."""

    at: datetime
    act: Act
    by: str = ""
    words: str = ""
    to: str = ""
    score: int = 0


def hours(scene: Scene) -> timedelta:
    """How long an answer may take once it is known what it is."""
    return timedelta(hours=24 if scene.severity == "severe" or scene.kind is Kind.REQUEST else 72)


def age(fate: Fate, whole: timedelta, luck: random.Random) -> timedelta:
    """How long ago a complaint of this fate was filed."""
    count = luck.uniform(*fate.age)
    return {Age.MINUTES: timedelta(minutes=count), Age.SHARE: whole * count, Age.DAYS: timedelta(days=count)}[fate.unit]


def looks(made: list[Beat], whole: timedelta, now: datetime, luck: random.Random) -> list[Beat]:
    """When the worker finds a clock of this complaint at its mark or past its time."""
    runs = [(made[0].at, ACKNOWLEDGE, _first(made, ACKNOWLEDGING, made[0].at, now))]
    begins = [beat.at for beat in made if beat.act in (Act.FILE, Act.REJECT)]
    runs += [(begin, whole, _first(made, frozenset({Act.ANSWER}), begin, now)) for begin in begins]
    marks = [(begin + time * share, stop) for begin, time, stop in runs for share in (WARN, 1)]
    return [
        Beat(mark + timedelta(seconds=luck.uniform(1, 4)), Act.LOOK)
        for mark, stop in marks
        if mark + timedelta(seconds=5) < stop
    ]


def _first(made: list[Beat], acts: frozenset[Act], after: datetime, otherwise: datetime) -> datetime:
    return next((beat.at for beat in made if beat.act in acts and beat.at > after), otherwise)
