"""Who writes what to which house, by which way and with which fate: always the same, whenever it is told."""

import random
from dataclasses import dataclass
from datetime import datetime

from portal.demo import asks, lines, plots
from portal.demo.beats import Beat
from portal.demo.fates import FATES, Fate
from portal.demo.scenes import Book, House, Plot, Scene
from portal.domain.complaints.rules import way
from portal.domain.complaints.tables import Channel, Kind

SEED = 7
ENGLISH = 0.15
PICTURED = 6
# The way a complaint comes, who takes it down, and how often out of a hundred or so.
WAYS = (
    (Channel.PORTAL, "", 62), (Channel.DESK, "desk", 7), (Channel.DESK, "desk2", 6), (Channel.PHONE, "desk", 5),
    (Channel.PHONE, "desk2", 5), (Channel.VISIT, "sales", 3), (Channel.VISIT, "floor", 2), (Channel.EMAIL, "desk2", 4),
    (Channel.SOCIAL, "sales", 3), (Channel.LETTER, "manager", 1), (Channel.MAILBOX, "desk", 2), (Channel.DESK, "guard", 3),
)  # fmt: skip


@dataclass(frozen=True)
class Guest:
    """Somebody who complains."""

    name: str
    phone: str
    email: str


@dataclass(frozen=True)
class Filing:
    """What is typed into the form."""

    kind: Kind
    category: str
    body: str
    wish: str
    place: str
    guest: Guest | None
    channel: Channel
    filer: str


@dataclass(frozen=True)
class Tale:
    """One complaint from its filing to wherever it is now."""

    house: House
    scene: Scene
    filing: Filing
    photos: int
    beats: tuple[Beat, ...]


def tales(houses: list[House], book: Book, *, now: datetime) -> list[Tale]:
    """All of them. What is chosen does not depend on `now`; only when it happens does."""
    luck = random.Random(SEED)  # noqa: S311  # a story, not a secret
    guests = _Guests(book, luck)
    told: list[Tale] = []
    pictures = 0
    for place, house in enumerate(houses):
        for fate, scene, body in _cast(house, place, luck):
            filing = _filing(house, scene, body, book, guests, luck)
            shown = bool(scene.picture) and filing.channel is Channel.PORTAL and pictures < PICTURED
            pictures += shown
            beats = lines.drawn(house, scene, fate, filing.filer, book, seed=f"{SEED} {len(told)}", now=now)
            beats += asks.drawn(beats, book.desk.tasks, seed=f"{SEED} ask {len(told)}", now=now)
            told.append(Tale(house, scene, filing, luck.randint(1, 2) if shown else 0, beats))
    for house in houses:
        for plot in house.plot:
            steps = plots.drawn(plot, seed=f"{SEED} {len(told)}", now=now)
            told.append(Tale(house, plot, _plotted(house, plot, guests, luck), 0, steps))
    return told


def _cast(house: House, place: int, luck: random.Random) -> list[tuple[Fate, Scene, str]]:
    """Each fate of a house with a scene; the scenes take turns, and so do their words."""
    fates = [fate for fate in FATES.values() for _one in range(fate.many[place])]
    luck.shuffle(fates)
    english = set(luck.sample(range(len(fates)), round(ENGLISH * len(fates))))
    decks = {lang: [scene for scene in house.scene if (scene.lang == "en") is lang] for lang in (True, False)}
    bodies = {id(scene): luck.sample(scene.bodies, len(scene.bodies)) for scene in house.scene}
    for deck in decks.values():
        luck.shuffle(deck)
    found = []
    for number, fate in enumerate(fates):
        deck = decks[number in english]
        fitting = [scene for scene in deck if not fate.laborious or way.needs_plan(scene.kind)]
        scene = next((scene for scene in fitting if fate.grave and scene.severity == "severe"), fitting[0])
        deck.remove(scene)
        deck.append(scene)
        words = bodies[id(scene)]
        words.append(words.pop(0))
        found.append((fate, scene, words[-1]))
    return found


