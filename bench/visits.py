"""Visits: a month's free times beside many bookings, one time that everybody wants, and calling the next in line."""

import contextlib
import re
import statistics
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from urllib.parse import urlencode

from bench import client
from bench.client import Line
from bench.ground import PORTAL, Ground, Served, served
from bench.people import DESK, PASSWORD, SITE
from bench.queue import _alternating
from bench.results import Figure, milliseconds
from bench.sizes import Sizes
from bench.visiting import KIND, PARTIES
from portal import once
from portal.ids import new_token
from portal.web import browser

MONTH = f"/s/{SITE}/bookings/new?type={KIND}"
BOOK, CALL, TAKE = f"/s/{SITE}/bookings", f"/desk/{SITE}/arrivals/call", "/places"
FEW, CLIENTS, CALLERS, CALLS_EACH = 1_000, 100, 4, 40
FORM = "application/x-www-form-urlencoded"
_VARYING = re.compile(r'value="[\w=-]{40,}"|data-now="[^"]+"')
_SLOT = re.compile(r'data-day="([^"]+)" data-time="([^"]+)"')
Sent = tuple[Line, Sequence[bytes]]


def measure(ground: Ground, engine: str, sizes: Sizes) -> tuple[list[Figure], list[str]]:
    """All three on one engine."""
    envs = {name: ground.environment(engine, f"visits_{name}") for name in ("few", "many", "bare")}
    waiting = CALLERS * CALLS_EACH * (sizes.rounds + 2)
    for name, bookings in (("few", FEW), ("many", sizes.found), ("bare", 0)):
        ground.carry_out("bench.visiting", str(bookings), str(waiting), env=envs[name])
    with contextlib.ExitStack() as stack:
        page = stack.enter_context(served("-m", "bench.bare", "times", env=envs["few"]))
        update = stack.enter_context(served("-m", "bench.bare", "places", env=envs["bare"]))
        few, many = (stack.enter_context(served(*PORTAL, env=envs[name])) for name in ("few", "many"))
        return [*_month(page, few, many, engine, sizes), _contest(update, many, engine, sizes),
                *_calling(update, many, engine, sizes)], []  # fmt: skip


def _month(page: Served, few: Served, many: Served, engine: str, sizes: Sizes) -> list[Figure]:
    """The times of a month against their own template from memory, and beside many bookings against few."""
    with Line(page.port) as template, Line(few.port) as one, Line(many.port) as other:
        if _constant(template.get(MONTH).text) != _constant(one.get(MONTH).text):
            raise RuntimeError("the bare application does not show what the portal shows")
        bare, ours, full = _alternating([(template, MONTH), (one, MONTH), (other, MONTH)], sizes.pages)
    ratio, beside = statistics.median(bare) / statistics.median(full), statistics.median(full) / statistics.median(ours)
    detail = f"bare template {milliseconds(bare)}, portal {milliseconds(full)}"
    return [
        Figure(f"Free times of a month, beside {sizes.found:,} bookings", engine, ratio, least=0.25, detail=detail),
        Figure(f"… against {FEW:,} beside", engine, beside, " ×", most=1.2, detail=milliseconds(ours)),
    ]


def _contest(update: Served, portal: Served, engine: str, sizes: Sizes) -> Figure:
    """A hundred clients want one time of five places, all at once, and the next turn another time."""
    with Line(portal.port) as line:
        free = list(dict.fromkeys(_SLOT.findall(line.get(MONTH).text)))
    bare, ours, won = list[float](), list[float](), Counter[int]()
    for turn in range(sizes.rounds + 1):
        day, at = free[-1 - turn]
        with _lines(update, CLIENTS) as lines:
            rate, _took, _answers = _rush([(line, [_place(line, turn + 1)]) for line in lines])
        bare += [rate] if turn else []
        with _lines(portal, CLIENTS) as lines:
            wants = [(line, [_want(line, day, at, number)]) for number, line in enumerate(lines)]
            rate, _took, answers = _rush(wants)
        ours += [rate] if turn else []
        won += answers
    if set(won) != {303, 409} or won[303] > PARTIES * (sizes.rounds + 1):
        raise RuntimeError(f"a contested time was answered {dict(won)}")
    detail = f"bare {statistics.median(bare):.0f} answers a second, portal {statistics.median(ours):.0f}"
    ratio = statistics.median(ours) / statistics.median(bare)
    return Figure(f"One time wanted by {CLIENTS} clients at once", engine, ratio, least=0.25, detail=detail)


