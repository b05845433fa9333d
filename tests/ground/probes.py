"""What a test sees of the statements that reach the engine, and how it makes one of them fail."""

import contextlib
from collections.abc import Iterator

from portal import database


class Fault(Exception):
    """The failure that a test put in the place of an answer."""


@contextlib.contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that run in the block, in their order."""
    heard: list[str] = []

    async def probe(sql: str) -> None:
        heard.append(sql)

    with _probing(probe):
        yield heard


@contextlib.contextmanager
def failing(at: int) -> Iterator[list[str]]:
    """Let the statement with this number (from 1) fail before it runs; the list tells which were asked for."""
    heard: list[str] = []

    async def probe(sql: str) -> None:
        heard.append(sql)
        if len(heard) == at:
            raise Fault(f"statement {at}: {sql[:60]}")

    with _probing(probe):
        yield heard


@contextlib.contextmanager
def _probing(probe: object) -> Iterator[None]:
    engine = database.engine()
    before = engine.probe
    engine.probe = probe  # type: ignore[assignment]  # a plain function on the instance, called with the statement alone
    try:
        yield
    finally:
        engine.probe = before
