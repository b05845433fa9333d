"""The one LISTEN connection of a process: it hears commits, survives breaks, and wakes everybody after one."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Iterator
from typing import Any

import asyncpg
import pytest

from portal.realtime import hub as hubs
from portal.realtime.hub import CHANNEL, Hub, PostgresListener
from tests import postgres

LISTENS = "pid <> pg_backend_pid() AND datname = 'postgres' AND backend_type = 'client backend'"


@pytest.fixture(scope="module")
def config() -> Iterator[dict[str, Any]]:
    """A server of its own, so that its sessions can be cut."""
    with postgres.server(durable=False) as server:
        yield {"dsn": server.url("postgres")}


@pytest.fixture
async def hub(config: dict[str, Any]) -> AsyncIterator[Hub]:
    hub = Hub()
    listener = PostgresListener(config, hub)
    task = asyncio.create_task(listener.run())
    async with asyncio.timeout(5):
        await listener.up.wait()
    yield hub
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


async def heard(ear: asyncio.Event, *, within: float) -> bool:
    try:
        async with asyncio.timeout(within):
            await ear.wait()
    except TimeoutError:
        return False
    ear.clear()
    return True


@pytest.mark.anyio
async def test_what_another_process_commits_is_heard_and_what_it_rolls_back_is_not(config: dict[str, Any], hub: Hub) -> None:
    other = await asyncpg.connect(**config)

    async with hub.listen("queues") as ear:
        await other.execute("BEGIN")
        await other.execute("SELECT pg_notify($1, $2)", CHANNEL, "queues")
        assert not await heard(ear, within=0.2)
        await other.execute("COMMIT")
        assert await heard(ear, within=1)

        await other.execute("BEGIN")
        await other.execute("SELECT pg_notify($1, $2)", CHANNEL, "queues")
        await other.execute("ROLLBACK")
        assert not await heard(ear, within=0.2)

    await other.close()


@pytest.mark.anyio
async def test_after_a_break_everybody_looks_again_and_hears_on(config: dict[str, Any], hub: Hub) -> None:
    other = await asyncpg.connect(**config)

    async with hub.listen("queues") as ear:
        await other.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {LISTENS}")
        assert await heard(ear, within=2)

        await other.execute("SELECT pg_notify($1, $2)", CHANNEL, "queues")
        assert await heard(ear, within=1)

    await other.close()


@pytest.mark.anyio
async def test_a_peer_that_says_nothing_any_more_is_left(config: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "CHECK_EVERY", 0.1)
    monkeypatch.setattr(hubs, "PATIENCE", 0.5)
    other = await asyncpg.connect(**config)
    hub = Hub()
    listener = PostgresListener(config, hub)
    task = asyncio.create_task(listener.run())

    async with asyncio.timeout(5), hub.listen("queues") as ear:
        await ear.wait()
        ear.clear()
        peer = await other.fetchval(f"SELECT pid FROM pg_stat_activity WHERE {LISTENS}")
        os.kill(peer, signal.SIGSTOP)
        try:
            await ear.wait()
        finally:
            os.kill(peer, signal.SIGCONT)

    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    await other.close()


@pytest.mark.anyio
async def test_a_server_that_is_not_there_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    waits: list[float] = []
    sleep = asyncio.sleep

    async def watched(seconds: float) -> None:
        if asyncio.current_task() is not task:
            await sleep(seconds)
            return
        waits.append(seconds)
        await sleep(0)

    hub = Hub()
    task = asyncio.create_task(PostgresListener({"dsn": "postgresql://nobody@127.0.0.1:1/none"}, hub).run())
    monkeypatch.setattr(asyncio, "sleep", watched)
    while len(waits) < 7:
        await sleep(0.01)
    hub.close()
    await task

    assert waits[:6] == [0.2, 0.4, 0.8, 1.6, 2.0, 2.0]
