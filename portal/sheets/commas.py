"""CSV as Excel opens it: UTF-8 with its mark, CRLF, long numbers as text, and nothing in it that a sheet would run (P29).

One apostrophe stands before a text that a sheet would take for something else. It is seen, and easily taken away. A tab or
a formula (="0812") would be just what P29 forbids, and a mark nobody sees would spoil every search for the text.
"""

import csv
import io
import re
from collections.abc import AsyncGenerator

from portal.sheets.sheet import Cell, Sheet, Sheets, cells

MARK, TEXT = "\N{BYTE ORDER MARK}", "'"
PIECE = 64_000
# What begins a formula, also in its wide form, also behind blanks and marks that nobody sees.
_FORMULA = re.compile(r"[\s\0-\x20\u00a0\u200b-\u200f\u2060\ufeff]*[=+\-@＝＋－＠\t\r\n]")
# What a sheet would round, shorten or make a power of ten of: 12 digits and more, 0812, 12E10.
_NUMBER = re.compile(r"\s*(?:(?:\d[\s,.]?){12,}|0\d+|\d+[eE]\d+)\s*")


async def pieces(sheets: Sheets) -> AsyncGenerator[bytes, None]:
    """The file, a piece at a time; of several sheets each with its name above, and an empty line between them."""
    out = io.StringIO(MARK)
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out, lineterminator="\r\n")
    for number, sheet in enumerate(sheets):
        writer.writerows(_head(sheet, several=len(sheets) > 1, first=number == 0))
        async for row in sheet.rows:
            writer.writerow([written(cell) for cell in cells(sheet, row)])
            if out.tell() > PIECE:
                yield out.getvalue().encode()
                out.seek(0)
                out.truncate()
    yield out.getvalue().encode()


def written(cell: Cell) -> Cell:
    """A cell as it stands in the file; numbers stay what they are, also those below zero."""
    if isinstance(cell, str) and (_FORMULA.match(cell) or _NUMBER.fullmatch(cell)):
        return TEXT + cell
    return cell


def _head(sheet: Sheet, *, several: bool, first: bool) -> list[list[Cell]]:
    """What stands above the rows: name, notes, the words of the columns."""
    above: list[list[Cell]] = [] if first else [[]]
    above += [[written(sheet.name)]] if several else []
    above += [[written(note)] for note in sheet.notes]
    return [*above, [written(column.label) for column in sheet.columns]]
