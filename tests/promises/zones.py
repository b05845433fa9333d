"""One evening at the hotel, played in whatever zone the server has: `TZ=… python -m tests.promises.zones out.json`.

Time and chance are the scenario's own, so that two evenings that differ in the server's zone alone differ in nothing.
"""

import asyncio
import hashlib
import itertools
import json
import os
import secrets
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx

from portal import clock, settings
from portal.app import create_app
from portal.domain.queues.services import clocks
from tests import cast as actors
from tests.pages import Browser, Page
from tests.promises.stage import stored
from tests.promises.ways import FILED, TRIAGED

NEW_YEAR = datetime(2026, 12, 31, 16, tzinfo=UTC)  # in Shanghai; in New York it is eleven in the morning of the old year
_instant = [NEW_YEAR - timedelta(seconds=30)]
_count = itertools.count()


def decide() -> None:
    """Take time and chance into one's own hands."""
    clock.now = lambda: _instant[0]
    os.urandom = _chance
    secrets.token_urlsafe = lambda size=None: _chance(21).hex()[:28]  # type: ignore[assignment]
    time.time_ns = lambda: int(_instant[0].timestamp() * 1e9)


def _chance(size: int) -> bytes:
    return hashlib.shake_128(str(next(_count)).encode()).digest(size)


def wait(**how: float) -> None:
    """So much time passes."""
    _instant[0] += timedelta(**how)


async def evening() -> dict[str, object]:
    """File before and after midnight, handle one, miss the other's deadline; all pages and all rows of it."""
    app, pages = create_app(), []
    async with app.lifespan():
        transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # httpx and Litestar name the same messages apart

        def browser(language: str) -> Browser:
            return Browser(httpx.AsyncClient(transport=transport, base_url=settings.current().base_url,
                                             headers={"accept-language": language}))  # fmt: skip

        guest, desk = browser("zh-CN"), browser("en")
        first = await filed(guest)
        wait(minutes=1)
        second = await filed(guest)
        pages += [first, second]
        await actors.sign_in(desk.client, "hotel.desk")
        item = f"/desk/hotel/items/{first.one('[data-number]').get('data-number')}"
        deeds = item.replace("/items/", "/complaints/")
        page = await (await desk.get(item)).submit(f"{item}/claim")
        wait(minutes=3)
        page = await page.submit(f"{deeds}/triage", **TRIAGED)  # type: ignore[arg-type]  # fields, by their names
        page = await page.submit(f"{deeds}/plan", plan="检修")
        wait(minutes=5)
        pages.append(await page.submit(f"{deeds}/reply", reply="已修好"))
        page = await guest.get(first.path)
        pages.append(await page.submit(f"{first.path}/rejection", reason="没有"))
        wait(minutes=29)
        await clocks.look_at_clocks()
        await actors.sign_in((await signed_out(desk)).client, "hotel.manager")
        for path in ("/desk/hotel", "/desk/hotel/queue", item, "/desk/hotel/log"):
            pages.append(await desk.get(path))
        pages += [await guest.get(first.path), await guest.get(second.path)]
        return {"pages": [page.response.text for page in pages], "rows": await stored(), "zone": time.tzname,
                "numbers": [one.one("[data-number]").get("data-number") for one in (first, second)]}  # fmt: skip


async def filed(guest: Browser) -> Page:
    page = await guest.get("/s/hotel/complaints/new")
    fields = {name: FILED[name] for name in ("kind", "body", "place", "name", "phone")}
    return await page.submit("/s/hotel/complaints", **fields)  # type: ignore[arg-type]  # fields, by their names


async def signed_out(browser: Browser) -> Browser:
    browser.client.cookies.delete("session")
    return browser


if __name__ == "__main__":
    decide()
    Path(sys.argv[1]).write_text(json.dumps(asyncio.run(evening())), encoding="utf-8")
