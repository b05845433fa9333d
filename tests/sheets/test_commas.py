"""CSV: as Excel opens it, with nothing in it that a sheet would run."""

from datetime import UTC, date, datetime

import pytest

from portal.sheets import commas
from portal.sheets.sheet import Column, Kind, Sheet
from tests.sheets.reading import csv_rows, given, whole

TEXTS = (Column("编号"), Column("说明"))


@pytest.mark.parametrize("text", [
    "=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\n=x", " =1+1", "\u3000=1+1", "\u00a0=x", "\u200b=x", "\ufeff=x", "＝1+1",
    "＋1", "－1", "＠x", '=HYPERLINK("http://x","y")', "-", "+86 138 0013 8000", " \t=x",
])  # fmt: skip
def test_what_begins_like_a_formula_has_an_apostrophe_before_it(text: str) -> None:
    """P29, also in wide letters, also behind blanks and marks that nobody sees."""
    assert commas.written(text) == f"'{text}"


@pytest.mark.parametrize("number", [
    "123456789012", "110101199003078515", "0812", "12E10", "123 456 789 012", "123,456,789,012",
])  # fmt: skip
def test_what_excel_would_round_or_shorten_stays_text(number: str) -> None:
    assert commas.written(number) == f"'{number}"


@pytest.mark.parametrize("cell", [
    -5, -0.5, 0, 123456789012, "1208", "HT-2026-000001", "空调-滴水", "", None, "2026-11-22", "'",
])  # fmt: skip
def test_everything_else_stays_what_it_is(cell: str | float | None) -> None:
    """A number below zero is one, and not a formula (P29)."""
    assert commas.written(cell) == cell


async def test_it_has_a_mark_windows_lines_and_its_notes_above_the_head() -> None:
    sheet = Sheet("投诉", ("2026-11-01 – 2026-11-22", "=注"), TEXTS, given(("HT-1", "滴水，\n很吵"), ("=1", '"引号"')))

    body = await whole(commas.pieces([sheet]))

    assert body.startswith(b"\xef\xbb\xbf2026")
    assert body.replace("，\n".encode(), b"").count(b"\n") == body.count(b"\r\n") == 5
    assert csv_rows(body) == [
        ["2026-11-01 – 2026-11-22"], ["'=注"], ["编号", "说明"], ["HT-1", "滴水，\n很吵"], ["'=1", '"引号"'],
    ]  # fmt: skip


async def test_several_sheets_stand_under_each_other_with_their_names() -> None:
    sheets = [Sheet("一", (), TEXTS, given(("a", "b"))), Sheet("二", ("注",), TEXTS, given())]

    rows = csv_rows(await whole(commas.pieces(sheets)))

    assert rows == [["一"], ["编号", "说明"], ["a", "b"], [], ["二"], ["注"], ["编号", "说明"]]


async def test_every_kind_is_written_so_that_both_files_say_the_same() -> None:
    columns = tuple(Column(kind.value, kind) for kind in Kind)
    at = datetime(2026, 11, 21, 20, 1, tzinfo=UTC)
    full = ("字", -3, 95, -12345, date(2026, 11, 22), at, 0.125, True)
    sheet = Sheet("全", (), columns, given(full, (None,) * len(columns)), zone="Asia/Shanghai", words=("否", "是"))

    _head, said, empty = csv_rows(await whole(commas.pieces([sheet])))

    assert said == ["字", "-3", "95", "-123.45", "2026-11-22", "2026-11-22 04:01:00", "0.125", "是"]
    assert empty == [""] * len(columns)


async def test_a_long_table_comes_in_pieces() -> None:
    sheet = Sheet("长", (), TEXTS, given(*((f"HT-{number}", "字" * 30) for number in range(3_000))))

    pieces = [piece async for piece in commas.pieces([sheet])]

    assert len(pieces) > 1
    assert len(csv_rows(b"".join(pieces))) == 3_001
