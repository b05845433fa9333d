"""Piccolo's database engines, mended: what 1.38 gets wrong under concurrency is put right here, for both engines.

Measured on the stock engines: a deferred SQLite transaction fails at once when two people write; a failed COMMIT keeps
the connection, its thread and the write lock; a nested transaction keeps the work of a part that failed; a task started
inside a transaction inherits it; a stalled PostgreSQL is waited for without end.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any

import aiosqlite
import asyncpg
from piccolo.engine.base import BaseTransaction
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction
from piccolo.engine.sqlite import SQLiteEngine, SQLiteTransaction, TransactionType, dict_factory
from piccolo.query.methods.create import Create
from piccolo.querystring import QueryString

READERS = 3
ACQUIRE_SECONDS = 2.0
COMMAND_SECONDS = 3.0
PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "busy_timeout=1000",
    "foreign_keys=ON",
    "temp_store=MEMORY",
    "cache_size=-8000",
    "secure_delete=ON",
    "recursive_triggers=ON",
)


def make(url: str) -> "Sqlite | Postgres":
    """The engine for an address: `sqlite:///path/to/file` or `postgresql://user@host/database`."""
    scheme, _, rest = url.partition("://")
    if scheme == "sqlite":
        return Sqlite(rest)
    if scheme in ("postgresql", "postgres"):
        return Postgres({"dsn": f"postgresql://{rest}"})
    raise ValueError("a database is sqlite:///path or postgresql://…")


class _Transaction(BaseTransaction):
    """What every transaction needs: a savepoint when nested, its connection given back whatever happens, and a list of
    callbacks that run after the commit and not at all otherwise."""

    engine: Any
    connection: Any
    _parent: "_Transaction | None"
    _committed: bool
    _rolled_back: bool
    after: list[Callable[[], None]]

    @property
    def over(self) -> bool:
        return self._committed or self._rolled_back

    async def __aenter__(self) -> "_Transaction":
        if self._parent is not None:
            self._mark = len(self._parent.after)
            self._savepoint = await self._parent.savepoint()  # type: ignore[attr-defined]  # both engines have it
            return self._parent
        self.after = []
        self.connection = await self._take()
        try:
            await self._start()
        except BaseException:
            await asyncio.shield(self._give())
            raise
        self.context = self.engine.current_transaction.set(self)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if self._parent is not None:
            if error is not None and not self._parent.over:
                del self._parent.after[self._mark :]
                # A lost connection takes the whole transaction with it; the first error is the one to raise.
                with contextlib.suppress(Exception):
                    await self._savepoint.rollback_to()
                    await self._savepoint.release()
            elif error is None:
                await self._savepoint.release()
            return False
        try:
            if not self.over:
                if error is None:
                    await self.commit()  # type: ignore[attr-defined]
                else:
                    with contextlib.suppress(Exception):
                        await self.rollback()  # type: ignore[attr-defined]
        finally:
            self._rolled_back = True  # whoever still holds this sees that it is over
            self.engine.current_transaction.reset(self.context)
            await asyncio.shield(self._give())
        if self._committed:
            for callback in self.after:
                callback()
        return False

    async def _take(self) -> Any:
        raise NotImplementedError

    async def _start(self) -> None:
        raise NotImplementedError

    async def _give(self) -> None:
        raise NotImplementedError


class _Engine:
    """What both engines share."""

    current_transaction: Any
    probe: Callable[[str], Awaitable[None]] | None = None  # tests count statements, or make one fail

    def live(self) -> _Transaction | None:
        """The transaction of this task, if it is not over (a task started inside one keeps a dead one)."""
        transaction: _Transaction | None = self.current_transaction.get()
        if transaction is not None and transaction.over:
            self.current_transaction.set(None)
            return None
        return transaction

    async def batch(self, *_: object, **__: object) -> Any:
        raise NotImplementedError("page by key: batch() swallows every exception")


class SqliteTransaction(_Transaction, SQLiteTransaction):  # type: ignore[misc]  # ours enters and leaves
    """A transaction that holds the one writer from its first statement (BEGIN IMMEDIATE)."""

    async def _take(self) -> Any:
        return await self.engine.take_writer()

    async def _start(self) -> None:
        await self.begin()  # type: ignore[no-untyped-call]  # Piccolo's

    async def _give(self) -> None:
        await self.engine.give_writer(self.connection, clean=self._committed)


class Sqlite(_Engine, SQLiteEngine):
    """One writer and a few query-only readers over a write-ahead log, each commit synced to the disk."""

    def __init__(self, path: str) -> None:
        self.writer: aiosqlite.Connection | None = None
        self.readers: asyncio.Queue[aiosqlite.Connection] | None = None
        self.turn = asyncio.Lock()
        super().__init__(path=path)

    async def get_connection(self) -> aiosqlite.Connection:
        opening = aiosqlite.connect(**self.connection_kwargs)
        opening._thread.daemon = True  # a connection that nobody closed must not keep the process from ending
        connection = await opening
        connection.row_factory = dict_factory  # type: ignore[assignment]  # Piccolo reads rows as dicts
        for pragma in PRAGMAS:
            await connection.execute_fetchall(f"PRAGMA {pragma}")
        return connection

    async def start_connection_pool(self, **_: object) -> None:
        self.turn, self.writer = asyncio.Lock(), await self.get_connection()
        readers: asyncio.Queue[aiosqlite.Connection] = asyncio.Queue()
        for _number in range(READERS):
            connection = await self.get_connection()
            await connection.execute_fetchall("PRAGMA query_only=1")
            readers.put_nowait(connection)
        self.readers = readers

    async def close_connection_pool(self) -> None:
        readers, self.readers = self.readers, None
        with contextlib.suppress(TimeoutError):  # a reader that nobody gives back must not keep the process from ending
            async with asyncio.timeout(COMMAND_SECONDS):
                for _number in range(READERS if readers else 0):
                    await (await readers.get()).close()  # type: ignore[union-attr]
        if self.writer is not None:
            async with self.turn:
                await self.writer.execute_fetchall("PRAGMA optimize")
                await self.writer.close()
        self.writer = None

    async def take_writer(self) -> aiosqlite.Connection:
        if self.writer is None:  # no pool: operator commands and migrations
            return await self.get_connection()
        await self.turn.acquire()
        return self.writer

    async def give_writer(self, connection: aiosqlite.Connection, *, clean: bool = False) -> None:
        if connection is not self.writer:
            return await connection.close()
        try:
            if not clean:
                await connection.rollback()  # nothing to do, unless a BEGIN was cancelled on its way
        finally:
            self.turn.release()

    async def run_querystring(self, querystring: QueryString, in_pool: bool = False) -> Any:
        return await self.run(*querystring.compile_string(engine_type="sqlite"))

    async def run_ddl(self, ddl: str, in_pool: bool = False) -> Any:
        return await self.run(ddl)

    async def run(self, sql: str, args: Any = ()) -> Any:
        """Run one statement: in the running transaction, else by itself."""
        if self.probe is not None:
            await self.probe(sql)
        transaction = self.live()
        if transaction is not None:
            return await transaction.connection.execute_fetchall(sql, args)
        if self.readers is not None and sql.lstrip()[:6].upper() == "SELECT":
            connection = await self.readers.get()
            try:
                return await connection.execute_fetchall(sql, args)
            finally:
                self.readers.put_nowait(connection)
        connection = await self.take_writer()
        try:
            return await connection.execute_fetchall(sql, args)
        finally:
            await asyncio.shield(self.give_writer(connection))

    def transaction(
        self,
        transaction_type: TransactionType = TransactionType.immediate,
        allow_nested: bool = True,
        **_: object,
    ) -> SqliteTransaction:
        self.live()
        return SqliteTransaction(engine=self, transaction_type=transaction_type, allow_nested=allow_nested)


class PgTransaction(_Transaction, PostgresTransaction):  # type: ignore[misc]  # ours enters and leaves
    """A transaction that gives up its connection rather than wait for a server that does not answer."""

    how: dict[str, Any]

    async def _take(self) -> Any:
        return await self.engine.acquire()

    async def _start(self) -> None:
        self.transaction = self.connection.transaction(**self.how)
        await self.begin()  # type: ignore[no-untyped-call]  # Piccolo's

    async def _give(self) -> None:
        await self.engine.release(self.connection)


class Postgres(_Engine, PostgresEngine):
    """A pool with time limits: nothing waits longer than COMMAND_SECONDS for an answer."""

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config={"command_timeout": COMMAND_SECONDS, "timeout": ACQUIRE_SECONDS, **config})

    async def check_version(self) -> None:
        """Nothing: the stock one connects while the settings are imported."""

    async def start_connection_pool(self, **_: object) -> None:
        self.pool = await asyncpg.create_pool(**self.config, min_size=1, max_size=10, reset=_nothing_to_reset)

    async def close_connection_pool(self) -> None:
        pool, self.pool = self.pool, None
        if pool is not None:
            try:
                await asyncio.wait_for(pool.close(), COMMAND_SECONDS)
            except TimeoutError:
                pool.terminate()

    async def acquire(self) -> Any:
        if self.pool is None:
            return await asyncpg.connect(**self.config)
        return await self.pool.acquire(timeout=ACQUIRE_SECONDS)

    async def release(self, connection: Any) -> None:
        if self.pool is None:
            await connection.close(timeout=1)
            return
        try:
            await self.pool.release(connection, timeout=1)
        except TimeoutError:
            connection.terminate()

    async def run_querystring(self, querystring: QueryString, in_pool: bool = True) -> Any:
        return await self.run(*querystring.compile_string(engine_type="postgres"))

    async def run_ddl(self, ddl: str, in_pool: bool = True) -> Any:
        return await self.run(ddl)

    async def run(self, sql: str, args: Any = ()) -> Any:
        """Run one statement: in the running transaction, else by itself."""
        if self.probe is not None:
            await self.probe(sql)
        transaction = self.live()
        if transaction is not None:
            return await transaction.connection.fetch(sql, *args)
        connection = await self.acquire()
        try:
            return await connection.fetch(sql, *args)
        finally:
            await asyncio.shield(self.release(connection))

    def transaction(self, allow_nested: bool = True, **how: Any) -> PgTransaction:
        self.live()
        transaction = PgTransaction(engine=self, allow_nested=allow_nested)
        transaction.how = how
        return transaction


async def _nothing_to_reset(_connection: Any) -> None:
    """No pooled connection is changed (no SET, LISTEN or advisory lock): asyncpg's own reset would be a round trip each."""


def _sqlite_ddl(create: Create) -> list[str]:
    """SQLite cannot add a constraint afterwards, so they go into CREATE TABLE itself."""
    statements = [sql for sql in create.default_ddl if not sql.startswith("ALTER TABLE")]
    constraints = "".join(f', CONSTRAINT "{item._meta.name}" {item.ddl}' for item in create.table._meta.constraints)
    return [sql[:-1] + constraints + ")" if sql.startswith("CREATE TABLE") else sql for sql in statements]


Create.sqlite_ddl = property(_sqlite_ddl)  # type: ignore[assignment,method-assign]
