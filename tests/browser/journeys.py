"""What people do in the browser, step by step: for the journeys and for the pictures."""

import io
import re

from PIL import Image, ImageDraw
from playwright.async_api import FilePayload, Locator, Page

BODY = "空调一直不制冷，已经两个小时了，打前台电话没有人接。"
PHONE = "13800138000"


def photo(shade: str = "#8aa39a", words: str = "1208", size: tuple[int, int] = (1200, 900)) -> bytes:
    """A JPEG as a phone would send one, only smaller."""
    image = Image.new("RGB", size, shade)
    draw = ImageDraw.Draw(image)
    wide, high = size
    draw.ellipse((wide // 3, high // 4, wide // 3 * 2, high // 4 * 3), fill="#e9e2d0", outline="#2c3a36", width=12)
    draw.text((wide // 2 - 60, high // 2 - 20), words, fill="#2c3a36", font_size=56)
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


def picture(name: str = "aircon.jpg", shade: str = "#8aa39a") -> list[FilePayload]:
    """The same, as a chosen file."""
    return [{"name": name, "mimeType": "image/jpeg", "buffer": photo(shade)}]


async def file(page: Page, *, site: str = "hotel", place: str = "", body: str = BODY, phone: str = PHONE) -> tuple[str, str]:
    """File a complaint on a phone; its number and the path of its link."""
    await page.goto(f"/s/{site}/complaints/new" + (f"?place={place}" if place else ""))
    await page.fill("#body", body)
    await page.fill("#phone", phone)
    await page.click("#filing .dock button")
    await page.wait_for_url("**/c/*")
    number = await page.locator("#complaint-follow").get_attribute("data-number")
    return number or "", re.sub(r"^https?://[^/]+", "", page.url)


async def unfold(page: Page, deed: str) -> Locator:
    """Open a deed's form on an item's page; the form."""
    form = page.locator(f"form#{deed}")
    if not await form.is_visible():
        await page.click(f"#{deed}-fold > summary")
    return form


async def do(page: Page, deed: str, **fields: str) -> None:
    """Do a deed on the item whose page this is, and wait until its page is there again."""
    form = await unfold(page, deed) if deed not in ("claim", "closure") else page.locator(f"form#{deed}")
    for name, value in fields.items():
        field = form.locator(f'[name="{name}"]')
        if await field.first.get_attribute("type") == "radio":
            await form.locator(f'[name="{name}"][value="{value}"]').check(force=True)
        elif await field.evaluate("field => field.tagName") == "SELECT":
            await field.select_option(value)
        else:
            await field.fill(value)
    async with page.expect_navigation():
        await form.locator("button[type=submit]").click()


async def handle(page: Page, number: str, *, site: str = "hotel", until: str = "answered") -> None:
    """Lead a fresh complaint to a state, as one person at the desk does."""
    await page.goto(f"/desk/{site}/items/{number}")
    steps = {
        "owned": ("claim", {}),
        "triaged": ("triage", {"severity": "normal", "category": "room", "cause": "压缩机坏了", "wish": "尽快修好"}),
        "planned": ("plan", {"plan": "工程部张师傅 14:30 前到房间检修；修不好就换到 1508。"}),
        "answered": ("reply", {"reply": "空调已经修好，给您添麻烦了，今晚的房费我们已减半。"}),
    }
    for state, (deed, fields) in steps.items():
        await do(page, deed, **fields)
        if state == until:
            return
