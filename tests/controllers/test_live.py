"""The stream of a browser: for whoever may be at this site, and for nobody else."""

import asyncio
import contextlib
from collections.abc import MutableMapping
from typing import Any

import httpx
import pytest
from litestar import Litestar

from tests import stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


async def first_words(app: Litestar, cookies: httpx.Cookies, path: str) -> tuple[int, dict[str, str], bytes]:
    """The head of a stream and its first words; then the browser is closed."""
    heard: asyncio.Queue[MutableMapping[str, Any]] = asyncio.Queue()
    closed = asyncio.Event()

    async def receive() -> dict[str, Any]:
        await closed.wait()
        return {"type": "http.disconnect"}

    cookie = "; ".join(f"{one.name}={one.value}" for one in cookies.jar)
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "scheme": "http",
        "server": ("127.0.0.1", 8000),
        "client": ("127.0.0.1", 1),
        "headers": [(b"host", b"127.0.0.1:8000"), (b"cookie", cookie.encode())],
        "state": {},
    }
    running = asyncio.create_task(app(scope, receive, heard.put))  # type: ignore[arg-type]  # the least of a request
    async with asyncio.timeout(5):
        head, body = await heard.get(), await heard.get()
    closed.set()
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running
    headers = {name.decode(): value.decode() for name, value in head["headers"]}
    return head["status"], headers, body["body"]


async def test_a_stream_begins_with_a_version_so_that_the_page_asks_anew(
    cast: Cast, app: Litestar, client: httpx.AsyncClient
) -> None:
    """P17; issue 2, section 4: one on every open."""
    await stories.enter(client, cast.receptionist)

    status, headers, words = await first_words(app, client.cookies, "/desk/hotel/live")

    assert (status, headers["content-type"].partition(";")[0]) == (200, "text/event-stream")
    assert headers["cache-control"] == "no-store"
    assert words.startswith(b"event: queues\ndata: ")
    assert words.endswith(b"\n\n")


@pytest.mark.parametrize("who", ["stranger", "strange_manager"])
async def test_nobody_listens_next_door(cast: Cast, client: httpx.AsyncClient, who: str) -> None:
    """P32."""
    await (await stories.enter(client, getattr(cast, who))).get("/desk/hotel/live", status=404)


async def test_signed_out_there_is_no_stream(client: httpx.AsyncClient) -> None:
    assert (await client.get("/desk/hotel/live")).status_code == 303
