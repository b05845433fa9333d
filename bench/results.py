"""What a run found: figures beside their targets, on one page with the machine and the commit."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.ground import ENGINES

PAGE = Path(__file__).with_name("RESULTS.md")
HEAD = """# Benchmark

Written by `make bench`; do not edit. Each ratio was measured side by side in one run: A, B, A, B …, medians.

{about}

| what | engine | target | figure | | in detail |
|---|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Figure:
    """One figure, and whether it is what it should be; without a target it only informs."""

    what: str
    engine: str
    value: float
    unit: str = ""
    least: float | None = None
    most: float | None = None
    detail: str = ""

    @property
    def target(self) -> str:
        if self.least is not None:
            return f"≥ {self.least:g}{self.unit}"
        return f"≤ {self.most:g}{self.unit}" if self.most is not None else "–"

    @property
    def verdict(self) -> str:
        if self.least is None and self.most is None:
            return ""
        met = (self.least is None or self.value >= self.least) and (self.most is None or self.value <= self.most)
        return "meets" if met else "**falls short**"

    @property
    def row(self) -> str:
        figure = f"{shown(self.value)}{self.unit}"
        cells = self.what, ENGINES.get(self.engine, "–"), self.target, figure, self.verdict, self.detail
        return f"| {' | '.join(cells)} |"


WHY = """
## Why filing falls short

A filing is one honest transaction of some fourteen statements (the form's token, the person, the number, item, facts,
three clocks, event, words), each awaited; the bare handler sends one through the raw driver. Its reads and its inserts
are plain SQL put together once, since Piccolo took longer to build them than the database to answer. What remains is
mostly the way to the database and back, once for each statement, beside reading the form, sealing, and the guards. Two
triggers leave a mark each, for the figures and for the search, which are brought up to date by whoever asks next.

## Why start-up falls short

The portal has 300 files of its own and 48 tables where it had 135 and 20 when start-up met its target, for clocks, shared
work, kinds, confidentiality, figures, exports and search. Some 80 ms of what it imports are `black`, which Piccolo's
configuration of an app asks for (`piccolo.conf.apps`) and the portal never uses; the rest is spread thin.
"""


def shown(value: float) -> str:
    """A figure with three digits that say something."""
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def milliseconds(seconds: Sequence[float]) -> str:
    """The median of some times, and the spread of their middle half."""
    low, middle, high = statistics.quantiles(seconds, n=4)
    return f"{middle * 1000:.3g} ms ({low * 1000:.3g}–{high * 1000:.3g})"


def write(figures: Sequence[Figure], notes: Sequence[str], *, about: str, seconds: float) -> None:
    """Write the page."""
    head = HEAD.format(about=f"{about} The run took {seconds / 60:.1f} minutes.")
    text = head + "\n".join(figure.row for figure in figures)
    short = any(figure.what.startswith("Filing") and figure.verdict != "meets" for figure in figures)
    PAGE.write_text("\n\n".join([text, *notes, *([WHY.strip()] if short else [])]) + "\n", encoding="utf-8")
