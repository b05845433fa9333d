"""Signing in and out as people do it, and everything that is not a way in."""

from collections.abc import Callable
from datetime import datetime, timedelta

import httpx
import pytest

from portal import clock
from portal.domain.accounts.tables import Role, Session
from portal.web.browser import cookie_name
from tests import factories, stories
from tests.cast import Cast, sign_in
from tests.pages import Browser

pytestmark = pytest.mark.usefixtures("db")
Travel = Callable[[datetime], None]
Clients = Callable[[], httpx.AsyncClient]
SESSION = cookie_name("session")


async def test_the_right_password_leads_to_the_desk(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await sign_in(client, "hotel.desk")

    assert page.path == "/desk/hotel"


async def test_one_comes_to_where_one_wanted_to_go(cast: Cast, browser: Browser) -> None:
    asked = await browser.get("/desk/hotel/queue?state=closed", status=303)
    assert asked.location == "/sign-in?next=/desk/hotel/queue%3Fstate%3Dclosed"

    page = await browser.get(asked.location)
    page = await page.submit("/sign-in", username="hotel.desk", password=factories.PASSWORD)

    assert page.path == "/desk/hotel/queue?state=closed"


@pytest.mark.parametrize("there", ["https://evil.example", "//evil.example", "/\\evil.example", ""])
async def test_signing_in_leads_to_no_other_house(cast: Cast, browser: Browser, there: str) -> None:
    page = await browser.get(f"/sign-in?next={there}")

    page = await page.submit("/sign-in", username="hotel.desk", password=factories.PASSWORD, next=there, follow=False)

    assert (page.status, page.location) == (303, "/desk")


async def test_an_unknown_name_and_a_wrong_password_are_told_in_the_same_words(cast: Cast, browser: Browser) -> None:
    """P34: nobody learns which names there are."""
    answers = []
    for username, password in (("hotel.desk", "wrong"), ("nobody.here", factories.PASSWORD), ("", "")):
        page = await browser.get("/sign-in")
        page = await page.submit("/sign-in", username=username, password=password)
        answers.append((page.status, page.errors()))

    assert answers == [answers[0]] * 3
    assert answers[0][0] == 422
    assert list(answers[0][1]) == ["username"]


async def test_after_a_mistake_the_name_is_kept_and_the_password_is_not(cast: Cast, browser: Browser) -> None:
    page = await browser.get("/sign-in?next=/desk/hotel/queue")
    page = await page.submit("/sign-in", username="hotel.desk", password="secret words")

    kept = page.form("/sign-in")
    assert (kept["username"], kept["password"], kept["next"]) == ("hotel.desk", "", "/desk/hotel/queue")
    assert "secret words" not in page.response.text


async def test_signing_in_begins_a_new_session_and_ends_the_old_one(cast: Cast, client: httpx.AsyncClient) -> None:
    """P34: rotated at login."""
    await sign_in(client, "hotel.desk")
    first = client.cookies[SESSION]
    page = await Browser(client).get("/desk/hotel")
    token = page.form("/sign-out")["form_token"]

    await Browser(client).post("/sign-in", {"form_token": token, "username": "hotel.desk2", "password": factories.PASSWORD})

    assert client.cookies[SESSION] != first
    ended = await Session.select(Session.ended_at).order_by(Session.created_at)
    assert [row["ended_at"] is not None for row in ended] == [True, False]


async def test_the_cookie_of_an_ended_session_opens_nothing(cast: Cast, client: httpx.AsyncClient, clients: Clients) -> None:
    await sign_in(client, "hotel.desk")
    stolen = client.cookies[SESSION]
    page = await Browser(client).get("/desk/hotel")
    page = await page.submit("/sign-out")
    assert page.path == "/sign-in"

    thief = clients()
    thief.cookies.set(SESSION, stolen, domain=thief.base_url.host)

    await Browser(thief).get("/desk/hotel", status=303)


async def test_a_cookie_that_somebody_chose_is_never_taken_over(
    cast: Cast, client: httpx.AsyncClient, clients: Clients
) -> None:
    """F6: session fixation."""
    client.cookies.set(SESSION, "attackerchosen", domain=client.base_url.host)
    await sign_in(client, "hotel.desk")
    assert "attackerchosen" not in [cookie.value for cookie in client.cookies.jar]

    attacker = clients()
    attacker.cookies.set(SESSION, "attackerchosen", domain=attacker.base_url.host)

    await Browser(attacker).get("/desk/hotel", status=303)


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_houses(cast: Cast, browser: Browser) -> None:
    page = await browser.get("/sign-in")

    page = await page.submit("/sign-in", username="hotel.desk", password=factories.PASSWORD, follow=False)

    (given,) = [line for line in page.response.headers.get_list("set-cookie") if line.startswith("session=")]
    assert {part.strip() for part in given.split(";")[1:]} == {"HttpOnly", "Path=/", "SameSite=lax"}


async def test_who_is_signed_in_needs_no_form(cast: Cast, client: httpx.AsyncClient) -> None:
    browser = await stories.enter(client, cast.receptionist)

    page = await browser.get("/sign-in", status=303)

    assert page.location == "/desk"


async def test_signed_out_a_page_leads_to_the_form_and_a_post_too(cast: Cast, browser: Browser) -> None:
    page = await browser.get("/desk/hotel/items/HT-2026-000001?x=1", status=303)
    assert page.location == "/sign-in?next=/desk/hotel/items/HT-2026-000001%3Fx%3D1"

    page = await browser.post("/desk/hotel/items/HT-2026-000001/claim", {}, follow=False)
    assert (page.status, page.location) == (303, "/sign-in")


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_signed_out_htmx_is_sent_away_whole(cast: Cast, client: httpx.AsyncClient, method: str) -> None:
    answer = await client.request(method, "/desk/hotel/queue", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    if method == "POST":
        answer = await client.post("/desk/hotel/complaints", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Redirect"], answer.text) == (401, "/sign-in", "")


async def test_nobody_is_signed_in_or_out_by_another_house(cast: Cast, client: httpx.AsyncClient) -> None:
    """F7."""
    browser = await stories.enter(client, cast.receptionist)
    for headers in ({"origin": "https://evil.example", "sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"}):
        token = (await browser.get("/desk/hotel")).form("/sign-out")["form_token"]
        page = await browser.post("/sign-out", {"form_token": token}, headers=headers)
        assert page.status == 403

    page = await browser.post("/sign-out", {})
    assert page.status == 403
    await browser.get("/desk/hotel")


async def test_idle_pages_that_refetch_themselves_are_no_use_but_reading_and_typing_are(
    cast: Cast, client: httpx.AsyncClient, travel: Travel
) -> None:
    """P34: live refetches do not count as use, typing in a form does."""
    browser, start = await stories.enter(client, cast.receptionist), clock.now()
    live = {"X-Live": "1", "HX-Request": "true", "HX-Request-Type": "partial"}

    travel(start + timedelta(minutes=10))
    await browser.get("/desk/hotel/queue")
    travel(start + timedelta(minutes=20))
    assert (await client.get("/desk/alive")).status_code == 204
    travel(start + timedelta(minutes=34))
    await browser.get("/desk/hotel/queue", headers=live)
    travel(start + timedelta(minutes=36))
    answer = await client.get("/desk/hotel/queue", headers=live)

    assert (answer.status_code, answer.headers["HX-Redirect"]) == (401, "/sign-in")


async def test_after_twelve_hours_one_signs_in_again(cast: Cast, client: httpx.AsyncClient, travel: Travel) -> None:
    """P34."""
    browser, start = await stories.enter(client, cast.receptionist), clock.now()
    for quarter in range(1, 60):
        travel(start + timedelta(minutes=12 * quarter))
        assert (await client.get("/desk/alive")).status_code == 204

    travel(start + timedelta(hours=12, seconds=5))

    await browser.get("/desk/hotel", status=303)


async def test_the_staffs_own_language_is_spoken_unless_another_was_chosen(cast: Cast, client: httpx.AsyncClient) -> None:
    english = await factories.make_staff((cast.hotel, Role.DESK), language="en")
    browser = await stories.enter(client, english)
    assert (await browser.get("/desk/hotel")).one("html").get("lang") == "en"

    client.cookies.set("lang", "zh-CN", domain=client.base_url.host)
    assert (await browser.get("/desk/hotel")).one("html").get("lang") == "zh-CN"
