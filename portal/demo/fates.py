"""How a complaint's way goes in the demonstration, and how many go each way at each house."""

from dataclasses import dataclass
from enum import StrEnum


class Step(StrEnum):
    """A stretch of the way; each becomes one deed, and some talk around it."""

    CLAIM = "claim"
    TRIAGE = "triage"
    RELEASE = "release"
    PLAN = "plan"
    ANSWER = "answer"
    ACCEPT = "accept"
    REJECT = "reject"
    AGAIN = "again"
    CLOSE = "close"
    SILENCE = "silence"
    RATE = "rate"


class Age(StrEnum):
    """What the age of a complaint is counted in; a share is one of the time it should be answered in."""

    MINUTES = "minutes"
    SHARE = "share"
    DAYS = "days"


@dataclass(frozen=True)
class Fate:
    """One way: its steps, how long ago it began, and how many of it there are at the four houses.

    A punctual one has no clock at its mark, a grave one takes a severe scene where there is one.
    """

    steps: tuple[Step, ...]
    age: tuple[float, float]
    unit: Age
    many: tuple[int, int, int, int]
    punctual: bool = True
    grave: bool = False

    @property
    def laborious(self) -> bool:
        """Whether it needs a plan or a second try, and so neither an enquiry nor a suggestion."""
        return self.steps[-1:] == (Step.PLAN,) or Step.REJECT in self.steps


_TRIAGED = (Step.CLAIM, Step.TRIAGE)
_PLANNED = (*_TRIAGED, Step.PLAN)
_ANSWERED = (*_PLANNED, Step.ANSWER)
_ANSWERED_AGAIN = (*_ANSWERED, Step.REJECT, Step.AGAIN, Step.PLAN, Step.ANSWER)
_SETTLED = (Step.ACCEPT, Step.CLOSE, Step.RATE)

FATES = {
    "fresh": Fate((), (1, 20), Age.MINUTES, (4, 1, 1, 1)),
    "pressing": Fate((), (25, 27), Age.MINUTES, (1, 0, 1, 0)),
    "overlooked": Fate((), (35, 300), Age.MINUTES, (4, 1, 1, 1)),
    "claimed": Fate((Step.CLAIM,), (30, 600), Age.MINUTES, (5, 2, 2, 1)),
    "triaged": Fate(_TRIAGED, (0.1, 0.7), Age.SHARE, (6, 2, 2, 2)),
    "released": Fate((*_TRIAGED, Step.RELEASE), (0.2, 0.75), Age.SHARE, (2, 1, 0, 0)),
    "planned": Fate(_PLANNED, (0.15, 0.75), Age.SHARE, (8, 2, 2, 2)),
    "hurried": Fate(_PLANNED, (0.82, 0.96), Age.SHARE, (3, 1, 1, 1), punctual=False, grave=True),
    "overdue": Fate(_PLANNED, (1.05, 2.2), Age.SHARE, (3, 1, 1, 1), punctual=False),
    "rejected": Fate((*_ANSWERED, Step.REJECT), (1, 5), Age.DAYS, (2, 1, 1, 1)),
    "answered": Fate(_ANSWERED, (0.4, 6.5), Age.DAYS, (4, 1, 1, 1)),
    "accepted": Fate((*_ANSWERED, Step.ACCEPT), (1, 6), Age.DAYS, (2, 1, 1, 1)),
    "silent": Fate(_ANSWERED, (12, 14), Age.DAYS, (1, 0, 1, 0)),
    "settled": Fate((*_ANSWERED, *_SETTLED), (2, 45), Age.DAYS, (76, 28, 21, 17)),
    "unspoken": Fate((*_ANSWERED, Step.SILENCE), (12, 45), Age.DAYS, (34, 13, 10, 8)),
    "second": Fate((*_ANSWERED_AGAIN, *_SETTLED), (8, 45), Age.DAYS, (15, 5, 4, 3)),
}
