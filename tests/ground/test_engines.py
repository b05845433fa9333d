"""The mended engines, by the cases that the stock ones fail: the same tests on SQLite and PostgreSQL."""

import asyncio
import sqlite3
import threading
from pathlib import Path

import asyncpg
import pytest
from piccolo.engine.sqlite import SQLiteEngine
from piccolo.querystring import QueryString

from portal import clock, database
from portal.engines import PRAGMAS, Postgres, Sqlite
from portal.errors import Unavailable
from portal.security.rates import Rate

pytestmark = pytest.mark.usefixtures("committed")
sqlite_only, postgres_only = pytest.mark.only_sqlite, pytest.mark.only_postgres


async def add(key: str) -> None:
    await Rate.insert(Rate(key=key, since=clock.now(), hits=0))


async def break_the_commit() -> None:
    """Leave something behind that the database minds only when it commits."""
    await database.engine().run_ddl(
        "CREATE TABLE probe (id INTEGER PRIMARY KEY, up INTEGER REFERENCES probe (id) DEFERRABLE INITIALLY DEFERRED)"
    )
    await database.engine().run_ddl("INSERT INTO probe VALUES (1, 2)")


async def keys() -> list[str]:
    return [row["key"] for row in await Rate.select(Rate.key).order_by(Rate.key)]


async def test_forty_people_who_read_and_then_write_all_succeed() -> None:
    async def one(number: int) -> None:
        async with database.transaction():
            await Rate.count()
            await asyncio.sleep(0)
            await add(f"{number:02d}")

    await asyncio.gather(*(database.spawn(one(number)) for number in range(40)))

    assert await keys() == [f"{number:02d}" for number in range(40)]


@sqlite_only
async def test_without_the_mend_most_of_them_fail(tmp_path: Path) -> None:
    stock = SQLiteEngine(path=str(tmp_path / "stock.db"), timeout=0.5)
    await stock.run_ddl("PRAGMA journal_mode=WAL")
    await stock.run_ddl("CREATE TABLE probe (number INTEGER)")

    async def one(number: int) -> None:
        async with stock.transaction():
            await stock.run_querystring(QueryString("SELECT count(*) FROM probe"))
            await asyncio.sleep(0.01)
            await stock.run_querystring(QueryString("INSERT INTO probe VALUES ({})", number))

    results = await asyncio.gather(*(database.spawn(one(number)) for number in range(40)), return_exceptions=True)

    failed = [result for result in results if isinstance(result, sqlite3.OperationalError)]
    assert len(failed) > 20


async def test_a_commit_that_fails_gives_its_connection_back() -> None:
    threads = threading.active_count()

    for _attempt in range(30):
        with pytest.raises((sqlite3.IntegrityError, asyncpg.IntegrityConstraintViolationError)):
            async with database.transaction():
                await add("lost")
                await break_the_commit()
        assert database.engine().live() is None

    await add("kept")
    assert await keys() == ["kept"]
    assert threading.active_count() <= threads


async def test_a_block_that_fails_leaves_nothing_and_raises_its_own_error() -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction():
            await add("lost")
            raise ZeroDivisionError

    assert await keys() == []


async def test_a_failed_part_leaves_only_the_outer_work() -> None:
    async with database.transaction():
        await add("before")
        with pytest.raises(ZeroDivisionError):
            async with database.transaction():
                await add("inner")
                raise ZeroDivisionError
        await add("after")

    assert await keys() == ["after", "before"]


async def test_a_failed_statement_in_a_part_does_not_spoil_the_whole() -> None:
    async with database.transaction():
        await add("first")
        with pytest.raises((sqlite3.IntegrityError, asyncpg.UniqueViolationError)) as refused:
            async with database.transaction():
                await add("first")
        assert database.is_duplicate(refused.value)
        await add("second")

    assert await keys() == ["first", "second"]


async def test_a_finished_part_goes_with_the_whole() -> None:
    with pytest.raises(ZeroDivisionError):
        async with database.transaction():
            async with database.transaction():
                await add("inner")
            raise ZeroDivisionError

    assert await keys() == []


