"""Transactions, tries again, signals that leave after the commit: with engines.py the only room that knows the engine."""

import asyncio
import contextlib
import contextvars
import random
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from functools import cache
from typing import Any, TypeVar

import asyncpg
import msgspec
from piccolo.engine.finder import engine_finder
from piccolo.querystring import QueryString
from piccolo.table import Table

from portal.engines import Postgres, Sqlite
from portal.errors import Unavailable

CHANNEL = "portal"
TRIES = 5
_AGAIN = {"40001", "40P01"}  # serialization failure, deadlock
_GONE = ("08", "53", "57", "58")  # classes of SQLSTATE: connection, resources, operator, system
_CLOSED = {"55000", "3D000"}  # the database takes no connections, or is not there
_listeners: list[Callable[[str], None]] = []

Result = TypeVar("Result")


@cache
def engine() -> Sqlite | Postgres:
    """The engine that serves this installation."""
    found = engine_finder()
    if not isinstance(found, Sqlite | Postgres):
        raise TypeError("piccolo_conf.py names no engine of portal/engines.py")
    return found


def embedded() -> bool:
    """Whether SQLite serves, so that this process is the only one."""
    return isinstance(engine(), Sqlite)


async def open_pool() -> None:
    await engine().start_connection_pool()


async def close_pool() -> None:
    await engine().close_connection_pool()


@contextlib.asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """All or nothing; inside another transaction a savepoint, so that a caught failure leaves none of its work."""
    with translated():
        async with engine().transaction():
            yield


async def retried(work: Callable[[], Awaitable[Result]]) -> Result:
    """`await work()` in a transaction, again when the database asks for it (deadlock, serialization, busy).

    `work` must have no effect but on the database. Inside another transaction it is tried once: the outermost tries again.
    """
    for attempt in range(1, TRIES + 1):
        try:
            with translated():
                async with engine().transaction():
                    return await work()
        except (asyncpg.PostgresError, sqlite3.OperationalError) as error:
            if not _asks_again(error) or attempt == TRIES or engine().live() is not None:
                raise
            await asyncio.sleep(random.random() * 0.02 * 2**attempt)  # noqa: S311  # jitter, not a secret
    raise AssertionError("the last try returns or raises")


async def rows(sql: str, *values: Any) -> list[Any]:
    """Run one statement as it stands, each `{}` in it a value; the rows of its answer, by column.

    For what everybody waits for: to have Piccolo build a query takes longer than the database takes to answer it.
    """
    return list(await engine().run(_marked(sql, postgres=not embedded()), values))


async def insert(
    table: type[Table], *rows: dict[str, Any], unless_there: bool = False, over: tuple[str, ...] = ()
) -> int:
    """Insert rows that name the same columns; how many were (`unless_there`: those that a unique constraint lets in).

    `over` are the columns of a unique constraint: a row that is there already gets the new values, and keeps its key.
    Piccolo builds a row object and a query for each insert; here the statement is put together once for each shape.
    """
    columns = tuple(rows[0])
    sql = _insertion(table._meta.tablename, columns, len(rows), unless_there, over, postgres=not embedded())
    return len(await engine().run(sql, [row[name] for row in rows for name in columns]))


async def rewrite(table: type[Table], rows: Sequence[tuple[dict[str, Any], dict[str, Any]]], *, where: str) -> set[str]:
    """Write other values over many rows in one statement; the keys of those that were, as text.

    Each of `rows` says what its row is known by, first its key, and its new values; what another changed meanwhile
    stays. `where` is what has to hold beside that. All name the same columns.
    """
    known, changed = (tuple(named) for named in rows[0])
    types = tuple((name, str(table._meta.get_column_by_name(name).column_type)) for name in (*known, *changed))
    sql = _rewriting(table._meta.tablename, types, len(known), len(rows), where, postgres=not embedded())
    args = [value for seen, values in rows for value in (*seen.values(), *values.values())]
    return {str(row["key"]) for row in await engine().run(sql, args)}


async def columns(
    packed: Mapping[str, str], summed: Mapping[str, str], sql: str, *values: Any
) -> tuple[dict[str, list[Any]], dict[str, int | None]]:
    """What a question (`FROM …`) finds, by column: every value of some (not those that are null), and sums of others.

    For reading a hundred thousand rows: the engine packs each column, and no object is made for a row. A column by
    itself has no order.
    """
    pack = "json_group_array" if embedded() else "json_agg"
    chosen = [f"{pack}({one}) FILTER (WHERE {one} IS NOT NULL) AS {name}" for name, one in packed.items()]
    chosen += [f"{one} AS {name}" for name, one in summed.items()]
    found = (await rows(f"SELECT {', '.join(chosen)} {sql}", *values))[0]
    return (
        {name: msgspec.json.decode(found[name]) if found[name] else [] for name in packed},
        {name: found[name] for name in summed},
    )


async def in_turn(what: int) -> None:
    """Wait until no other transaction does the work of this number, and keep it to the end of this one.

    On SQLite only one transaction writes at a time anyway.
    """
    if not embedded():
        await rows("SELECT pg_advisory_xact_lock({})", what)


def taking(alias: str, *, patient: bool = False) -> str:
    """The end of a subselect that takes rows: those that nobody else is about to change, or when they have (`patient`).

    SQLite has one writer, who sees what the others did.
    """
    return "" if embedded() else f" FOR UPDATE OF {alias}{'' if patient else ' SKIP LOCKED'}"


