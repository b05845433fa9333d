"""A screen on the wall before a real browser: it follows by itself, and ends when its link is revoked."""

from playwright.async_api import expect

from tests.browser import journeys
from tests.browser.conftest import Visit

LOOK = "document.body.dispatchEvent(new CustomEvent('queues'))"  # what it does every ten seconds


async def test_a_display_follows_and_is_gone_when_it_is_revoked(visit: Visit, sign_in: Visit) -> None:
    """P35."""
    manager = await sign_in("hotel.manager", tablet=True)
    await manager.goto("/desk/hotel/displays")
    await manager.fill("#name", "前台后面")
    await manager.click("main .dock button")
    link = await manager.inner_text("#made-link")
    wall, bare = await visit(link, tablet=True), await visit(link, tablet=True, scripts=False)
    await expect(wall.locator("#wall li")).to_have_count(0)

    number, _link = await journeys.file(await visit("/"), place="1203")
    await wall.evaluate(LOOK)
    await expect(wall.locator("#wall li")).to_have_attribute("data-number", number)
    assert await wall.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert await wall.context.cookies() == []
    await bare.reload()
    await expect(bare.locator("#wall li")).to_have_attribute("data-number", number)

    await manager.goto("/desk/hotel/displays")
    await manager.click("form[action$='/revocation'] button")
    await wall.evaluate(LOOK)
    await expect(wall.locator(".trouble")).to_be_visible()
    await expect(wall.locator("#wall")).to_have_count(0)


async def test_what_was_just_filed_is_found_by_the_field_without_scripts_too(visit: Visit, sign_in: Visit) -> None:
    number, _link = await journeys.file(await visit("/"), place="1203")
    for scripts in (True, False):
        desk = await sign_in("hotel.desk", scripts=scripts)
        await desk.goto("/desk/hotel/queue")
        await desk.fill("#q", number)
        await desk.press("#q", "Enter")

        await expect(desk.locator(".hit")).to_have_attribute("data-number", number)
        assert desk.url.endswith("/desk/hotel/search")


async def test_whoever_goes_back_to_what_was_found_meets_the_field_and_no_question_of_the_browser(sign_in: Visit) -> None:
    desk = await sign_in("hotel.desk")
    await desk.goto("/desk/hotel/queue")
    await desk.fill("#q", "1203")
    await desk.press("#q", "Enter")
    await expect(desk.locator("[data-asked]")).to_be_visible()

    await desk.goto("/desk/hotel/queue")
    await desk.go_back()

    await expect(desk.locator("main h1")).to_be_visible()
    assert desk.url.endswith("/desk/hotel/search")