def _calling(update: Served, portal: Served, engine: str, sizes: Sizes) -> list[Figure]:
    """Four windows call the next, one after the other, against an update of a row of which there is always more."""
    cookie = client.sign_in(portal.port, DESK, PASSWORD)
    bare, ours, slow, slower = list[float](), list[float](), list[float](), list[float]()
    for turn in range(sizes.rounds + 1):
        with _lines(update, CALLERS) as lines:
            rate, took, _answers = _rush([(line, [_place(line, 0)] * CALLS_EACH) for line in lines])
        if turn:
            bare.append(rate)
            slow += took
        with _lines(portal, CALLERS, cookie) as lines:
            rate, took, answers = _rush([(line, [_call(line, one) for one in _tokens(line)]) for line in lines])
        if set(answers) != {303}:
            raise RuntimeError(f"calls were answered {dict(answers)}")
        if turn:
            ours.append(rate)
            slower += took
    ratio = statistics.median(ours) / statistics.median(bare)
    last = _percentile(slower) / _percentile(slow)
    return [
        Figure(f"Calling the next, {CALLERS} windows", engine, ratio, least=0.25,
               detail=f"bare {statistics.median(bare):.0f} a second, portal {statistics.median(ours):.0f}"),
        Figure("… its slowest hundredth", engine, last, " ×", most=5,
               detail=f"bare {_percentile(slow) * 1000:.1f} ms, portal {_percentile(slower) * 1000:.1f} ms"),
    ]  # fmt: skip


def _rush(sent: Sequence[Sent]) -> tuple[float, list[float], Counter[int]]:
    """Everybody sends at once, each one thing after the other: answers a second, the time of each, and what they were."""
    ready, took, answers = threading.Barrier(len(sent) + 1), list[float](), Counter[int]()

    def send(line: Line, requests: Sequence[bytes]) -> None:
        ready.wait()
        for request in requests:
            answer = line.send(request)
            took.append(answer.seconds)
            answers[answer.status] += 1

    threads = [threading.Thread(target=send, args=one) for one in sent]
    for thread in threads:
        thread.start()
    ready.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return len(took) / (time.perf_counter() - began), took, answers


@contextlib.contextmanager
def _lines(server: Served, count: int, cookie: str = "") -> Iterator[list[Line]]:
    with contextlib.ExitStack() as stack:
        yield [stack.enter_context(Line(server.port, cookie)) for _line in range(count)]


def _place(line: Line, place: int) -> bytes:
    return line.request("POST", TAKE, urlencode({"place": place, "name": "张伟", "phone": "13800138000"}).encode(), FORM)


def _want(line: Line, day: str, at: str, number: int) -> bytes:
    identity = new_token()
    line.cookie = f"{browser.cookie_name('browser')}={browser.cookie(identity).value}"
    typed = {"form_token": once.issue(browser=identity, person=None), "type": KIND, "day": day, "time": at, "people": "2",
             "name": "张伟", "phone": f"138{number:08d}", "purpose": "看房"}  # fmt: skip
    return line.request("POST", BOOK, urlencode(typed).encode(), FORM)


def _tokens(line: Line) -> list[str]:
    """As many form tokens as a window calls; each page of the line gives new ones."""
    return [client.token(line.get("/desk/keys").text) for _call in range(CALLS_EACH)]


def _call(line: Line, token: str) -> bytes:
    return line.request("POST", CALL, urlencode({"form_token": token, "window": "1"}).encode(), FORM)


def _percentile(seconds: list[float]) -> float:
    return sorted(seconds)[int(len(seconds) * 0.99)]


def _constant(page: str) -> str:
    """What of a page does not change with the second."""
    return _VARYING.sub("", page)
