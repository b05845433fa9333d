"""Search over many complaints: the slowest of the questions that are hard on an index, by whoever sees all, some, few."""

import statistics

from bench import client
from bench.client import Line
from bench.ground import PORTAL, Ground, served
from bench.people import DESK, FLOOR, GUARD, PASSWORD, SITE
from bench.results import Figure, milliseconds
from bench.sizes import Sizes
from bench.wording import ALL, FEW, HALVES, KITCHEN

SEARCH = f"/desk/{SITE}/search"
WARM, OPEN = 2, 20  # of each; one of so many items is open
QUESTIONS = {
    "a word that all have": ALL, "two that never stand together": " ".join(HALVES), "one that another unit's have": KITCHEN,
    "one that every third has, by its beginning": "eleva", "three words": f"{ALL} {HALVES[0]} {KITCHEN}", "a rare one": FEW,
    "a place": "1208", "a number": "1000123", "a phone": "138 0013 8000", "a word that nobody has": "琥珀",
}  # fmt: skip
WHO = {DESK: "who sees all", FLOOR: "who sees a unit's", GUARD: "who sees their own"}


def measure(ground: Ground, engine: str, sizes: Sizes) -> tuple[list[Figure], list[str]]:
    """The slowest question on one engine; every answer is timed whole, as the browser waits for it."""
    env = ground.environment(engine, "search")
    opened = sizes.found // OPEN
    ground.carry_out("bench.filling", str(opened), str(sizes.found - opened), env=env)
    ground.carry_out("bench.wording", env=env)
    times: dict[tuple[str, str], list[float]] = {}
    with served(*PORTAL, env=env) as portal:
        for person in WHO:
            with Line(portal.port, client.sign_in(portal.port, person, PASSWORD)) as line:
                fields = {"form_token": client.token(line.get(SEARCH).text)}
                for name, words in QUESTIONS.items():
                    times[person, name] = _asked(line, fields | {"q": words}, sizes.rounds)
    slowest = max(times, key=lambda one: statistics.median(times[one]))
    usual = [statistics.median(these) for these in times.values()]
    detail = (f"{slowest[1]}, for {WHO[slowest[0]]}: {milliseconds(times[slowest])}; "
              f"the median of all {len(times)} questions {statistics.median(usual) * 1000:.3g} ms")  # fmt: skip
    what = f"Search over {sizes.found:,} complaints, its slowest question"
    return [Figure(what, engine, statistics.median(times[slowest]), " s", most=0.2, detail=detail)], []


def _asked(line: Line, fields: dict[str, str], rounds: int) -> list[float]:
    seconds = []
    for turn in range(-WARM, rounds):
        answer = line.post(SEARCH, fields)
        if answer.status != 200:
            raise RuntimeError(f"the search answered {answer.status}")
        seconds += [answer.seconds] if turn >= 0 else []
    return seconds
