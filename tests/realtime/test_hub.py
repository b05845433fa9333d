"""Ears of a topic: who hears what, and that nobody is forgotten or kept."""

import asyncio

import pytest

from portal.realtime.hub import Hub


@pytest.mark.anyio
async def test_only_the_ears_of_a_topic_hear_it() -> None:
    hub = Hub()

    async with hub.listen("queues") as queues, hub.listen("visits", "stays") as others:
        hub.deliver("queues")
        assert (queues.is_set(), others.is_set()) == (True, False)

        hub.deliver("stays")
        assert others.is_set()


@pytest.mark.anyio
async def test_after_a_break_everybody_is_woken() -> None:
    hub = Hub()

    async with hub.listen("queues") as one, hub.listen("visits") as two:
        hub.wake_all()

        assert (one.is_set(), two.is_set()) == (True, True)


@pytest.mark.anyio
async def test_a_listener_that_leaves_frees_its_ear_however_it_leaves() -> None:
    hub = Hub()

    async def listener() -> None:
        async with hub.listen("queues") as ear:
            await ear.wait()

    task = asyncio.create_task(listener())
    await asyncio.sleep(0)
    assert hub.listeners("queues") == 1

    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert hub.listeners("queues") == 0


@pytest.mark.anyio
async def test_a_version_differs_after_each_delivery_and_each_restart() -> None:
    hub = Hub()
    first = hub.version

    hub.deliver("queues")

    assert len({first, hub.version, Hub().version}) == 3
