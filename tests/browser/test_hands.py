"""Quick hands: the queue by keys, a deed that is undone, a sound for what is severe."""

import pytest
from playwright.async_api import Page, expect

from tests.browser import journeys
from tests.browser.conftest import Visit

QUEUE = "/desk/hotel/queue"
COUNT = """
document.body.addEventListener('chime', ({ target }) => (target.dataset.chimes = 1 + Number(target.dataset.chimes ?? 0)))
"""
FORBIDDEN = """
AudioContext.prototype.resume = () => new Promise(() => {});
Object.defineProperty(AudioContext.prototype, 'state', { get: () => 'suspended' });
"""
FOCUSED = "document.activeElement.closest('li')?.dataset.number ?? ''"


@pytest.fixture
async def numbers(visit: Visit) -> list[str]:
    """Two complaints that were just filed."""
    page = await visit("/s/hotel")
    return [(await journeys.file(page))[0] for _each in range(2)]


async def test_the_queue_goes_by_keys(sign_in: Visit, numbers: list[str]) -> None:
    """WCAG 2.1.4: not while somebody types, not with another key held, and not where they are switched off."""
    page = await sign_in("hotel.desk")
    await page.goto(QUEUE)
    cards = await page.locator(".list__cards li").evaluate_all("all => all.map((one) => one.dataset.number)")

    seen = []
    for key in ("j", "j", "k", "Control+j", "k", "k"):
        await page.keyboard.press(key)
        seen.append(await page.evaluate(FOCUSED))
    assert seen == [cards[0], cards[1], cards[0], cards[0], cards[0], cards[0]]

    await page.keyboard.press("Enter")
    await page.wait_for_url(f"**/items/{cards[0]}*")
    async with page.expect_navigation():
        await page.keyboard.press("c")
    await expect(page.locator("#item")).to_have_attribute("data-owner", "hotel.desk")
    await page.keyboard.press("r")
    words = page.locator("#messages textarea")
    await expect(words).to_be_focused()
    await page.keyboard.type("jcr?")
    assert await words.input_value() == "jcr?"
    await expect(page.locator("dialog")).to_be_hidden()


async def test_a_key_leads_to_the_search(sign_in: Visit) -> None:
    page = await sign_in("hotel.desk")
    await page.goto(QUEUE)

    await page.keyboard.press("/")

    await expect(page.locator("#q")).to_be_focused()
    assert await page.locator("#q").input_value() == ""


async def test_the_sheet_of_keys_opens_closes_and_switches_them_off(sign_in: Visit, numbers: list[str]) -> None:
    page = await sign_in("hotel.desk2")
    await page.goto(QUEUE)

    await page.keyboard.press("?")
    await expect(page.locator("dialog")).to_be_visible()
    await page.keyboard.press("j")
    assert await page.evaluate(FOCUSED) == ""
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog")).to_be_hidden()
    await page.keyboard.press("?")
    await page.click("dialog [value=off]")
    await page.click("dialog [data-close]")

    await page.reload()
    for key in ("j", "?"):
        await page.keyboard.press(key)
    assert await page.evaluate(FOCUSED) == ""
    await expect(page.locator("dialog")).to_be_hidden()


async def test_a_card_keeps_the_focus_and_its_place_while_the_queue_changes(
    visit: Visit, sign_in: Visit, numbers: list[str]
) -> None:
    page = await sign_in("hotel.desk")
    async with page.expect_response("**/live"):
        await page.goto(f"{QUEUE}?owner=none")
    for _card in range(await page.locator(".list__cards li").count()):
        await page.keyboard.press("j")
    last, before = await page.evaluate(FOCUSED), await page.locator(".card:focus").bounding_box()

    new, _link = await journeys.file(await visit("/s/hotel"))
    await expect(page.locator(f"#queue [data-number='{new}']")).to_have_count(1)
    assert await page.evaluate(FOCUSED) == last
    after = await page.locator(".card:focus").bounding_box()
    assert before is not None
    assert after is not None
    assert abs(after["y"] - before["y"]) < 2

    other = await sign_in("hotel.desk2")
    await other.goto(f"/desk/hotel/items/{last}")
    await other.click("form#claim button")
    await expect(page.locator(f"#queue [data-number='{last}']")).to_have_count(0)
    await expect(page.locator(".card:focus")).to_have_count(1)


async def test_a_card_is_claimed_by_its_key_and_the_claim_undone(sign_in: Visit, numbers: list[str]) -> None:
    page = await sign_in("hotel.manager")
    await page.goto(f"{QUEUE}?owner=none")
    await page.keyboard.press("j")
    number = await page.evaluate(FOCUSED)

    async with page.expect_navigation():
        await page.keyboard.press("c")
    await expect(page.locator("#item")).to_have_attribute("data-owner", "hotel.manager")
    await expect(page.locator(".undo__left")).to_have_text("9")
    async with page.expect_navigation():
        await page.click("[data-undo] button")

    await expect(page.locator("#item")).to_have_attribute("data-owner", "")
    assert page.url.endswith(f"/items/{number}?owner=none")


async def test_without_scripts_it_is_undone_too_and_the_button_goes_in_time(sign_in: Visit, numbers: list[str]) -> None:
    page = await sign_in("hotel.manager", scripts=False)
    await page.goto(f"/desk/hotel/items/{numbers[1]}")
    await page.click("form#claim button")
    button = page.locator("[data-undo] button")
    await expect(button).to_be_visible()

    await expect(button).to_be_hidden(timeout=11_000)


async def test_a_new_severe_case_sounds_once_in_one_tab(sign_in: Visit, numbers: list[str]) -> None:
    page = await sign_in("hotel.desk")
    await page.goto(QUEUE)
    async with page.expect_response("**/severe"):
        await sound(page, "on")
    other = await page.context.new_page()
    await other.goto(QUEUE)
    for tab in (page, other):
        await tab.evaluate(COUNT)

    manager = await sign_in("hotel.manager")
    await manager.goto(f"/desk/hotel/items/{numbers[0]}")
    await journeys.do(manager, "triage", severity="severe", category="room", cause="漏电", wish="马上修")
    await expect(page.locator("body")).to_have_attribute("data-chimes", "1")
    async with page.expect_response("**/severe"):
        await journeys.do(manager, "notes", body="电工已到")

    await expect(page.locator("body")).to_have_attribute("data-chimes", "1")
    assert await other.evaluate("document.body.dataset.chimes") is None


async def test_where_the_browser_forbids_the_sound_the_page_says_what_to_do(sign_in: Visit) -> None:
    page = await sign_in("hotel.desk2")
    await page.add_init_script(FORBIDDEN)
    await page.goto(QUEUE)
    await expect(page.locator("#sound-blocked")).to_be_hidden()

    await sound(page, "on")

    await expect(page.locator("#sound-blocked")).to_contain_text("点一下")


async def sound(page: Page, choice: str) -> None:
    """Open one's own panel and choose."""
    await page.click(".rail__me > summary")
    await page.click(f"[data-chime] [value={choice}]")
    await page.click(".rail__me > summary")
