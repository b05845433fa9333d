"""P27: twenty large uploads at once fill neither memory nor disk, and what is refused is refused soon and leaves nothing."""

import asyncio
import contextlib
import io
import os
import struct
import time
import zlib
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import psutil
import pytest
from PIL import Image

from portal.photos.tables import Photo
from tests import cast as actors
from tests.ground import environment, processes
from tests.ground.processes import Running
from tests.promises.stage import Record, Scale, Seat, seat
from tests.promises.ways import FILED

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
MB = 1_000_000
GROWTH = 200
SOON = 5.0
FIELDS = {name: FILED[name] for name in ("kind", "body", "phone")}


async def test_twenty_large_uploads_at_once_do_not_fill_the_memory(scale: Scale, figure: Record) -> None:
    await actors.enter()
    many, photo = 20, noise(scale(4, 10) * MB)
    with processes.portal(environment.WORKER) as running:
        async with contextlib.AsyncExitStack() as stack:
            seats = [await stack.enter_async_context(seat(running.url)) for _guest in range(many)]
            await filed(seats[0], noise(MB))
            async with watched(running) as watch:
                answers = await asyncio.gather(*(filed(one, photo) for one in seats))

    assert [answer.status_code for answer in answers] == [303] * many
    assert await Photo.count() == many + 1
    assert watch.grown < GROWTH
    figure(f"{many} uploads of {len(photo) / MB:.1f} MB at once: memory grew by", watch.grown, "MB", "P27")


async def test_what_is_refused_is_refused_soon_and_leaves_nothing(figure: Record, tmp_path: Path) -> None:
    await actors.enter()
    slowest = 0.0
    with processes.portal(environment.WORKER, TMPDIR=str(tmp_path)) as running:
        files = Path(running.surroundings["PORTAL_FILES"])
        async with seat(running.url) as guest:
            for name, body in REFUSED.items():
                began = time.monotonic()
                answer = await filed(guest, body())
                slowest = max(slowest, time.monotonic() - began)
                assert answer.status_code in (413, 415, 422), f"{name}: {answer.status_code}"
                assert kept_in(files) == [], name
            many = await filed(guest, *[noise(50_000)] * 6)
            forged = await filed(guest, noise(MB), form_token="forged")
            untyped = await filed(guest, noise(MB), body="")
        held = [file.path for file in psutil.Process(running.process.pid).open_files()]

    assert (many.status_code, forged.status_code, untyped.status_code) == (422, 403, 422)
    assert kept_in(files) == []
    assert await Photo.count() == 0
    assert slowest <= SOON
    assert kept_in(tmp_path) == []
    assert not [name for name in held if str(tmp_path) in name]
    figure(f"{len(REFUSED)} kinds of refused files, the slowest answer after", slowest, "s", "P27")


async def test_a_photo_keeps_nothing_but_its_pixels() -> None:
    await actors.enter()
    marker = b"GPS-36.0671-120.3826"
    image, out = Image.new("RGB", (64, 64), "white"), io.BytesIO()
    exif = Image.Exif()
    exif[0x010E] = marker.decode()
    image.save(out, "JPEG", exif=exif, comment=marker)
    with processes.portal(environment.WORKER) as running:
        async with seat(running.url) as guest:
            answer = await filed(guest, out.getvalue())
            page = await guest.browser.get(answer.headers["location"])
            sources = {image.get("src") or "" for image in page.css("img[src*='/photos/']")}
            bodies = [(await guest.client.get(source)).content for source in sources]

    assert marker in out.getvalue()
    assert bodies
    assert not [body for body in bodies if marker in body or b"Exif" in body]


async def filed(guest: Seat, *photos: bytes, **fields: str) -> httpx.Response:
    """File a complaint with photos."""
    files = [("photos", (f"{number}.jpg", photo, "image/jpeg")) for number, photo in enumerate(photos)]
    return await guest.post("/s/hotel/complaints", {**FIELDS, **fields}, files=files)


def noise(size: int) -> bytes:
    """A JPEG of so many bytes: noise, which nothing makes smaller, and what a camera adds behind it."""
    side = int((size / 1.3) ** 0.5)
    out = io.BytesIO()
    Image.frombytes("L", (side, side), os.urandom(side * side)).save(out, "JPEG", quality=94)
    return out.getvalue() + os.urandom(size - len(out.getvalue()))


def bomb() -> bytes:
    """A PNG of 41 megapixels in 40 kB."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compress(b"\0" * (8_201 * 5_000), 9)
    head = struct.pack(">IIBBBBB", 8_200, 5_000, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def gif() -> bytes:
    out = io.BytesIO()
    Image.new("P", (8, 8)).save(out, "GIF")
    return out.getvalue()


REFUSED: dict[str, Callable[[], bytes]] = {
    "a text": lambda: b"just words",
    "a page": lambda: b"<html><script>alert(1)</script></html>",
    "a drawing with scripts": lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    "a PDF": lambda: b"%PDF-1.7\n" + os.urandom(5_000),
    "a GIF": gif,
    "a torn JPEG": lambda: noise(50_000)[:150],
    "41 megapixels": bomb,
    "more than 10 MB": lambda: noise(10 * MB + 1),
    "more than a post may have": lambda: os.urandom(53 * MB),
}


class Watch:
    """The resident memory of a process, before and at its highest."""

    def __init__(self, pid: int) -> None:
        self._process = psutil.Process(pid)
        self.before = self.highest = self._process.memory_info().rss

    @property
    def grown(self) -> float:
        return float(self.highest - self.before) / MB

    async def look(self) -> None:
        while True:
            self.highest = max(self.highest, self._process.memory_info().rss)
            await asyncio.sleep(0.02)


@contextlib.asynccontextmanager
async def watched(running: Running) -> AsyncIterator[Watch]:
    """Look at the memory of a server all the time."""
    watch = Watch(running.process.pid)
    looking = asyncio.create_task(watch.look())
    try:
        yield watch
    finally:
        looking.cancel()


def kept_in(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
