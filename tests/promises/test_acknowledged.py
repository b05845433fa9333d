"""P04: nothing is acknowledged before it is committed, and nothing that could not be committed is acknowledged at all."""

import contextlib
import sqlite3
from collections.abc import AsyncIterator, Callable
from typing import Any

import asyncpg
import httpx
import pytest
from litestar import Litestar
from litestar.types import Message, Receive, Scope, Send

from portal import database, settings
from portal.engines import Sqlite
from tests import cast as actors
from tests import factories
from tests.ground import environment
from tests.promises.stage import Record, differences, stored
from tests.promises.ways import DEEDS, Guest, Ways

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
SQLITE = (
    "CREATE TABLE broken (id INTEGER PRIMARY KEY, up INTEGER REFERENCES broken (id) DEFERRABLE INITIALLY DEFERRED)",
    "CREATE TRIGGER broken_{0} AFTER INSERT ON {0} BEGIN INSERT INTO broken (up) VALUES (-1); END",
)
POSTGRES = (
    "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no commit''; END'",
    """CREATE CONSTRAINT TRIGGER broken_{0} AFTER INSERT ON {0} DEFERRABLE INITIALLY DEFERRED
         FOR EACH ROW EXECUTE FUNCTION broken()""",
)


@pytest.mark.parametrize("deed", DEEDS)
async def test_a_deed_whose_commit_fails_is_not_acknowledged_and_not_kept(app: Litestar, deed: str) -> None:
    guest, path, fields = await DEEDS[deed](Ways(app, await actors.enter()))
    before = await stored()

    async with failing_commits("form_use"):
        answer = await guest.post(path, fields)

    assert answer.status_code == 500
    assert "location" not in answer.headers
    assert "138 0013 8000" not in answer.text
    assert differences(before, await stored()) == []


async def test_a_sign_in_whose_commit_fails_gives_no_session(app: Litestar) -> None:
    guest = await Ways(app, await actors.enter()).guest()
    before = await stored()

    async with failing_commits("session"):
        answer = await guest.post("/sign-in", {
            "form_token": guest.token(), "username": "hotel.desk", "password": factories.PASSWORD,
        })  # fmt: skip

    assert answer.status_code == 500
    assert "session" not in answer.cookies
    assert differences(before, await stored()) == []


async def test_when_an_answer_leaves_its_deed_can_be_seen_from_outside(app: Litestar, figure: Record) -> None:
    ways, seen = Ways(app, await actors.enter()), 0

    for deed in DEEDS:
        guest, path, fields = await DEEDS[deed](ways)
        before = await committed_uses()
        async with watched(app, guest) as watch:
            answer = await watch.guest.post(path, fields)
        assert answer.status_code in (200, 303)
        assert watch.uses_at_start == before + 1, deed
        seen += 1

    figure("kinds of deeds whose record another connection saw before the answer left", seen, "", "P04")


async def test_without_waiting_for_the_commit_the_look_from_outside_sees_nothing(
    app: Litestar, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hasty(_work: Callable[[], Any]) -> str:
        """`database.retried` that answers, and would do the work when there is time."""
        return "/desk"

    guest, path, fields = await DEEDS["claim"](Ways(app, await actors.enter()))
    monkeypatch.setattr(database, "retried", hasty)
    before = await committed_uses()

    async with watched(app, guest) as watch:
        answer = await watch.guest.post(path, fields)

    assert answer.status_code == 303
    assert watch.uses_at_start == before


class Watch:
    """What another connection sees at the moment an answer begins to leave."""

    def __init__(self, app: Litestar) -> None:
        self.app, self.uses_at_start = app, -1
        self.guest: Guest

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def looking(message: Message) -> None:
            if message["type"] == "http.response.start":
                self.uses_at_start = await committed_uses()
            await send(message)

        await self.app(scope, receive, looking)


@contextlib.asynccontextmanager
async def watched(app: Litestar, guest: Guest) -> AsyncIterator[Watch]:
    """The same browser at the same application, with somebody who looks."""
    watch = Watch(app)
    transport = httpx.ASGITransport(app=watch)  # type: ignore[arg-type]  # httpx and Litestar name the same messages apart
    async with httpx.AsyncClient(
        transport=transport, base_url=settings.current().base_url, cookies=guest.client.cookies
    ) as client:
        watch.guest = Guest(client, guest.person)
        yield watch


async def committed_uses() -> int:
    """How many tokens were used up, as a connection of its own sees it."""
    engine = database.engine()
    if isinstance(engine, Sqlite):
        with contextlib.closing(sqlite3.connect(str(engine.path))) as other:
            return int(other.execute("SELECT count(*) FROM form_use").fetchone()[0])
    connection = await asyncpg.connect(dsn=environment.database_url(environment.WORKER))
    try:
        return int(await connection.fetchval("SELECT count(*) FROM form_use"))
    finally:
        await connection.close()


@contextlib.asynccontextmanager
async def failing_commits(table: str) -> AsyncIterator[None]:
    """A database that refuses, at COMMIT and not sooner, whatever adds a row to a table."""
    sqlite = isinstance(database.engine(), Sqlite)
    for statement in SQLITE if sqlite else POSTGRES:
        await database.engine().run_ddl(statement.format(table))
    try:
        yield
    finally:
        rest = ("DROP TABLE broken",) if sqlite else ("DROP FUNCTION broken",)
        ours = f"DROP TRIGGER broken_{table}" + ("" if sqlite else f" ON {table}")
        for statement in (ours, *rest):
            await database.engine().run_ddl(statement)
