"""Which quarter a notice hangs in, and which of a house's numbers the public may know."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from portal.errors import NotFound
from portal.i18n.translations import N_, _

LEAST, SUBJECTS = 5, 3
FEW, MOST = "few", "most"
FIGURES = (("many", N_("How many complaints there were")), ("in_time", N_("The share that was answered in time")),
           ("median", N_("How long half of them waited for the answer at most")),
           ("subjects", N_("The three most frequent subjects")))  # fmt: skip
Shown = int | str


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of a year."""

    year: int
    number: int

    @property
    def code(self) -> str:
        return f"{self.year}Q{self.number}"

    @property
    def name(self) -> str:
        return _("Quarter %(number)d of %(year)d") % {"number": self.number, "year": self.year}

    @property
    def first(self) -> date:
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last(self) -> date:
        return self.next.first - timedelta(1)

    @property
    def next(self) -> "Quarter":
        return Quarter(self.year, self.number + 1) if self.number < 4 else Quarter(self.year + 1, 1)

    @property
    def before(self) -> "Quarter":
        return Quarter(self.year, self.number - 1) if self.number > 1 else Quarter(self.year - 1, 4)


@dataclass(frozen=True)
class Counted:
    """What was counted of a quarter, exactly: answers that were due, how long half of those given took, subjects by name."""

    many: int
    due: int
    in_time: int
    answers: int
    median: int | None
    subjects: Sequence[tuple[str, str, int]]


@dataclass(frozen=True)
class Numbers:
    """What the public may know of it; seconds, percent. `few` and `most` stand for what one could tell people by."""

    first: date
    last: date
    many: Shown
    in_time: Shown
    median: Shown
    subjects: list[tuple[str, str, int]]


def quarter_of(day: date) -> Quarter:
    return Quarter(day.year, (day.month + 2) // 3)


def read(code: str) -> Quarter:
    """The quarter of an address; raises NotFound."""
    found = re.fullmatch(r"(20[0-9]{2})Q([1-4])", code)
    if found is None:
        raise NotFound
    return Quarter(int(found[1]), int(found[2]))


def public(found: Counted, *, first: date, last: date) -> Numbers:
    """The numbers without any that stands for fewer than five: the public may not open the records (table 2.2, row 28).

    A share says how many were late, too: it is hidden where those are few. Few complaints may be answered often.
    """
    late = found.due - found.in_time
    in_time: Shown = round(100 * found.in_time / found.due) if found.due else FEW
    if found.many < LEAST or found.in_time < LEAST:
        in_time = FEW
    elif late < LEAST:
        in_time = MOST
    return Numbers(
        first, last,
        many=found.many if found.many >= LEAST else FEW,
        in_time=in_time,
        median=found.median if found.median is not None and min(found.many, found.answers) >= LEAST else FEW,
        subjects=[one for one in found.subjects if one[2] >= LEAST][:SUBJECTS],
    )  # fmt: skip


def written(numbers: Numbers) -> str:
    """The numbers as a row keeps them."""
    return json.dumps(vars(numbers) | {"first": numbers.first.isoformat(), "last": numbers.last.isoformat()},
                      ensure_ascii=False)  # fmt: skip


def kept(text: str) -> Numbers:
    """The numbers that a row keeps."""
    given: Mapping[str, Any] = json.loads(text)
    subjects = [(zh, en, many) for zh, en, many in given["subjects"]]
    days = {name: date.fromisoformat(given[name]) for name in ("first", "last")}
    return Numbers(**{**given, **days, "subjects": subjects})
