"""The time line of one complaint: every deed of its fate, at an hour when people are awake."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.demo.fates import Age, Fate, Step
from portal.demo.scenes import Book, House, Scene
from portal.domain.complaints.tables import Kind

ZONE = ZoneInfo("Asia/Shanghai")
ACKNOWLEDGE = timedelta(minutes=30)
WARN = 0.8
TRIES = 40  # that keep to the hours of the house; those after them do not


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


def beats(
    house: House, scene: Scene, fate: Fate, filer: str, book: Book, *, seed: str, now: datetime
) -> tuple[Beat, ...]:
    """The deeds of a fate up to now, and the looks at its clocks where they find something."""
    luck = random.Random(seed)  # noqa: S311  # a story, not a secret
    hours = _hours(scene)
    tries = 0
    while True:
        tries += 1
        line = _Line(house, scene, filer, book, luck, fate, awake=tries <= TRIES)
        line.begin(now - _age(fate, hours, luck))
        for step in fate.steps:
            line.go(step)
        if line.fits(now) or tries > 50 * TRIES:
            break
    if not line.fits(now):
        raise RuntimeError(f"the fate {fate} of {scene.bodies[0]!r} does not fit into its time")
    return tuple(line.beats + _looks(line.beats, hours, now, luck))


def _hours(scene: Scene) -> timedelta:
    """How long an answer may take once it is known what it is."""
    return timedelta(hours=24 if scene.severity == "severe" or scene.kind is Kind.REQUEST else 72)


def _age(fate: Fate, hours: timedelta, luck: random.Random) -> timedelta:
    count = luck.uniform(*fate.age)
    return {Age.MINUTES: timedelta(minutes=count), Age.SHARE: hours * count, Age.DAYS: timedelta(days=count)}[fate.unit]


def _looks(made: list[Beat], hours: timedelta, now: datetime, luck: random.Random) -> list[Beat]:
    """When the worker finds a clock of this complaint at its mark or past its time."""
    first = next((beat.at for beat in made if beat.act in ACKNOWLEDGING), now)
    runs = [(made[0].at, ACKNOWLEDGE, first)]
    for start in (beat.at for beat in made if beat.act in (Act.FILE, Act.REJECT)):
        runs.append((start, hours, next((beat.at for beat in made if beat.act is Act.ANSWER and beat.at > start), now)))
    marks = [start + whole * share for start, whole, _stop in runs for share in (WARN, 1)]
    stops = [stop for *_run, stop in runs for _share in (WARN, 1)]
    return [
        Beat(mark + timedelta(seconds=luck.uniform(1, 4)), Act.LOOK)
        for mark, stop in zip(marks, stops, strict=True)
        if mark + timedelta(seconds=5) < stop
    ]


class _Line:
    """A time line as it is drawn."""

    def __init__(
        self, house: House, scene: Scene, filer: str, book: Book, luck: random.Random, fate: Fate, *, awake: bool
    ) -> None:
        self._house, self._scene, self._filer, self._luck, self._awake = house, scene, filer, luck, awake
        self._words, self._desk, self._fate = book.of(scene.lang), book.desk, fate
        self._hours = _hours(scene)
        self._slow = not fate.steps[3:] or luck.random() >= 0.08  # answered in time
        self._owner, self._again = "", False
        self.beats: list[Beat] = []

    def begin(self, at: datetime) -> None:
        """File it."""
        self._at = self._round = at
        self.beats.append(Beat(at, Act.FILE, self._filer))

    def go(self, step: Step) -> None:
        """Go one step on."""
        ways: dict[Step, Callable[[], None]] = {
            Step.CLAIM: self._claim, Step.TRIAGE: self._triage, Step.RELEASE: self._release, Step.PLAN: self._plan,
            Step.ANSWER: self._answer, Step.ACCEPT: self._accept, Step.REJECT: self._reject, Step.AGAIN: self._go_again,
            Step.CLOSE: self._close, Step.SILENCE: self._fall_silent, Step.RATE: self._rate,
        }  # fmt: skip
        ways[step]()
