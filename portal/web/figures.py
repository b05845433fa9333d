"""Numbers as templates draw them: in the units of charts, each with the address of its records."""

from collections.abc import Callable
from types import SimpleNamespace

from portal.domain.reports.rules.numbers import Line, Measure, Number, Table

UNITS = {
    Measure.COUNT: "count", Measure.SHARE: "share", Measure.SPAN: "minutes", Measure.MONEY: "money", Measure.MEAN: "score",
}  # fmt: skip
MOST_COLUMNS = 31
To = Callable[[Number], str]


def tile(line: Line, to: To) -> SimpleNamespace:
    """A number that stands by itself under its word."""
    number = line.numbers[0]
    unit = UNITS[number.measure]
    return SimpleNamespace(word=line.label, value=number.shown, unit=unit, n=number.n, href=_href(number, to))


def drawn(table: Table, to: To) -> SimpleNamespace:
    """A table for the page: its rows, the unit of each column, and what its chart takes."""
    rows = [(line.label, tuple((number.shown, _href(number, to)) for number in line.numbers)) for line in table.lines]
    units = tuple(UNITS[number.measure] for number in table.lines[0].numbers) if table.lines else ("count",)
    chart = "lines" if table.chart == "days" and len(rows) > MOST_COLUMNS else table.chart.replace("days", "columns")
    return SimpleNamespace(
        name=table.name, title=table.title, heads=table.columns, rows=rows, units=units, chart=chart, note=table.note,
        empty=table.empty, bars=[(word, *cells[0]) for word, cells in rows], labels=[word for word, _cells in rows],
        series=[(head, [cells[place][0] for _word, cells in rows], [cells[place][1] for _word, cells in rows])
                for place, head in enumerate(table.columns[1:])],
        groups=[(word, [(head, *cell) for head, cell in zip(table.columns[1:], cells, strict=True)], "")
                for word, cells in rows] if table.chart == "multiples" else [],
    )  # fmt: skip


def _href(number: Number, to: To) -> str:
    return to(number) if number.where is not None else ""
