"""Fills a database with a site that visitors book and wait at: `python -m bench.visiting <bookings> <waiting>`.

So many bookings lie beside the month that is looked at: of another type in the same month, and of the same one in other
months; in the month itself there are always as many. So many people wait.
"""

import asyncio
import itertools
import sys
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bench.filling import CHUNK, _people, _site
from portal import clock, database, schema
from portal.domain.accounts.tables import Role
from portal.domain.arrivals.rules import way as arriving
from portal.domain.arrivals.tables import Arrival, Station
from portal.domain.arrivals.tables import State as Waiting
from portal.domain.bookings.rules import way
from portal.domain.bookings.services.booking import SEALED
from portal.domain.bookings.tables import Booking, Channel, Reservation, State, VisitHours, VisitType
from portal.domain.queues.tables import WorkItem
from portal.domain.sites.services import OTHER
from portal.domain.sites.tables import Category, Site
from portal.ids import new_id, token_hash

KIND, BESIDE, COUNTER = "viewing", "tour", "counter"
MONTH, IN_MONTH = 30, 1_000  # days, bookings of the type that is looked at
DAY, STEP, PARTIES = 24 * 60, 30, 5
_number = itertools.count(1)


async def fill(bookings: int, waiting: int) -> None:
    """Make the database, its site, three types and a window, then the bookings and those who wait."""
    await schema.create_database()
    await schema.migrate()
    await database.open_pool()
    site = await _site()
    await _people(site)
    wanted = ((KIND, ""), (BESIDE, ""), (COUNTER, "A"))
    looked_at, beside, counter = [await _type(site, code, letter) for code, letter in wanted]
    await Station.insert(Station(id=new_id(), site=site.id, code="1", name_zh="1号窗口", name_en="Window 1"))
    category = await Category.select(Category.id).where(Category.site == site.id, Category.code == OTHER).first()
    other = category["id"] if category else None
    today = clock.today(site.zone)
    made = [*_times(site, looked_at, today, IN_MONTH, days=MONTH)]
    made += _times(site, looked_at, today + timedelta(days=MONTH + 30), bookings // 2, days=600)
    made += _times(site, beside, today, bookings - bookings // 2, days=MONTH)
    async with database.transaction():
        for start in range(0, len(made), CHUNK):
            await _book(site, made[start : start + CHUNK], other)
        for start in range(0, waiting, CHUNK):
            await _wait(site, counter, range(start, min(start + CHUNK, waiting)), other)
    await database.engine().run_ddl("ANALYZE")
    await database.close_pool()


async def _type(site: Site, code: str, letter: str) -> VisitType:
    kind = VisitType(id=new_id(), site=site.id, code=code, name_zh="看房", name_en="Viewing", minutes=STEP, step=STEP,
                     parties=PARTIES, people=1_000_000, most=10, lead_minutes=0, horizon_days=MONTH, instant=True,
                     role=Role.DESK, letter=letter)  # fmt: skip
    await VisitType.insert(kind)
    await VisitHours.insert(*(
        VisitHours(id=new_id(), type=kind.id, weekday=weekday, opens=9 * 60, closes=18 * 60) for weekday in range(7)
    ))  # fmt: skip
    return kind


def _times(site: Site, kind: VisitType, first: date, many: int, *, days: int) -> list[tuple[VisitType, date, datetime]]:
    """So many times from nine to six, spread over so many days."""
    nine = [datetime(day.year, day.month, day.day, 9, tzinfo=ZoneInfo(site.zone))
            for day in (first + timedelta(days=number) for number in range(days))]  # fmt: skip
    begins = (nine[number % days] + timedelta(minutes=STEP * (number * 7 % 18)) for number in range(many))
    return [(kind, at.date(), at) for at in begins]


async def _book(site: Site, made: list[tuple[VisitType, date, datetime]], category: Any) -> None:
    items, rows, taken = list[dict[str, Any]](), list[dict[str, Any]](), list[dict[str, Any]]()
    now, sealed = clock.now(), dict.fromkeys(SEALED, "")
    for kind, day, at in made:
        key, number = new_id(), f"HT-2025-{next(_number):06d}"
        ends = at + timedelta(minutes=STEP)
        items.append(_item(key, site, number, category, way.LINE, way.KIND, State.CONFIRMED, at, now))
        rows.append({"id": key, "item": key, "site": site.id, "type": kind.id, "token_hash": token_hash(number), "day": day,
                     "channel": Channel.PORTAL, "language": "zh-CN", "salutation": "", "begins_at": at, "ends_at": ends,
                     "people": 2, **sealed})  # fmt: skip
        taken.append({"id": new_id(), "type": kind.id, "day": day, "begins_at": at, "free_at": ends, "people": 2,
                      "booking": key})  # fmt: skip
    for table, values in ((WorkItem, items), (Booking, rows), (Reservation, taken)):
        await database.insert(table, *values)


async def _wait(site: Site, kind: VisitType, numbers: range, category: Any) -> None:
    now, items, rows = clock.now(), list[dict[str, Any]](), list[dict[str, Any]]()
    for place in numbers:
        key, number = new_id(), f"HT-2025-{next(_number):06d}"
        came = now - timedelta(seconds=10_000 - place)
        items.append(_item(key, site, number, category, arriving.LINE, arriving.KIND, Waiting.WAITING, came, came))
        rows.append({"id": key, "item": key, "site": site.id, "type": kind.id, "token_hash": token_hash(number), "token": "",
                     "language": "zh-CN", "day": clock.today(site.zone), "ticket": f"A{place:05}", "name": "", "phone": "",
                     "came_at": came})  # fmt: skip
    await database.insert(WorkItem, *items)
    await database.insert(Arrival, *rows)


def _item(
    key: Any, site: Site, number: str, category: Any, line: str, kind: str, state: str, due: datetime, at: datetime
) -> dict[str, Any]:
    return {"id": key, "site": site.id, "line": line, "kind": kind, "number": number, "state": state, "category": category,
            "due_at": due, "due_from": at, "arrived_at": at, "title": "", "who": "", "spot": ""}  # fmt: skip


if __name__ == "__main__":
    asyncio.run(fill(int(sys.argv[1]), int(sys.argv[2])))
