"""What the proofs share: people in front of real servers, many complaints at once, and a look at all that is stored."""

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx

from portal import database, once
from portal.domain.accounts.queries import Staff
from portal.domain.complaints.services.filing import Filed
from portal.domain.sites.tables import Site
from portal.piccolo_app import APP_CONFIG
from tests import cast as actors
from tests import factories
from tests.ground import environment, processes
from tests.ground.processes import Running
from tests.pages import Browser
from tests.promises.racer import Client, Post

Rows = dict[str, list[str]]
Scale = Callable[[int, int], int]
Record = Callable[[str, float, str, str], None]
Travel = Callable[[datetime], None]


@dataclass
class Seat:
    """Somebody in front of a browser that talks to a server; `person` is nobody for a customer."""

    client: httpx.AsyncClient
    person: UUID | None

    @property
    def browser(self) -> Browser:
        return Browser(self.client)

    def token(self) -> str:
        """A form token as the next page would carry it."""
        return once.issue(browser=self.client.cookies["browser"].partition(".")[0], person=self.person)

    async def post(self, path: str, fields: dict[str, str] | None = None, **more: Any) -> httpx.Response:
        """Send a form with a token of its own, unless it brings one; no redirect is followed."""
        sent = {"form_token": self.token(), **(fields or {})}
        return await self.client.post(path, data=sent, headers={"sec-fetch-site": "same-origin"}, **more)

    def racing(self, posts: list[Post]) -> Client:
        """The same browser in a process of its own."""
        return Client(str(self.client.base_url).rstrip("/"), dict(self.client.cookies), posts)


@contextlib.asynccontextmanager
async def seat(url: str, staff: Staff | None = None) -> AsyncIterator[Seat]:
    """A fresh browser at a server, signed in as one of the staff, or a customer's."""
    async with processes.visitor(url, timeout=120) as client:
        if staff is None:
            await Browser(client).get("/s/hotel/complaints/new")
        else:
            await actors.sign_in(client, staff.username)
        yield Seat(client, staff.id if staff else None)


@dataclass
class Ear:
    """An open stream: what came, and when; `bye` tells that the server ended it."""

    opened: float = field(default_factory=time.monotonic)
    status: int = 0
    heard: list[tuple[float, str]] = field(default_factory=list)
    bye: asyncio.Event = field(default_factory=asyncio.Event)

    def events(self, name: str = "queues") -> list[float]:
        """When each event of a name came."""
        return [at for at, line in self.heard if line == f"event: {name}"]

    async def until(self, ready: Callable[[], bool], seconds: float) -> float:
        """Wait until something holds; how long it took."""
        began = time.monotonic()
        while not ready():
            assert time.monotonic() - began < seconds, f"not within {seconds} s; heard {self.heard[-4:]}"
            await asyncio.sleep(0.02)
        return time.monotonic() - began


@contextlib.asynccontextmanager
async def listening(client: httpx.AsyncClient, site: str = "hotel") -> AsyncIterator[Ear]:
    """Listen to the stream of a site, until the block ends or the server says good-bye."""
    ear = Ear()
    task = asyncio.create_task(_listen(client, f"/desk/{site}/live", ear))
    try:
        yield ear
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def _listen(client: httpx.AsyncClient, path: str, ear: Ear) -> None:
    try:
        async with client.stream("GET", path, timeout=60) as answer:
            ear.status = answer.status_code
            async for line in answer.aiter_lines():
                if line:
                    ear.heard.append((time.monotonic(), line))
    except httpx.TransportError:
        pass
    finally:
        ear.bye.set()


@contextlib.contextmanager
def serving(port: int, *, name: str = environment.WORKER, **more: str) -> Iterator[Running]:
    """The portal on a port that one knows, so that it can come back there."""
    running = processes.start(name, port=port, **more)
    try:
        processes.wait(running)
        yield running
    finally:
        running.stop()


@contextlib.contextmanager
def servers(*, without: str = "", name: str = environment.WORKER, **more: str) -> Iterator[list[Running]]:
    """The portal as it is operated, on the test's own database: two processes on PostgreSQL, one on SQLite.

    `without` names a guard that is taken out of it.
    """
    usual = processes.PORTAL
    if without:
        processes.PORTAL = [sys.executable, "-m", "tests.promises.unguarded", without]
    try:
        with contextlib.ExitStack() as stack:
            count = 2 if environment.ENGINE == "postgres" else 1
            yield [stack.enter_context(processes.portal(name, **more)) for _process in range(count)]
    finally:
        processes.PORTAL = usual


async def stock(site: Site, many: int, *, by: Staff | None = None) -> list[Filed]:
    """Many complaints at once, in one commit."""
    async with database.transaction():
        return [await factories.make_complaint(site, by=by, phone=f"138{number:08d}") for number in range(many)]


async def stored(*without: str) -> Rows:
    """Every row of every table, as it stands."""
    names = sorted(table._meta.tablename for table in APP_CONFIG.table_classes)
    return {name: await _rows(name) for name in names if name not in without}


def differences(before: Rows, after: Rows) -> list[str]:
    """The tables that are not what they were."""
    return [name for name, rows in after.items() if rows != before[name]]


async def _rows(name: str) -> list[str]:
    rows = await database.engine().run_ddl(f'SELECT * FROM "{name}"')
    return sorted(repr(sorted(dict(row).items())) for row in rows)
