"""Several hands before real browsers: two people on one item, and one deed for many without any script."""

from playwright.async_api import expect

from tests.browser import journeys
from tests.browser.conftest import Visit


async def test_two_people_on_one_item_see_each_other_and_neither_page_moves(visit: Visit, sign_in: Visit) -> None:
    number, _link = await journeys.file(await visit("/"), place="1203")
    one, two = await sign_in("hotel.desk"), await sign_in("hotel.manager")
    asked: list[str] = []
    one.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))

    await one.goto(f"/desk/hotel/items/{number}")
    await expect(one.locator("#presence")).to_be_attached()
    await two.goto(f"/desk/hotel/items/{number}")

    await expect(two.locator("#presence")).to_contain_text("hotel.desk")
    await expect(one.locator("#presence")).to_contain_text("hotel.manager", timeout=15_000)
    assert asked.count("presence") <= 3  # once at first, then every ten seconds: no page wakes another


async def test_many_are_claimed_without_scripts(visit: Visit, sign_in: Visit) -> None:
    phone = await visit("/")
    numbers = [(await journeys.file(phone))[0] for _each in range(2)]
    tablet = await sign_in("hotel.desk", scripts=False)

    await tablet.goto("/desk/hotel/queue")
    await tablet.click(".list__choose button")
    for number in numbers:
        await tablet.check(f"[name=numbers][value='{number}']")
    await tablet.click("#bulk button[type=submit]")

    await expect(tablet.locator("#done li")).to_have_count(2)
    await expect(tablet.locator("#refused")).to_have_count(0)
