"""Gives every item of a filled database words in the index, as if each had been written: `python -m bench.wording`."""

import asyncio
import random
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import asyncpg
import pysqlite3 as sqlite3

from bench.people import GUARD, PASSWORD
from portal import database, ids, sealing, settings
from portal.domain.accounts import services as accounts
from portal.domain.accounts.tables import Role
from portal.domain.queues.tables import EntryKind, Series
from portal.domain.search import rules
from portal.domain.search.queries import place_token, token
from portal.domain.sites.tables import Category, Site

# In all; in one half and in the other; in those of the kitchen alone; in every third, in Latin letters; in a few.
ALL, HALVES, KITCHEN, LATIN, FEW = "客人反映", ("空调", "热水"), "早餐", "elevator", "紫檀木盒"
VOCABULARY = [chr(0x4E00 + 7 * number) for number in range(2_000)]
LONG, RARE, OWN = 20, 1_000, 5_000  # characters by chance; every so many has the few words, or is the guard's
ITEMS = "SELECT id, place, category FROM work_item ORDER BY id"
# The closed ones are copies of the open ones, whose sealed cells open at their own place alone.
TITLED = "UPDATE work_item SET title = {}, who = '', spot = '' WHERE id = {}"
FILED = "UPDATE work_item SET filed_by = {guard} WHERE id IN ({items})"


async def word() -> None:
    """Index the items, and let a guard have filed a few of them."""
    await database.open_pool()
    site = await Site.objects().first()
    if site is None:
        raise RuntimeError("the database is not filled")
    guard = await accounts.create(username=GUARD, name="孙强", surname="孙", password=PASSWORD, roles=[(site, Role.GUARD)])
    await Series.insert(*(Series(id=ids.new_id(), site=site.id, year=year, last=0) for year in (2025, 2026)))
    kitchen = {row["id"] for row in await Category.select(Category.id).where(Category.unit == Role.KITCHEN)}
    rows = await database.rows(ITEMS)
    await database.close_pool()
    postings = sorted(_postings(site.id, rows, kitchen))
    mine = [row["id"] for row in rows[::OWN]]
    titles = [(sealing.seal(ALL, f"work_item.title:{row['id']}"), row["id"]) for row in rows]
    path = settings.current().sqlite_path
    if path:
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA synchronous=OFF")
            cells = [(one, str(item), bits) for one, item, bits in postings]
            connection.executemany("INSERT INTO posting VALUES (?, ?, ?)", cells)
            connection.executemany(TITLED.format("?", "?"), [(title, str(item)) for title, item in titles])
            marks = ", ".join(f"'{item}'" for item in mine)
            connection.execute(FILED.format(guard=f"'{guard.id}'", items=marks))
        connection.execute("ANALYZE")
        connection.close()
        return
    server = await asyncpg.connect(settings.current().database_url)
    await server.copy_records_to_table("posting", records=postings)
    await server.executemany(TITLED.format("$1", "$2"), titles)
    await server.execute(FILED.format(guard="$1", items="SELECT unnest($2::uuid[])"), guard.id, mine)
    await server.execute("VACUUM ANALYZE")
    await server.close()


def _postings(site: UUID, rows: list[dict[str, Any]], kitchen: set[UUID]) -> Iterator[tuple[int, UUID, int]]:
    filing, known, chance = rules.BITS[EntryKind.FILING], dict[str, int](), random.Random(7)  # noqa: S311  # no secret
    for number, row in enumerate(rows):
        text = [ALL, HALVES[number % 2], "".join(chance.choices(VOCABULARY, k=LONG))]
        text += [KITCHEN] if row["category"] in kitchen else []
        text += [LATIN] if number % 3 == 0 else []
        text += [FEW] if number % RARE == 0 else []
        for one in rules.indexed("，".join(text)):
            if one not in known:
                known[one] = token(site, one)
            yield known[one], row["id"], filing
        if row["place"]:
            yield place_token(site, row["place"]), row["id"], rules.PLACE


if __name__ == "__main__":
    asyncio.run(word())
