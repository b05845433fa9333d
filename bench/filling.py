"""Fills a database: a site with its staff, so many open complaints with their clocks, and so many closed items beside them.

`python -m bench.filling <open> <closed>`, in the environment of the portal that is to find them.
"""

import asyncio
import itertools
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pysqlite3 as sqlite3

from bench.people import PASSWORD, PEOPLE, SITE
from portal import clock, database, schema, sealing, settings
from portal.domain.accounts import services as accounts
from portal.domain.accounts.tables import Account, Role
from portal.domain.complaints.rules.promises import Facts
from portal.domain.complaints.services import promising
from portal.domain.complaints.tables import Channel, Complaint
from portal.domain.queues.tables import Clock, Severity, WorkItem
from portal.domain.sites import services as sites
from portal.domain.sites.tables import Category, Place, PlaceKind, Site, SiteKind
from portal.ids import new_id, token_hash

CATEGORIES = (("service", Role.DESK, "服务", "Service"), ("room", Role.FLOOR, "客房", "Room"),
              ("food", Role.KITCHEN, "餐饮", "Food"))  # fmt: skip
KINDS = ("complaint", "complaint", "request", "enquiry", "suggestion")
STATES = ("received", "received", "triaged", "planned", "answered")
TITLES = ("空调整夜很响，睡不着", "早餐等了四十分钟", "房卡又打不开门了", "大堂地面很滑，老人差点摔倒", "发票抬头开错了")
NAMES = ("张**", "李**", "王**", "欧**", "")
CHUNK = 500
# One closed item for each open one and each number of a series; keys in the order of their making, as version 7 has them.
CLOSED = """
INSERT INTO work_item (id, site, kind, number, state, category, place, title, who, spot, on_time, severity, tier, due_at,
  due_from, arrived_at, closed_at, soon, escalated, managers_only, money, owner, giver, first_asked, filed_by, handoffs,
  round, version)
SELECT {id}, site, kind, 'HT-2025-' || (n + 1000000), 'closed', category, place, title, who, spot, on_time, severity, tier,
  due_at, due_from, arrived_at, due_at, soon, escalated, managers_only, money, {owner}, giver, first_asked, filed_by,
  handoffs, round, version
FROM (SELECT i.*, row_number() OVER () AS n FROM work_item i, {series} WHERE closed_at IS NULL LIMIT {count}) x
"""
SQLITE = {"id": "printf('00000000-0000-7000-8000-%012x', n)",
          "series": "(WITH RECURSIVE s(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM s WHERE k < {times}) SELECT k FROM s) s"}
POSTGRES = {"id": "('00000000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid",
            "series": "generate_series(1, {times}) s"}


async def fill(opened: int, closed: int) -> None:
    """Make the database, its site and its people, then the items."""
    await schema.create_database()
    await schema.migrate()
    await database.open_pool()
    site = await _site()
    people = await _people(site)
    categories = await Category.objects().where(Category.site == site.id).order_by(Category.position, Category.code)
    places = await Place.objects().where(Place.site == site.id).order_by(Place.code)
    for start in range(0, opened, CHUNK):
        numbers = range(start, min(start + CHUNK, opened))
        items = [_item(number, opened, site, categories, places, people) for number in numbers]
        await WorkItem.insert(*items)
        await database.insert(Complaint, *(
            {"id": item.id, "item": item.id, "token_hash": token_hash(item.number), "channel": Channel.PORTAL, "token": "",
             "language": "zh-CN", "name": "", "phone": "", "email": "", "email_index": ""}
            for item in items
        ))  # fmt: skip
        clocks = [await _clocks(item, site) for item in items]
        await database.insert(Clock, *itertools.chain.from_iterable(clocks))
    await database.close_pool()
    await _finish(CLOSED, opened, closed, owner=people[0].id)


async def _site() -> Site:
    site = await sites.create(slug=SITE, code="HT", kind=SiteKind.HOTEL, name_zh="海湾酒店", name_en="Bay Hotel")
    for code, unit, chinese, english in CATEGORIES:
        await sites.add_category(site, code=code, unit=unit, name_zh=chinese, name_en=english)
    for number in range(1201, 1241):
        await sites.add_place(site, code=str(number), kind=PlaceKind.ROOM, name_zh=f"{number} 房", name_en=f"Room {number}")
    return site


async def _people(site: Site) -> list[Account]:
    return [
        await accounts.create(username=username, name=name, surname=name[0], password=PASSWORD, roles=[(site, Role(role))])
        for username, name, role in PEOPLE
    ]


def _item(
    number: int, most: int, site: Site, categories: list[Category], places: list[Place], people: list[Account]
) -> WorkItem:
    """One open item; of all, each twentieth is late, a third is owned, a few are severe."""
    key, arrived = new_id(), clock.now() - timedelta(minutes=15 * number / most)
    state = STATES[number % len(STATES)]
    return WorkItem(
        id=key, site=site.id, kind=KINDS[number % len(KINDS)], number=f"HT-2026-{number:06d}", state=state,
        category=categories[number % len(categories)].id, place=places[number % len(places)].id if number % 4 else None,
        severity=(1, 1, 2, 1, 1, 0, 2)[number % 7], on_time=number % 20 != 7, soon=number % 9 == 0, due_from=arrived,
        due_at=arrived + timedelta(hours=24 + number % 48), arrived_at=arrived, round=2 if number % 50 == 3 else 1,
        owner=people[number % len(people)].id if number % 3 == 0 else None,
        title=sealing.seal(TITLES[number % len(TITLES)], f"work_item.title:{key}"),
        who=sealing.seal(NAMES[number % len(NAMES)], f"work_item.who:{key}"),
        spot=sealing.seal("" if number % 4 else "大堂", f"work_item.spot:{key}"),
    )  # fmt: skip


async def _clocks(item: WorkItem, site: Site) -> list[dict[str, Any]]:
    facts = Facts(item.kind, "", Severity(item.severity))
    return await promising.first_clocks(item.id, facts, site=site, now=item.arrived_at)


async def _finish(statement: str, opened: int, closed: int, *, owner: UUID) -> None:
    """Add the closed items in one statement, and let the engine count what it has."""
    path, times = settings.current().sqlite_path, -(-closed // max(opened, 1))
    words = SQLITE if path else POSTGRES
    series = words["series"].format(times=times)
    sql = statement.format(id=words["id"], series=series, owner=f"'{owner}'" + ("" if path else "::uuid"), count=closed)
    if path:
        return _on_sqlite(path, sql)
    connection = await asyncpg.connect(settings.current().database_url)
    for one in (sql, "ANALYZE", "CHECKPOINT"):
        await connection.execute(one)
    await connection.close()
    return None


def _on_sqlite(path: Path, sql: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA synchronous=OFF")
        connection.execute("PRAGMA cache_size=-200000")
        connection.execute(sql)
    connection.execute("ANALYZE")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


if __name__ == "__main__":
    asyncio.run(fill(int(sys.argv[1]), int(sys.argv[2])))