def _filing(house: House, scene: Scene, body: str, book: Book, guests: "_Guests", luck: random.Random) -> Filing:
    channel, filer, _weight = luck.choices(WAYS, [weight for *_way, weight in WAYS])[0]
    typed, shown = _spot(house, scene, luck)
    closer = _closer(scene, book, luck) if luck.random() < 0.35 else ""
    return Filing(
        kind=scene.kind if luck.random() < 0.88 else Kind.COMPLAINT,
        category=luck.choices((scene.category, "", "other"), (78, 15, 7))[0],
        body=body.format(place=shown) + closer,
        wish=scene.wish if luck.random() < 0.7 else "",
        place=typed if luck.random() < 0.92 else "",
        guest=guests.one(house, scene, channel),
        channel=channel,
        filer=filer,
    )


def _plotted(house: House, plot: Plot, guests: "_Guests", luck: random.Random) -> Filing:
    """What is typed for a plot, as it stands."""
    channel = Channel.DESK if plot.filer else Channel.PORTAL
    typed, shown = _spot(house, plot, luck)
    return Filing(
        kind=plot.kind, category=plot.category, body=plot.bodies[0].format(place=shown), wish=plot.wish, place=typed,
        guest=guests.one(house, plot, channel), channel=channel, filer=plot.filer,
    )  # fmt: skip


def _closer(scene: Scene, book: Book, luck: random.Random) -> str:
    """A last sentence: who asks or proposes something is grateful, who complains wants it looked into."""
    words = book.of(scene.lang)
    asks = scene.kind in (Kind.ENQUIRY, Kind.SUGGESTION, Kind.REQUEST)
    return (" " if scene.lang == "en" else "") + luck.choice(words.thanks if asks else words.closers)


def _spot(house: House, scene: Scene, luck: random.Random) -> tuple[str, str]:
    """A place as it is typed, and as a sentence names it."""
    where = luck.choice(scene.where)
    fitting = [spot for spot in house.spots() if where in (spot.code, spot.kind.value)]
    if not fitting:
        return where, where
    spot = luck.choice(fitting)
    return spot.code, spot.en if scene.lang == "en" else spot.zh


class _Guests:
    """The people who complain: mostly new ones, now and then one who has been there before."""

    def __init__(self, book: Book, luck: random.Random) -> None:
        self._book, self._luck, self._count = book.desk, luck, 0
        self._known: dict[tuple[str, str], list[Guest]] = {}

    def one(self, house: House, scene: Scene, channel: Channel) -> Guest | None:
        """Whoever complains this time; nobody where it is anonymous."""
        hidden = 0.5 if scene.kind is Kind.REPORT or channel is Channel.MAILBOX else 0.06
        if self._luck.random() < hidden:
            return None
        known = self._known.setdefault((house.slug, scene.lang), [])
        if known and self._luck.random() < 0.15:
            return self._luck.choice(known)
        known.append(self._new(scene, by_mail=channel is Channel.EMAIL))
        return known[-1]

    def _new(self, scene: Scene, *, by_mail: bool) -> Guest:
        self._count += 1
        name, email = self._chinese() if scene.lang != "en" else self._foreign()
        phone = f"138 0000 {1000 + self._count * 23}"
        by_mail = by_mail or self._luck.random() < 0.1
        mailed = by_mail or self._luck.random() < 0.12
        return Guest(name if self._luck.random() < 0.92 else "", "" if by_mail else phone, email if mailed else "")

    def _chinese(self) -> tuple[str, str]:
        surname, given = self._luck.choice(self._book.guests)[0], self._luck.choice(self._book.guests)[1:]
        return surname + given, f"guest{self._count:03d}@example.cn"

    def _foreign(self) -> tuple[str, str]:
        name = self._luck.choice(self._book.visitors)
        return name, f"{name.lower().replace(' ', '.')}@example.com"
