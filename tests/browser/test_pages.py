"""Every page, inspected in the browser: axe, 320 px, targets, other hosts, console, content policy (P47)."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from tests.browser.gallery import SHOTS, Shot
from tests.browser.studio import Look, Studio, studio
from tests.ground import environment

NARROW = Look("narrow", 320, 640, language="en")
DARK = Look("dark", 1180, 820, dark=True, phone=False)
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"],
         "rules": {"target-size": {"enabled": True}}}  # fmt: skip
# One of each kind of page, with its errors; `make prove` looks at every one of them, by day and by night.
USUAL = (
    "site-hotel", "form-refused", "form-expired", "follow-photos", "follow-long", "follow-rejection-refused",
    "follow-rating-refused", "not-found", "sign-in-refused", "desk-manager", "me", "queue-filter", "queue-empty",
    "item-long", "item-triage-refused", "item-unmasked", "item-guard", "item-asking-refused", "queue-choosing-refused",
    "intake-refused", "settings-refused", "log", "staff-admin", "posters", "report", "records", "today", "search-found",
    "line-more", "door-refused", "wait", "book-full", "book-refused", "booking-offered",
)  # fmt: skip
AT_NIGHT = (
    "form-refused", "follow-answered", "queue", "item-late", "item-triage-refused", "report", "display", "line",
    "display-calls", "wait-called", "book-times", "booking-changing",
)
# Nothing more to look at, or nothing that may be asked.
LEFT_OUT = ("paper-", "form-busy", "form-offline", "queue-not-live", "queue-offline", "intake-busy", "form-no-scripts")
SMALL = """[...document.querySelectorAll('.button, .deed__head, .rail__link, .card, .tile, .field__box')]
  .filter(it => it.checkVisibility() && it.getBoundingClientRect().height < 44)
  .map(it => it.className + ' ' + it.textContent.trim().slice(0, 30))"""


@pytest.fixture(scope="module")
async def house(chromium: Browser) -> AsyncIterator[Studio]:
    """A portal before the stage, with everybody signed in."""
    async with studio(chromium) as made:
        yield made


@pytest.mark.prove
@pytest.mark.parametrize(("look", "usual"), [(NARROW, USUAL), (DARK, AT_NIGHT)], ids=["narrow", "dark"])
async def test_every_page_is_for_everybody(house: Studio, look: Look, usual: tuple[str, ...]) -> None:
    known = {shot.name: shot for shot in SHOTS if not shot.name.startswith(LEFT_OUT)}
    turns = asyncio.Semaphore(3)

    async def one(shot: Shot) -> list[str]:
        async with turns, house.opened(shot, look) as (page, wrong):
            return [f"{shot.name}: {fault}" for fault in [*wrong, *await faults(page)]]

    wanted = known.values() if environment.PROVE else [known[name] for name in usual]
    found = [fault for some in await asyncio.gather(*(one(shot) for shot in wanted)) for fault in some]

    assert found == []


async def faults(page: Page) -> list[str]:
    """What keeps somebody from using a page."""
    result = await Axe().run(page, options=RULES)
    serious = [one for one in result.response["violations"] if one["impact"] in ("serious", "critical")]
    said = [f"{one['id']}: {node['html'][:160]} {node['failureSummary'][:200]}" for one in serious for node in one["nodes"]]
    over = await page.evaluate("document.documentElement.scrollWidth - innerWidth")
    small = await page.evaluate(SMALL)
    return [*said, *([f"scrolls {over} px sideways"] if over > 0 else []), *(f"smaller than 44 px: {it}" for it in small)]
