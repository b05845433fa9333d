"""Files read as somebody else's program reads them: CSV by the standard library, XLSX by what stands in its parts."""

import csv
import io
import re
import zipfile
from collections.abc import AsyncIterable, AsyncIterator, Sequence

from lxml import etree

NS = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}


async def whole(pieces: AsyncIterable[bytes]) -> bytes:
    return b"".join([piece async for piece in pieces])


async def given(*rows: Sequence[object]) -> AsyncIterator[Sequence[object]]:
    for row in rows:
        yield row


def csv_rows(body: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(body.decode("utf-8-sig"), newline="")))


def part(body: bytes, name: str) -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        return etree.fromstring(book.read(name))


def sheet_names(body: bytes) -> list[str]:
    return [str(one.get("name")) for one in part(body, "xl/workbook.xml").findall("m:sheets/m:sheet", NS)]


def xlsx_rows(body: bytes, number: int = 1) -> list[list[str | float | None]]:
    """The cells of a sheet: texts, numbers, or nothing; whether it is typed so, and not as a formula."""
    shared = _shared(body)
    found = []
    for row in part(body, f"xl/worksheets/sheet{number}.xml").iterfind(".//m:row", NS):
        cells: dict[int, str | float] = {}
        for cell in row.findall("m:c", NS):
            assert cell.find("m:f", NS) is None, "a formula"
            column = _column(str(cell.get("r")))
            if cell.get("t") == "inlineStr":
                cells[column] = "".join(cell.itertext())
            elif cell.get("t") == "s":
                cells[column] = shared[int("".join(cell.itertext()))]
            else:
                cells[column] = float("".join(cell.itertext()))
        found.append([cells.get(column) for column in range(max(cells, default=-1) + 1)])
    return found


def _shared(body: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        if "xl/sharedStrings.xml" not in book.namelist():
            return []
        return ["".join(one.itertext()) for one in etree.fromstring(book.read("xl/sharedStrings.xml")).findall("m:si", NS)]


def _column(place: str) -> int:
    number = 0
    for letter in re.sub(r"\d", "", place):
        number = number * 26 + ord(letter) - 64
    return number - 1
