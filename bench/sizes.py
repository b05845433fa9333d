"""How much of everything a run measures: the whole, and a small one to try the benchmark itself."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sizes:
    """Rows, requests and rounds."""

    open: int
    few: int
    many: int
    found: int
    pages: int
    filings: int
    rounds: int
    changes: int
    starts: int
    rest: float
    book: int


WHOLE = Sizes(open=10_000, few=1_000, many=1_000_000, found=100_000, pages=200, filings=160, rounds=5, changes=50,
              starts=7, rest=2.0, book=100_000)  # fmt: skip
SMALL = Sizes(open=500, few=500, many=10_000, found=2_000, pages=30, filings=40, rounds=3, changes=10, starts=3,
              rest=0.5, book=100_000)  # fmt: skip
