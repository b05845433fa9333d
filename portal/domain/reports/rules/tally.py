"""Counting facts: how many of each, and how long it took, exactly, whatever their number."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.domain.reports.rules.cuts import CLOCKS
from portal.domain.reports.rules.ranges import DAY, Range

HALF = 30
# What is read of the facts of first rounds, by name: each a column of its own, in SQL.
KEYS = ("kind", "category", "place", "cause", "clerk", "channel", "severity")
TIMES = tuple(f"{clock}_{part}" for clock in CLOCKS for part in ("own", "wall", "late"))
MEASURES = ("reopened", "handoffs", "fen", "satisfied", "rating", "helped", "unhelped", "pending")
COUNTED = {
    **{name: f"f.{name}" for name in (*KEYS, *MEASURES, *TIMES)},
    "half": "f.{by} / 30",
    "open": "CASE WHEN f.closed IS NULL THEN 1 ELSE 0 END",
    "subject_late": "f.category || '/' || coalesce(f.resolve_late, 2)",
    "subject_weekday": "f.category || '/' || (((f.{by} - {begins}) / 1440 + 3) % 7)",
    "clerk_late": "f.clerk || '/' || coalesce(f.resolve_late, 2)",
}
AGAIN = {name: f"f.{name}" for name in TIMES}


@dataclass
class Tally:
    """What was counted in a range, each value with how often it was there; `others` by kind, what is no complaint."""

    days: Range
    many: int = 0
    of: dict[str, Counter[Any]] = field(default_factory=lambda: {name: Counter() for name in COUNTED})
    others: Counter[str] = field(default_factory=Counter)

    def add(self, columns: Mapping[str, Sequence[Any]]) -> None:
        """Count some first rounds."""
        self.many += len(columns["kind"])
        self.again(columns)

    def again(self, columns: Mapping[str, Sequence[Any]]) -> None:
        """Count some later rounds: of these, only the times."""
        for name, values in columns.items():
            self.of[name].update(values)

    def number(self, name: str) -> int:
        """How many have a value at all."""
        return sum(many for value, many in self.of[name].items() if value is not None)

    def sum(self, name: str) -> int:
        """The values together."""
        return sum(value * many for value, many in self.of[name].items() if value is not None)

    def some(self, name: str) -> int:
        """How many have a value above nothing."""
        return sum(many for value, many in self.of[name].items() if value)

    def days_counted(self) -> Counter[int]:
        """How many on each day of the site, by its number since 1970."""
        return self._halves(lambda half: (half * HALF - self.days.begins) // DAY)

    def hours_counted(self) -> Counter[int]:
        """How many in each hour of the clock."""
        return self._halves(lambda half: half // 2 % 24)

    def _halves(self, place: Any) -> Counter[int]:
        found: Counter[int] = Counter()
        for half, many in self.of["half"].items():
            found[place(half)] += many
        return found


def quantile(values: Mapping[Any, int], percent: int) -> int | None:
    """The smallest value that at least so many percent do not exceed (nearest rank); None of nothing."""
    known = {value: many for value, many in values.items() if value is not None}
    wanted = -(-sum(known.values()) * percent // 100)
    for value in sorted(known):
        wanted -= known[value]
        if wanted <= 0:
            return int(value)
    return None
