"""Static files from memory: named by content, put together and compressed once, kept by browsers for a year."""

import asyncio
import gzip
import hashlib
import mimetypes
import posixpath
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import brotli
from litestar import Request, Response, route
from litestar.enums import HttpMethod
from litestar.exceptions import NotFoundException
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

AT = "/static"
SCRIPTS = "js/"
HEADERS = {
    "Cache-Control": "public, max-age=31536000, immutable",
    "Vary": "Accept-Encoding",
    "X-Content-Type-Options": "nosniff",
}
TEXTS = ("text/", "image/svg+xml", "application/json", "application/manifest+json")
KINDS = {
    ".js": "text/javascript",
    ".mjs": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
    ".woff2": "font/woff2",
    ".webp": "image/webp",
    ".webmanifest": "application/manifest+json",
    ".md": "text/plain",
}
ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "br": lambda raw: brotli.compress(raw, quality=11),
    "gzip": lambda raw: gzip.compress(raw, 9, mtime=0),
}

_QUOTED = r"""\"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'"""
_TOKEN = re.compile(rf"({_QUOTED}|url\(\s*[^\"'\s)][^)]*\))|/\*.*?\*/|\s*\n\s*", re.DOTALL)
_IMPORT = re.compile(r"""@import\s+(?:url\()?\s*["']?([^"')\s]+)["']?\s*\)?\s*(?:layer\(([\w.-]+)\))?\s*([^;]*?)\s*;""")
_URL = re.compile(r"""(?<!@import )url\(\s*["']?(?!data:|https?:|/|#)([^"')]+?)["']?\s*\)""")


@dataclass
class Asset:
    """One file as it is sent: its bytes, and what they become for browsers that can unpack them."""

    kind: str
    raw: bytes
    packed: dict[str, bytes] = field(default_factory=dict)

    async def encoded(self, accepted: str) -> tuple[str, bytes]:
        """The smallest form this browser takes, made at the first request for it."""
        if not self.kind.startswith(TEXTS):
            return "", self.raw
        for name, encoder in ENCODERS.items():
            if name in accepted:
                if name not in self.packed:
                    self.packed[name] = await asyncio.to_thread(encoder, self.raw)
                return name, self.packed[name]
        return "", self.raw


class Assets:
    """The files under one folder, by the address `/static/<hash>/<path>`.

    A stylesheet is sent with all it imports. Scripts share one hash, so that a module finds its neighbours.
    """

    def __init__(self, root: Path) -> None:
        files = sorted(path for path in root.rglob("*") if path.is_file())
        self._raw = {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
        self._addresses: dict[str, str] = {}
        self._files: dict[str, Asset] = {}
        scripts = _digest(b"".join(path.encode() + raw for path, raw in self._raw.items() if path.startswith(SCRIPTS)))
        # Sheets last, since they name the addresses of what they show.
        for path in sorted(self._raw, key=lambda path: path.endswith(".css")):
            content = smaller(self._sheet(path, ())).encode() if path.endswith(".css") else self._raw[path]
            digest = scripts if path.startswith(SCRIPTS) else _digest(content)
            self._addresses[path] = f"{AT}/{digest}/{path}"
            self._files[self._addresses[path]] = Asset(_kind(path), content)

    def __call__(self, path: str) -> str:
        """The address of a file: `asset("css/customer.css")`; an unknown one is a mistake in the template (KeyError)."""
        return self._addresses[path]

    def handler(self) -> HTTPRouteHandler:
        """The route that sends them."""

        @route(
            f"{AT}/{{digest:str}}/{{path:path}}",
            http_method=[HttpMethod.GET, HttpMethod.HEAD],
            name="asset",
            include_in_schema=False,
            opt={"policy": "public", "anonymous": True, "plain": True},
        )
        async def asset(digest: FromPath[str], path: FromPath[Path], request: Request[Any, Any, Any]) -> Response[bytes]:
            address = f"{AT}/{digest}/{path.as_posix().lstrip('/')}"
            if address not in self._files:
                raise NotFoundException
            found = self._files[address]
            encoding, body = await found.encoded(request.headers.get("accept-encoding", ""))
            headers = HEADERS | ({"Content-Encoding": encoding} if encoding else {})
            return Response(body, media_type=found.kind, headers=headers)

        return asset

    def _sheet(self, path: str, within: tuple[str, ...]) -> str:
        """A stylesheet with its imports in their places, and the files it shows by their addresses."""
        if path in within:
            raise ValueError(f"{path} imports itself by way of {within}")
        folder = posixpath.dirname(path)

        def addressed(found: re.Match[str]) -> str:
            name, mark, fragment = found[1].partition("#")
            return f'url("{self._addresses[_joined(folder, name)]}{mark}{fragment}")'

        def imported(found: re.Match[str]) -> str:
            name, layer, medium = found.groups()
            text = self._sheet(_joined(folder, name), (*within, path))
            text = f"@media {medium}{{{text}}}" if medium else text
            return f"@layer {layer}{{{text}}}" if layer else text

        text = _URL.sub(addressed, smaller(self._raw[path].decode()))
        return _IMPORT.sub(imported, text)


def smaller(css: str) -> str:
    """CSS without comments, line breaks and indents, which nobody reads in a browser; strings stay as they are."""
    text = _TOKEN.sub(lambda found: found[1] or ("\n" if "\n" in found[0] and not found[0].startswith("/*") else ""), css)
    return re.sub(r"(?<=[{};,])\n|\n(?=\})|^\n", "", text).replace("\n", " ").strip()


def _joined(folder: str, name: str) -> str:
    return posixpath.normpath(posixpath.join(folder, name))


def _kind(path: str) -> str:
    suffix = posixpath.splitext(path)[1]
    return KINDS.get(suffix) or mimetypes.guess_type(path)[0] or "application/octet-stream"


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:12]
