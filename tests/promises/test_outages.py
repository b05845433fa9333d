"""P16, P17: the server goes and comes back; what was begun is finished, and whoever listened sees what was missed."""

import asyncio
import contextlib
import io
import os
import signal
import time
from collections.abc import AsyncIterator

import httpx
import pytest
from PIL import Image

from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.tables import Complaint
from portal.domain.queues.queries import items as queues
from portal.domain.queues.queries.items import Filters
from portal.domain.queues.services import deeds
from tests import cast as actors
from tests import factories
from tests.cast import Cast
from tests.ground import processes
from tests.ground.processes import Running
from tests.promises.stage import Ear, Record, Seat, listening, seat, serving, stock
from tests.promises.ways import FILED

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
STREAMS = 50
CHANGES = 100


async def test_asked_to_stop_with_fifty_streams_it_finishes_what_was_begun_and_they_all_come_back(figure: Record) -> None:
    cast = await actors.enter()
    port = processes.free_port()
    with serving(port) as first:
        async with crowd(first, cast) as (seats, ears):
            async with seat(first.url) as guest:
                assert all(ear.status == 200 for ear in ears)
                begun = asyncio.create_task(guest.post("/s/hotel/complaints", FILED, files=a_photo()))
                await asyncio.sleep(0.25)
                asked = time.monotonic()
                assert not begun.done()
                first.process.send_signal(signal.SIGTERM)
                answer = await begun
                await asyncio.to_thread(first.process.wait, 15)
            gone = time.monotonic() - asked
            for ear in ears:
                await ear.until(ear.bye.is_set, 2)
            cookies = seats[0].client.cookies

    assert answer.status_code == 303
    assert await Complaint.count() == 1
    assert gone <= 10
    with serving(port) as second:
        waits = await come_back(second, cookies)
    assert waits[int(STREAMS * 0.95) - 1] <= 5
    assert waits[-1] <= 10
    figure(f"SIGTERM with {STREAMS} streams and a filing in flight: gone after", gone, "s", "P16")
    figure(f"{STREAMS} streams heard again after the restart, p95", waits[int(STREAMS * 0.95) - 1], "s", "P16")


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGKILL])
async def test_after_an_outage_a_client_that_looks_again_sees_what_the_database_has(
    figure: Record, sign: signal.Signals
) -> None:
    cast = await actors.enter()
    await stock(cast.hotel, 60)
    port = processes.free_port()
    with serving(port) as first:
        async with seat(first.url, cast.manager) as tablet, listening(tablet.client) as ear:
            await ear.until(lambda: bool(ear.events()), 5)
            assert await on_screen(tablet) == await in_database(cast)
            os.kill(first.process.pid, sign)
            await asyncio.to_thread(first.process.wait, 15)
            await ear.until(ear.bye.is_set, 5)
            cookies = tablet.client.cookies
    await change(cast)

    with serving(port) as second:
        client = processes.visitor(second.url, cookies=cookies, timeout=30)
        async with client, listening(client) as ear:
            first_word = await ear.until(lambda: bool(ear.events()), 10)
            seen = await on_screen(Seat(client, cast.manager.id))

    there = await in_database(cast)
    assert seen == there
    assert len(seen) == len({number for number, _state, _owner in seen}) == 60 + CHANGES // 2
    assert first_word < 2
    figure(f"changes during an outage ({sign.name}) that a client missed after it", 0, f"of {CHANGES}", "P17")
    figure(f"first event of the stream after it ({sign.name})", first_word, "s", "P17")


async def test_every_opening_of_a_stream_speaks_at_once_and_a_quiet_one_beats(figure: Record) -> None:
    cast = await actors.enter()
    with serving(processes.free_port()) as running:
        async with seat(running.url, cast.manager) as tablet:
            for _opening in range(5):
                async with listening(tablet.client) as ear:
                    assert await ear.until(lambda ear=ear: bool(ear.events()), 2) < 2  # type: ignore[misc]
            async with listening(tablet.client) as ear:
                await ear.until(lambda: any(line.startswith(":") for _at, line in ear.heard), 15)
                beat = next(at for at, line in ear.heard if line.startswith(":")) - ear.events()[0]

    assert beat <= 15
    figure("a quiet stream beats after", beat, "s", "P17")


@contextlib.asynccontextmanager
async def crowd(running: Running, cast: Cast) -> AsyncIterator[tuple[list[Seat], list[Ear]]]:
    """Fifty open streams, all of which have heard their first word."""
    async with contextlib.AsyncExitStack() as stack:
        here = await stack.enter_async_context(seat(running.url, cast.manager))
        many = await stack.enter_async_context(many_connections(running, here.client.cookies))
        ears = [await stack.enter_async_context(listening(many)) for _stream in range(STREAMS)]
        for ear in ears:
            await ear.until(lambda ear=ear: bool(ear.events()), 20)  # type: ignore[misc]
        yield [here], ears


async def come_back(running: Running, cookies: httpx.Cookies) -> list[float]:
    """How long each of fifty browsers waits for its first word after the server is ready."""
    async with contextlib.AsyncExitStack() as stack:
        many = await stack.enter_async_context(many_connections(running, cookies))
        ready = time.monotonic()
        ears = [await stack.enter_async_context(listening(many)) for _stream in range(STREAMS)]
        for ear in ears:
            await ear.until(lambda ear=ear: bool(ear.events()), 15)  # type: ignore[misc]
        return sorted(ear.events()[0] - ready for ear in ears)


def many_connections(running: Running, cookies: httpx.Cookies) -> httpx.AsyncClient:
    """A client that holds as many connections open as it is asked for, each a stream's."""
    unlimited = httpx.Limits(max_connections=None, max_keepalive_connections=None)
    return processes.visitor(running.url, cookies=cookies, limits=unlimited, timeout=60)


async def change(cast: Cast) -> None:
    """A hundred changes while nobody serves: fifty new complaints, fifty claims."""
    for number in range(CHANGES // 2):
        filed = await factories.make_complaint(cast.hotel, phone=f"139{number:08d}")
        if number % 2:
            item = await queues.item(cast.manager, cast.hotel, filed.number)
            await deeds.claim(item, DEEDS["claim"], site=cast.hotel, by=cast.receptionist)
    cards, _after = await queues.waiting_in(cast.manager, cast.hotel, Filters(owner="none"), most=CHANGES // 4)
    for card in cards:
        await deeds.claim(card, DEEDS["claim"], site=cast.hotel, by=cast.second)


async def on_screen(tablet: Seat) -> list[tuple[str, str, str]]:
    """The whole queue as the tablet shows it, page after page."""
    found, address = [], "/desk/hotel/queue"
    while address:
        page = await tablet.browser.get(address)
        cards = page.css("#queue [data-number]")
        found += [(card.get("data-number"), card.get("data-state"), card.get("data-owner")) for card in cards]
        following = [link.get("href") for link in page.css("#queue a[href*='after=']")]
        address = following[-1] if following else ""
    return found


async def in_database(cast: Cast) -> list[tuple[str, str, str]]:
    """The whole queue as it stands, in its order."""
    cards, _after = await queues.waiting_in(cast.manager, cast.hotel, Filters(), most=1_000)
    return [(card.number, card.state, card.owner) for card in cards]


def a_photo() -> list[tuple[str, tuple[str, bytes, str]]]:
    """A photo that takes a while to clean."""
    out = io.BytesIO()
    Image.effect_noise((2600, 2600), 90).convert("RGB").save(out, "PNG", compress_level=1)
    return [("photos", ("photo.png", out.getvalue(), "image/png"))]
