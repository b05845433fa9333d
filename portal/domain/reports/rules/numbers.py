"""What a number is, and the lines and tables that numbers stand in."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.domain.reports.rules.tally import Tally, quantile


class Measure(StrEnum):
    """What a number is: so many, a part of so many, seconds, fen, or a mean of so many."""

    COUNT = "count"
    SHARE = "share"
    SPAN = "span"
    MONEY = "money"
    MEAN = "mean"


@dataclass(frozen=True)
class Number:
    """A number and its records: what an address says of them (None: there is nothing to open), `n` of how many it is."""

    measure: Measure
    value: int | float | None
    where: Mapping[str, str] | None = None
    n: int | None = None

    @property
    def shown(self) -> int | float | None:
        """The number in its unit: times in whole minutes."""
        if self.measure is Measure.SPAN and self.value is not None:
            return int(self.value) // 60
        return self.value


@dataclass(frozen=True)
class Line:
    label: str
    numbers: tuple[Number, ...]


@dataclass(frozen=True)
class Table:
    """A question, and the lines that answer it; `chart` is how they are drawn beside it ("" not at all)."""

    name: str
    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]
    chart: str = ""
    note: str = ""

    @property
    def empty(self) -> bool:
        return not any(number.value for line in self.lines for number in line.numbers)


def count(value: int, where: Mapping[str, str]) -> Number:
    return Number(Measure.COUNT, value, where)


def share(part: int, whole: int, where: Mapping[str, str]) -> Number:
    return Number(Measure.SHARE, part / whole if whole else None, where, whole)


def in_time(found: Tally, clock: str) -> Number:
    done, late = found.sum[f"{clock}_intime"], found.sum[f"{clock}_late"]
    return share(done, done + late, {"due": clock})


def span(found: Tally, clock: str, part: str, percent: int) -> Number:
    took = found.of[f"{clock}_{part}"]
    return Number(Measure.SPAN, quantile(took, percent), {"took": clock}, took.total())
