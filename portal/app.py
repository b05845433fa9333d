"""Puts the pieces together, and nothing else."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from litestar import Litestar
from litestar.config.compression import CompressionConfig

from portal import controllers, database
from portal.engines import Postgres
from portal.realtime.hub import Hub, PostgresListener
from portal.security import policies, refusals
from portal.security.front import Front
from portal.security.sessions import Sessions
from portal.web import errors, forms, templates

BODY = 1_000_000


def create_app() -> Litestar:
    """The application; it opens the database when it starts, and refuses to while a route declares no policy."""
    app = Litestar(
        route_handlers=[controllers.PUBLIC, controllers.CUSTOMER, controllers.STAFF, templates.assets().handler()],
        lifespan=[_lifespan],
        middleware=[Sessions()],
        before_request=forms.remember_typed,
        exception_handlers=errors.handlers(),
        after_exception=[refusals.keep],
        compression_config=CompressionConfig(backend="brotli", brotli_quality=4, minimum_size=500, exclude_opt_key="plain"),
        request_max_body_size=BODY,
        multipart_form_part_limit=forms.FIELDS_MOST,
        openapi_config=None,
        logging_config=None,
    )
    policies.check_declared(app)
    app.asgi_handler = Front(app.asgi_handler)
    return app


def close_streams(app: Litestar) -> None:
    """The server is going: every open stream ends now."""
    if "hub" in app.state:
        app.state.hub.close()


@contextlib.asynccontextmanager
async def _lifespan(app: Litestar) -> AsyncIterator[None]:
    hub = app.state.hub = Hub()
    engine = database.engine()
    await database.open_pool()
    listening = None
    if isinstance(engine, Postgres):
        listening = database.spawn(PostgresListener(engine.config, hub).run())
    database.on_signal(hub.deliver)
    try:
        yield
    finally:
        hub.close()
        database.off_signal(hub.deliver)
        if listening is not None:
            listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await listening
        await database.close_pool()
