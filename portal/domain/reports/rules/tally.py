"""Counting facts: how many of each, and how long it took, exactly, whatever their number."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.domain.reports.rules.cuts import CLOCKS, THURSDAY
from portal.domain.reports.rules.ranges import Range
from portal.domain.sites.rules.calendar import DAY

HALF = 30
BETWEEN = "/"  # stands in no code
LATE = "coalesce(f.resolve_late, 2)"
IN_TIME, TOO_LATE, NOT_DUE = "0", "1", "2"
# What is counted together, by name: each a text of codes.
CROSSED: dict[str, dict[str, str]] = {
    "sort": {"kind": "f.kind", "severity": "f.severity", "channel": "f.channel", "cause": "f.cause"},
    "subject": {"category": "f.category", "late": LATE, "weekday": f"(((f.{{by}} - {{begins}}) / {DAY} + {THURSDAY}) % 7)"},
    "work": {"clerk": "f.clerk", "late": LATE},
}
# Whose every value is counted: columns of their own, so that a hundred thousand rows need no object each.
TIMES = {f"{clock}_{part}": f"f.{clock}_{part}" for clock in CLOCKS for part in ("own", "wall")}
COUNTED = {
    **{name: f" || '{BETWEEN}' || ".join(codes.values()) for name, codes in CROSSED.items()},
    "place": "f.place", "half": f"f.{{by}} / {HALF}", "rating": "f.rating", **TIMES,
}  # fmt: skip
# Of which only the sum is asked.
LATENESS = {f"{clock}_{word}": f"sum(CASE WHEN f.{clock}_late = {truth} THEN 1 ELSE 0 END)"
            for clock in CLOCKS for word, truth in (("intime", 0), ("late", 1))}  # fmt: skip
MEASURES = ("reopened", "handoffs", "fen", "satisfied", "helped", "unhelped", "pending")
SUMMED = {
    "many": "count(*)", "open": "sum(CASE WHEN f.closed IS NULL THEN 1 ELSE 0 END)",
    **{name: f"sum(f.{name})" for name in MEASURES}, "compensated": "count(f.fen)", "asked": "count(f.satisfied)",
    **{f"{name}_some": f"sum(CASE WHEN f.{name} > 0 THEN 1 ELSE 0 END)" for name in ("helped", "unhelped", "pending")},
    **LATENESS,
}  # fmt: skip


@dataclass
class Tally:
    """What was counted in a range: each value with how often it was there, sums, and by kind what is no complaint."""

    days: Range
    of: dict[str, Counter[Any]] = field(default_factory=lambda: {name: Counter() for name in COUNTED})
    sum: Counter[str] = field(default_factory=Counter)
    others: Counter[str] = field(default_factory=Counter)

    @property
    def many(self) -> int:
        """How many complaints there are."""
        return self.sum["many"]

    def add(self, columns: Mapping[str, Sequence[Any]], sums: Mapping[str, int | None]) -> None:
        """Count some facts."""
        for name, values in columns.items():
            self.of[name].update(values)
        self.sum.update({name: value for name, value in sums.items() if value})

    def by(self, *names: str) -> Counter[Any]:
        """How many of each code, or of each pair of codes that are counted together."""
        for cross, codes in CROSSED.items():
            if codes.keys() >= set(names):
                places = [list(codes).index(name) for name in names]
                return self._along(cross, places)
        return self.of[names[0]]

    def days_counted(self) -> Counter[int]:
        """How many on each day of the site, by its number since 1970."""
        return self._halves(lambda half: (half * HALF - self.days.begins) // DAY)

    def hours_counted(self) -> Counter[int]:
        """How many in each hour of the clock."""
        return self._halves(lambda half: half // 2 % 24)

    def _along(self, cross: str, places: list[int]) -> Counter[Any]:
        found: Counter[Any] = Counter()
        for text, many in self.of[cross].items():
            codes = text.split(BETWEEN)
            found[codes[places[0]] if len(places) == 1 else tuple(codes[place] for place in places)] += many
        return found

    def _halves(self, place: Any) -> Counter[int]:
        found: Counter[int] = Counter()
        for half, many in self.of["half"].items():
            found[place(half)] += many
        return found


def largest(counted: Mapping[str, int]) -> list[tuple[str, int]]:
    """The codes with how many there are of each, the most first."""
    return sorted(counted.items(), key=lambda one: (-one[1], one[0]))


def quantile(values: Mapping[int, int], percent: int) -> int | None:
    """The smallest value that at least so many percent do not exceed (nearest rank); None of nothing."""
    wanted = -(-sum(values.values()) * percent // 100)
    for value in sorted(values):
        wanted -= values[value]
        if wanted <= 0:
            return value
    return None
