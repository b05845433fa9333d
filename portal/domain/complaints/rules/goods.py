"""Goods that come back: what a list of them says, and whether two lists say the same (CMP-35 to CMP-37)."""

import re
from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple


class Line(NamedTuple):
    """So many pieces of one part."""

    part: str
    quantity: int


class Compared(NamedTuple):
    """A part with what its note says of it, and what came of it."""

    part: str
    quantity: int
    arrived: int


PART, MOST_PIECES, MOST_LINES = 60, 1_000_000, 100


def line(typed: str) -> Line | None:
    """A line such as "M-100, 12"; None where it says something else. What is copied from a table comes with tabs."""
    part, _mark, quantity = re.sub("[\t，]", ",", typed.strip()).rpartition(",")
    part, quantity = part.strip(), quantity.strip()
    if not part or len(part) > PART or not re.fullmatch("[0-9]{1,7}", quantity) or int(quantity) > MOST_PIECES:
        return None
    return Line(part, int(quantity))


def written(lines: Sequence[Line]) -> str:
    """Lines as they are kept and shown again."""
    return "\n".join(f"{one.part}, {one.quantity}" for one in lines)


def read(text: str) -> list[Line]:
    """What `written` wrote."""
    return [found for typed in text.splitlines() if (found := line(typed))]


def same(note: Sequence[Line], arrived: Sequence[Line]) -> bool:
    """Whether what arrived is what the note says, whatever the order and however the parts are spelt."""
    return _pieces(note) == _pieces(arrived)


def compared(note: Sequence[Line], arrived: Sequence[Line]) -> list[Compared]:
    """Every part of a note with what came of it, then the parts that came and are not on it."""
    said, came = _pieces(note), _pieces(arrived)
    spelt = {one.part.casefold(): one.part for one in reversed((*note, *arrived))}
    return [Compared(spelt[part], said.get(part, 0), came.get(part, 0)) for part in said | came]


def _pieces(lines: Sequence[Line]) -> dict[str, int]:
    found: Counter[str] = Counter()
    for one in lines:
        found[one.part.casefold()] += one.quantity
    return {part: quantity for part, quantity in found.items() if quantity}
