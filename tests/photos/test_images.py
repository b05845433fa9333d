"""Photos made anew: what is kept, what is forgotten, what is refused."""

import asyncio
import io
import random
import struct
import time
import zlib

import pytest
from PIL import Image

from portal.photos import images
from portal.photos.images import NOT_AN_IMAGE, TOO_LARGE, TOO_MANY_PIXELS, Clean, Refused, clean, cleaned


def photo(kind: str = "JPEG", *, size: tuple[int, int] = (640, 480), mode: str = "RGB", **options: object) -> bytes:
    """A picture whose left half is red."""
    picture = Image.new(mode, size, options.pop("ground", "blue"))  # type: ignore[arg-type]  # a colour, in any of its forms
    if mode == "RGB":
        picture.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_photo_becomes_two_jpegs_that_fit(kind: str) -> None:
    result = clean(photo(kind, size=(4000, 2000)))

    full, thumb = opened(result.full), opened(result.thumb)
    assert (full.format, full.size, full.info.get("progressive")) == ("JPEG", (1600, 800), 1)
    assert (thumb.format, thumb.size) == ("JPEG", (320, 160))
    assert (result.width, result.height) == (1600, 800)


def test_a_small_photo_is_not_blown_up() -> None:
    result = clean(photo(size=(200, 100)))

    assert opened(result.full).size == opened(result.thumb).size == (200, 100)


def test_a_photo_stands_upright_and_tells_nothing_of_where_it_was_taken() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned: the left half is the top
    exif[0x010F] = "MARKER-CAMERA"
    exif.get_ifd(0x8825)[0x0002] = (31.0, 14.0, 0.0)
    raw = photo(exif=exif, comment=b"MARKER-COMMENT", icc_profile=b"MARKER-PROFILE")
    assert raw.count(b"MARKER") == 3

    result = clean(raw)

    full = opened(result.full)
    assert full.size == (480, 640)
    assert full.getpixel((240, 20))[0] > 200  # type: ignore[index]  # a colour, since the picture is RGB
    assert b"MARKER" not in result.full + result.thumb
    assert not full.getexif()
    assert set(full.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}


def test_what_is_see_through_is_white() -> None:
    result = clean(photo("PNG", mode="RGBA", ground=(0, 0, 0, 0)))

    assert opened(result.full).getpixel((10, 10)) == (255, 255, 255)


@pytest.mark.parametrize(
    ("mode", "ground", "light"), [("I;16", 32768, 128), ("L", 128, 128), ("1", 1, 255), ("CMYK", (0, 0, 0, 255), 0)]
)
def test_other_kinds_of_colour_keep_their_light(mode: str, ground: object, light: int) -> None:
    result = clean(photo("JPEG" if mode == "CMYK" else "PNG", mode=mode, ground=ground))

    seen = opened(result.full).getpixel((10, 10))
    assert isinstance(seen, tuple)
    assert abs(seen[0] - light) < 4


def test_of_a_moving_picture_the_first_frame_is_kept() -> None:
    out = io.BytesIO()
    frames = [Image.new("RGB", (60, 40), colour) for colour in ("red", "blue")]
    frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], lossless=True)

    assert opened(clean(out.getvalue()).full).getpixel((10, 10))[0] > 200  # type: ignore[index]  # an RGB colour


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!doctype html><script>alert(1)</script>",
        b"GIF89a" + bytes(100),
        b"%PDF-1.7\n" + bytes(100),
        photo("BMP"),
        photo("TIFF"),
        random.Random(1).randbytes(5000),
    ],
)
def test_what_is_no_photo_is_refused(raw: bytes) -> None:
    assert reason(raw) == NOT_AN_IMAGE


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_half_a_photo_is_refused(kind: str) -> None:
    picture = Image.effect_noise((300, 300), 90).convert("RGB")
    out = io.BytesIO()
    picture.save(out, kind)

    assert reason(out.getvalue()[: len(out.getvalue()) // 2]) == NOT_AN_IMAGE


def test_limits_are_met_exactly(monkeypatch: pytest.MonkeyPatch) -> None:
    raw = photo()
    monkeypatch.setattr(images, "MAX_BYTES", len(raw))
    monkeypatch.setattr(images, "MAX_PIXELS", 640 * 480)
    assert clean(raw).width == 640

    assert reason(raw + b"\0") == TOO_LARGE
    monkeypatch.setattr(images, "MAX_PIXELS", 640 * 480 - 1)
    assert reason(raw) == TOO_MANY_PIXELS


@pytest.mark.parametrize(("width", "height"), [(8001, 5000), (10_000, 10_000), (60_000, 60_000)])
def test_a_bomb_is_refused_by_its_header(width: int, height: int) -> None:
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    raw = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(bytes(1000))) + _chunk(b"IEND", b"")

    assert reason(raw) == TOO_MANY_PIXELS


@pytest.mark.anyio
async def test_two_are_cleaned_at_a_time_in_any_loop(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most, real = 0, 0, images.clean

    def watched(raw: bytes) -> Clean:
        nonlocal running, most
        running += 1
        most = max(most, running)
        time.sleep(0.02)
        running -= 1
        return real(raw)

    monkeypatch.setattr(images, "clean", watched)

    async def read() -> bytes:
        return photo()

    results = await asyncio.gather(*(cleaned(read) for _photo in range(6)))

    assert [result.width for result in results] == [640] * 6
    assert most == images.AT_ONCE


def reason(raw: bytes) -> str:
    with pytest.raises(Refused) as refused:
        clean(raw)
    return refused.value.reason


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
