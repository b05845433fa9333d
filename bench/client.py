"""A browser that costs almost nothing: one kept-alive connection, bytes out and bytes in."""

import re
import socket
import time
from dataclasses import dataclass
from urllib.parse import urlencode

import brotli

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_COOKIE = re.compile(rb"\r\nset-cookie: *([^;\r]+)", re.IGNORECASE)
_TOKEN = re.compile(r'name="form_token" value="([^"]+)"')


@dataclass(frozen=True)
class Answer:
    """What came back, and how long it took."""

    status: int
    head: bytes
    body: bytes
    seconds: float

    @property
    def text(self) -> str:
        packed = b"content-encoding: br" in self.head.lower()
        return (brotli.decompress(self.body) if packed else self.body).decode()

    @property
    def cookies(self) -> list[str]:
        return [found.decode() for found in _COOKIE.findall(self.head)]


class Line:
    """A connection to a server on the loopback."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self.port, self.cookie = port, cookie
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> "Line":
        return self

    def __exit__(self, *_: object) -> None:
        self._socket.close()

    def get(self, path: str) -> Answer:
        return self.send(self.request("GET", path))

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        return self.send(self.request("POST", path, urlencode(fields).encode(), "application/x-www-form-urlencoded"))

    def request(self, method: str, path: str, body: bytes = b"", kind: str = "") -> bytes:
        """The bytes of a request, put together before the time is taken."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{self.port}", "Accept: text/html", "Accept-Encoding: br",
                 "Accept-Language: zh-CN", f"Cookie: {self.cookie}"]  # fmt: skip
        lines += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"] if method == "POST" else []
        return "\r\n".join([*lines, "", ""]).encode() + body

    def send(self, request: bytes) -> Answer:
        """Send a request and read its answer to the end."""
        began = time.perf_counter()
        self._socket.sendall(request)
        got = b""
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._more()
        length = _LENGTH.search(got, 0, end)
        whole = end + 4 + (int(length[1]) if length else 0)
        while len(got) < whole:
            got += self._more()
        return Answer(int(got[9:12]), got[:end], got[end + 4 :], time.perf_counter() - began)

    def _more(self) -> bytes:
        part = self._socket.recv(65536)
        if not part:
            raise ConnectionError("the server hung up")
        return part


def sign_in(port: int, username: str, password: str) -> str:
    """Sign in by the form, as people do; the cookies of the session."""
    with Line(port) as line:
        form = line.get("/sign-in")
        line.cookie = "; ".join(form.cookies)
        typed = {"form_token": token(form.text), "username": username, "password": password, "next": ""}
        answer = line.post("/sign-in", typed)
        if answer.status != 303:
            raise RuntimeError(f"{username} could not sign in: {answer.status}")
        return "; ".join([*form.cookies, *answer.cookies])


def token(page: str) -> str:
    """The token of the first form on a page."""
    found = _TOKEN.search(page)
    if found is None:
        raise RuntimeError("a page without a form token")
    return found[1]
