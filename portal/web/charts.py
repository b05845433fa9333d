"""The arithmetic of charts: few round ticks, and where everything stands, in hundredths of a frame that has any width."""

import math
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import accumulate, pairwise

from portal.i18n import formats
from portal.i18n.translations import gettext, pgettext

Value = int | float | None
Row = tuple[str, Value, str]
Series = tuple[str, Sequence[Value], Sequence[str]]

INTERVALS = 4
HOURS = (60, 120, 180, 240, 360, 720, 1440, 2880, 4320, 5760)
MINUTES = (1, 2, 5, 10, 15, 30, *HOURS)
# Where columns and lines stand, from the top, and how wide their frame is on the smallest phone and on a sheet.
TOP, PLOT, FOOT = 22, 160, 24
SMALL_TOP, SMALL_PLOT = 18, 56
NARROW, WIDE = 190, 340
SIGN, APART = 7.4, 8
ROW, ROWS_TOP = 46, 4
NAME = 26
MARKED = 31
MARKS = ("M-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z", "M-4-4h8v8h-8z", "M0-5 5 4H-5z", "M0-5.5 5.5 0 0 5.5-5.5 0z",
         "M-4-4 4 4M4-4-4 4", "M-5 0H5M0-5V5")  # fmt: skip
DASHES = ("", "7 4", "2 4", "11 4 2 4", "4 2", "1 3")
HATCHES = ("", "M-2 2 2-2M0 8 8 0M6 10 10 6", "M1 2h2M5 6h2", "M0 0 8 8M8 0 0 8", "M0 2h8M0 6h8", "")


@dataclass(frozen=True)
class Tick:
    """A line of the scale: how far along in hundredths, and its figure."""

    at: float
    word: str


@dataclass(frozen=True)
class Bar:
    """One value: its words, how long it is and where it begins, in hundredths.

    `label_seen` and `word_seen` say where there is room for them: "" everywhere, "wide" on a wide sheet, "never".
    """

    label: str
    short: str
    word: str
    href: str
    length: float
    start: float = 0.0
    middle: float = 0.0
    label_seen: str = ""
    word_seen: str = ""
    tone: int = 0


@dataclass(frozen=True)
class Point:
    """One value of a line: `x` in hundredths of the width, `y` from the top."""

    x: float
    y: float
    label: str
    word: str
    href: str
    marked: bool


@dataclass(frozen=True)
class Line:
    """A series: its points, and the pieces between those that follow each other."""

    name: str
    points: list[Point]
    pieces: list[tuple[Point, Point]]
    end: float
    last: str


@dataclass(frozen=True)
class Pile:
    """The values of all series for one label, one on the other."""

    whole: Bar
    parts: list[Bar]


@dataclass(frozen=True)
class Drawn:
    """A chart, ready to be written down."""

    ticks: list[Tick]
    bars: list[Bar]
    long: bool
    linked: bool
    said: str


def word(value: Value, unit: str) -> str:
    """A value as it stands at its bar; a dash where there is none."""
    if value is None:
        return "–"
    return {
        "minutes": lambda: formats.worked(timedelta(minutes=value)),
        "money": lambda: formats.money(round(value)),
        "share": lambda: f"{value:.0%}",
        "score": lambda: f"{value:.1f}",
    }.get(unit, lambda: f"{value:,}")()


def ticks(values: Iterable[Value], unit: str = "count") -> tuple[float, list[Tick]]:
    """The upper end of the scale and its lines: at most five, round, from zero."""
    known = [value for value in values if value is not None]
    if any(value < 0 for value in known):
        raise ValueError("a chart shows what was counted: never less than nothing")
    step, count = _step(max(known, default=0), unit)
    return step * count, [Tick(100 * place / count, _tick(step * place, step, unit)) for place in range(count + 1)]


