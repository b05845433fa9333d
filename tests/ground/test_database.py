"""Tries again, signals that leave after the commit, and what an absent database is called."""

import asyncio
import contextlib
import sqlite3
from collections.abc import AsyncIterator

import asyncpg
import pytest

from portal import clock, database
from portal.errors import Unavailable
from portal.security.rates import Rate
from tests.ground import environment
from tests.ground.probes import Fault, failing, statements
from tests.ground.test_engines import add, break_the_commit, keys


def again() -> Exception:
    """What the engine at hand says when it wants a transaction once more."""
    if environment.ENGINE == "postgres":
        refused: Exception = asyncpg.SerializationError("could not serialize access")
        return refused
    error = sqlite3.OperationalError("database is locked")
    error.sqlite_errorname = "SQLITE_BUSY"
    return error


class Ear:
    """Hears announcements as another process, or this one on SQLite, does."""

    def __init__(self) -> None:
        self.heard: list[str] = []

    async def after_a_moment(self) -> list[str]:
        await asyncio.sleep(0.15 if environment.ENGINE == "postgres" else 0)
        return self.heard


@pytest.fixture
async def ear(committed: None, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Ear]:
    ear = Ear()
    monkeypatch.setattr(database, "_listeners", [])
    database.on_signal(ear.heard.append)
    if environment.ENGINE == "sqlite":
        yield ear
        return
    connection = await asyncpg.connect(dsn=environment.database_url(environment.WORKER))
    await connection.add_listener(database.CHANNEL, lambda _c, _p, _n, topic: ear.heard.append(topic))
    yield ear
    await connection.close()


@pytest.mark.usefixtures("committed")
async def test_work_is_tried_until_the_database_takes_it_and_failed_tries_leave_nothing() -> None:
    tries = 0

    async def work() -> str:
        nonlocal tries
        tries += 1
        await add(f"try {tries}")
        if tries < 4:
            raise again()
        return "done"

    assert await database.retried(work) == "done"
    assert await keys() == ["try 4"]


@pytest.mark.usefixtures("committed")
async def test_work_is_given_up_after_five_tries() -> None:
    tries = 0

    async def work() -> None:
        nonlocal tries
        tries += 1
        raise again()

    with pytest.raises((asyncpg.SerializationError, sqlite3.OperationalError)):
        await database.retried(work)

    assert tries == database.TRIES == 5


@pytest.mark.usefixtures("committed")
async def test_inside_another_transaction_only_the_outermost_tries_again() -> None:
    inner_tries = outer_tries = 0

    async def inner() -> None:
        nonlocal inner_tries
        inner_tries += 1
        if inner_tries < 3:
            raise again()
        await add(f"inner {inner_tries}")

    async def outer() -> None:
        nonlocal outer_tries
        outer_tries += 1
        await add(f"outer {outer_tries}")
        await database.retried(inner)

    await database.retried(outer)

    assert (outer_tries, inner_tries) == (3, 3)
    assert await keys() == ["inner 3", "outer 3"]


@pytest.mark.usefixtures("committed")
async def test_other_errors_are_not_tried_again() -> None:
    tries = 0

    async def work() -> None:
        nonlocal tries
        tries += 1
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await database.retried(work)

    assert tries == 1


@pytest.mark.usefixtures("committed")
async def test_two_who_wait_for_each_other_both_come_through() -> None:
    await add("a")
    await add("b")
    met = asyncio.Event()

    async def both(first: str, second: str) -> None:
        async def work() -> None:
            await Rate.update({Rate.hits: Rate.hits + 1}).where(Rate.key == first)
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(0.1):
                    await met.wait()
            await Rate.update({Rate.hits: Rate.hits + 1}).where(Rate.key == second)

        await database.retried(work)

    await asyncio.gather(database.spawn(both("a", "b")), database.spawn(both("b", "a")))

    assert [row["hits"] for row in await Rate.select(Rate.hits)] == [2, 2]


