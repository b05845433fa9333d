"""The one durable row that a bare handler inserts: by the database's driver alone, and by Piccolo on the portal's engine."""

import asyncio
from typing import Any

import aiosqlite
import asyncpg
from piccolo.columns import Text
from piccolo.table import Table

from portal import database, settings

FIELDS = ("kind", "category", "body", "wish", "place", "name", "phone", "email", "anonymous")
TABLE = f"CREATE TABLE IF NOT EXISTS filed (id {{key}}, {', '.join(f'{name} text' for name in FIELDS)})"
INSERT = f"INSERT INTO filed ({', '.join(FIELDS)}) VALUES ({{marks}})"


class Driver:
    """Nothing between the handler and the driver: the most that the database gives."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._file: aiosqlite.Connection | None = None
        self._pool: Any = None

    async def open(self) -> None:
        path = settings.current().sqlite_path
        if path is None:
            self._pool = await asyncpg.create_pool(settings.current().database_url, min_size=1, max_size=10)
            await self._pool.execute(TABLE.format(key="bigserial PRIMARY KEY"))
            return
        self._file = await aiosqlite.connect(path)
        for statement in ("PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL", TABLE.format(key="integer PRIMARY KEY")):
            await self._file.execute_fetchall(statement)

    async def close(self) -> None:
        await (self._file or self._pool).close()

    async def insert(self, values: list[str]) -> None:
        if self._file is None:
            marks = ", ".join(f"${number}" for number in range(1, len(FIELDS) + 1))
            await self._pool.execute(INSERT.format(marks=marks), *values)
            return
        async with self._turn:
            await self._file.execute_fetchall(INSERT.format(marks=", ".join("?" * len(FIELDS))), values)
            await self._file.commit()


class Filed(Table):
    """A filing as it was typed."""

    kind = Text()
    category = Text()
    body = Text()
    wish = Text()
    place = Text()
    name = Text()
    phone = Text()
    email = Text()
    anonymous = Text()


class Piccolo:
    """The portal's own ORM and engine, without the portal."""

    async def open(self) -> None:
        await database.open_pool()
        await Filed.create_table(if_not_exists=True)

    async def close(self) -> None:
        await database.close_pool()

    async def insert(self, values: list[str]) -> None:
        columns = [getattr(Filed, name) for name in FIELDS]
        await Filed.insert(Filed(dict(zip(columns, values, strict=True))))


class Places(Driver):
    """Rows of which somebody takes one as long as there is one left: five of each, and of the first without end."""

    async def open(self) -> None:
        await super().open()
        five = ", ".join(f"({number}, 5)" for number in range(1, 100))
        table = "CREATE TABLE IF NOT EXISTS place_left (id integer PRIMARY KEY, many integer)"
        for statement in (table, f"INSERT INTO place_left VALUES (0, 100000000), {five} ON CONFLICT DO NOTHING"):
            await (self._pool.execute(statement) if self._file is None else self._file.execute_fetchall(statement))

    async def take(self, place: int) -> bool:
        """Whether there was one left."""
        sql = "UPDATE place_left SET many = many - 1 WHERE id = {} AND many > 0 RETURNING many"
        if self._file is None:
            return bool(await self._pool.fetch(sql.format("$1"), place))
        async with self._turn:
            rows = list(await self._file.execute_fetchall(sql.format("?"), [place]))
            await self._file.commit()
        return bool(rows)
