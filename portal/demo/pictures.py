"""Photos of the demonstration, painted: a few coloured shapes that show what the words complain of."""

import io
import random
from collections.abc import Callable

from PIL import Image, ImageDraw

from portal.photos import images
from portal.photos import services as photos
from portal.photos.services import Stored

SIZE = 960, 720


async def kept(motif: str, *, many: int, luck: random.Random) -> list[Stored]:
    """So many photos of one motif, cleaned and on the disk as if somebody had sent them."""
    return await photos.keep([images.clean(_painted(motif, luck)) for _one in range(many)])


def _painted(motif: str, luck: random.Random) -> bytes:
    picture = Image.new("RGB", SIZE, (214, 205, 190))
    MOTIFS[motif](ImageDraw.Draw(picture), luck)
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=80)
    return out.getvalue()


def _leak(draw: ImageDraw.ImageDraw, luck: random.Random) -> None:
    """A ceiling with a wet patch, drops, and a puddle on the tiles."""
    draw.rectangle((0, 430, 960, 720), fill=(150, 170, 178))
    for x in range(0, 960, 120):
        draw.line((x, 430, x * 2 - 480, 720), fill=(130, 148, 156), width=4)
    middle = luck.randint(360, 600)
    for size, tone in ((190, 180), (140, 158), (80, 132)):
        draw.ellipse((middle - size, -60, middle + size, size), fill=(tone, tone - 14, tone - 40))
    for _drop in range(14):
        x, y = middle + luck.randint(-90, 90), luck.randint(200, 560)
        draw.ellipse((x, y, x + 8, y + 22), fill=(120, 160, 190))
    draw.ellipse((middle - 200, 590, middle + 200, 670), fill=(118, 150, 172))


def _stain(draw: ImageDraw.ImageDraw, luck: random.Random) -> None:
    """A bed with a stain on its sheet."""
    draw.rectangle((0, 0, 960, 240), fill=(120, 96, 80))
    draw.rounded_rectangle((60, 190, 900, 720), 40, fill=(244, 243, 238))
    for left in (140, 520):
        draw.rounded_rectangle((left, 160, left + 300, 300), 50, fill=(255, 255, 252), outline=(220, 218, 210), width=4)
    x, y = luck.randint(280, 560), luck.randint(400, 520)
    for size in (70, 46, 24):
        draw.ellipse((x - size, y - size * 0.6, x + size, y + size * 0.6), fill=(214 - size // 2, 190 - size // 2, 140))


def _dish(draw: ImageDraw.ImageDraw, luck: random.Random) -> None:
    """A bowl of soup, and something dark in it."""
    draw.rectangle((0, 0, 960, 720), fill=(120, 72, 48))
    draw.ellipse((170, 60, 790, 680), fill=(250, 250, 246))
    draw.ellipse((230, 120, 730, 620), fill=(214, 158, 76))
    for _leaf in range(18):
        x, y = luck.randint(320, 620), luck.randint(220, 520)
        draw.ellipse((x, y, x + 34, y + 16), fill=(92, 140, 66))
    x = luck.randint(380, 480)
    draw.arc((x, 260, x + 170, 430), 200, 20, fill=(30, 22, 18), width=4)


def _lift(draw: ImageDraw.ImageDraw, luck: random.Random) -> None:
    """Lift doors half open, the car above the landing."""
    draw.rectangle((0, 0, 960, 720), fill=(176, 178, 182))
    step = luck.randint(70, 120)
    draw.rectangle((260, 40, 700, 640), fill=(64, 66, 72))
    draw.rectangle((260, 640 - step, 700, 640), fill=(30, 30, 34))
    draw.rectangle((200, 40, 360, 640), fill=(142, 146, 152))
    draw.rectangle((600, 40, 760, 640), fill=(142, 146, 152))
    draw.rectangle((0, 640, 960, 720), fill=(110, 100, 92))
    draw.rectangle((820, 260, 860, 340), fill=(240, 80, 60))


def _screen(draw: ImageDraw.ImageDraw, luck: random.Random) -> None:
    """A large dark screen in a bright hall."""
    draw.rectangle((0, 0, 960, 520), fill=(226, 230, 234))
    draw.rectangle((0, 520, 960, 720), fill=(168, 160, 150))
    draw.rectangle((140, 90, 820, 470), fill=(16, 18, 22), outline=(90, 94, 100), width=14)
    y = luck.randint(160, 400)
    draw.line((160, y, 800, y), fill=(70, 90, 120), width=3)
    draw.rectangle((440, 470, 520, 620), fill=(90, 94, 100))


MOTIFS: dict[str, Callable[[ImageDraw.ImageDraw, random.Random], None]] = {
    "leak": _leak, "stain": _stain, "dish": _dish, "lift": _lift, "screen": _screen,
}  # fmt: skip
