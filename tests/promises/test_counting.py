"""Figures stay true while people work: whoever counts at once, nothing is forgotten and nothing older written over."""

import asyncio
from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from portal import database
from portal.domain.reports.services import counting
from portal.domain.reports.tables import Fact, Uncounted
from portal.domain.sites import queries as sites
from tests import cast as actors
from tests import stories
from tests.cast import Cast
from tests.promises.stage import Record, Scale

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
WORKERS = 6


async def facts() -> list[dict[str, Any]]:
    rows = await Fact.select().order_by(Fact.item, Fact.round)
    return [{name: value for name, value in row.items() if name != "id"} for row in rows]


async def test_what_happens_while_figures_are_read_is_counted(scale: Scale, figure: Record) -> None:
    cast, each = await actors.enter(), scale(6, 60)

    async def work(number: int) -> None:
        for _turn in range(each):
            case = await stories.claimed(cast.hotel, by=cast.receptionist, body=f"电梯太慢，第 {number} 次")
            await stories.hand_over(case, by=cast.receptionist, to=cast.second)

    async def read() -> None:
        while working:
            await counting.catch_up()
            await asyncio.sleep(0)

    working = True
    readers = [asyncio.create_task(read()) for _reader in range(2)]
    await asyncio.gather(*(work(number) for number in range(WORKERS)))
    working = False
    await asyncio.gather(*readers)
    await counting.catch_up()
    kept = await facts()
    await database.rows("INSERT INTO uncounted (id, subject) SELECT id, id FROM work_item RETURNING id")
    await counting.catch_up()

    assert len(kept) == each * WORKERS
    assert all(row["handoffs"] == 1 for row in kept)
    assert kept == await facts()
    assert await Uncounted.count() == 0
    figure("complaints counted while people worked on them, each as it ended", len(kept), "", "P04")


@pytest.mark.only_postgres
async def test_of_two_who_count_at_once_the_later_reading_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    assert await handoffs_counted(await actors.enter(), monkeypatch) == 1


@pytest.mark.only_postgres
async def test_without_a_turn_the_older_reading_is_written_last(monkeypatch: pytest.MonkeyPatch) -> None:
    async def at_once(_what: int) -> None:
        """Nobody waits for anybody."""

    monkeypatch.setattr(database, "in_turn", at_once)

    assert await handoffs_counted(await actors.enter(), monkeypatch) == 0


async def handoffs_counted(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> int:
    """The hand-offs in the facts, where one has read the item before it was handed over, and writes after another.

    The second mark is the older one, and was only committed later: so neither waits for the other's mark.
    """
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await counting.catch_up()
    gate, read = asyncio.Event(), asyncio.Event()
    monkeypatch.setattr(sites, "sites", held(sites.sites, gate, read))
    monkeypatch.setattr(counting, "AT_ONCE", 1)
    await database.insert(Uncounted, {"id": UUID(int=2), "subject": case.id})
    first = asyncio.create_task(counting.catch_up(most=1))
    await asyncio.wait_for(read.wait(), 10)
    await stories.hand_over(case, by=cast.receptionist, to=cast.second)
    await database.rows("DELETE FROM uncounted WHERE id > {} RETURNING id", UUID(int=2))
    await database.insert(Uncounted, {"id": UUID(int=1), "subject": case.id})
    second = asyncio.create_task(counting.catch_up(most=1))
    await asyncio.wait([second], timeout=0.5)
    gate.set()
    await asyncio.gather(first, second)
    row = await Fact.select(Fact.handoffs).where(Fact.item == case.id).first()
    assert row is not None
    return int(row["handoffs"])


def held(asked: Callable[[], Any], gate: asyncio.Event, read: asyncio.Event) -> Callable[[], Any]:
    """The sites, but whoever asks first waits at the gate with what it has read."""

    async def wait_first() -> Any:
        found = await asked()
        if not read.is_set():
            read.set()
            await asyncio.wait_for(gate.wait(), 10)
        return found

    return wait_first
