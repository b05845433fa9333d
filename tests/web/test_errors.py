"""Every refusal has its page, its status and its words; none tells what is nobody's business."""

import logging
import sqlite3

import httpx
import pytest
from litestar import Litestar, get
from litestar.exceptions import HTTPException

from portal.errors import Conflict, Forbidden, Invalid, NotFound, PortalError, TooLarge, TooMany, Unavailable
from portal.web import errors
from tests.cast import Cast
from tests.pages import Browser, Page

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
BUSY = sqlite3.OperationalError("database is locked")
BUSY.sqlite_errorname = "SQLITE_BUSY"
REFUSALS: dict[str, tuple[int, Exception]] = {
    "not-found": (404, NotFound()),
    "forbidden": (403, Forbidden("nicht für Sie")),
    "conflict": (409, Conflict("李 has it")),
    "invalid": (422, Invalid({"body": "too short"})),
    "too-large": (413, TooLarge("too large")),
    "too-many": (429, TooMany("slowly", retry_after=17)),
    "unavailable": (503, Unavailable("connection to 10.0.0.5 refused")),
    "busy": (503, BUSY),
    "failure": (500, RuntimeError("陈先生 13800138000")),
    "teapot": (400, HTTPException("no tea for 13800138000", status_code=418)),
    "unauthorized": (400, HTTPException(status_code=401)),
}


async def refused(name: str, headers: dict[str, str] | None = None) -> Page:
    """The answer to a request that ends so."""

    @get("/desk/thing")
    async def door() -> str:
        raise REFUSALS[name][1]

    app = Litestar([door], exception_handlers=errors.handlers(), openapi_config=None, logging_config=None)
    transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]  # httpx and Litestar name the same messages apart
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
        return await Browser(client).get("/desk/thing", status=REFUSALS[name][0], headers=headers)


@pytest.mark.parametrize("name", REFUSALS)
async def test_a_refusal_is_a_page_that_says_what_and_where_to_go_on(name: str) -> None:
    page = await refused(name)

    assert page.text("title").startswith(("Error:", "出错", "错误", "有误"))
    assert page.text("h1") != ""
    assert [link.get("href") for link in page.css("main a")] == ["/desk"]
    assert page.response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("name", REFUSALS)
async def test_htmx_gets_a_line_for_the_page_it_came_from(name: str) -> None:
    page = await refused(name, HTMX)

    told = page.response.headers
    assert (told["hx-retarget"], told["hx-reswap"], told["hx-push-url"]) == ("#flash", "outerHTML", "false")
    assert len(page.css("#flash")) == 1
    assert "<html" not in page.response.text


async def test_the_words_of_a_refusal_are_shown() -> None:
    assert "李 has it" in (await refused("conflict")).text("main")
    assert "nicht für Sie" in (await refused("forbidden")).text("main")


@pytest.mark.parametrize(
    ("name", "seconds"),
    [("too-many", "17"), ("unavailable", str(errors.RETRY_AFTER)), ("busy", str(errors.RETRY_AFTER))],
)
async def test_who_may_try_again_is_told_when(name: str, seconds: str) -> None:
    """P19, P36."""
    assert (await refused(name)).response.headers["retry-after"] == seconds


@pytest.mark.parametrize("name", ["failure", "unavailable", "teapot"])
async def test_what_went_wrong_inside_is_told_to_nobody_and_no_data_to_the_log(
    name: str, caplog: pytest.LogCaptureFixture
) -> None:
    """P40."""
    with caplog.at_level(logging.DEBUG, logger="portal"):
        page = await refused(name)

    for secret in ("13800138000", "陈先生", "10.0.0.5", "RuntimeError", "Traceback"):
        assert secret not in page.response.text
    assert [
        part for part in ("13800138000", "陈先生") if part in "".join(record.getMessage() for record in caplog.records)
    ] == []


async def test_a_failure_is_logged_by_its_kind_and_place(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR, logger="portal"):
        await refused("failure")

    (record,) = [record for record in caplog.records if record.name == "portal.web.errors"]
    assert record.getMessage().startswith("RuntimeError at ")
    assert "test_errors.py" in record.getMessage()


@pytest.mark.usefixtures("db")
async def test_another_method_is_told_which_there_are(client: httpx.AsyncClient) -> None:
    answer = await client.delete("/sign-in")

    assert answer.status_code == 405
    assert {"GET", "POST"} <= {method.strip() for method in answer.headers["allow"].split(",")}


@pytest.mark.usefixtures("db")
async def test_what_cannot_be_read_is_refused_as_such(client: httpx.AsyncClient) -> None:
    answers = [
        await client.post(
            "/language", content=b"\x00\xff" * 40, headers={"content-type": "multipart/form-data; boundary=x"}
        ),
        await client.post("/language", content=b"{", headers={"content-type": "application/json"}),
        await client.get("/c/x/photos/not-a-uuid"),
        await client.get("/desk/hotel/queue?state=%00"),
    ]

    assert [answer.status_code < 500 for answer in answers] == [True] * 4


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize(
    "broken", [b"\xff\xfe.\xff", "é.é".encode(), b"x.\xe9", b"...", b"=;=;", b"http://[", b"//[::1", b"\xff"]
)
async def test_what_a_browser_says_of_itself_breaks_nothing(cast: Cast, client: httpx.AsyncClient, broken: bytes) -> None:
    """Cookies, Referer and `next` are whatever somebody sends."""
    names = (b"browser", b"session", b"known", b"lang")
    cookies = b"; ".join(name + b"=" + broken for name in names)
    headers = [(b"cookie", cookies), (b"referer", broken), (b"sec-fetch-site", b"same-origin")]
    form = {"username": "hotel.desk", "password": "x", "lang": "en", "form_token": broken.decode("latin-1")}
    after = {"next": broken.decode("latin-1")}

    answers = [
        await client.get("/sign-in", headers=headers, params=after),
        await client.get("/desk/hotel", headers=headers),
        await client.post("/sign-in", headers=headers, data=form | after),
        await client.post("/language", headers=headers, data=form | after),
        await client.post("/s/hotel/complaints", headers=headers, data=form),
    ]

    assert [answer.status_code for answer in answers] == [200, 303, 403, 403, 403]


@pytest.mark.usefixtures("db")
@pytest.mark.parametrize("there", ["//[", "http://[::1", "/\udcff", "/\x00", "/\u202e"])
async def test_a_form_that_leads_to_nowhere_leads_home(browser: Browser, there: str) -> None:
    token = (await browser.get("/sign-in")).form("/language")["form_token"]
    sent = {"form_token": token, "lang": "en", "next": there.encode("utf-8", "surrogateescape")}

    page = await browser.post("/language", sent, headers={"referer": "http://["}, follow=False)

    assert (page.status, page.location) == (303, "/")


def test_every_error_of_the_house_has_a_status() -> None:
    kinds = {kind for kind in PortalError.__subclasses__() if kind.__name__ != "SignedOut"}

    assert kinds == set(errors.STATUS)
