"""Who visits the four houses, when, and how each visit goes: as far as it has gone by now.

A life is drawn whole, from the booking to the thanks afterwards, and told up to the present: what was booked for
tomorrow has been confirmed, and who came ten minutes ago waits.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from portal.demo.lines import ZONE
from portal.demo.offers import Offer, Offered, Words
from portal.demo.scenes import Desk
from portal.domain.bookings.tables import Salutation

SEED = 11
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ENGLISH = 0.12
PAST, EVERY = 41, 5  # since so many days there has been a visit every few days
AHEAD = (1, 1, 2, 3, 4, 5)  # days from today


class Step(StrEnum):
    """What is done for a visit, or by the visitor."""

    BOOK = "book"
    CONFIRM = "confirm"
    DECLINE = "decline"
    PROPOSE = "propose"
    CHANGE = "change"
    ACCEPT = "accept"
    MOVE = "move"
    CANCEL = "cancel"
    MISS = "miss"
    PREPARE = "prepare"
    READY = "ready"
    COME = "come"
    NUMBER = "number"
    CALL = "call"
    SERVE = "serve"
    NOTE = "note"
    ASK = "ask"
    ANSWER = "answer"
    TALK = "talk"
    FINISH = "finish"
    PARK = "park"
    LEAVE = "leave"
    SEE_OFF = "see-off"
    SUMMARY = "summary"
    THANK = "thank"


class Fate(StrEnum):
    """How a visit goes, if it goes that far."""

    KEPT = "kept"
    PROPOSED = "proposed"
    CHANGED = "changed"
    MOVED = "moved"
    CANCELLED = "cancelled"
    DECLINED = "declined"
    MISSED = "missed"
    FRESH = "fresh"  # nobody has answered yet
    ASKED = "asked"  # the visitor has not answered what was proposed
    ALTERED = "altered"  # nor what was changed


# Of the visits in the past, and of those to come, in their turn.
LIVED = (Fate.KEPT, Fate.DECLINED, Fate.MISSED, Fate.PROPOSED, Fate.CANCELLED, Fate.CHANGED, Fate.MOVED, Fate.KEPT,
         Fate.KEPT)  # fmt: skip
COMING = (Fate.FRESH, Fate.KEPT, Fate.ASKED, Fate.ALTERED, Fate.FRESH, Fate.KEPT)
BY_ITSELF = frozenset({Fate.KEPT, Fate.MISSED, Fate.CANCELLED})  # what may become of one that is confirmed by itself
ELSEWHEN = frozenset({Fate.PROPOSED, Fate.CHANGED, Fate.MOVED, Fate.ASKED, Fate.ALTERED})


@dataclass(frozen=True)
class Visitor:
    """Somebody who comes."""

    name: str
    salutation: Salutation
    phone: str
    lang: str
    company: str


@dataclass(frozen=True)
class Visit:
    """One visit: what for, by whom, and when; `other` is another time of the same day. `turn` counts those of the house."""

    slug: str
    kind: str
    turn: int
    visitor: Visitor
    people: int
    purpose: str
    begins_at: datetime
    other: datetime | None
    odd: bool
    steps: tuple[tuple[datetime, Step], ...]


def drawn(offers: dict[str, Offer], words: Words, desk: Desk, *, now: datetime) -> list[Visit]:
    """All visits of all houses."""
    luck = random.Random(SEED)  # noqa: S311  # a story, not a secret
    people = _people(desk, words, luck)
    told: list[Visit] = []
    for slug, offer in offers.items():
        house = _House(slug, offer, luck, people, now)
        told += house.booked()
        told += house.walked_in()
    return told


def _people(desk: Desk, words: Words, luck: random.Random) -> Iterator[Visitor]:
    """New people, without an end."""
    number = 0
    while True:
        number += 1
        english = luck.random() < ENGLISH
        name = luck.choice(desk.visitors) if english else luck.choice(desk.guests)[0] + luck.choice(desk.guests)[1:]
        yield Visitor(name, luck.choice(list(Salutation)), f"+86139{1000 + number * 7:08d}", "en" if english else "zh-CN",
                      luck.choice(words.companies))  # fmt: skip


class _House:
    """The visits of a house as they are drawn; rooms and people are with one party at a time."""

    def __init__(self, slug: str, offer: Offer, luck: random.Random, people: Iterator[Visitor], now: datetime) -> None:
        self._slug, self._offer, self._luck, self._people, self._now = slug, offer, luck, people, now
        self._today = now.astimezone(ZONE).date()
        self._busy: list[tuple[datetime, datetime]] = []
        self._turn = 0

    def booked(self) -> list[Visit]:
        """What was booked: what is on now first, then the days one after the other."""
        agreed = [one for one in self._offer.type if not one.instant]
        kinds = [one for one in self._offer.type if one.code != "counter"]
        lived, coming = _round(LIVED), _round(COMING)
        found = [self._now_on(agreed[0], -25), self._now_on(agreed[0], 3), self._on(agreed[0], self._today - DAY, Fate.KEPT)]
        for days in (*AHEAD, 0, 0, *range(-PAST, 0, EVERY)):
            fate = next(coming) if days > 0 else next(lived) if days else Fate.KEPT
            kind = self._luck.choice(kinds if fate in BY_ITSELF else agreed)
            found.append(self._on(kind, self._today + days * DAY, fate))
        return [one for one in found if one is not None]

    def walked_in(self) -> list[Visit]:
        """Who took a number: some every few days, a few more today, and those who are there now."""
        kinds = [one for one in self._offer.type if one.letter]
        kinds.sort(key=lambda one: one.code != "counter")
        found: list[Visit] = []
        for days in range(-PAST, 0, EVERY):
            kind = kinds[days % 2 % len(kinds)]
            at = _instant(self._today + days * DAY, self._luck.choice(kind.beginnings()))
            found.append(self._walk(kind, at, Step.FINISH))
        earlier = ((200, Step.FINISH), (165, Step.LEAVE), (130, Step.FINISH), (95, Step.FINISH))
        found += [self._walk(kinds[0], self._ago(minutes), last) for minutes, last in earlier]
        there = (
            (kinds[0], 44, Step.PARK), (kinds[0], 24, Step.SERVE), (kinds[0], 17, Step.CALL), (kinds[-1], 13, Step.NUMBER),
            (kinds[0], 11, Step.NUMBER), (kinds[-1], 8, Step.NUMBER), (kinds[0], 6, Step.NUMBER), (kinds[0], 2, Step.NUMBER),
        )  # fmt: skip
        return found + [self._walk(kind, self._ago(minutes), last) for kind, minutes, last in there]

    def _now_on(self, kind: Offered, minutes: int) -> Visit | None:
        """A visit that begins about now, whatever the hours."""
        at = self._ago(-minutes)
        at = at.replace(minute=at.minute // 5 * 5, second=0, microsecond=0)
        return self._visit(kind, at, None, Fate.KEPT)

    def _on(self, kind: Offered, day: date, fate: Fate) -> Visit | None:
        """A visit on a day, and another time for it; none where the day is taken."""
        free = [at for minute in kind.beginnings() if self._free(kind, at := _instant(day, minute))]
        if not free:
            return None
        at = free[self._luck.randrange(len(free))]
        apart = [one for one in free if abs(one - at) >= (kind.minutes + kind.buffer) * MINUTE]
        other = apart[-1] if apart and fate in ELSEWHEN else None
        return self._visit(kind, at, other, fate if other or fate not in ELSEWHEN else Fate.KEPT)

    def _visit(self, kind: Offered, at: datetime, other: datetime | None, fate: Fate) -> Visit:
        local = at.astimezone(ZONE)
        odd = local.hour * 60 + local.minute not in kind.beginnings()
        self._turn += 1
        self._busy += [(one, one + (kind.minutes + kind.buffer) * MINUTE) for one in (at, other) if one and not kind.instant]
        steps = self._life(kind, at, other, fate)
        many = self._luck.randint(1, min(6, kind.most))
        return Visit(
            self._slug, kind.code, self._turn, next(self._people), many, self._luck.choice(kind.purposes), at, other, odd,
            tuple(one for one in steps if one[0] < self._now),
        )  # fmt: skip

    def _life(self, kind: Offered, at: datetime, other: datetime | None, fate: Fate) -> Iterator[tuple[datetime, Step]]:
        """Every step of a booked visit."""
        luck = self._luck
        made = min(at - luck.uniform(2, 6) * DAY, self._now - luck.uniform(1.2, 2) * DAY)
        if fate is Fate.FRESH:
            made = self._now - luck.uniform(8, 300) * MINUTE
        yield made, Step.BOOK
        if fate in (Fate.FRESH, Fate.DECLINED):
            yield from [(made + 3 * HOUR, Step.DECLINE)] if fate is Fate.DECLINED else []
            return
        if fate in (Fate.PROPOSED, Fate.ASKED):
            yield made + 1.5 * HOUR, Step.PROPOSE
            if fate is Fate.ASKED:
                return
            yield made + 4 * HOUR, Step.ACCEPT
        if not kind.instant:
            yield made + 5 * HOUR, Step.CONFIRM
        if fate in (Fate.CHANGED, Fate.ALTERED):
            yield made + 8 * HOUR, Step.CHANGE
            if fate is Fate.ALTERED:
                return
            yield made + 10 * HOUR, Step.ACCEPT
        if fate in (Fate.MOVED, Fate.CANCELLED):
            yield made + 12 * HOUR, Step.MOVE if fate is Fate.MOVED else Step.CANCEL
        if fate is not Fate.CANCELLED:
            yield from self._day(kind, other or at, missed=fate is Fate.MISSED)

    def _day(self, kind: Offered, at: datetime, *, missed: bool) -> Iterator[tuple[datetime, Step]]:
        """The day itself, and what comes after."""
        luck = self._luck
        if not kind.instant or at > self._now - DAY:
            yield at - 20 * HOUR, Step.PREPARE
            yield at - 20 * MINUTE, Step.READY
        if missed:
            yield at + 14 * MINUTE, Step.MISS
            return
        came = at - luck.uniform(2, 9) * MINUTE
        yield came, Step.COME
        called = came + luck.uniform(1, 6) * MINUTE
        yield called, Step.CALL
        yield called + luck.uniform(0.4, 2) * MINUTE, Step.SERVE
        ended = called + kind.minutes * luck.uniform(0.6, 0.9) * MINUTE
        if not kind.instant:
            yield called + 10 * MINUTE, Step.NOTE
            yield from [(ended - MINUTE, Step.ASK), (ended + 5 * HOUR, Step.ANSWER)] if self._turn % 5 == 0 else []
            yield from [(ended - MINUTE / 2, Step.TALK)] if kind.code == "tour" and self._now - at < 2 * DAY else []
        yield ended, Step.FINISH
        yield ended + 3 * MINUTE, Step.SEE_OFF
        yield ended + luck.uniform(10, 40) * MINUTE, Step.SUMMARY
        yield ended + luck.uniform(20, 30) * HOUR, Step.THANK

    def _walk(self, kind: Offered, came: datetime, last: Step) -> Visit:
        """Somebody who takes a number, up to a last step."""
        luck = self._luck
        self._turn += 1
        called = came + luck.uniform(1, 6) * MINUTE
        whole = [(came, Step.NUMBER), (called, Step.CALL), (called + MINUTE, Step.SERVE),
                 (called + MINUTE + kind.minutes * luck.uniform(0.5, 1) * MINUTE, Step.FINISH)]  # fmt: skip
        if last is Step.LEAVE:
            steps = [whole[0], (came + 20 * MINUTE, last)]
        elif last is Step.PARK:
            steps = [*whole[:3], (called + 4 * MINUTE, last)]
        else:
            order = [step for _at, step in whole]
            steps = whole[: order.index(last) + 1]
        if last in (Step.CALL, Step.SERVE):  # just now
            steps[1] = (self._now - (1.2 if last is Step.CALL else 8) * MINUTE, Step.CALL)
            steps[2:] = [(self._now - 7 * MINUTE, Step.SERVE)] if last is Step.SERVE else []
        return Visit(
            self._slug, kind.code, self._turn, next(self._people), luck.randint(1, min(4, kind.most)), "", came, None, False,
            tuple(one for one in steps if one[0] < self._now),
        )  # fmt: skip

    def _ago(self, minutes: float) -> datetime:
        return self._now - minutes * MINUTE

    def _free(self, kind: Offered, at: datetime) -> bool:
        ends = at + (kind.minutes + kind.buffer) * MINUTE
        return kind.instant or not any(begun < ends and over > at for begun, over in self._busy)


def _instant(day: date, minute: int) -> datetime:
    return datetime.combine(day, time(minute // 60, minute % 60), ZONE).astimezone(UTC)


def _round(fates: tuple[Fate, ...]) -> Iterator[Fate]:
    while True:
        yield from fates
