"""The stream of one open page: it says that something changed, never what, so that the page asks again by its own rights."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable

from litestar.response import Stream

from portal.realtime.hub import Hub

BEAT_EVERY = 14.0  # promised is one every 15 s, also by a busy loop
RIGHTS_EVERY = 5.0
GATHER = 0.15
BEAT = b": \n\n"
HEADERS = {"Cache-Control": "no-store", "Content-Type": "text/event-stream; charset=utf-8", "X-Accel-Buffering": "no"}

log = logging.getLogger(__name__)


def stream(hub: Hub, topic: str, still_allowed: Callable[[], Awaitable[bool]], event: str = "queues") -> Stream:
    """Signals of a topic as server-sent events, for as long as the listener may hear them (P33)."""
    return Stream(signals(hub, topic, still_allowed, event), headers=HEADERS, media_type="text/event-stream")


async def signals(
    hub: Hub, topic: str, still_allowed: Callable[[], Awaitable[bool]], event: str = "queues"
) -> AsyncIterator[bytes]:
    """One signal at once, since a page may have missed something; then one for the changes of each moment."""
    async with hub.listen(topic) as ear:
        yield _signal(event, hub)
        clock = asyncio.get_running_loop().time
        beat_at, rights_at = clock() + BEAT_EVERY, clock() + RIGHTS_EVERY
        while not hub.closed:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(beat_at, rights_at) - clock()):
                    await ear.wait()
            if hub.closed:
                return
            if ear.is_set():
                await asyncio.sleep(GATHER)
                ear.clear()
                yield _signal(event, hub)
            if clock() >= beat_at:
                beat_at = clock() + BEAT_EVERY
                yield BEAT
            if clock() >= rights_at:
                try:
                    allowed = await still_allowed()
                except Exception:
                    # Whoever listens comes again, and is let in or not at the door.
                    log.warning("the rights of an open stream cannot be looked up", exc_info=True)
                    return
                if not allowed:
                    yield b"event: bye\ndata: \n\n"
                    return
                rights_at = clock() + RIGHTS_EVERY


def _signal(event: str, hub: Hub) -> bytes:
    return f"event: {event}\ndata: {hub.version}\n\n".encode()
