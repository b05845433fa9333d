import os
from collections.abc import Callable

import pytest

from tests.ground import environment


@pytest.fixture
def scale() -> Callable[[int, int], int]:
    if "PROOF_SMALL" in os.environ:
        return lambda usual, full: min(usual, int(os.environ["PROOF_SMALL"]))
    if "PROOF_FULL" in os.environ:
        return lambda usual, full: full
    return lambda usual, full: full if environment.PROVE else usual

@pytest.fixture
def figure():
    def record(name, value, unit, promise):
        with open("/tmp/proof-figures.txt", "a") as f:
            f.write(f"{promise} | {name} | {environment.ENGINE} | {value:,g} {unit}\n")
    return record
