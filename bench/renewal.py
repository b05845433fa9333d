"""The due times of ten thousand complaints computed anew after a change of the calendar, and the queue page meanwhile."""

import asyncio
import statistics
import threading
import time

import asyncpg
import pysqlite3 as sqlite3

from bench import client
from bench.client import Line
from bench.ground import PORTAL, Ground, served
from bench.people import DESK, MANAGER, PASSWORD, SITE
from bench.results import Figure, milliseconds
from bench.sizes import Sizes

QUEUE, CALENDAR = f"/desk/{SITE}/queue", f"/desk/{SITE}/settings/calendar"
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WEEKS = ("07:00-23:00", "08:00-22:00")
WAITING = "SELECT 1 FROM clock c, site s WHERE c.stopped_at IS NULL AND c.edition <> s.edition LIMIT 1"  # one site is there
WARM, LOOKS, LOOK_EVERY = 30, 1_200, 0.1


def measure(ground: Ground, engine: str, sizes: Sizes) -> tuple[list[Figure], list[str]]:
    """The figure on one engine: pages while nothing is computed, and while everything is, for one calendar and another."""
    env = ground.environment(engine, "renewal", PORTAL_WORKER="on")
    ground.carry_out("bench.filling", str(sizes.open), "0", env=env)
    usual, meanwhile, lasted = list[float](), list[float](), list[float]()
    with served(*PORTAL, env=env) as portal:
        cookies = [client.sign_in(portal.port, username, PASSWORD) for username in (DESK, MANAGER)]
        for week in WEEKS:
            with Line(portal.port, cookies[0]) as desk:
                usual += _pages(desk, sizes.pages)
                watch = _Watch(env["PORTAL_DATABASE_URL"])
                with Line(portal.port, cookies[1]) as manager:
                    _open(manager, week)
                watch.start()
                while watch.is_alive():
                    meanwhile += _pages(desk, 1, warm=0)
                lasted.append(watch.seconds)
    ratio = statistics.median(meanwhile) / statistics.median(usual)
    detail = (f"usual {milliseconds(usual)}, meanwhile {milliseconds(meanwhile)}, longest {max(meanwhile) * 1000:.0f} ms; "
              f"all done {' and '.join(f'{seconds:.1f}' for seconds in lasted)} s after the change")  # fmt: skip
    what = f"Queue page while the due times of {sizes.open:,} complaints are computed anew"
    return [Figure(what, engine, ratio, " ×", most=3, detail=detail)], []


class _Watch(threading.Thread):
    """Looks into the database until no due time waits; the seconds that took."""

    def __init__(self, url: str) -> None:
        super().__init__(daemon=True)
        self.url, self.seconds, self._began = url, 0.0, time.perf_counter()

    def run(self) -> None:
        if self.url.startswith("postgres"):
            asyncio.run(self._on_postgres())
        else:
            self._on_sqlite()
        self.seconds = time.perf_counter() - self._began

    async def _on_postgres(self) -> None:
        connection = await asyncpg.connect(self.url)
        for _look in range(LOOKS):
            if not await connection.fetchval(WAITING):
                break
            await asyncio.sleep(LOOK_EVERY)
        await connection.close()

    def _on_sqlite(self) -> None:
        connection = sqlite3.connect(self.url.partition("://")[2])
        for _look in range(LOOKS):
            if not connection.execute(WAITING).fetchone():
                break
            time.sleep(LOOK_EVERY)
        connection.close()


def _pages(line: Line, count: int, *, warm: int = WARM) -> list[float]:
    """Ask for the queue page so many times; the seconds of each."""
    times, request = [], line.request("GET", QUEUE)
    for _turn in range(warm):
        line.send(request)
    for _turn in range(count):
        answer = line.send(request)
        if answer.status != 200:
            raise RuntimeError(f"the queue page answered {answer.status}")
        times.append(answer.seconds)
    return times


def _open(line: Line, hours: str) -> None:
    """Decide the opening times, as the manager does by the form."""
    page = line.get(CALENDAR).text
    answer = line.post(CALENDAR, {"form_token": client.token(page), **dict.fromkeys(WEEKDAYS, hours)})
    if answer.status != 303:
        raise RuntimeError(f"the calendar answered {answer.status}")
