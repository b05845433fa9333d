"""The files of exports: sealed, each piece bound to its export and its place, so that none can be cut, mixed or moved."""

import asyncio
import os
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO
from uuid import UUID

from portal import sealing, settings
from portal.errors import NotFound

PIECE = 64_000
_LENGTH = 4  # bytes before each sealed piece


async def keep(export: UUID, tries: int, pieces: AsyncIterator[bytes]) -> None:
    """Write a file; it has its name only when it is whole and on the disk. Half of one is left nowhere."""
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = _path(export).with_suffix(f".{tries}.tmp")
    try:
        with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
            number = 0
            async for piece in _even(pieces):
                await asyncio.to_thread(_put, out, piece, f"export:{export}:{number}")
                number += 1
            await asyncio.to_thread(_put, out, b"", f"export:{export}:{number}:end")
            await asyncio.to_thread(_sync, out)
        draft.replace(_path(export))
    finally:
        draft.unlink(missing_ok=True)


async def pieces(export: UUID) -> AsyncGenerator[bytes, None]:
    """A file, opened a piece at a time; raises NotFound where it is gone."""
    try:
        kept = _path(export).open("rb")
    except FileNotFoundError:
        raise NotFound from None
    with kept:
        number = 0
        while True:
            sealed = await asyncio.to_thread(_next, kept)
            try:
                yield sealing.unseal_bytes(sealed, f"export:{export}:{number}")
            except sealing.Unreadable:
                sealing.unseal_bytes(sealed, f"export:{export}:{number}:end")  # the end, or nothing of ours
                return
            number += 1


def remove(export: UUID) -> None:
    """Forget a file; one that is not there is forgotten already."""
    _path(export).unlink(missing_ok=True)


def older(before: datetime) -> list[UUID]:
    """The exports with a file from before an instant; what a crash left half written of that age goes on the way."""
    found = []
    for path in _folder().glob("*"):
        if path.stat().st_mtime >= before.timestamp():
            continue
        if path.suffix == ".tmp":
            path.unlink(missing_ok=True)
        else:
            found.append(UUID(path.name))
    return found


async def _even(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in pieces of one size."""
    held = bytearray()
    async for piece in pieces:
        held += piece
        while len(held) >= PIECE:
            yield bytes(held[:PIECE])
            del held[:PIECE]
    if held:
        yield bytes(held)


def _put(out: BinaryIO, piece: bytes, place: str) -> None:
    sealed = sealing.seal_bytes(piece, place)
    out.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)


def _next(kept: BinaryIO) -> bytes:
    return kept.read(int.from_bytes(kept.read(_LENGTH), "big"))


def _sync(out: BinaryIO) -> None:
    out.flush()
    os.fsync(out.fileno())


def _path(export: UUID) -> Path:
    return _folder() / str(export)


def _folder() -> Path:
    return settings.current().files / "exports"
