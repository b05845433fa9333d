"""Who listens to which topic in this process, and the one connection that hears what other processes did."""

import asyncio
import contextlib
import logging
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping
from typing import Any

import asyncpg

CHANNEL = "portal"
PATIENCE = 5.0
CHECK_EVERY = 10.0
FIRST_WAIT, LONGEST_WAIT = 0.2, 2.0

log = logging.getLogger(__name__)


class Hub:
    """Topics and their ears: an ear is an event that a listener waits for, clears, and then looks again."""

    def __init__(self) -> None:
        self.closed = False
        self._ears: defaultdict[str, set[asyncio.Event]] = defaultdict(set)
        self._born = secrets.token_hex(4)
        self._count = 0

    @property
    def version(self) -> str:
        """A word that differs after every delivery and every restart; it means nothing else."""
        return f"{self._born}-{self._count:x}"

    def deliver(self, topic: str) -> None:
        """Something under this topic changed; to be called in the loop's own thread, after the commit."""
        self._count += 1
        for ear in self._ears.get(topic, ()):
            ear.set()

    def wake_all(self) -> None:
        """Anything may have changed: everybody looks again."""
        self._count += 1
        for ears in self._ears.values():
            for ear in ears:
                ear.set()

    def close(self) -> None:
        """The server is going: every stream ends now, so that the server can."""
        self.closed = True
        self.wake_all()

    def listeners(self, topic: str) -> int:
        """How many ears a topic has."""
        return len(self._ears.get(topic, ()))

    @contextlib.asynccontextmanager
    async def listen(self, *topics: str) -> AsyncIterator[asyncio.Event]:
        """An ear for these topics, taken away again when the listener leaves."""
        ear = asyncio.Event()
        for topic in topics:
            self._ears[topic].add(ear)
        try:
            yield ear
        finally:
            for topic in topics:
                self._ears[topic].discard(ear)
                if not self._ears[topic]:
                    del self._ears[topic]


class PostgresListener:
    """Hears the announcements of all processes over one connection, and makes it anew when it breaks."""

    def __init__(self, config: Mapping[str, Any], hub: Hub) -> None:
        self._config, self._hub = dict(config), hub
        self.up = asyncio.Event()

    async def run(self) -> None:
        """Listen until cancelled; after a break everybody is woken, since nobody knows what was missed."""
        wait = FIRST_WAIT
        while not self._hub.closed:
            try:
                async with self._connection() as lost:
                    wait = FIRST_WAIT
                    await lost.wait()
            except Exception as error:  # whatever it is, a listener that gives up leaves every page deaf
                log.warning("the listening connection broke: %r", error)
            await asyncio.sleep(wait)
            wait = min(wait * 2, LONGEST_WAIT)

    @contextlib.asynccontextmanager
    async def _connection(self) -> AsyncIterator[asyncio.Event]:
        lost = asyncio.Event()
        connection = await asyncpg.connect(**{**self._config, "timeout": PATIENCE})
        checks = None
        try:
            connection.add_termination_listener(lambda _connection: lost.set())
            await connection.add_listener(CHANNEL, lambda _connection, _pid, _channel, topic: self._hub.deliver(str(topic)))
            checks = asyncio.create_task(_check(connection, lost))
            self._hub.wake_all()
            self.up.set()
            yield lost
        finally:
            self.up.clear()
            if checks is not None:
                checks.cancel()
            connection.terminate()


async def _check(connection: Any, lost: asyncio.Event) -> None:
    """A peer that says nothing any more is a lost one: a broken network path ends no connection by itself."""
    while not lost.is_set():
        await asyncio.sleep(CHECK_EVERY)
        try:
            await connection.execute("SELECT 1", timeout=PATIENCE)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError):
            lost.set()
