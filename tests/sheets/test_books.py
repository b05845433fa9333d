"""XLSX: typed cells, a head that stands still, bound by a process of its own."""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, date, datetime

import psutil
import pytest
from lxml import etree

from portal.sheets import books
from portal.sheets.sheet import Column, Kind, Sheet
from tests.sheets.reading import NS, given, part, sheet_names, whole, xlsx_rows

COLUMNS = tuple(Column(kind.value, kind) for kind in Kind)
AT = datetime(2026, 11, 21, 20, 1, tzinfo=UTC)
FULL = ("=1+1", -3, 95, -12345, date(2026, 11, 22), AT, 0.125, True)


def full(*rows: Sequence[object], name: str = "投诉") -> Sheet:
    return Sheet(name, ("范围", "时区"), COLUMNS, given(*rows), zone="Asia/Shanghai", words=("否", "是"))


@pytest.mark.parametrize("on_disk", [True, False])
async def test_cells_have_their_types_and_no_text_is_a_formula(on_disk: bool) -> None:
    """P29: a text that looks like a formula is a text, and stays one for whoever edits it."""
    body = await whole(books.pieces([full(FULL, (None,) * len(COLUMNS))], on_disk=on_disk))

    head, said = xlsx_rows(body)[:2]
    assert head == [kind.value for kind in Kind]
    assert said[:4] == ["=1+1", -3, 95, -123.45]
    assert said[4] == (date(2026, 11, 22) - date(1899, 12, 30)).days
    assert said[5] == pytest.approx(said[4] + (4 * 60 + 1) / 1440)
    assert said[6:] == [0.125, "是"]
    assert 'quotePrefix="1"' in _styles(body)


async def test_the_head_stands_still_and_filters_and_the_notes_have_a_sheet() -> None:
    body = await whole(books.pieces([full(FULL, FULL)]))

    sheet = part(body, "xl/worksheets/sheet1.xml")
    pane = sheet.find(".//m:pane", NS)
    assert pane is not None and (pane.get("state"), pane.get("ySplit")) == ("frozen", "1")
    found = sheet.find("m:autoFilter", NS)
    assert found is not None and found.get("ref") == "A1:H3"
    assert sheet_names(body)[0] == "投诉"
    assert xlsx_rows(body, 2) == [["投诉", ""], ["", "范围"], ["", "时区"]]


async def test_an_empty_table_is_a_book_too() -> None:
    body = await whole(books.pieces([full()]))

    assert xlsx_rows(body) == [[kind.value for kind in Kind]]


@pytest.mark.parametrize(("wanted", "given_names"), [
    (["a/b:c*d?[e]\\", "'x'"], ["a b c d  e", "x"]),
    (["投诉", "投诉", "投诉"], ["投诉", "投诉 2", "投诉 3"]),
    (["A", "a"], ["A", "a 2"]),
    (["", "History"], ["–", "History –"]),
    (["字" * 40, "字" * 40], ["字" * 31, "字" * 27 + " 2"]),
])  # fmt: skip
def test_sheets_get_names_that_excel_takes(wanted: list[str], given_names: list[str]) -> None:
    assert books.names(wanted) == given_names


async def test_the_binder_is_gone_when_its_book_is_not_wanted_any_more() -> None:
    async def endless() -> AsyncIterator[Sequence[object]]:
        while True:
            await asyncio.sleep(0)
            yield FULL

    pieces = books.pieces([Sheet("x", (), COLUMNS, endless())])
    reading = asyncio.ensure_future(anext(pieces))
    while not _binders():
        await asyncio.sleep(0.01)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    await pieces.aclose()

    assert _binders() == []


async def test_what_fails_while_rows_are_read_leaves_no_binder() -> None:
    async def failing() -> AsyncIterator[Sequence[object]]:
        yield FULL
        raise LookupError

    with pytest.raises(LookupError):
        await whole(books.pieces([Sheet("x", (), COLUMNS, failing())]))

    assert _binders() == []


async def test_the_binder_knows_no_secret_of_the_portal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORTAL_SECRET_KEY", "s" * 40)
    seen: list[dict[str, str]] = []

    async def looking() -> AsyncIterator[Sequence[object]]:
        seen.extend(one.environ() for one in _binders())
        yield FULL

    await whole(books.pieces([Sheet("x", (), COLUMNS, looking())]))

    assert seen and not [name for one in seen for name in one if name.startswith("PORTAL_")]


def _binders() -> list[psutil.Process]:
    children = psutil.Process(os.getpid()).children()
    return [one for one in children if one.is_running() and any("binder.py" in word for word in one.cmdline())]


def _styles(body: bytes) -> str:
    return str(etree.tostring(part(body, "xl/styles.xml")), "utf-8")
