"""What is left of a photo when only its pixels are kept: one to look at, one for lists, nothing about where it was taken."""

import asyncio
import io
import threading
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from PIL import Image, ImageOps

MAX_BYTES = 10_000_000
MAX_PIXELS = 40_000_000
FORMATS = ("JPEG", "PNG", "WEBP")
FULL_SIDE, THUMB_SIDE = 1600, 320
QUALITY = 82
AT_ONCE = 2
HEAVY_PIXELS = 8_000_000

TOO_LARGE = "too-large"
TOO_MANY_PIXELS = "too-many-pixels"
NOT_AN_IMAGE = "not-an-image"

# Blocks of this size go back to the system as soon as they are free; of Pillow's 16 MB the allocator keeps hundreds of MB.
Image.core.set_block_size(64 * 1024 * 1024)  # type: ignore[attr-defined]  # documented, but left out of its types

_one_heavy = threading.Lock()
_turns: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = WeakKeyDictionary()


class Refused(ValueError):
    """A file that is not taken as a photo; `reason` is a code that the page puts into words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Clean:
    """A photo as it is kept: two JPEGs, and the size of the larger."""

    full: bytes
    thumb: bytes
    width: int
    height: int


async def cleaned(read: Callable[[], Awaitable[bytes]]) -> Clean:
    """`clean` in a thread, two at a time, so that a busy evening fills neither cores nor memory.

    The file is read only when its turn comes: until then it waits on the disk.
    """
    loop = asyncio.get_running_loop()
    async with _turns.setdefault(loop, asyncio.Semaphore(AT_ONCE)):
        return await asyncio.to_thread(clean, await read())


def clean(raw: bytes) -> Clean:
    """Make a photo anew from its pixels; raises Refused for what is too big or no photo (P27)."""
    if len(raw) > MAX_BYTES:
        raise Refused(TOO_LARGE)
    try:
        with Image.open(io.BytesIO(raw), formats=FORMATS) as image:
            full = _pixels(image)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(TOO_MANY_PIXELS) from None
    except Refused:
        raise
    except Exception as error:  # a decoder fed with garbage raises nearly anything
        raise Refused(NOT_AN_IMAGE) from error
    thumb = full.copy()
    thumb.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    return Clean(_jpeg(full), _jpeg(thumb), full.width, full.height)


def _pixels(image: Image.Image) -> Image.Image:
    """The first frame, small, upright, on white, in a picture of its own that knows nothing else."""
    if image.width * image.height > MAX_PIXELS:
        raise Refused(TOO_MANY_PIXELS)
    with _one_heavy if _heavy(image) else nullcontext():
        image.draft("RGB", (FULL_SIDE, FULL_SIDE))
        colours = _coloured(image)
        colours.thumbnail((FULL_SIDE, FULL_SIDE), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(colours)
    plain = Image.new("RGB", upright.size, "white")
    if upright.has_transparency_data:
        layer = upright.convert("RGBA")
        plain.paste(layer, mask=layer)
    else:
        plain.paste(upright.convert("RGB"))
    return plain


def _coloured(image: Image.Image) -> Image.Image:
    """Palettes and 16-bit greys as colours: the first would shrink to jags, the second turn white."""
    if image.mode in ("P", "1"):
        return image.convert("RGBA")
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda grey: grey / 256).convert("L")
    return image


def _heavy(image: Image.Image) -> bool:
    """Whether it must be unpacked whole, at four bytes a pixel: only a plain JPEG can be read at a smaller scale."""
    small = image.format == "JPEG" and not image.info.get("progressive")
    return not small and image.width * image.height > HEAVY_PIXELS


def _jpeg(image: Image.Image) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return out.getvalue()