async def test_a_signal_leaves_after_the_commit(ear: Ear) -> None:
    async with database.transaction():
        await database.announce("queue")
        assert await ear.after_a_moment() == []

    assert await ear.after_a_moment() == ["queue"]


async def test_a_signal_of_what_never_happened_does_not_leave(ear: Ear) -> None:
    with contextlib.suppress(ZeroDivisionError):
        async with database.transaction():
            await database.announce("queue")
            raise ZeroDivisionError

    assert await ear.after_a_moment() == []


async def test_a_signal_of_a_failed_part_does_not_leave(ear: Ear) -> None:
    async with database.transaction():
        await database.announce("whole")
        with contextlib.suppress(ZeroDivisionError):
            async with database.transaction():
                await database.announce("part")
                raise ZeroDivisionError
        async with database.transaction():
            await database.announce("good part")

    assert await ear.after_a_moment() == ["whole", "good part"]


async def test_a_signal_does_not_leave_when_the_commit_fails(ear: Ear) -> None:
    with pytest.raises((sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)):
        async with database.transaction():
            await database.announce("queue")
            await break_the_commit()

    assert await ear.after_a_moment() == []


async def test_a_signal_does_not_leave_a_transaction_that_was_rolled_back_by_hand(ear: Ear) -> None:
    async with database.engine().transaction() as transaction:
        await database.announce("queue")
        await transaction.rollback()  # type: ignore[attr-defined]  # both engines' transactions have it

    assert await ear.after_a_moment() == []


async def test_a_signal_without_a_transaction_leaves_at_once(ear: Ear) -> None:
    await database.announce("queue")

    assert await ear.after_a_moment() == ["queue"]


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        asyncpg.InterfaceError("closed"),
        asyncpg.CannotConnectNowError("starting"),
        asyncpg.TooManyConnectionsError("full"),
        asyncpg.DiskFullError("full"),
        asyncpg.ConnectionDoesNotExistError("gone"),
        asyncpg.ObjectNotInPrerequisiteStateError("takes no connections"),  # 55000: while it is made anew from a backup
        asyncpg.InvalidCatalogNameError("not there"),  # 3D000
    ],
)
def test_a_database_that_is_gone_stalled_or_full_is_unavailable(error: Exception) -> None:
    with pytest.raises(Unavailable), database.translated():
        raise error


def test_a_full_disk_is_unavailable_on_sqlite_too() -> None:
    error = sqlite3.OperationalError("database or disk is full")
    error.sqlite_errorname = "SQLITE_FULL"

    with pytest.raises(Unavailable), database.translated():
        raise error


@pytest.mark.parametrize("error", [asyncpg.UniqueViolationError("twice"), sqlite3.IntegrityError("twice"), ValueError()])
def test_every_other_error_stays_what_it_is(error: Exception) -> None:
    with pytest.raises(type(error)), database.translated():
        raise error


@pytest.mark.usefixtures("db")
async def test_the_probe_counts_statements_and_makes_one_fail() -> None:
    with statements() as heard:
        await keys()
        await add("one")
    assert [sql.split()[0] for sql in heard] == ["SELECT", "INSERT"]

    with failing(at=2) as heard, pytest.raises(Fault):
        async with database.transaction():
            await add("two")
            await add("three")

    assert len(heard) == 2
    assert await keys() == ["one"]


@pytest.mark.usefixtures("db")
async def test_many_rows_are_rewritten_at_once_but_none_that_another_changed_meanwhile() -> None:
    then = clock.now()
    await database.insert(Rate, *({"key": key, "since": then, "hits": 1} for key in ("first", "second", "third")))
    seen = [({"key": key, "hits": 1}, {"since": then, "hits": number}) for number, key in enumerate(("first", "third"), 5)]
    await Rate.update({Rate.hits: 9}).where(Rate.key == "third")

    written = await database.rewrite(Rate, seen, where="hits < 9")

    assert written == {"first"}
    assert {row["key"]: row["hits"] for row in await Rate.select()} == {"first": 5, "second": 1, "third": 9}