async def announce(topic: str) -> None:
    """Say that something under this topic changed; heard by every process after the commit, and not at all without."""
    here = engine()
    if isinstance(here, Postgres):
        await here.run_querystring(QueryString("SELECT pg_notify({}, {})", CHANNEL, topic))
    else:
        when_committed(lambda: _signal(topic))


def when_committed(callback: Callable[[], None]) -> None:
    """Call this after the commit, and not at all without; at once where there is no transaction."""
    transaction = engine().live()
    if transaction is not None:
        transaction.after.append(callback)
    else:
        callback()


def on_signal(listener: Callable[[str], None]) -> None:
    """Tell `listener` each topic announced in this process (SQLite; PostgreSQL is heard by LISTEN)."""
    _listeners.append(listener)


def off_signal(listener: Callable[[str], None]) -> None:
    """Tell `listener` no more."""
    _listeners.remove(listener)


def spawn(work: Coroutine[Any, Any, Result]) -> "asyncio.Task[Result]":
    """A task that inherits nothing of the one that starts it, above all not its transaction."""
    return asyncio.get_running_loop().create_task(work, context=contextvars.Context())


def is_duplicate(error: Exception) -> bool:
    """Whether a unique constraint refused the row."""
    if isinstance(error, asyncpg.UniqueViolationError):
        return True
    # The bundled SQLite module tells only the primary code (SQLITE_CONSTRAINT); which one it was stands in the words.
    return isinstance(error, sqlite3.IntegrityError) and str(error).startswith("UNIQUE constraint failed")


@contextlib.contextmanager
def translated() -> Iterator[None]:
    """A database that is gone, stalled or full becomes Unavailable; every other error stays what it is."""
    try:
        yield
    except (asyncpg.PostgresError, asyncpg.InterfaceError, sqlite3.OperationalError, OSError, TimeoutError) as error:
        if is_unavailable(error):
            raise Unavailable(type(error).__name__) from error
        raise


def is_unavailable(error: BaseException) -> bool:
    """Whether an error says that the database cannot be had now."""
    if isinstance(error, asyncpg.PostgresError):
        return (error.sqlstate or "").startswith(_GONE) or error.sqlstate in _CLOSED
    if isinstance(error, sqlite3.OperationalError):
        return getattr(error, "sqlite_errorname", "").startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_CANTOPEN"))
    return isinstance(error, asyncpg.InterfaceError | OSError | TimeoutError)


def is_busy(error: BaseException) -> bool:
    """Whether another process holds the one writer of SQLite."""
    return getattr(error, "sqlite_errorname", "").startswith("SQLITE_BUSY")


@cache
def _marked(sql: str, *, postgres: bool) -> str:
    return sql.format(*_marks(sql.count("{}"), postgres=postgres))


@cache
def _insertion(
    table: str, columns: tuple[str, ...], count: int, unless_there: bool, over: tuple[str, ...], *, postgres: bool
) -> str:
    names = ", ".join(f'"{name}"' for name in columns)
    conflict = " ON CONFLICT DO NOTHING" if unless_there else ""
    if over:
        new = ", ".join(f'"{name}" = excluded."{name}"' for name in columns if name not in ("id", *over))
        conflict = f" ON CONFLICT ({', '.join(over)}) DO UPDATE SET {new}"
    values = ", ".join(_rows([""] * len(columns), count, postgres=postgres))
    return f'INSERT INTO "{table}" ({names}) VALUES {values}{conflict} RETURNING 1'


@cache
def _rewriting(
    table: str, types: tuple[tuple[str, str], ...], known: int, count: int, where: str, *, postgres: bool
) -> str:
    """PostgreSQL is told the types of the first row, and takes the others after it."""
    first = _rows([kind for _name, kind in types], 1, postgres=postgres)
    values = ", ".join([*first, *_rows([""] * len(types), count, postgres=postgres)[1:]])
    seen, changed = [f"was_{name}" for name, _kind in types[:known]], [f"new_{name}" for name, _kind in types[known:]]
    same = " AND ".join(f'"{table}"."{name}" = was_{name}' for name, _kind in types[:known])
    change = ", ".join(f'"{name}" = new_{name}' for name, _kind in types[known:])
    return (
        f'WITH news ({", ".join([*seen, *changed])}) AS (VALUES {values}) UPDATE "{table}" SET {change} FROM news '
        f"WHERE {same} AND {where} RETURNING {types[0][0]} AS key"
    )


def _rows(types: Sequence[str], count: int, *, postgres: bool) -> list[str]:
    """The marks of so many rows, each in its brackets."""
    width = len(types)
    marks = _marks(count * width, postgres=postgres)
    if postgres:
        marks = [f"CAST({mark} AS {kind})" if kind else mark for mark, kind in zip(marks, [*types] * count, strict=True)]
    return [f"({', '.join(marks[start : start + width])})" for start in range(0, len(marks), width)]


def _marks(count: int, *, postgres: bool) -> list[str]:
    """What stands in a statement for so many values."""
    return [f"${number}" if postgres else "?" for number in range(1, count + 1)]


def _asks_again(error: Exception) -> bool:
    return is_busy(error) or getattr(error, "sqlstate", None) in _AGAIN


def _signal(topic: str) -> None:
    for listener in _listeners:
        listener(topic)
