"""The least a Litestar application can be, on the portal's own server: what a start is measured against."""

import os

import uvicorn
from litestar import Litestar, MediaType, get


@get("/healthz", media_type=MediaType.TEXT)
async def healthz() -> str:
    """The one answer."""
    return "ok\n"


if __name__ == "__main__":
    uvicorn.run(
        Litestar([healthz], openapi_config=None, logging_config=None), host="127.0.0.1", port=int(os.environ["PORTAL_PORT"]),
        loop="uvloop", http="httptools", ws="none", log_config=None, access_log=False,
    )  # fmt: skip
