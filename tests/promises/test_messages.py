"""P09, outward: three workers send every message; one is killed -9 over it, and at most that one message comes twice."""

import asyncio
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from portal import clock
from portal.events.tables import Delivery, Heard
from tests import cast as actors
from tests import stories
from tests.ground import environment
from tests.notifications import servers
from tests.notifications.servers import MailServer
from tests.promises.stage import Record

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
POSTGRES = environment.ENGINE == "postgres"
PATIENCE = 120.0
Process = subprocess.Popen[str]


async def test_every_message_arrives_though_a_worker_is_killed(scale: Callable[[int, int], int], figure: Record) -> None:
    """P09; P15."""
    many = scale(60, 1_000)
    cast = await actors.enter()
    for _number in range(many):
        await stories.filed(cast.hotel, phone="", email="ann@example.com")

    async with servers.mail(slow=0.01) as server:
        processes = [postman(server, 1) for _process in range(3)] if POSTGRES else [postman(server, 3)]
        await dying(processes[0], server, many)
        await done(processes[1:])
        await Delivery.update({Delivery.due_at: clock.now()}).where(Delivery.state == "waiting")  # two minutes later
        await done([postman(server, 3)])

    arrived = [message["message-id"] for _to, message in server.taken]
    assert await Delivery.count().where(Delivery.state == "sent") == many == await Heard.count()
    assert len(set(arrived)) == many
    assert len(arrived) - many <= (1 if POSTGRES else 3)  # on SQLite the three workers died together
    figure("messages that three workers sent, one of them killed -9: lost", 0, f"of {many}", "P09")
    figure("of them that arrived twice, with the same id", len(arrived) - many, "", "P09")


def postman(server: MailServer, workers: int) -> Process:
    url = f"smtp://127.0.0.1:{server.port}?starttls=no"
    env = environment.surroundings(
        environment.WORKER, environment.HOME, PORTAL_SMTP_URL=url, PORTAL_MAIL_FROM="care@bay.example"
    )
    return subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "tests.promises.postman", str(workers)],
        cwd=environment.ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
    )  # fmt: skip


async def dying(process: Process, server: MailServer, many: int) -> None:
    """Kill it in the middle of its work."""
    until = time.monotonic() + PATIENCE
    while len(server.taken) < many // 5:
        assert time.monotonic() < until
        await asyncio.sleep(0.005)
    process.kill()
    await asyncio.to_thread(process.communicate)
    assert len(server.taken) < many


async def done(processes: list[Process]) -> None:
    for process in processes:
        output, _errors = await asyncio.to_thread(process.communicate, timeout=PATIENCE)
        assert process.returncode == 0, output
