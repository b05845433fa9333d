"""The time line of one complaint: every deed of its fate, at an hour when people are awake."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from portal.demo import beats
from portal.demo.beats import CUSTOMERS, HANDLING, Act, Beat
from portal.demo.fates import Fate, Step
from portal.demo.scenes import Book, House, Scene
from portal.domain.complaints.rules import way
from portal.domain.complaints.tables import Kind

ZONE = ZoneInfo("Asia/Shanghai")
TRIES = 40  # that keep to the hours of the house; those after them do not


def drawn(house: House, scene: Scene, fate: Fate, filer: str, book: Book, *, seed: str, now: datetime) -> tuple[Beat, ...]:
    """The deeds of a fate up to now, and the looks at its clocks where they find something."""
    luck = random.Random(seed)  # noqa: S311  # a story, not a secret
    whole = beats.hours(scene)
    tries = 0
    while True:
        tries += 1
        line = _Line(house, scene, filer, book, luck, fate, awake=tries <= TRIES)
        line.begin(now - beats.age(fate, whole, luck))
        for step in fate.steps:
            line.go(step)
        if line.fits(now) or tries > 50 * TRIES:
            break
    if not line.fits(now):
        raise RuntimeError(f"the fate {fate} of {scene.bodies[0]!r} does not fit into its time")
    return tuple(line.beats + beats.looks(line.beats, whole, now, luck))


class _Line:
    """A time line as it is drawn."""

    def __init__(
        self, house: House, scene: Scene, filer: str, book: Book, luck: random.Random, fate: Fate, *, awake: bool
    ) -> None:
        self._house, self._scene, self._filer, self._luck, self._awake = house, scene, filer, luck, awake
        self._words, self._desk, self._fate, self._hours = book.of(scene.lang), book.desk, fate, beats.hours(scene)
        self._owner, self._again, self._in_time = "", False, True
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

    def fits(self, now: datetime) -> bool:
        """Whether everything has happened by now, in time where it should be, and nobody filed at a closed house."""
        filed = self.beats[0].at
        if self._at > now - timedelta(seconds=20) or not self._in_time:
            return False
        if self._awake and now - filed > timedelta(hours=12) and self._opening(filed) != filed:
            return False
        waits = not any(beat.act is Act.ANSWER and beat.at > self._round for beat in self.beats)
        return not waits or not self._fate.punctual or now - self._round < 0.78 * self._hours

    def _claim(self) -> None:
        mine = self._filer in HANDLING and self._luck.random() < 0.5 and not self._for_managers
        self._owner = self._filer if mine else self._handler()
        delay = (0.5, 5) if mine else (32, 110) if self._luck.random() < 0.12 else (2, 23)
        self._do(Act.CLAIM, *delay, by=self._owner)
        if self._luck.random() < 0.45:
            self._do(Act.TELL, 1, 8, by=self._owner, words=self._luck.choice(self._words.told))
            if self._luck.random() < 0.4:
                self._do(Act.WRITE, 3, 50, words=self._luck.choice(self._words.replies))
        self._maybe_note(0.3)

    def _triage(self) -> None:
        self._do(Act.TRIAGE, 3, 40, by=self._owner)
        chance = self._luck.random()
        for _time in range(3 if chance < 0.03 else chance < 0.2):
            to = self._handler(other_than=self._owner)
            self._do(Act.HAND, 3, 40, by=self._owner, to=to, words=self._luck.choice(self._desk.handovers))
            self._owner = to

    def _release(self) -> None:
        self._do(Act.RELEASE, 10, 50, by=self._owner, words=self._luck.choice(self._desk.releases))
        self._owner = ""

    def _plan(self) -> None:
        if way.needs_plan(self._scene.kind):
            self._do(Act.PLAN, 8, 90, by=self._owner)
            self._maybe_note(0.25)

    def _answer(self) -> None:
        if self._luck.random() < 0.18:
            self._do(Act.WRITE, 20, 120, words=self._luck.choice(self._words.written))
            self._do(Act.TELL, 3, 50, by=self._owner, words=self._luck.choice(self._words.told))
        slow = not self._again and self._luck.random() < 0.08
        share = self._luck.uniform(1.05, 1.5) if slow else self._luck.uniform(0.06, 0.7)
        left = max((self._round + self._hours * share - self._at) / timedelta(minutes=1), 20)
        words = self._scene.reply
        if self._again:
            words = self._words.again[0] if self._owner == "manager" else self._luck.choice(self._words.again[1:])
        self._do(Act.ANSWER, left, left + 61, by=self._owner, words=words)
        self._in_time = self._in_time and (slow or self._at < self._round + 0.97 * self._hours)
        if self._luck.random() < 0.12:
            self._do(Act.WRITE, 10, 300, words=self._luck.choice(self._words.after))

    def _accept(self) -> None:
        self._do(Act.ACCEPT, 15, 2400)

    def _reject(self) -> None:
        self._do(Act.REJECT, 20, 1200, words=self._luck.choice(self._words.rejections))
        self._owner, self._round = "", self._at

    def _go_again(self) -> None:
        self._again = True
        if self._luck.random() < 0.6:
            self._do(Act.CLAIM, 8, 180, by="manager")
            self._owner = "manager"
        else:
            self._owner = self._handler(other_than="manager")
            words = self._luck.choice(self._desk.assigned)
            self._do(Act.HAND, 8, 180, by="manager", to=self._owner, words=words)

    def _close(self) -> None:
        self._do(Act.CLOSE, 10, 900, by=self._owner)

    def _fall_silent(self) -> None:
        self._do(Act.CLOSE, 7 * 1440 + 60, 7 * 1440 + 1800, by=self._owner)

    def _rate(self) -> None:
        if self._luck.random() < 0.7:
            score = self._luck.choices((5, 4, 3, 2, 1), (30, 30, 20, 12, 8) if self._again else (50, 28, 12, 6, 4))[0]
            said = self._words.praise if score > 3 else self._words.middling if score == 3 else self._words.blame
            self._do(Act.RATE, 5, 2000, words=self._luck.choice(said), score=score)

    def _maybe_note(self, chance: float) -> None:
        if self._luck.random() < chance:
            self._do(Act.NOTE, 2, 25, by=self._owner, words=self._luck.choice(self._desk.notes))

    def _handler(self, *, other_than: str = "") -> str:
        """Somebody whose business it is."""
        if self._for_managers and other_than != "manager":
            return "manager"
        unit = self._house.categories[self._scene.category][0].value
        grave = self._scene.severity == "severe" or self._scene.kind in (Kind.DISPUTE, Kind.REPORT)
        weights = {"desk": 4, "desk2": 3, "manager": 4 if grave else 1}
        weights[unit] = weights.get(unit, 0) + 6
        weights.pop(other_than, None)
        return self._luck.choices(list(weights), list(weights.values()))[0]

    @property
    def _for_managers(self) -> bool:
        """Whether only a manager sees it, until he hands it to somebody."""
        return self._scene.kind is Kind.REPORT

    def _do(self, act: Act, low: float, high: float, *, by: str = "", words: str = "", to: str = "", score: int = 0) -> None:
        """One deed more, so many minutes later; whoever takes long does it when he is awake."""
        at = self._at + timedelta(minutes=self._luck.uniform(low, high))
        if self._awake and high > 60:
            at = self._hour(at, 7, 23) if act in CUSTOMERS else self._opening(at)
        self._at = at
        self.beats.append(Beat(at, act, by, words, to, score))

    def _opening(self, at: datetime) -> datetime:
        return self._hour(at, self._house.opens, self._house.closes)

    def _hour(self, at: datetime, opens: int, closes: int) -> datetime:
        """The instant itself, or soon after the next opening."""
        local = at.astimezone(ZONE)
        if opens <= local.hour < closes:
            return at
        morning = local.replace(hour=opens, minute=0) + timedelta(days=local.hour >= closes)
        return (morning + timedelta(minutes=self._luck.uniform(2, 50))).astimezone(at.tzinfo)
