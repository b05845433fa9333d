"""The report page over a year: against one count of the same rows in the same run, and with ten times as many."""

import asyncio
import re
import statistics
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import asyncpg
import pysqlite3 as sqlite3

from bench import client
from bench.client import Line
from bench.ground import PORTAL, Ground, served
from bench.people import MANAGER, PASSWORD, SITE
from bench.results import Figure, milliseconds
from bench.sizes import Sizes

REPORT = f"/desk/{SITE}/reports/complaints"
OPEN, WARM = 500, 1
COUNT = """
SELECT count(*) FROM work_item WHERE site = (SELECT id FROM site) AND merged_into IS NULL AND restricted = {no}
  AND kind IN ('complaint', 'dispute', 'reception', 'product') AND arrived_at >= '{first}' AND arrived_at < '{last}'
"""
_TOTAL = re.compile(r'<a class="report__figure" href="[^"]*">([0-9,]+)</a>')


def measure(ground: Ground, engine: str, sizes: Sizes) -> tuple[list[Figure], list[str]]:
    """Page and count take turns over a hundred thousand complaints; then the page alone over a million."""
    pages: list[list[float]] = []
    counts: list[float] = []
    for many in (sizes.found, sizes.many):
        env = ground.environment(engine, f"reports_{many}")
        ground.carry_out("bench.filling", str(OPEN), str(many - OPEN), env=env)
        ground.carry_out("bench.counting", env=env)
        with served(*PORTAL, env=env) as portal, Line(portal.port, client.sign_in(portal.port, MANAGER, PASSWORD)) as line:
            page, counted = _turns(line, env["PORTAL_DATABASE_URL"], engine, many, rounds=sizes.rounds)
        pages.append(page)
        counts = counts or counted
    once, often = statistics.median(pages[0]), statistics.median(pages[1])
    ratio = once / statistics.median(counts)
    return [
        Figure(f"Report over {sizes.found:,} complaints, against one count of the same rows", engine, ratio, " ×", most=25,
               detail=f"count {milliseconds(counts)}, page {milliseconds(pages[0])}"),
        Figure(f"… over {sizes.many:,}, against that page", engine, often / once, " ×",
               most=1.1 * sizes.many / sizes.found, detail=milliseconds(pages[1])),
    ], []  # fmt: skip


def _turns(line: Line, url: str, engine: str, many: int, *, rounds: int) -> tuple[list[float], list[float]]:
    """The seconds of the page and of the count, in turns; both have to find the same number."""
    now = datetime.now(UTC)
    first, last = (now - timedelta(days=364)).date(), (now + timedelta(hours=4)).date()
    query = f"{REPORT}?from={first}&to={last}"
    # The house's day begins at 04:00 in Shanghai, which is 20:00 UTC of the day before.
    bounds = [f"{day - timedelta(days=1)} 20:00:00+00:00" for day in (first, last + timedelta(days=1))]
    sql = COUNT.format(no="0" if engine == "sqlite" else "false", first=bounds[0], last=bounds[1])
    pages, counts = [], []
    for turn in range(-WARM, rounds):
        answer, (seconds, counted) = line.get(query), asyncio.run(_count(url, sql))
        found = _TOTAL.search(answer.text)
        if answer.status != 200 or not found or int(found[1].replace(",", "")) != counted or counted < many * 0.99:
            raise RuntimeError(f"the report says {found and found[1]}, and there are {counted}")
        if turn >= 0:
            pages.append(answer.seconds)
            counts.append(seconds)
    return pages, counts


async def _count(url: str, sql: str) -> tuple[float, int]:
    if urlsplit(url).scheme == "sqlite":
        with sqlite3.connect(url.removeprefix("sqlite://")) as connection:
            connection.execute("SELECT 1 FROM site").fetchall()
            began = time.perf_counter()
            counted = connection.execute(sql).fetchone()[0]
            return time.perf_counter() - began, counted
    connected = await asyncpg.connect(url)
    await connected.fetchval("SELECT 1")
    began = time.perf_counter()
    found = await connected.fetchval(sql)
    seconds = time.perf_counter() - began
    await connected.close()
    return seconds, found