def bars(rows: Sequence[Row], unit: str = "count", top: float | None = None) -> Drawn:
    """Rows as bars or columns; `top` is a scale that several charts share."""
    scale, lines = ticks([row[1] for row in rows] if top is None else [top], unit)
    slot = 100 / max(len(rows), 1)
    label_seen = _seen([row[0] for row in rows])
    word_seen = _seen([word(row[1], unit) for row in rows], thin=False)
    highest = max(range(len(rows)), key=lambda place: rows[place][1] or 0, default=0)
    drawn = [
        Bar(label, shortened(label), word(value, unit), href, _length(value, scale), place * slot + slot * 0.14,
            (place + 0.5) * slot, label_seen(place), "" if place == highest else word_seen(place))
        for place, (label, value, href) in enumerate(rows)
    ]  # fmt: skip
    return Drawn(lines, drawn, _long(lines), any(row[2] for row in rows), _said(rows, unit))


def lines(labels: Sequence[str], series: Sequence[Series], unit: str = "count") -> tuple[Drawn, list[Line]]:
    """Several series over the same labels; a line breaks where a value is missing."""
    flat = [value for _name, values, _hrefs in series for value in values]
    scale, marks = ticks(flat, unit)
    seen = _seen(labels)
    slot = 100 / max(len(labels), 1)
    foot = [Bar(label, shortened(label), "", "", 0, middle=(place + 0.5) * slot, label_seen=seen(place))
            for place, label in enumerate(labels)]  # fmt: skip
    drawn = [_line(name, labels, values, hrefs, scale, unit) for name, values, hrefs in series]
    ends = apart([line.points[-1].y if line.points else TOP + PLOT for line in drawn])
    placed = [Line(line.name, line.points, line.pieces, end, line.last) for line, end in zip(drawn, ends, strict=True)]
    rows = [(f"{name}, {label}", value, "") for name, values, _hrefs in series
            for label, value in zip(labels, values, strict=True)]  # fmt: skip
    linked = any(href for _name, _values, hrefs in series for href in hrefs)
    return Drawn(marks, foot, _long(marks), linked, _said(rows, unit)), placed


def stacked(labels: Sequence[str], series: Sequence[Series], unit: str = "count") -> tuple[Drawn, list[Pile]]:
    """Several series, one on the other, over the same labels."""
    columns = list(zip(*(values for _name, values, _hrefs in series), strict=True)) or [()] * len(labels)
    sums: list[Row] = [
        (label, sum(value or 0 for value in column), "") for label, column in zip(labels, columns, strict=True)
    ]
    whole = bars(sums, unit)
    scale, _marks = ticks([row[1] for row in sums], unit)
    piles = []
    for place, (bar, column) in enumerate(zip(whole.bars, columns, strict=True)):
        below = [0.0, *accumulate(_length(value, scale, least=0) for value in column)]
        piles.append(Pile(bar, [
            Bar(bar.label, name, word(value, unit), hrefs[place] if hrefs else "", _length(value, scale, least=0), start,
                tone=number % len(HATCHES) + 1)
            for number, ((name, _values, hrefs), value, start) in enumerate(zip(series, column, below, strict=False))
            if value
        ]))  # fmt: skip
    linked = any(href for _name, _values, hrefs in series for href in hrefs)
    return Drawn(whole.ticks, whole.bars, whole.long, linked, whole.said), piles


def multiples(groups: Sequence[tuple[str, Sequence[Row], str]], unit: str = "count") -> list[tuple[str, str, Drawn]]:
    """A small chart for each group, all on one scale: name, address, chart."""
    top, _marks = ticks([row[1] for _name, rows, _href in groups for row in rows], unit)
    return [(name, href, bars(rows, unit, top)) for name, rows, href in groups]


def table(labels: Sequence[str], series: Sequence[Series]) -> list[tuple[str, list[tuple[Value, str]]]]:
    """The rows of the table beside: for each label its value and address in every series."""
    return [
        (label, [(values[place], hrefs[place] if hrefs else "") for _name, values, hrefs in series])
        for place, label in enumerate(labels)
    ]


def shortened(label: str, room: int = NAME) -> str:
    """A label that fits above its bar on the smallest phone; a Chinese sign takes the room of two letters."""
    used = 0
    for place, letter in enumerate(label):
        used += _wide(letter)
        if used > room:
            return f"{label[: place - 1].rstrip()}…"
    return label


