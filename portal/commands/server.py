"""The web server: uvicorn, with streams that end when it is asked to, and the worker beside it."""

import asyncio
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn
from litestar import Litestar

from portal import database
from portal.commands.door import Refused
from portal.jobs.worker import Worker
from portal.settings import Settings

GRACE = 5  # seconds for requests that are under way when the server is asked to stop


class Server(uvicorn.Server):
    """Serves until SIGTERM or SIGINT; an open stream would otherwise be waited for until it is cut off."""

    def __init__(
        self, config: uvicorn.Config, *, worker: Worker | None, close_streams: Callable[[], None], ready: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._worker, self._close_streams, self._ready = worker, close_streams, ready
        self._loop: asyncio.AbstractEventLoop | None = None
        self._work: asyncio.Task[None] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self._loop = asyncio.get_running_loop()
        if self._worker is not None:
            self._work = database.spawn(self._worker.run())
        self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._leave)
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._leave()
        if self._work is not None:
            await self._work
        await super().shutdown(sockets)

    def _leave(self) -> None:
        self._close_streams()
        if self._worker is not None:
            self._worker.stop()


def config(app: Litestar, chosen: Settings) -> uvicorn.Config:
    """How uvicorn serves: no name of its own, no lines with addresses, and no header of a proxy nobody named."""
    return uvicorn.Config(
        app,
        host=chosen.host,
        port=chosen.port,
        loop="uvloop",
        http="httptools",
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=bool(chosen.trusted_proxies),
        forwarded_allow_ips=chosen.trusted_proxies or None,
        timeout_graceful_shutdown=GRACE,
    )


def bound(chosen: Settings) -> socket.socket:
    """The socket to listen on, taken before anything else is done; raises Refused where it cannot be had."""
    taken = socket.socket(socket.AF_INET6 if ":" in chosen.host else socket.AF_INET)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((chosen.host, chosen.port))
    except OSError as error:
        taken.close()
        raise Refused(
            f"Port {chosen.port} on {chosen.host} cannot be used ({error.strerror}). "
            f"Choose another: make run PORT={chosen.port + 1}, or PORTAL_PORT and PORTAL_HOST."
        ) from error
    return taken
