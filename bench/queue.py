"""The queue page: against its own template with its values in memory, and with a million closed items beside it."""

import json
import re
import statistics

import psutil

from bench import client
from bench.client import Line
from bench.ground import ENGINES, PORTAL, Ground, served
from bench.people import DESK, FLOOR, PASSWORD, SITE
from bench.results import Figure, milliseconds
from bench.sizes import Sizes

QUEUE = f"/desk/{SITE}/queue"
INDEX = "work_item_open"
PAGES_DEEP = 8
WARM = 20
_NEXT = re.compile(rf'href="({QUEUE}\?[^"]*after=[^"]+)"')
_VARYING = re.compile(r'value="[\w=-]{40,}"|data-now="[^"]+"|>[^<]*</time>|datetime="[^"]+"|(height|y)="\d+"')


def measure(ground: Ground, engine: str, sizes: Sizes) -> tuple[list[Figure], list[str]]:
    """Both figures of the page on one engine, and the plans of its queries."""
    few, many = (ground.environment(engine, f"queue_{name}") for name in ("few", "many"))
    ground.carry_out("bench.filling", str(sizes.open), str(sizes.few), env=few)
    ground.carry_out("bench.filling", str(sizes.open), str(sizes.many), env=many)
    with served("-m", "bench.bare", "queue", env=few) as bare, served(*PORTAL, env=few) as small, \
            served(*PORTAL, env=many) as large:  # fmt: skip
        signed_in = client.sign_in(small.port, DESK, PASSWORD), client.sign_in(large.port, DESK, PASSWORD)
        with Line(bare.port) as template, Line(small.port, signed_in[0]) as one, Line(large.port, signed_in[1]) as other:
            figures = [_against_template(template, one, engine, sizes)]
            figures += _against_few(one, other, engine, sizes)
        figures.append(_seen_by_floor(small.port, large.port, engine, sizes))
        memory = psutil.Process(small.pid).memory_info().rss / 2**20
        figures.append(Figure("Resident memory after these pages", engine, memory, " MB"))
    plans = [json.loads(ground.carry_out("bench.plans", env=env)) for env in (few, many)]
    chosen = all(INDEX in line for name, line in plans[1]["plans"].items() if name != "counts")
    figures.append(Figure(f"The plan shows {INDEX} (1: yes)", engine, chosen, least=1))
    return figures, [_note(engine, plans, sizes)]


def _against_template(template: Line, portal: Line, engine: str, sizes: Sizes) -> Figure:
    if _constant(template.get(QUEUE).text) != _constant(portal.get(QUEUE).text):
        raise RuntimeError("the bare application does not show what the portal shows")
    bare, ours = _alternating([(template, QUEUE), (portal, QUEUE)], sizes.pages)
    ratio = statistics.median(bare) / statistics.median(ours)
    detail = f"bare template {milliseconds(bare)}, portal {milliseconds(ours)}"
    return Figure(f"Queue page, 25 of {sizes.open:,} open", engine, ratio, least=0.30, detail=detail)


def _against_few(one: Line, other: Line, engine: str, sizes: Sizes) -> list[Figure]:
    made = []
    for name, paths in (("first page", (QUEUE, QUEUE)), ("a page by cursor", (_deep(one), _deep(other)))):
        few, many = _alternating([(one, paths[0]), (other, paths[1])], sizes.pages)
        ratio = statistics.median(many) / statistics.median(few)
        detail = f"{sizes.few:,} closed {milliseconds(few)}, {sizes.many:,} closed {milliseconds(many)}"
        what = f"… beside {sizes.many:,} closed, {name}, its counts"
        made.append(Figure(what, engine, ratio, " ×", most=1.2, detail=detail))
    return made


def _seen_by_floor(small: int, large: int, engine: str, sizes: Sizes) -> Figure:
    """Floor service sees its unit's items only: the condition that is hardest on a plan."""
    cookies = [client.sign_in(port, FLOOR, PASSWORD) for port in (small, large)]
    with Line(small, cookies[0]) as one, Line(large, cookies[1]) as other:
        few, many = _alternating([(one, QUEUE), (other, QUEUE)], sizes.pages // 3)
    detail = f"{milliseconds(few)}, {milliseconds(many)}"
    ratio = statistics.median(many) / statistics.median(few)
    return Figure("… the same as floor service sees it", engine, ratio, " ×", most=1.2, detail=detail)


def _alternating(ways: list[tuple[Line, str]], rounds: int) -> list[list[float]]:
    """Ask each in turn, so many times; the seconds of each."""
    requests = [(line, line.request("GET", path)) for line, path in ways]
    times: list[list[float]] = [[] for _way in ways]
    for turn in range(-WARM, rounds):
        for way, (line, request) in enumerate(requests):
            answer = line.send(request)
            if answer.status != 200:
                raise RuntimeError(f"a queue page answered {answer.status}")
            if turn >= 0:
                times[way].append(answer.seconds)
    return times


def _deep(line: Line) -> str:
    """The address of a page some way down the queue."""
    path = QUEUE
    for _page in range(PAGES_DEEP):
        found = _NEXT.search(line.get(path).text)
        if found is None:
            break
        path = found[1].replace("&amp;", "&")
    return path


def _constant(page: str) -> str:
    """What of a page does not change with the second."""
    return _VARYING.sub("", page)


def _note(engine: str, plans: list[dict[str, dict[str, str]]], sizes: Sizes) -> str:
    few, many = plans
    lines = [
        f"- {name}: {few['times'][name]} with {sizes.few:,} closed, {many['times'][name]} with {sizes.many:,}; "
        f"`{many['plans'][name]}`"
        for name in many["plans"]
    ]
    head = f"The queue's queries by themselves, {ENGINES[engine]}, with the line of the plan that finds the items:"
    return "\n".join([head, "", *lines])
