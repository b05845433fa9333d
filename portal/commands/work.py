"""`portal work`: the worker alone, beside any number of web processes."""

import asyncio
import logging
import signal

import click

from portal import database, settings
from portal.commands import door, logs
from portal.commands.door import Refused
from portal.jobs.worker import Worker

log = logging.getLogger(__name__)


@click.command()
def work() -> None:
    """Do what the clock asks for, until stopped. PostgreSQL only: on SQLite the worker lives inside `portal run`."""
    settings.current()
    if database.embedded():
        raise Refused("On SQLite the worker runs inside `portal run`; a worker of its own needs PostgreSQL.")
    logs.set_up()
    door.carry_out(_worked)


async def _worked() -> None:
    worker = Worker()
    for sign in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(sign, worker.stop)
    log.info("the worker has begun")
    await worker.run()
    log.info("the worker has ended")
