"""From the start of the process to its first answer, against an empty application; and what it weighs when nobody comes."""

import statistics
import time

import psutil

from bench.ground import PORTAL, Ground, served
from bench.results import Figure, milliseconds
from bench.sizes import Sizes


def measure(ground: Ground, engine: str, sizes: Sizes) -> tuple[list[Figure], list[str]]:
    """Both figures on one engine: `portal run`, worker on, its database migrated and its files in the cache."""
    env = ground.environment(engine, "start", PORTAL_WORKER="on")
    ground.carry_out("bench.filling", "100", "0", env=env)
    empty, portal = [], []
    for turn in range(-1, sizes.starts):
        least, ours = _start("-m", "bench.empty", env=env), _start(*PORTAL, env=env)
        if turn >= 0:
            empty.append(least)
            portal.append(ours)
    ratio = statistics.median(portal) / statistics.median(empty)
    detail = f"empty application {milliseconds(empty)}, portal {milliseconds(portal)}"
    with served(*PORTAL, env=env) as server:
        time.sleep(sizes.rest)
        memory = psutil.Process(server.pid).memory_info().rss / 2**20
    return [
        Figure("Start-up", engine, ratio, " ×", most=3, detail=detail),
        Figure("Resident memory, idle", engine, memory, " MB", most=120),
    ], []


def _start(*words: str, env: dict[str, str]) -> float:
    with served(*words, env=env) as server:
        return server.seconds
