"""The stream of an open page, timed with a patience of milliseconds and heard through a real server."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
import uvicorn
from litestar import Litestar, get
from litestar.response import Stream

from portal.realtime import stream as streams
from portal.realtime.hub import Hub


async def always() -> bool:
    return True


class Guest:
    """Whoever listens: what came so far, and when."""

    def __init__(self, events: AsyncIterator[bytes]) -> None:
        self._events = events
        self.heard: list[bytes] = []
        self.ended = False

    async def listen(self) -> None:
        async for event in self._events:
            self.heard.append(event)
        self.ended = True


@asynccontextmanager
async def listening(events: AsyncIterator[bytes]) -> AsyncIterator[Guest]:
    guest = Guest(events)
    task = asyncio.create_task(guest.listen())
    await asyncio.sleep(0.02)
    yield guest
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


@pytest.mark.anyio
async def test_a_stream_speaks_first() -> None:
    hub = Hub()

    async with listening(streams.signals(hub, "queues", always)) as guest:
        assert guest.heard == [f"event: queues\ndata: {hub.version}\n\n".encode()]


@pytest.mark.anyio
async def test_changes_of_one_moment_are_one_signal_and_none_is_lost() -> None:
    hub = Hub()

    async with listening(streams.signals(hub, "queues", always)) as guest:
        for _change in range(100):
            hub.deliver("queues")
        hub.deliver("visits")
        await asyncio.sleep(streams.GATHER + 0.05)
        assert len(guest.heard) == 2

        hub.deliver("queues")
        await asyncio.sleep(streams.GATHER + 0.05)
        assert len(guest.heard) == 3


@pytest.mark.anyio
async def test_a_quiet_stream_beats_and_a_busy_one_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "BEAT_EVERY", 0.1)
    monkeypatch.setattr(streams, "GATHER", 0.01)
    hub = Hub()

    async with listening(streams.signals(hub, "queues", always)) as guest:
        await asyncio.sleep(0.25)
        assert guest.heard[1:] == [b": \n\n", b": \n\n"]

        for _change in range(15):
            hub.deliver("queues")
            await asyncio.sleep(0.02)
        assert guest.heard.count(b": \n\n") in (4, 5)


@pytest.mark.anyio
async def test_who_may_no_longer_listen_is_told_to_leave(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "RIGHTS_EVERY", 0.05)
    hub, answers = Hub(), iter([True, False])

    async def asked() -> bool:
        return next(answers)

    async with listening(streams.signals(hub, "queues", asked)) as guest:
        await asyncio.sleep(0.2)

        assert guest.heard[1:] == [b"event: bye\ndata: \n\n"]
        assert guest.ended
        assert hub.listeners("queues") == 0


@pytest.mark.anyio
async def test_a_stream_ends_when_rights_cannot_be_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "RIGHTS_EVERY", 0.05)

    async def broken() -> bool:
        raise OSError("the database is gone")

    async with listening(streams.signals(Hub(), "queues", broken)) as guest:
        await asyncio.sleep(0.1)

        assert guest.ended
        assert len(guest.heard) == 1


@pytest.mark.anyio
async def test_streams_end_with_the_server() -> None:
    hub = Hub()

    async with listening(streams.signals(hub, "queues", always)) as guest:
        hub.deliver("queues")
        await asyncio.sleep(0)
        hub.close()
        await asyncio.sleep(0.2)

        assert guest.ended


@pytest.mark.anyio
async def test_over_http_a_stream_is_plain_kept_by_nobody_and_freed_when_its_reader_leaves() -> None:
    hub = Hub()

    async with served(hub) as base:
        async with httpx.AsyncClient(base_url=base) as client, client.stream("GET", "/live") as answer:
            assert answer.status_code == 200
            assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["x-accel-buffering"] == "no"
            assert (await anext(answer.aiter_raw())).startswith(b"event: queues\ndata: ")
            assert hub.listeners("queues") == 1

        await asyncio.sleep(0.1)
        assert hub.listeners("queues") == 0


@pytest.mark.anyio
async def test_a_server_with_open_streams_ends_at_once_when_the_hub_closes() -> None:
    hub = Hub()

    async with served(hub) as base, httpx.AsyncClient(base_url=base) as client, client.stream("GET", "/live") as answer:
        lines = answer.aiter_raw()
        await anext(lines)

        hub.close()
        async with asyncio.timeout(1):
            assert [line async for line in lines] == []


@asynccontextmanager
async def served(hub: Hub) -> AsyncIterator[str]:
    """A server in this loop with one stream; it must be able to end within a second."""

    @get("/live")
    async def live() -> Stream:
        return streams.stream(hub, "queues", always)

    with socket.create_server(("127.0.0.1", 0)) as door:
        app = Litestar([live], openapi_config=None)
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        task = asyncio.create_task(server._serve(sockets=[door]))
        while not server.started:
            await asyncio.sleep(0.01)
        try:
            yield f"http://127.0.0.1:{door.getsockname()[1]}"
        finally:
            server.should_exit = True
            async with asyncio.timeout(1):
                await task
