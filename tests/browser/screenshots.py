"""`python -m tests.browser.screenshots [name …]`: every page in every state into var/screenshots/, with a sheet of them all.

It also makes the two pictures of the README, and tells of pages that scroll sideways or complain in the console.
"""

from tests.ground import environment  # isort: skip  # first: it sets the environment before the portal is imported

import asyncio
import html
import shutil
import sys

from playwright.async_api import async_playwright

from tests.browser.conftest import ARGUMENTS, PHONE, TABLET
from tests.browser.gallery import SHOTS, Shot
from tests.browser.studio import Look, Studio, studio

OUT = environment.ROOT / "var" / "screenshots"
README = environment.ROOT / "docs" / "pictures"
AT_ONCE = 3
LOOKS = (
    Look("phone", PHONE["width"], PHONE["height"]),
    Look("phone-dark", PHONE["width"], PHONE["height"], dark=True),
    Look("phone-en", PHONE["width"], PHONE["height"], language="en"),
    Look("narrow", 320, 640, language="en"),
    Look("tablet", TABLET["width"], TABLET["height"], phone=False),
    Look("tablet-dark-en", TABLET["width"], TABLET["height"], language="en", dark=True, phone=False),
)
PAPER = Look("paper", 794, 1123, phone=False)
PICTURES = {"phone": ("follow-planned", LOOKS[0]), "desk": ("item-late-mine", LOOKS[4])}
STYLE = (
    "body{font:16px system-ui;margin:2rem;background:#888}img{block-size:26rem}"
    "div{display:flex;gap:1rem;align-items:start;overflow:auto}"
)


async def main(wanted: list[str]) -> int:
    """Make the pictures whose names begin with one of these words (all, if there is none); 1 if a page has a fault."""
    shots = [shot for shot in SHOTS if not wanted or shot.name.startswith(tuple(wanted))]
    if not wanted:
        shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True, exist_ok=True)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        async with studio(browser) as studio_:
            faults = await all_of_them(studio_, shots)
            if not wanted:
                await for_readme(studio_)
        await browser.close()
    (OUT / "index.html").write_text(sheet(), encoding="utf-8")
    print("\n".join([*faults, f"{len(list(OUT.glob('*.png')))} pictures in {OUT}"]))  # noqa: T201
    return bool(faults)


async def all_of_them(studio_: Studio, shots: list[Shot]) -> list[str]:
    """Take the pictures, a few at once; what is wrong with the pages."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one(shot: Shot, look: Look) -> list[str]:
        async with turns:
            return await taken(studio_, shot, look)

    both = [(shot, look) for shot in shots for look in ((PAPER,) if shot.paper else LOOKS)]
    return [fault for some in await asyncio.gather(*(one(shot, look) for shot, look in both)) for fault in some]


async def taken(studio_: Studio, shot: Shot, look: Look) -> list[str]:
    """Take one picture; what is wrong with the page."""
    name = f"{shot.name}--{look.name}"
    try:
        async with studio_.opened(shot, look) as (page, wrong):
            await page.wait_for_timeout(150)
            # A desk's panes scroll by themselves: there, what one sees is all there is.
            await page.screenshot(path=OUT / f"{name}.png", full_page=look.phone or shot.paper)
            over = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
            return [f"{name}: {fault}" for fault in [*wrong, *([f"scrolls {over} px sideways"] if over > 0 else [])]]
    except Exception as error:
        return [f"{name}: {error}"]


async def for_readme(studio_: Studio) -> None:
    """The two pictures that the README shows."""
    README.mkdir(parents=True, exist_ok=True)
    for name, (wanted, look) in PICTURES.items():
        shot = next(shot for shot in SHOTS if shot.name == wanted)
        async with studio_.opened(shot, look) as (page, _wrong):
            await page.wait_for_timeout(300)
            await page.screenshot(path=README / f"{name}.png")


def sheet() -> str:
    """All pictures on one page."""
    rows = []
    for name in dict.fromkeys(shot.name for shot in SHOTS):
        files = [OUT / f"{name}--{look.name}.png" for look in (*LOOKS, PAPER)]
        images = [
            f'<a href="{file.name}"><img src="{file.name}" alt="{html.escape(file.stem)}" loading="lazy"></a>'
            for file in files
            if file.exists()
        ]
        rows.append(f"<h2>{html.escape(name)}</h2><div>{''.join(images)}</div>" if images else "")
    return f'<!doctype html><meta charset="utf-8"><title>Screenshots</title><style>{STYLE}</style>{"".join(rows)}\n'


if __name__ == "__main__":
    code = asyncio.run(main(sys.argv[1:]))
    shutil.rmtree(environment.RUN, ignore_errors=True)
    sys.exit(code)
