"""Where log lines go: to standard error, one line each, for whoever keeps them."""

import logging
import sys

FORMAT = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def set_up() -> None:
    """Begin to log; the server's own lines only where something is wrong, since they would name addresses."""
    logging.basicConfig(level=logging.INFO, format=FORMAT, stream=sys.stderr)
    for name in ("uvicorn.error", "uvicorn.access", "asyncio", "httpx", "httpx2", "piccolo"):
        logging.getLogger(name).setLevel(logging.WARNING)
    # Its pool would tell of a database that is away with a whole traceback; who asked in vain says so in a line.
    logging.getLogger("asyncpg").setLevel(logging.ERROR)
