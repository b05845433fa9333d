"""Binds a book: a process that is told sheets and rows, one line of JSON after the other, and answers with the XLSX.

It imports nothing of the portal and knows none of its secrets. Rows go to the disk as they come (`constant_memory`), so a
book of any length takes the same memory.
"""

import json
import os
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, BinaryIO

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

CALM = 10  # this work gives way to people's
FIRST_DAY = datetime(1899, 12, 30)  # noqa: DTZ001  # as Excel counts: days on the wall, of no zone
WIDTHS = {"text": 22, "number": 10, "minutes": 10, "money": 13, "day": 12, "instant": 17, "share": 9, "yes": 8}
FORMATS = {"minutes": "#,##0", "money": "#,##0.00", "day": "yyyy-mm-dd",
           "instant": "yyyy-mm-dd hh:mm", "share": "0.0%"}  # fmt: skip
LONGEST = 32_767  # letters of a cell
FORMULA = tuple("=+-@\t\r＝＋－＠")


class Book:
    """The book while it is bound; a sheet at a time, a row at a time."""

    def __init__(self, out: BinaryIO, *, on_disk: bool) -> None:
        self.book = xlsxwriter.Workbook(out, {
            "constant_memory": on_disk, "in_memory": not on_disk, "strings_to_formulas": False, "strings_to_urls": False,
            "strings_to_numbers": False,
        })  # fmt: skip
        self.bold = self.book.add_format({"bold": True, "bottom": 1, "text_wrap": True, "valign": "top"})
        self.plain = self.book.add_format({"valign": "top"})
        self.quoted = self.book.add_format({"quote_prefix": True})  # stays text, also for whoever edits the cell
        self.formats = {kind: self.book.add_format({"num_format": shape}) for kind, shape in FORMATS.items()}
        self.sheet: Worksheet | None = None
        self.kinds: list[str] = []
        self.row = 0

    def begin(self, name: str, columns: Sequence[tuple[str, str]]) -> None:
        """A sheet with its head: bold, standing still while the rows move."""
        self.end()
        self.sheet, self.kinds, self.row = self.book.add_worksheet(name), [kind for _label, kind in columns], 1
        for number, (label, kind) in enumerate(columns):
            self.sheet.set_column(number, number, max(WIDTHS[kind], min(40, _wide(label) + 4)))
            self.sheet.write_string(0, number, label, self.bold)
        self.sheet.freeze_panes(1, 0)

    def add(self, rows: Iterable[Sequence[str | int | float | None]]) -> None:
        for row in rows:
            for number, (kind, value) in enumerate(zip(self.kinds, row, strict=True)):
                if value is not None:
                    self._write(number, kind, value)
            self.row += 1

    def end(self) -> None:
        """The head's filters, once it is known how far the rows go."""
        if self.sheet is not None and self.kinds:
            self.sheet.autofilter(0, 0, max(1, self.row - 1), len(self.kinds) - 1)
        self.sheet = None

    def note(self, name: str, notes: Sequence[tuple[str, str]]) -> None:
        """What all of it counts, on a sheet of its own at the end."""
        self.end()
        about = self.book.add_worksheet(name)
        about.set_column(0, 0, 24)
        about.set_column(1, 1, 90)
        for number, (title, note) in enumerate(notes):
            about.write_string(number, 0, title, self.bold if title else self.plain)
            about.write_string(number, 1, note, self.plain)

    def _write(self, number: int, kind: str, value: str | int | float) -> None:
        assert self.sheet is not None  # noqa: S101  # no row comes before its sheet
        if isinstance(value, int | float):
            self.sheet.write_number(self.row, number, value, self.formats.get(kind))
        elif kind in ("day", "instant"):
            days = (datetime.fromisoformat(value) - FIRST_DAY).total_seconds() / 86_400
            self.sheet.write_number(self.row, number, days, self.formats[kind])
        else:
            shape: Format | None = self.quoted if value.lstrip().startswith(FORMULA) else None
            self.sheet.write_string(self.row, number, value[:LONGEST], shape)


def bind(told: Iterable[bytes], out: BinaryIO) -> None:
    """Do what one is told, and write the book at the end of it."""
    lines = (json.loads(line) for line in told)
    book = Book(out, on_disk=next(lines)["on_disk"])
    whole = False
    for line in lines:
        whole = _done(book, line)
    if not whole:  # whoever told it died in the middle
        raise EOFError
    book.book.close()


def _done(book: Book, line: Any) -> bool:
    """Do one line; whether it was the last."""
    if isinstance(line, list):
        book.add(line)
    elif "sheet" in line:
        book.begin(line["sheet"], line["columns"])
    else:
        book.note(line["about"], line["notes"])
        return True
    return False


def _wide(text: str) -> int:
    """How many letters of Latin script a text is as wide as."""
    return sum(2 if ord(letter) > 0x2E80 else 1 for letter in text)


if __name__ == "__main__":
    os.nice(CALM)
    bind(sys.stdin.buffer, sys.stdout.buffer)
