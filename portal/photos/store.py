"""Where photos are kept: sealed files that are on the disk before the row that names them is committed."""

import asyncio
import os
import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal
from uuid import UUID

from portal import clock
from portal.photos.images import Clean

Size = Literal["full", "thumb"]
SIZES: tuple[Size, ...] = ("full", "thumb")
AT_A_TIME = 500


class Store:
    """A folder of sealed photos; each is bound to its id and size, so that no file can stand in for another."""

    def __init__(self, root: Path, seal: Callable[[bytes, str], bytes], unseal: Callable[[bytes, str], bytes]) -> None:
        self._root, self._seal, self._unseal = root, seal, unseal

    async def put(self, photo_id: UUID, photo: Clean) -> None:
        """Keep a photo; when this returns, a power cut does not lose it."""
        await asyncio.to_thread(self._put, photo_id, photo)

    async def get(self, photo_id: UUID, size: Size = "full") -> bytes | None:
        """The JPEG of this size, or None where there is none."""
        return await asyncio.to_thread(self._get, photo_id, size)

    async def remove(self, photo_id: UUID) -> None:
        """Forget a photo; one that is not there is forgotten already."""
        await asyncio.to_thread(self._remove, photo_id)

    async def sweep(self, known: Callable[[list[UUID]], Awaitable[set[UUID]]], older_than: timedelta) -> int:
        """Remove what no row names, and what a crash left half written; how many photos that were.

        Young files are left alone: their transaction may still be open.
        """
        before = clock.now() - older_than
        found = await asyncio.to_thread(self._older, before)
        removed = 0
        for start in range(0, len(found), AT_A_TIME):
            some = found[start : start + AT_A_TIME]
            for orphan in set(some) - await known(some):
                await self.remove(orphan)
                removed += 1
        return removed

    def _put(self, photo_id: UUID, photo: Clean) -> None:
        folder = self._path(photo_id, "full").parent
        if not folder.is_dir():
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            _sync(self._root)
        try:
            for size in SIZES:
                data = photo.full if size == "full" else photo.thumb
                self._write(self._path(photo_id, size), self._seal(data, _place(photo_id, size)))
            _sync(folder)
        except BaseException:
            self._remove(photo_id)
            raise

    def _write(self, path: Path, data: bytes) -> None:
        draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.tmp")
        stamp = clock.now().timestamp()
        try:
            with open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(data)
                file.flush()
                os.utime(file.fileno(), (stamp, stamp))
                os.fsync(file.fileno())
            draft.replace(path)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise

    def _get(self, photo_id: UUID, size: Size) -> bytes | None:
        try:
            sealed = self._path(photo_id, size).read_bytes()
        except FileNotFoundError:
            return None
        return self._unseal(sealed, _place(photo_id, size))

    def _remove(self, photo_id: UUID) -> None:
        for size in SIZES:
            self._path(photo_id, size).unlink(missing_ok=True)

    def _older(self, before: datetime) -> list[UUID]:
        """The photos written before an instant; drafts of that age are removed on the way."""
        found = set()
        for path in self._root.glob("[0-9a-f][0-9a-f]/*"):
            if path.stat().st_mtime >= before.timestamp():
                continue
            if path.suffix == ".tmp":
                path.unlink(missing_ok=True)
            else:
                found.add(UUID(path.stem))
        return sorted(found)

    def _path(self, photo_id: UUID, size: Size) -> Path:
        # The last two digits: those of a version 7 id are random, the first are the same for years.
        return self._root / photo_id.hex[-2:] / f"{photo_id}.{size}"


def _place(photo_id: UUID, size: Size) -> str:
    return f"photo.{size}:{photo_id}"


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