def apart(wanted: Sequence[float], least: float = 16) -> list[float]:
    """Heights as near as possible to those wanted, and no two nearer than a line of text."""
    order = sorted(range(len(wanted)), key=lambda place: wanted[place])
    placed = list(wanted)
    for above, below in pairwise(order):
        placed[below] = max(placed[below], placed[above] + least)
    over = placed[order[-1]] - (TOP + PLOT) if order else 0
    for place in reversed(order) if over > 0 else ():
        placed[place] = min(placed[place], TOP + PLOT - least * (len(order) - 1 - order.index(place)))
    return placed


def y(at: float, small: bool = False) -> float:
    """How far from the top a point of the scale stands."""
    return round(SMALL_TOP + SMALL_PLOT * (1 - at / 100), 2) if small else round(TOP + PLOT * (1 - at / 100), 2)


def _step(highest: float, unit: str) -> tuple[float, int]:
    """How far the ticks stand apart, and how many there are above zero."""
    if unit == "share":
        return 0.25, INTERVALS
    if unit == "score":
        return 1, 5
    for step in MINUTES if unit == "minutes" else ():
        if highest <= step * INTERVALS:
            return step, max(math.ceil(highest / step), 1)
    size = {"minutes": 1440, "money": 100}.get(unit, 1)
    base = size * 10 ** math.floor(math.log10(max(highest / INTERVALS / size, 1)))
    step = next(base * factor for factor in (1, 2, 5, 10) if highest <= base * factor * INTERVALS)
    return step, max(math.ceil(highest / step), 1)


def _tick(value: float, step: float, unit: str) -> str:
    """A figure of the scale, in the unit of its steps."""
    if unit == "minutes":
        return pgettext("span", "%d h") % (value // 60) if step >= 60 else pgettext("span", "%d min") % value
    return f"{value:g}" if unit == "score" else word(value, unit)


def _length(value: Value, scale: float, least: float = 0.6) -> float:
    """A value in hundredths of the scale; what is not nothing can be seen."""
    return max(round(100 * value / scale, 3), least) if value else 0.0


def _line(name: str, labels: Sequence[str], values: Sequence[Value], hrefs: Sequence[str], scale: float, unit: str) -> Line:
    slot, every = 100 / max(len(labels), 1), math.ceil(len(labels) / MARKED)
    points: list[Point | None] = [
        None if value is None else Point(
            round((place + 0.5) * slot, 3), y(100 * value / scale), label, word(value, unit), hrefs[place] if hrefs else "",
            place % every == 0)
        for place, (label, value) in enumerate(zip(labels, values, strict=True))
    ]  # fmt: skip
    pieces = [(one, two) for one, two in pairwise(points) if one and two]
    there = [point for point in points if point]
    return Line(name, there, pieces, 0, there[-1].word if there else "")


def _seen(words: Sequence[str], thin: bool = True) -> Callable[[int], str]:
    """Whether the word of a column is seen: "" always, "wide" where there is room, "never".

    Labels are thinned to every so many; values are shown all or not at all.
    """
    room = max((sum(map(_wide, each)) * SIGN + APART for each in words), default=1)
    wide = math.ceil(len(words) * room / WIDE)
    narrow = wide * math.ceil(len(words) * room / NARROW / max(wide, 1))

    def seen(place: int) -> str:
        if not thin:
            return "" if narrow <= 1 else "wide" if wide <= 1 else "never"
        return "" if place % max(narrow, 1) == 0 else "wide" if place % max(wide, 1) == 0 else "never"

    return seen


def _said(rows: Sequence[Row], unit: str) -> str:
    """What a chart shows, in a sentence."""
    known = [(value, label) for label, value, _href in rows if value is not None]
    if not any(value for value, _label in known):
        return gettext("Nothing was counted.")
    value, label = max(known, key=lambda one: one[0])
    return gettext("The highest: %(label)s, %(value)s.") % {"label": label, "value": word(value, unit)}


def _long(marks: Sequence[Tick]) -> bool:
    """Whether the figures of a scale need more room than usual."""
    return max(sum(map(_wide, mark.word)) for mark in marks) > 5


def _wide(letter: str) -> int:
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1