async def test_a_spawned_task_does_not_inherit_the_transaction() -> None:
    async def look() -> bool:
        return database.engine().live() is None

    async with database.transaction():
        assert database.engine().live() is not None
        assert await database.spawn(look())


async def test_a_task_that_outlives_its_parents_transaction_works_on_its_own() -> None:
    over = asyncio.Event()

    async def later() -> None:
        await over.wait()
        await add("late")

    async with database.transaction():
        task = asyncio.create_task(later())  # inherits, as a careless caller's would
        await add("early")
    over.set()
    await task

    assert await keys() == ["early", "late"]


async def test_people_who_give_up_waiting_leave_the_others_unhurt() -> None:
    async def one(number: int) -> None:
        async with database.transaction():
            await add(f"{number:02d}")
            await asyncio.sleep(0.02)

    tasks = [database.spawn(one(number)) for number in range(12)]
    await asyncio.sleep(0.05)
    for task in tasks[::2]:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)

    assert {f"{number:02d}" for number in range(1, 12, 2)} <= set(await keys())
    await one(99)
    assert "99" in await keys()


async def test_readers_do_not_wait_for_a_writer() -> None:
    async with database.transaction():
        await add("unseen")
        async with asyncio.timeout(1):
            assert await database.spawn(keys()) == []

    assert await keys() == ["unseen"]


async def test_batch_is_refused() -> None:
    with pytest.raises(NotImplementedError):
        await Rate.select().batch(batch_size=10)


@sqlite_only
async def test_every_connection_has_every_pragma() -> None:
    engine = database.engine()
    assert isinstance(engine, Sqlite)
    assert engine.readers is not None
    wanted = {"journal_mode": "wal", "synchronous": 2, "busy_timeout": 1000, "foreign_keys": 1, "temp_store": 2,
              "cache_size": -8000, "secure_delete": 1, "recursive_triggers": 1}  # fmt: skip
    assert set(wanted) == {pragma.partition("=")[0] for pragma in PRAGMAS}
    readers = [await engine.readers.get() for _ in range(engine.readers.qsize())]
    loose = await engine.get_connection()

    try:
        for connection in (engine.writer, *readers, loose):
            found = {}
            for name in wanted:
                rows = list(await connection.execute_fetchall(f"PRAGMA {name}"))  # type: ignore[union-attr]
                found[name] = next(iter(rows[0].values()))
            assert found == wanted
        for reader in readers:
            with pytest.raises(sqlite3.OperationalError, match="readonly"):
                await reader.execute_fetchall("DELETE FROM rate")
    finally:
        await loose.close()
        for reader in readers:
            engine.readers.put_nowait(reader)


@sqlite_only
async def test_another_process_that_writes_is_waited_for() -> None:
    engine = database.engine()
    assert isinstance(engine, Sqlite)
    other = await engine.get_connection()
    await other.execute_fetchall("BEGIN IMMEDIATE")
    waiting = database.spawn(add("patient"))
    await asyncio.sleep(0.2)
    assert not waiting.done()

    await other.rollback()
    await other.close()
    await waiting

    assert await keys() == ["patient"]


@postgres_only
async def test_a_killed_session_is_forgotten() -> None:
    engine = database.engine()
    assert isinstance(engine, Postgres)

    with pytest.raises(Unavailable):
        async with database.transaction():
            await add("lost")
            await engine.run_ddl("SELECT pg_terminate_backend(pg_backend_pid())")

    assert engine.live() is None
    async with database.transaction():
        await add("kept")
    assert await keys() == ["kept"]


@postgres_only
async def test_a_server_that_does_not_answer_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    engine = database.engine()
    assert isinstance(engine, Postgres)

    async with asyncio.timeout(8):
        with pytest.raises(TimeoutError):
            await engine.run_ddl("SELECT pg_sleep(20)")

    assert await keys() == []
