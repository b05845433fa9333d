"""The front door: headers on every kind of answer, only our own host, and no more body than a page needs (P37, P38)."""

from collections.abc import Awaitable, Callable
from dataclasses import replace

import httpx
import pytest
from litestar.types import Receive, Scope, Send

from portal import settings
from portal.security.front import Front
from portal.web.templates import assets
from tests import stories
from tests.cast import Cast
from tests.pages import Browser

pytestmark = pytest.mark.usefixtures("db")
POLICY = {
    "default-src": "'self'", "img-src": "'self' data: blob:", "object-src": "'none'", "base-uri": "'none'",
    "form-action": "'self'", "frame-ancestors": "'none'",
}  # fmt: skip
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "geolocation=(), microphone=(), camera=(self)",
}
Ask = Callable[[httpx.AsyncClient], Awaitable[httpx.Response]]
BIG = b"body=" + b"x" * 1_000_100
FORM = {"content-type": "application/x-www-form-urlencoded"}
ANSWERS: dict[str, tuple[int, Ask]] = {
    "a page": (200, lambda client: client.get("/s/hotel")),
    "a file": (200, lambda client: client.get(assets()("css/customer.css"))),
    "a missing file": (404, lambda client: client.get("/static/0/nothing.css")),
    "no page": (404, lambda client: client.get("/nothing/here")),
    "no site": (404, lambda client: client.get("/s/palace")),
    "no link": (404, lambda client: client.get("/c/nothing")),
    "signed out": (303, lambda client: client.get("/desk/hotel")),
    "htmx signed out": (401, lambda client: client.get("/desk/hotel", headers={"HX-Request": "true"})),
    "no token": (403, lambda client: client.post("/sign-in", data={"username": "x"})),
    "another method": (405, lambda client: client.delete("/s/hotel")),
    "a foreign post": (403, lambda client: client.post("/sign-in", headers={"sec-fetch-site": "cross-site"})),
    "too much": (413, lambda client: client.post("/sign-in", content=BIG, headers=FORM)),
    "an unknown host": (400, lambda client: client.get("/", headers={"host": "evil.example"})),
    "health": (200, lambda client: client.get("/healthz")),
}


def directives(policy: str) -> dict[str, str]:
    return {name: value for name, _space, value in (part.strip().partition(" ") for part in policy.split(";"))}


@pytest.mark.parametrize("kind", ANSWERS)
async def test_no_answer_goes_without_its_headers(cast: Cast, client: httpx.AsyncClient, kind: str) -> None:
    """P37."""
    status, ask = ANSWERS[kind]

    answer = await ask(client)

    assert answer.status_code == status
    assert directives(answer.headers["content-security-policy"]) == POLICY
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert "server" not in answer.headers
    assert "strict-transport-security" not in answer.headers  # http: the development base URL


async def test_a_refused_form_and_a_page_behind_the_sign_in_have_them_too(cast: Cast, client: httpx.AsyncClient) -> None:
    page = await Browser(client).get("/sign-in")
    refused = await page.submit("/sign-in", username="x", password="y")
    inside = await (await stories.enter(client, cast.receptionist)).get("/desk/hotel/queue")

    for answer, status in ((refused.response, 422), (inside.response, 200)):
        assert answer.status_code == status
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
        assert directives(answer.headers["content-security-policy"]) == POLICY


@pytest.mark.parametrize(
    "path", ["/", "/s/hotel/complaints/new", "/sign-in", "/desk/hotel", "/desk/hotel/queue", "/nothing"]
)
async def test_pages_are_kept_by_nobody_and_files_for_a_year(cast: Cast, client: httpx.AsyncClient, path: str) -> None:
    await stories.enter(client, cast.receptionist)

    assert (await client.get(path)).headers["cache-control"] == "no-store"
    assert (await client.get(assets()("js/app.js"))).headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1:8000.evil.example", "127.0.0.1", "", "127.0.0.1:8000@evil.example"]
)
async def test_a_host_that_is_not_ours_is_refused_whatever_else_is_said(client: httpx.AsyncClient, host: str) -> None:
    """P38."""
    headers = {"host": host, "x-forwarded-host": "127.0.0.1:8000"}

    assert (await client.get("/", headers=headers)).status_code == 400


async def test_a_forwarded_host_changes_no_link(cast: Cast, client: httpx.AsyncClient) -> None:
    """P38: links from the configured base URL only."""
    case = await stories.filed(cast.hotel)

    page = await Browser(client).get(case.link, headers={"X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "https"})

    assert "evil.example" not in page.response.text
    assert page.text("#follow-link") == f"http://127.0.0.1:8000{case.link}"


@pytest.mark.parametrize(
    "path", ["/language", "/sign-in", "/desk/hotel/items/HT-2026-000001/notes", "/c/x/rejection", "/desk/hotel/settings"]
)
async def test_more_than_a_megabyte_of_words_is_too_much(cast: Cast, client: httpx.AsyncClient, path: str) -> None:
    """F9."""
    await stories.enter(client, cast.manager)

    assert (await client.post(path, content=BIG, headers=FORM)).status_code == 413


@pytest.mark.parametrize(
    "path", ["/%00", "/s/hotel%00", "/c/%00", "/desk/hotel/items/HT%00", "/desk/hotel/queue?state=%00"]
)
async def test_nothing_is_at_an_address_with_a_nul(cast: Cast, client: httpx.AsyncClient, path: str) -> None:
    """PostgreSQL takes none, and would fail where it stands in a question."""
    await stories.enter(client, cast.manager)

    assert (await client.get(path)).status_code == 404


async def test_where_people_come_by_https_they_stay_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """P37: HSTS for a year at least."""
    secure = replace(settings.current(), base_url="https://portal.example", hosts=frozenset({"portal.example"}))
    monkeypatch.setattr(settings, "current", lambda: secure)

    async def hello(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    transport = httpx.ASGITransport(app=Front(hello))  # type: ignore[arg-type]  # httpx and Litestar name the same messages apart
    async with httpx.AsyncClient(transport=transport, base_url="https://portal.example") as client:
        answer = await client.get("/")

    assert answer.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
