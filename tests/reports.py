"""A report as it stands on a page, in a CSV and in an XLSX, held against each other."""

from portal.web import charts
from tests.pages import Page
from tests.sheets import reading


def compared(page: Page, comma: bytes, book: bytes, *, by_name: tuple[str, ...] = ()) -> int:
    """How many cells were compared: each table of the page with the same in both files.

    Of the tables `by_name` people stand by name on the page, and by user name in the files.
    """
    tables, names, seen = parts(reading.csv_rows(comma)), reading.sheet_names(book), 0
    for part in page.css("section.report__part"):
        title = part.xpath(".//h2/text()")[0]
        if not part.xpath(".//tbody"):
            continue
        table, sheet = tables[title][1:], reading.xlsx_rows(book, names.index(title[:31]) + 1)[1:]
        shown = [["".join(cell.itertext()).strip() for cell in row] for row in part.xpath(".//tbody/tr")]
        assert [row[0] for row in shown] == [row[0] for row in table] == [row[0] for row in sheet] or title in by_name
        for on_page, in_file, in_book in zip(shown, table, sheet, strict=True):
            for word, cell, typed in zip(on_page[1:], in_file[1:], [*in_book[1:], *[None] * 9], strict=False):
                assert same(word, cell), f"{title}: {word} and {cell}"
                assert (float(cell) if cell else None) == typed
                seen += 1
    return seen


def parts(rows: list[list[str]]) -> dict[str, list[list[str]]]:
    """The sheets of a CSV by their names, which stand above them."""
    found: dict[str, list[list[str]]] = {}
    name = ""
    for row in [[], *rows]:
        if not row:
            name = ""
        elif not name:
            name = row[0]
            found[name] = []
        else:
            found[name].append(row)
    return found


def same(word: str, comma: str) -> bool:
    """Whether the page says what stands in the file."""
    if not comma:
        return word == "–"
    value = float(comma)
    if word.endswith("%"):
        return word == charts.word(value, "share")
    if "分" in word:
        return word == charts.word(value, "minutes")
    return float(word.replace(",", "")) == value
