"""The customer's way, on a phone: with scripts and without, to acceptance and to rejection."""

from playwright.async_api import Page, expect

from tests.browser import journeys
from tests.browser.conftest import Visit

FORM = "/s/hotel/complaints/new?place=1203"
NUMBER_OF_PHOTOS = "document.querySelector('#photos').files.length"


async def test_a_guest_complains_with_a_photo_and_accepts_the_answer(visit: Visit, sign_in: Visit) -> None:
    phone = await visit(FORM)
    await phone.set_input_files("#photos", journeys.picture())
    await phone.fill("#body", journeys.BODY)
    await phone.fill("#phone", "12")
    await phone.click("#filing button[type=submit]")

    # Refused: what was typed and the photo stay, the summary has the focus, and the title says so.
    await expect(phone.locator("[role=alert]")).to_be_focused()
    assert await phone.input_value("#body") == journeys.BODY
    assert await phone.evaluate(NUMBER_OF_PHOTOS) == 1
    await expect(phone.locator(".photos__image")).to_have_count(1)

    await phone.fill("#phone", journeys.PHONE)
    await phone.click("#filing button[type=submit]")
    await phone.wait_for_url("**/c/*")
    number = await phone.locator("[data-number]").get_attribute("data-number") or ""
    await expect(phone.locator(".receipt__number")).to_have_text(number)
    await expect(phone.locator("#words .photos__image")).to_have_count(1)

    tablet = await sign_in("hotel.desk")
    await journeys.handle(tablet, number, until="owned")
    await written(phone, "我在房间，请尽快。")
    await expect(tablet.locator(".told", has_text="我在房间，请尽快。")).to_be_visible()
    await answered(tablet)

    await phone.reload()
    await phone.click("#acceptance button")
    await expect(phone.locator("#acceptance")).to_have_count(0)
    await expect(tablet.locator("form#closure")).to_be_visible()
    await journeys.do(tablet, "closure")
    await phone.reload()
    await phone.locator("[name=score][value='5']").check(force=True)
    await phone.click("#rating button[type=submit]")

    await expect(phone.locator("#rating-given")).to_be_visible()
    await expect(phone.locator("#complaint-follow")).to_have_attribute("data-state", "closed")


async def test_without_scripts_a_guest_files_writes_and_sends_the_answer_back(visit: Visit, sign_in: Visit) -> None:
    phone = await visit(FORM, scripts=False)
    await phone.fill("#body", journeys.BODY)
    await phone.click("#filing button[type=submit]")
    await expect(phone.locator("[role=alert] a[href='#phone']")).to_be_visible()
    assert await phone.input_value("#body") == journeys.BODY
    await phone.set_input_files("#photos", journeys.picture())
    await phone.fill("#phone", journeys.PHONE)
    await phone.click("#filing button[type=submit]")
    number = await phone.locator("[data-number]").get_attribute("data-number") or ""
    await expect(phone.locator("#words .photos__image")).to_have_count(1)
    await written(phone, "还是没有人来。")
    tablet = await sign_in("hotel.desk")
    await journeys.handle(tablet, number)
    await phone.reload()

    await phone.click("#rejection-fold > summary")
    await phone.fill("#rejection-reason", "房间还是 28 度。")
    await phone.click("#rejection button[type=submit]")

    await expect(phone.locator("#complaint-follow")).to_have_attribute("data-state", "triaged")
    # It lands with the managers, who read why on the item itself; the desk may not take it again.
    await expect(tablet.locator("#item")).to_have_attribute("data-state", "triaged")
    await expect(tablet.locator(".told--again")).to_contain_text("房间还是 28 度。")
    await expect(tablet.locator("form#claim")).to_have_count(0)
    manager = await sign_in("hotel.manager")
    await manager.goto(f"/desk/hotel/items/{number}")
    await journeys.do(manager, "claim")
    await expect(manager.locator("#item")).to_have_attribute("data-owner", "hotel.manager")


async def test_the_page_follows_by_itself_and_keeps_what_is_half_typed(visit: Visit, sign_in: Visit) -> None:
    phone = await visit(FORM)
    number, _link = await journeys.file(phone)
    tablet = await sign_in("hotel.desk")
    await journeys.handle(tablet, number)
    await phone.clock.install()
    await phone.reload()
    await phone.click("#rejection-fold > summary")
    await phone.fill("#rejection-reason", "还是")
    await phone.fill("#message-body", "半句")

    await journeys.do(tablet, "messages", body="我们给您送了果盘。")

    await phone.clock.fast_forward(16_000)
    await expect(phone.locator(".talk__words", has_text="我们给您送了果盘。")).to_be_visible()
    assert await phone.input_value("#message-body") == "半句"
    assert await phone.input_value("#rejection-reason") == "还是"
    await expect(phone.locator("#rejection-fold")).to_have_attribute("open", "")


async def test_language_and_darkness_are_the_readers(visit: Visit) -> None:
    page = await visit("/s/hotel", dark=True)
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    dark = await page.evaluate(ground)
    await page.emulate_media(color_scheme="light")
    assert await page.evaluate(ground) != dark

    await page.click("form[action='/language'] button")

    await expect(page.locator("html")).to_have_attribute("lang", "en")
    await expect(page.locator("h1")).to_have_text("Bay Hotel")
    await page.goto(FORM)
    await expect(page.locator("html")).to_have_attribute("lang", "en")


async def written(phone: Page, words: str) -> None:
    await phone.fill("#message-body", words)
    await phone.click("#message button[type=submit]")
    await expect(phone.locator(".talk__words", has_text=words)).to_be_visible()


async def answered(tablet: Page) -> None:
    await journeys.do(tablet, "triage", severity="normal", category="room", cause="压缩机坏了", wish="尽快修好")
    await journeys.do(tablet, "plan", plan="14:30 前检修。")
    await journeys.do(tablet, "reply", reply="空调已经修好，给您添麻烦了。")
