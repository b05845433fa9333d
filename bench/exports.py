"""An XLSX of a hundred thousand rows: what it takes of memory beside one of ten thousand, and the queue page meanwhile."""

import re
import statistics
import threading
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

import psutil

from bench import client
from bench.client import Line
from bench.ground import PORTAL, Ground, served
from bench.people import DESK, MANAGER, PASSWORD, SITE
from bench.results import Figure, milliseconds
from bench.sizes import Sizes

QUEUE, RECORDS = f"/desk/{SITE}/queue", f"/desk/{SITE}/reports/complaints/records.xlsx"
OPEN, MORE = 5_000, 200  # of all that many wait; and a few more than asked for, since the year ends at this minute
WARM, LOOKS, LOOK_EVERY = 30, 600, 0.05
STAGE_EVERY = 10  # looks at the memory for one at the page of the export
_PLACE, _STAGE = re.compile(rb"\r\nlocation: *([^\r]+)", re.IGNORECASE), re.compile(r'data-stage="(\w+)"')


def measure(ground: Ground, engine: str, sizes: Sizes) -> tuple[list[Figure], list[str]]:
    """Both figures on one engine; each book is made by a portal that has just begun, with its worker inside."""
    small, usual, _none, _took = _made(ground, engine, sizes, sizes.book // 10)
    large, _usual, meanwhile, took = _made(ground, engine, sizes, sizes.book)
    rows = f"{sizes.book:,}"
    detail = f"all processes of the portal at their peak: {small:.0f} MB, {large:.0f} MB"
    ratio = statistics.median(meanwhile) / statistics.median(usual)
    slowed = (f"usual {milliseconds(usual)}, meanwhile {milliseconds(meanwhile)}, longest {max(meanwhile) * 1000:.0f} ms; "
              f"made in {took:.1f} s")  # fmt: skip
    return [
        Figure(f"XLSX of {rows} rows, memory beyond one of a tenth", engine, large - small, " MB", most=20, detail=detail),
        Figure(f"Queue page while an XLSX of {rows} rows is made", engine, ratio, " ×", most=3, detail=slowed),
    ], []


def _made(ground: Ground, engine: str, sizes: Sizes, rows: int) -> tuple[float, list[float], list[float], float]:
    """Have so many records written; the peak of memory in MB, the page's seconds before and meanwhile, how long."""
    env = ground.environment(engine, f"exports_{rows}", PORTAL_WORKER="on")
    ground.carry_out("bench.filling", str(OPEN), str(rows + MORE - OPEN), env=env)
    ground.carry_out("bench.counting", env=env)
    last = datetime.now(UTC).date() + timedelta(days=1)
    book = f"{RECORDS}?{urlencode({'from': last - timedelta(days=366), 'to': last})}"
    with served(*PORTAL, env=env) as portal:
        cookies = [client.sign_in(portal.port, username, PASSWORD) for username in (DESK, MANAGER)]
        with Line(portal.port, cookies[0]) as desk, Line(portal.port, cookies[1]) as manager:
            usual = _pages(desk, sizes.pages, warm=WARM)
            place = _PLACE.search(manager.get(book).head)
            if place is None:
                raise RuntimeError("the records did not lead to a page of its own")
            watch = _Watch(portal.pid, manager, place[1].decode())
            watch.start()
            meanwhile = list[float]()
            while watch.is_alive():
                meanwhile += _pages(desk, 1)
    if watch.stage != "done":
        raise RuntimeError(f"the export ended as {watch.stage or 'nothing'}")
    return watch.peak / 2**20, usual, meanwhile, watch.seconds


class _Watch(threading.Thread):
    """Looks at the memory of all processes of the portal until the export is over."""

    def __init__(self, pid: int, line: Line, place: str) -> None:
        super().__init__(daemon=True)
        self.portal, self.line, self.place = psutil.Process(pid), line, place
        self.peak, self.stage, self.seconds, self._began = 0, "", 0.0, time.perf_counter()

    def run(self) -> None:
        for look in range(LOOKS * STAGE_EVERY):
            self.peak = max(self.peak, self._memory())
            if look % STAGE_EVERY == 0:
                found = _STAGE.search(self.line.get(self.place).text)
                self.stage = found[1] if found else ""
                if self.stage not in ("waiting", "running"):
                    break
            time.sleep(LOOK_EVERY)
        self.seconds = time.perf_counter() - self._began

    def _memory(self) -> int:
        total = 0
        for process in (self.portal, *self.portal.children(recursive=True)):
            try:
                total += process.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        return total


def _pages(line: Line, count: int, *, warm: int = 0) -> list[float]:
    """Ask for the queue page so many times; the seconds of each."""
    times, request = [], line.request("GET", QUEUE)
    for turn in range(-warm, count):
        answer = line.send(request)
        if answer.status != 200:
            raise RuntimeError(f"the queue page answered {answer.status}")
        if turn >= 0:
            times.append(answer.seconds)
    return times
