"""`make bench`: every figure, on both engines, written down as bench/RESULTS.md.

`python -m bench --small` tries the benchmark itself; `python -m bench queue live` measures these alone; neither writes.
"""

import os
import sys
import time
from collections.abc import Callable

from bench import ground as grounds
from bench.ground import ENGINES, KEYS, Ground
from bench.results import Figure

os.environ.update(KEYS)  # the form tokens that the bench issues are the portal's own

from bench import (
    calendars,
    exports,
    filing,
    live,
    machine,
    queue,
    renewal,
    reports,
    results,
    search,
    sizes,
    start,
    visits,
    weight,
)  # fmt: skip
from bench.sizes import Sizes

Measure = Callable[[Ground, str, Sizes], tuple[list[Figure], list[str]]]
FIGURES: dict[str, Measure] = {
    "queue": queue.measure, "filing": filing.measure, "weight": weight.measure, "live": live.measure, "start": start.measure,
    "calendars": calendars.measure, "renewal": renewal.measure, "reports": reports.measure, "exports": exports.measure,
    "search": search.measure, "visits": visits.measure,
}  # fmt: skip


def main(words: list[str]) -> None:
    """Measure what was asked for, and say what was found as it comes."""
    chosen, size = [word for word in words if word in FIGURES], sizes.SMALL if "--small" in words else sizes.WHOLE
    began, figures, notes = time.monotonic(), [], []
    with grounds.ground() as ground:
        for name in chosen or FIGURES:
            for engine in ENGINES:
                found, said = FIGURES[name](ground, engine, size)
                figures += found
                notes += said
                _say([*(figure.row for figure in found), *said, f"({name}, {time.monotonic() - began:.0f} s)"])
        about = machine.described(ground)
    if not words:
        results.write(figures, notes, about=about, seconds=time.monotonic() - began)
        _say([f"Written to {results.PAGE}."])


def _say(lines: list[str]) -> None:
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(sys.argv[1:])
