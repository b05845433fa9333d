"""Filing: complaints taken in a second by four clients, against a handler that parses the same and inserts a row."""

import contextlib
import os
import secrets
import statistics
import threading
import time
from pathlib import Path

import psutil

from bench.client import Line
from bench.ground import PORTAL, Ground, served
from bench.people import SITE
from bench.results import Figure
from bench.sizes import Sizes
from portal import once
from portal.ids import new_token
from portal.web import browser

CLIENTS = 4
SERVERS = {"driver": ("-m", "bench.bare", "driver"), "piccolo": ("-m", "bench.bare", "piccolo"), "portal": PORTAL}
FILE = f"/s/{SITE}/complaints"
SYNCS = 200
WORDS = "空调整夜很响，打了两次前台电话，没有人来看，孩子一夜没有睡好。"


def measure(ground: Ground, engine: str, sizes: Sizes) -> tuple[list[Figure], list[str]]:
    """The figure on one engine, the disk's own time beside it; and what of it is the ORM's, which has no target."""
    envs = {name: ground.environment(engine, f"filing_{name}") for name in SERVERS}
    for env in envs.values():
        ground.carry_out("bench.filling", "0", "0", env=env)
    sync, rates = _sync(ground.home), {name: list[float]() for name in SERVERS}
    with contextlib.ExitStack() as stack:
        servers = {name: stack.enter_context(served(*words, env=envs[name])) for name, words in SERVERS.items()}
        for turn in range(-1, sizes.rounds):
            for name, server in servers.items():
                rate = _rate(server.port, sizes.filings // CLIENTS)
                rates[name] += [rate] if turn >= 0 else []
    driver, piccolo, portal = (statistics.median(found) for found in rates.values())
    disk = f"fsync of 4 KB {sync * 1000:.2f} ms ({_disk(ground.home)})"
    return [
        Figure(f"Filing, {CLIENTS} clients", engine, portal / driver, least=0.25,
               detail=f"bare {driver:.0f} a second, portal {portal:.0f}; {disk}"),
        Figure("… where the bare handler inserts by Piccolo", engine, portal / piccolo,
               detail=f"bare {piccolo:.0f} a second"),
    ], []  # fmt: skip


def _rate(port: int, each: int) -> float:
    """Filings a second: every client has its own connection and browser, and all start together."""
    ready, refused = threading.Barrier(CLIENTS + 1), list[int]()

    def client() -> None:
        with Line(port) as line:
            requests = _requests(line, each)
            ready.wait()
            refused.extend(status for request in requests if (status := line.send(request).status) != 303)

    threads = [threading.Thread(target=client) for _number in range(CLIENTS)]
    for thread in threads:
        thread.start()
    ready.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if refused:
        raise RuntimeError(f"filings were answered {set(refused)}")
    return each * CLIENTS / seconds


def _requests(line: Line, count: int) -> list[bytes]:
    """Filings ready to be sent, each with a token of its own, bound to this browser."""
    identity, edge = new_token(), secrets.token_hex(12)
    line.cookie = f"{browser.cookie_name('browser')}={browser.cookie(identity).value}"
    kind = f"multipart/form-data; boundary={edge}"
    tokens = [once.issue(browser=identity, person=None) for _number in range(count)]
    return [line.request("POST", FILE, _body(token, edge), kind) for token in tokens]


def _body(token: str, edge: str) -> bytes:
    """A filing as a browser sends it when no photo was chosen."""
    fields = {"form_token": token, "kind": "complaint", "body": WORDS, "place": "1203", "category": "", "wish": "请换一间房",
              "name": "张伟", "phone": f"138{secrets.randbelow(10**8):08}", "email": ""}  # fmt: skip
    parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in fields.items()]
    photo = 'name="photos"; filename=""\r\nContent-Type: application/octet-stream'
    return "".join([*parts, f"--{edge}\r\nContent-Disposition: form-data; {photo}\r\n\r\n\r\n--{edge}--\r\n"]).encode()


def _sync(folder: Path) -> float:
    """The median seconds that the disk takes to keep 4 KB more of a file."""
    seconds = []
    with open(folder / "synced", "ab", buffering=0) as file:
        for _turn in range(SYNCS):
            file.write(os.urandom(4096))
            began = time.perf_counter()
            os.fsync(file.fileno())
            seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def _disk(folder: Path) -> str:
    """The kind of file system that a folder stands on."""
    mounts = [mount for mount in psutil.disk_partitions(all=True) if folder.is_relative_to(mount.mountpoint)]
    return max(mounts, key=lambda mount: len(mount.mountpoint)).fstype if mounts else "?"
