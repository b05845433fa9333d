"""Lists of goods: what a line says, and when two lists say the same."""

import pytest

from portal.domain.complaints.rules import goods
from portal.domain.complaints.rules.goods import Line


@pytest.mark.parametrize("typed", ["M-100, 12", "M-100，12", "M-100\t12", " M-100 ,12 "])
def test_a_line_names_a_part_and_a_quantity(typed: str) -> None:
    assert goods.line(typed) == Line("M-100", 12)


@pytest.mark.parametrize("typed", ["M-100", "M-100,", ", 12", "M-100, -1", "M-100, zwölf", "M-100, 1.5", "x" * 61 + ", 1"])
def test_anything_else_is_no_line(typed: str) -> None:
    assert goods.line(typed) is None


def test_what_is_written_can_be_read() -> None:
    lines = [Line("螺栓, M8", 40), Line("M-100", 0)]

    assert goods.read(goods.written(lines)) == lines


def test_order_and_spelling_make_no_difference_but_every_piece_does() -> None:
    """CMP-37."""
    note = [Line("M-100", 12), Line("M-200", 1)]

    assert goods.same(note, [Line("m-200", 1), Line("M-100", 10), Line("M-100", 2)])
    assert goods.same(note, [*note, Line("M-300", 0)])
    assert not goods.same(note, [Line("M-100", 11), Line("M-200", 1)])
    assert not goods.same(note, [*note, Line("M-300", 1)])


def test_a_note_is_compared_part_by_part_with_what_came() -> None:
    """CMP-37: what did not come is 0, and what nobody expected has a row of its own."""
    note = [Line("M-100", 12), Line("M-200", 1)]

    assert goods.compared(note, []) == [("M-100", 12, 0), ("M-200", 1, 0)]
    assert goods.compared(note, [Line("m-100", 7), Line("M-300", 2), Line("M-100", 3)]) == [
        ("M-100", 12, 10), ("M-200", 1, 0), ("M-300", 0, 2),
    ]  # fmt: skip
