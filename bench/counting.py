"""Makes every item of a filled database a complaint of the last year, with its facts: `python -m bench.counting`."""

import asyncio

import asyncpg
import pysqlite3 as sqlite3

from bench.people import SITE
from portal import clock, database, settings
from portal.domain.queues.tables import WorkItem
from portal.domain.sites import queries as sites
from portal.domain.sites.rules import days

YEAR = 365 * 1440
# Minutes before now, spread over the year in the order in which they were made, as they are where people file them.
ITEMS = {
    "sqlite": "UPDATE work_item SET kind = 'complaint', restricted = 0, arrived_at = "
    "strftime('%Y-%m-%d %H:%M:%S+00:00', '{now}', '-' || ({year} - 1 - (rowid - 1) * {year} / {many}) || ' minutes')",
    "postgres": "UPDATE work_item i SET kind = 'complaint', restricted = false, arrived_at = timestamptz '{now}' "
    "- ({year} - 1 - (x.n - 1) * {year} / {many}) * interval '1 minute' "
    "FROM (SELECT id, row_number() OVER (ORDER BY number) AS n FROM work_item) x "
    "WHERE x.id = i.id",
}
MINUTE = {
    "sqlite": "CAST(strftime('%s', i.arrived_at) AS INTEGER) / 60 + 480",
    "postgres": "floor(extract(epoch FROM i.arrived_at) / 60)::integer + 480",
}
# A different part of a thousand for each measure; each time has tens of thousands of different values.
FACTS = """
INSERT INTO fact (id, item, round, site, kind, received, closed, kept, merged, severity, category, place, cause, clerk,
  channel, reopened, handoffs, fen, satisfied, rating, helped, unhelped, pending, acknowledge_own, acknowledge_wall,
  acknowledge_late, answer_own, answer_wall, answer_late, resolve_own, resolve_wall, resolve_late)
SELECT id, id, 1, site, kind, minute, CASE WHEN n % 10 > 0 THEN minute + n % 7000 END, 0, 0, severity, category, place,
  CASE n % 5 WHEN 0 THEN 'staff' WHEN 1 THEN 'process' WHEN 2 THEN 'delay' WHEN 3 THEN 'equipment' ELSE '' END, clerk,
  CASE n % 3 WHEN 0 THEN 'portal' WHEN 1 THEN 'desk' ELSE 'phone' END, CASE WHEN n % 50 = 3 THEN 1 ELSE 0 END, n % 4,
  CASE WHEN n % 20 = 0 THEN 100 * (n % 700) END, CASE WHEN n % 4 = 1 THEN n % 2 END, CASE WHEN n % 4 = 2 THEN n % 5 + 1 END,
  0, 0, 0, n * 7919 % 1800, n * 7907 % 3600, CASE WHEN n % 13 = 0 THEN 1 ELSE 0 END, n * 7901 % 86400, n * 7883 % 172800,
  CASE WHEN n % 17 = 0 THEN 1 ELSE 0 END, n * 7879 % 259200, n * 7877 % 604800, CASE WHEN n % 11 = 0 THEN 1 ELSE 0 END
FROM (SELECT i.id, i.site, i.kind, i.severity, g.code AS category, coalesce(p.code, '') AS place,
    coalesce(a.username, '') AS clerk, {minute} AS minute, row_number() OVER () AS n
  FROM work_item i JOIN category g ON g.id = i.category LEFT JOIN place p ON p.id = i.place
    LEFT JOIN account a ON a.id = i.owner) x
ORDER BY minute
"""


async def count() -> None:
    """Spread the items over the year, and make their facts as counting would: one of each."""
    await database.open_pool()
    site, many = await sites.site(SITE), await WorkItem.count()
    await database.close_pool()
    engine = "sqlite" if settings.current().sqlite_path else "postgres"
    items = ITEMS[engine].format(now=f"{clock.now():%Y-%m-%d %H:%M:%S}+00:00", year=YEAR, many=many)
    statements = [items, FACTS.format(minute=MINUTE[engine]), "DELETE FROM uncounted"]
    if days.minute(clock.now(), site.zone) % 1440 != (clock.now().hour * 60 + clock.now().minute + 480) % 1440:
        raise RuntimeError("the facts are made for Shanghai")
    if path := settings.current().sqlite_path:
        with sqlite3.connect(path) as connection:
            connection.execute("PRAGMA synchronous=OFF")
            for statement in statements:
                connection.execute(statement)
        connection.execute("ANALYZE")
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        return
    connected = await asyncpg.connect(settings.current().database_url)
    for statement in (*statements, "VACUUM ANALYZE", "CHECKPOINT"):
        await connected.execute(statement)
    await connected.close()


if __name__ == "__main__":
    asyncio.run(count())
