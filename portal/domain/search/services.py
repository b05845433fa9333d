"""Keeping the index up with what is written."""

from collections import defaultdict
from typing import Any
from uuid import UUID

from portal import database
from portal.domain.queues.queries.words import opened
from portal.domain.queues.tables import EntryKind
from portal.domain.search import rules
from portal.domain.search.queries import lacks, place_token, token

BATCH = 20
_SHAPES = (256, 16, 1)  # rows of one statement: so few that the engine knows each
# The newest first: what just happened is found, however much of an older database still waits. By their range, so that
# two processes come to the rows in one order.
_TAKE = """
DELETE FROM unindexed WHERE id >= (
  SELECT id FROM (SELECT id FROM unindexed ORDER BY id DESC LIMIT {}) x ORDER BY id LIMIT 1
) RETURNING id
"""
_READ = """
SELECT e.id, e.item, e.kind, e.body, i.site, i.place, i.spot, p.code, p.name_zh, p.name_en
FROM entry e JOIN work_item i ON i.id = e.item LEFT JOIN place p ON p.id = i.place
WHERE e.id IN (%s) AND i.line = 'complaints'
"""
_ADD = """
INSERT INTO posting (token, item, kinds) VALUES %s
ON CONFLICT (token, item) DO UPDATE SET kinds = posting.kinds | excluded.kinds
"""


async def catch_up(*, most: int = 0) -> None:
    """Index what is not yet, in batches; all of it, or so many batches."""
    done = 0
    while (not most or done < most) and await lacks():
        await database.retried(_batch)
        done += 1


async def _batch() -> None:
    """Take some entries and index them, or neither. Another process that holds them is waited for."""
    taken = [row["id"] for row in await database.rows(_TAKE, BATCH)]
    if not taken:
        return
    rows = await database.rows(_READ % ", ".join("{}" for _id in taken), *taken)
    postings: dict[tuple[int, UUID], int] = defaultdict(int)
    for row in rows:
        for one, bits in _tokens(row):
            postings[one, row["item"]] |= bits
    # In one order everywhere, so that two processes never wait for each other.
    await _add([(one, item, bits) for (one, item), bits in sorted(postings.items())])


def _tokens(row: dict[str, Any]) -> list[tuple[int, int]]:
    """The tokens of an entry with where they stand; with the filing also those of the place."""
    site, item = row["site"], row["item"]
    body = opened(row["body"], "entry.body", row["id"])
    found = [(token(site, word), rules.BITS[row["kind"]]) for word in rules.indexed(body)]
    if row["kind"] == EntryKind.FILING:
        called = (row[name] or "" for name in ("code", "name_zh", "name_en"))
        where = " ".join((opened(row["spot"], "work_item.spot", item), *called))
        found += [(token(site, word), rules.PLACE) for word in rules.indexed(where)]
        found += [(place_token(site, row["place"]), rules.PLACE)] if row["place"] else []
    return found


async def _add(postings: list[tuple[int, UUID, int]]) -> None:
    start = 0
    for size in _SHAPES:
        statement = _ADD % ", ".join(["({}, {}, {})"] * size)
        while start + size <= len(postings):
            values = [value for posting in postings[start : start + size] for value in posting]
            await database.rows(statement, *values)
            start += size
