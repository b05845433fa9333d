"""XLSX: written by a process of its own, so that neither its time nor its memory is the portal's."""

import asyncio
import itertools
import json
import os
import re
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from portal.i18n.translations import _
from portal.sheets.sheet import Sheets, cells

BINDER = Path(__file__).with_name("binder.py")
ROWS, PIECE = 250, 64_000
LONGEST = 31  # letters of a sheet's name
PRIVATE = ("PORTAL_", "DATABASE_")


class Unbound(RuntimeError):
    """The process that binds the book ended without one."""


async def pieces(sheets: Sheets, *, on_disk: bool = True) -> AsyncGenerator[bytes, None]:
    """The file, a piece at a time, once all rows were read; without `on_disk` no row ever stands in a file in the clear."""
    binder = await asyncio.create_subprocess_exec(
        sys.executable, "-I", str(BINDER), stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env={name: value for name, value in os.environ.items() if not name.startswith(PRIVATE)},
    )  # fmt: skip
    assert binder.stdin is not None  # noqa: S101  # as asked for
    assert binder.stdout is not None  # noqa: S101
    try:
        async for line in _lines(sheets, on_disk=on_disk):
            binder.stdin.write(line)
            await binder.stdin.drain()
        binder.stdin.close()
        while piece := await binder.stdout.read(PIECE):
            yield piece
        if await binder.wait():
            raise Unbound
    except (BrokenPipeError, ConnectionResetError) as error:
        raise Unbound from error
    finally:
        if binder.returncode is None:
            binder.kill()
            await binder.wait()


def names(wanted: Sequence[str]) -> list[str]:
    """Names that a book takes: no more than 31 letters, none of []:*?/\\, each once whatever its case."""
    found: list[str] = []
    for name in wanted:
        clean = re.sub(r"[\[\]:*?/\\\0-\x1f]", " ", name).strip(" '")[:LONGEST].rstrip(" '") or "–"
        if clean.lower() == "history":  # a name that Excel keeps for itself
            clean += " –"
        taken = {one.lower() for one in found}
        tried = (clean, *(f"{clean[: LONGEST - 4]} {number}" for number in range(2, len(wanted) + 2)))
        found.append(next(one for one in tried if one.lower() not in taken))
    return found


async def _lines(sheets: Sheets, *, on_disk: bool) -> AsyncIterator[bytes]:
    """What the binder is told: each sheet, then its rows, some in a line; last what all of them count."""
    *titles, about = names([*(sheet.name for sheet in sheets), _("About")])
    yield _line({"on_disk": on_disk})
    for title, sheet in zip(titles, sheets, strict=True):
        yield _line({"sheet": title, "columns": [(column.label, column.kind) for column in sheet.columns]})
        some = []
        async for row in sheet.rows:
            some.append(cells(sheet, row))
            if len(some) == ROWS:
                yield _line(some)
                some = []
        yield _line(some)
    notes = itertools.chain.from_iterable(((sheet.name, ""), *(("", note) for note in sheet.notes)) for sheet in sheets)
    yield _line({"about": about, "notes": list(notes)})


def _line(told: Any) -> bytes:
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
