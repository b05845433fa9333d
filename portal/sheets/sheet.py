"""A sheet: what its columns hold, its notes, and its rows, which nobody has to hold all at once."""

from collections.abc import AsyncIterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.i18n import formats
from portal.i18n.translations import _


class Kind(StrEnum):
    """What a column holds: MONEY in fen, SHARE from 0 to 1, YES true or false; None is an empty cell of any kind."""

    TEXT = "text"
    NUMBER = "number"
    MINUTES = "minutes"
    MONEY = "money"
    DAY = "day"
    INSTANT = "instant"
    SHARE = "share"
    YES = "yes"


@dataclass(frozen=True)
class Column:
    """A column and the word above it."""

    label: str
    kind: Kind = Kind.TEXT


@dataclass(frozen=True)
class Sheet:
    """A table with a name. `notes` say what it counts: range, zone, beginning of the day, when it was made.

    Instants are written as clocks in `zone` show them; `words` are those for no and yes. Both are the reader's own.
    """

    name: str
    notes: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: AsyncIterable[Sequence[object]]
    zone: str = field(default_factory=lambda: formats.zone().key)
    words: tuple[str, str] = field(default_factory=lambda: (_("No"), _("Yes")))


Sheets = Sequence[Sheet]
Cell = str | int | float | None


def cells(sheet: Sheet, row: Sequence[object]) -> list[Cell]:
    """A row as both files write it: texts, and numbers; days and instants in the words of ISO 8601, without zone."""
    here = ZoneInfo(sheet.zone)
    return [_cell(sheet, column.kind, value, here) for column, value in zip(sheet.columns, row, strict=True)]


def _cell(sheet: Sheet, kind: Kind, value: object, here: ZoneInfo) -> Cell:
    if value is None:
        return None
    if kind is Kind.YES:
        return sheet.words[bool(value)]
    if isinstance(value, datetime):
        local = value.astimezone(here).replace(tzinfo=None)
        return local.date().isoformat() if kind is Kind.DAY else local.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    if kind is Kind.MONEY and isinstance(value, int):
        return value / 100
    if kind is not Kind.TEXT and isinstance(value, int | float):
        return value
    return str(value)
