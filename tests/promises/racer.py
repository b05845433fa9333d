"""A client process of its own: it posts forms at the same instant as another, and writes down when each was on its way."""

import http.client
import multiprocessing
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.synchronize import Barrier
from urllib.parse import urlencode, urlsplit

PATIENCE = 60.0
FROM = "/desk/hotel/queue?state=closed"  # the page of the forms: beside the item that is shown again stand few cards


@dataclass(frozen=True)
class Post:
    """A form that is sent; `wanted` is what its answer should say if it comes too late."""

    path: str
    fields: dict[str, str]
    wanted: str = ""


@dataclass(frozen=True)
class Answer:
    """What came back, whether it said what was wanted, and when it was under way (the clock of the whole machine)."""

    status: int
    location: str
    told: bool
    began: float
    ended: float


@dataclass(frozen=True)
class Client:
    """A browser somewhere: the server it talks to, its cookies, and what it sends in turn."""

    url: str
    cookies: dict[str, str]
    posts: list[Post]


def race(clients: Sequence[Client]) -> list[tuple[Answer, ...]]:
    """Let each client post its list in a process of its own, the first of all at once, then the second of all …"""
    spawn = multiprocessing.get_context("spawn")
    barrier = spawn.Barrier(len(clients))
    running = []
    for client in clients:
        here, there = spawn.Pipe(duplex=False)
        process = spawn.Process(target=_run, args=(client, barrier, there), daemon=True)
        process.start()
        there.close()
        running.append((process, here))
    answers = []
    for process, here in running:
        try:
            answers.append(here.recv())
        finally:
            process.join(PATIENCE)
    return list(zip(*answers, strict=True))


def overlapping(rounds: Sequence[tuple[Answer, ...]]) -> float:
    """The share of the rounds in which all were in flight at one instant."""
    met = sum(max(one.began for one in each) < min(one.ended for one in each) for each in rounds)
    return met / len(rounds)


def _run(client: Client, barrier: Barrier, pipe: Connection) -> None:
    host = urlsplit(client.url)
    connection = http.client.HTTPConnection(host.hostname or "", host.port, timeout=PATIENCE)
    connection.connect()
    headers = {
        "Cookie": "; ".join(f"{name}={value}" for name, value in client.cookies.items()),
        "Content-Type": "application/x-www-form-urlencoded",
        "Accept": "text/html",
        "Sec-Fetch-Site": "same-origin",
        "Referer": f"{client.url}{FROM}",
    }
    found = []
    for post in client.posts:
        body = urlencode(post.fields).encode()
        barrier.wait(PATIENCE)
        began = time.monotonic()
        connection.request("POST", post.path, body, headers)
        response = connection.getresponse()
        text = response.read().decode()
        ended = time.monotonic()
        told = bool(post.wanted) and post.wanted in text
        found.append(Answer(response.status, response.getheader("location", "") or "", told, began, ended))
    connection.close()
    pipe.send(found)
    pipe.close()
