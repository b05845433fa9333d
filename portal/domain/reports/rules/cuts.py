"""Which records a number stands for: words in an address, each a condition on the facts."""

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from portal.domain.complaints.rules.way import COMPLAINTS
from portal.domain.complaints.tables import Kind
from portal.domain.queues.tables import ClockKind, Severity
from portal.domain.reports.rules.ranges import Range
from portal.domain.sites.rules.calendar import DAY
from portal.errors import NotFound

CLOCKS = (ClockKind.ACKNOWLEDGE, ClockKind.ANSWER, ClockKind.RESOLVE)
NONE = "-"  # an address's word for no place, no cause, nobody
Cut = Mapping[str, str]
Condition = tuple[str, list[Any]]
THURSDAY = 3  # the first of January 1970
# What is true of a record, by its column and what it has to be.
FACTS = {
    "reopened": "f.reopened = 1", "handed": "f.handoffs > 0", "compensated": "f.fen IS NOT NULL",
    "asked": "f.satisfied IS NOT NULL", "rated": "f.rating IS NOT NULL", "helped": "f.helped > 0",
    "unhelped": "f.unhelped > 0", "pending": "f.pending > 0",
}  # fmt: skip
# What is true of a clock of a record, in any of its rounds.
TIMES = {
    "took": "f.%s_own IS NOT NULL", "late": "f.%s_late = 1", "intime": "f.%s_late = 0", "due": "f.%s_late IS NOT NULL",
}  # fmt: skip


def condition(cut: Cut, days: Range) -> Condition:
    """The condition on the facts `f` of a range; raises NotFound for a word or value that no address of ours says."""
    sql, args = counting(replace(days, kinds=tuple(cut["kind"].split(","))) if "kind" in cut else days)
    parts = [sql]
    if not cut.keys() & TIMES.keys():
        parts.append("f.round = 1")
    for name, value in cut.items():
        if name != "kind":
            sql, more = _CUTS[name](value, days) if name in _CUTS else _refused()
            parts.append(sql)
            args += more
    return " AND ".join(parts), args


def counting(days: Range, minutes: tuple[int, int] | None = None, *, others: bool = False) -> Condition:
    """The condition on what counts of a range, or of some minutes of it, every round; or on what else came in then."""
    kinds, (low, high) = counted(days), minutes or (days.low, days.high)
    among = "NOT IN" if others else "IN"
    sql = f"f.merged = 0 AND f.{days.by} >= {{}} AND f.{days.by} < {{}} AND f.kind {among} ({_marks(kinds)})"
    return sql, [low, high, *kinds]


def counted(days: Range) -> list[str]:
    """The kinds that a range counts; raises NotFound for one that is not."""
    kinds = list(days.kinds) or sorted(COMPLAINTS)
    if not set(kinds) <= set(Kind):
        raise NotFound
    return kinds


def read(query: Mapping[str, str]) -> dict[str, str]:
    """What of an address says which records are asked for."""
    return {name: value for name, value in query.items() if name in WORDS}


def _same(column: str) -> Callable[[str, Range], Condition]:
    return lambda value, _days: (f"f.{column} = {{}}", ["" if value == NONE else value])


def _number(sql: str, most: int, add: Callable[[Range], list[Any]] = lambda _days: []) -> Callable[[str, Range], Condition]:
    def cut(value: str, days: Range) -> Condition:
        if not re.fullmatch(r"[0-9]{1,7}", value) or int(value) > most:
            raise NotFound
        return sql.format(by=days.by), [*add(days), int(value)]

    return cut


def _fact(sql: str) -> Callable[[str, Range], Condition]:
    return lambda value, _days: (sql, []) if value == "1" else _refused()


def _time(sql: str) -> Callable[[str, Range], Condition]:
    return lambda value, _days: (sql % value, []) if value in CLOCKS else _refused()


def _severity(value: str, _days: Range) -> Condition:
    ranks = {one.word: one.value for one in Severity}
    return ("f.severity = {}", [ranks[value]]) if value in ranks else _refused()


def _first(value: str, _days: Range) -> Condition:
    """How the first round's answer came."""
    sql = {"intime": "f.resolve_late = 0", "late": "f.resolve_late = 1", "open": "f.resolve_late IS NULL"}.get(value)
    return (sql, []) if sql else _refused()


def _state(value: str, _days: Range) -> Condition:
    sql = {"open": "f.closed IS NULL", "closed": "f.closed IS NOT NULL"}.get(value)
    return (sql, []) if sql else _refused()


def _refused() -> Condition:
    raise NotFound


def _marks(values: list[Any]) -> str:
    return ", ".join("{}" for _value in values)


# The days since 1970: whole numbers divide to whole numbers on both engines.
_OF_DAY = "(f.{by} - {{}}) / " + str(DAY)
_CUTS: dict[str, Callable[[str, Range], Condition]] = {
    **{name: _same(name) for name in ("category", "place", "cause", "clerk", "channel")},
    **{name: _fact(sql) for name, sql in FACTS.items()},
    **{name: _time(sql) for name, sql in TIMES.items()},
    "severity": _severity,
    "state": _state,
    "first": _first,
    "satisfied": _number("f.satisfied = {{}}", 1),
    "rating": _number("f.rating = {{}}", 5),
    "hour": _number("f.{by} / 60 % 24 = {{}}", 23),
    "weekday": _number(f"({_OF_DAY} + {THURSDAY}) % 7 = {{{{}}}}", 6, lambda days: [days.begins]),
}
WORDS = ("kind", *_CUTS)
