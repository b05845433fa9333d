"""Who asks and from where: cookies that belong to this host alone, and no change that another house asks for."""

from dataclasses import replace

import httpx
import pytest

from portal import settings
from portal.security import sessions
from portal.web import browser
from tests import stories
from tests.cast import Cast
from tests.ground.probes import statements

pytestmark = pytest.mark.usefixtures("db")
POST = "/desk/hotel/notices"


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "same-site"}, False),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "cross-site", "origin": "http://127.0.0.1:8000"}, False),
        ({"origin": "http://127.0.0.1:8000"}, True),
        ({"origin": "http://127.0.0.1:9000"}, False),
        ({"origin": "https://127.0.0.1:8000"}, False),
        ({"origin": "https://evil.example"}, False),
        ({"origin": "null"}, False),
        ({}, True),
    ],
)
async def test_a_change_is_taken_from_our_own_pages_alone(
    cast: Cast, client: httpx.AsyncClient, headers: dict[str, str], taken: bool
) -> None:
    """F7; house.md, section 6: Sec-Fetch-Site, else Origin; both absent: the token alone decides."""
    page = await (await stories.enter(client, cast.receptionist)).get("/desk/hotel")
    sent = {"form_token": page.form("/sign-out")["form_token"], "shown": ""}

    answer = await client.post(POST, data=sent, headers=headers)

    assert answer.status_code == (303 if taken else 403)


async def test_anybody_may_send_people_to_a_page(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.enter(client, cast.receptionist)

    answer = await client.get("/desk/hotel", headers={"sec-fetch-site": "cross-site", "origin": "https://evil.example"})

    assert answer.status_code == 200


async def test_by_https_every_cookie_is_bound_to_the_host_and_secure(monkeypatch: pytest.MonkeyPatch) -> None:
    """P34: `__Host-session; Secure` where the base URL is https."""
    secure = replace(settings.current(), base_url="https://portal.example")
    monkeypatch.setattr(settings, "current", lambda: secure)

    for cookie, name in ((sessions.begun("t"), "__Host-session"), (browser.cookie("b"), "__Host-browser")):
        assert (cookie.key, cookie.secure, cookie.httponly, cookie.path, cookie.domain, cookie.samesite) == (
            name, True, True, "/", None, "lax",
        )  # fmt: skip


async def test_a_signed_out_cookie_is_taken_away() -> None:
    assert (sessions.ended().value, sessions.ended().max_age) == ("", 0)


async def test_whoever_has_no_cookie_costs_no_question(cast: Cast, client: httpx.AsyncClient) -> None:
    with statements() as asked:
        await client.get("/desk/hotel")

    assert asked == []


async def test_a_file_needs_nobody_to_be_known(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.enter(client, cast.receptionist)
    with statements() as asked:
        await client.get("/healthz")

    assert asked == []
