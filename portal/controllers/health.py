"""Whether the process lives, and whether it can serve."""

from litestar import Controller, Response, get

from portal import database, schema
from portal.errors import Unavailable

ANONYMOUS = {"anonymous": True}


class Health(Controller):
    opt = ANONYMOUS

    @get("/healthz", name="health:live")
    async def live(self) -> Response[str]:
        return Response("ok\n", media_type="text/plain")

    @get("/readyz", name="health:ready")
    async def ready(self) -> Response[str]:
        """503 while the database does not answer or its schema is not this version's."""
        try:
            with database.translated():
                ready = await schema.is_current()
        except Unavailable:
            ready = False
        return Response("ready\n" if ready else "not ready\n", status_code=200 if ready else 503, media_type="text/plain")
