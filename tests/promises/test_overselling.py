"""P08: never oversold. A hundred browsers want five places, some cancel and move, and nobody stands who has no place."""

import asyncio
import itertools
import random
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from portal import database
from portal.domain.bookings.tables import VisitType
from portal.domain.sites.tables import Site
from tests import cast as actors
from tests import visits
from tests.promises.stage import Record, Scale, Seat, seat, servers

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
CAPACITY = 5
A_DAY = 9  # visits begin from nine to five
_MOST = """
SELECT coalesce(max(many), 0) AS most FROM (
  SELECT count(*) AS many FROM reservation WHERE type = {} AND (expires_at IS NULL OR expires_at > {})
  GROUP BY begins_at) x
"""


@dataclass
class Storm:
    """What came of so many posts: their answers, what stood at the worst instant anybody looked, and at the end."""

    answers: Counter[int] = field(default_factory=Counter)
    worst: int = 0
    looks: int = 0
    at_once: int = 0
    at_the_end: list[int] = field(default_factory=list)

    @property
    def errors(self) -> int:
        return sum(many for status, many in self.answers.items() if status >= 500)


async def test_a_hundred_browsers_never_get_more_than_there_is(scale: Scale, figure: Record) -> None:
    slots, browsers = scale(6, 200), scale(12, 100)

    storm = await contested(slots, browsers)

    assert storm.worst == CAPACITY
    assert storm.at_the_end == [CAPACITY] * slots
    assert storm.errors == 0
    assert storm.answers[303] > slots * CAPACITY
    assert storm.at_once > browsers // 2
    assert storm.looks > 3
    wanted = f"times of {CAPACITY} places wanted by {browsers} browsers at once, with cancellations and moves"
    figure(wanted, slots, "", "P08")
    figure("posts for them", storm.answers.total(), "", "P08")
    figure("the most parties that were there at once, whenever one looked", storm.worst, "", "P08")
    figure("looks while it went on", storm.looks, "", "P08")
    figure("most posts that were under way together", storm.at_once, "", "P08")
    figure("answers that were errors", storm.errors, "", "P08")


async def test_without_a_turn_for_the_day_more_get_a_place_than_there_are(scale: Scale, figure: Record) -> None:
    slots = scale(3, 20)

    storm = await contested(slots, scale(12, 40), without="turn")

    assert storm.worst > CAPACITY
    figure("control: parties at one time where nobody waits for a turn", storm.worst, "", "P08")


async def contested(slots: int, browsers: int, *, without: str = "") -> Storm:
    """So many times, each wanted by all browsers at once, over real servers; then what is left is filled up."""
    cast, storm = await actors.enter(), Storm()
    await database.rows("UPDATE site SET choices = {} WHERE id = {} RETURNING id", CHOICES, cast.hotel.id)
    kind = await visits.make_type(cast.hotel, parties=CAPACITY, people=1_000, horizon_days=30)
    wanted = [visits.on(cast.hotel, days=1 + number // A_DAY, hour=9 + number % A_DAY) for number in range(slots)]
    with servers(without=without) as running:
        async with AsyncExitStack() as open_:
            seats = [
                await open_.enter_async_context(seat(running[number % len(running)].url)) for number in range(browsers)
            ]
            watching = asyncio.create_task(_watch(kind, storm))
            try:
                for at in wanted:
                    await _rush(cast.hotel, seats, at, wanted, storm)
                if not without:
                    await _fill_up(cast.hotel, seats, wanted, storm)
            finally:
                watching.cancel()
        storm.worst = max(storm.worst, await _most(kind))
        storm.at_the_end = [await _taken(kind, at) for at in wanted]
    return storm


CHOICES = '{"visit.open_most": 100, "limit.filings_device": 1000, "limit.filings_site": 100000}'


async def _rush(site: Site, seats: list[Seat], at: datetime, wanted: list[datetime], storm: Storm) -> None:
    """All of them want one time; of those who get it some think better of it, and some move to another."""
    under_way = 0

    async def want(number: int, one: Seat) -> None:
        nonlocal under_way
        under_way += 1
        storm.at_once = max(storm.at_once, under_way)
        link = await _book(site, one, at, number, storm)
        under_way -= 1
        chance = random.random()  # a coin, not a secret
        if link and chance < 0.3:
            await _post(one, f"{link}/cancellation", {}, storm)
        elif link and chance < 0.5:
            await _post(one, f"{link}/change", _when(site, random.choice(wanted)), storm)

    await asyncio.gather(*(want(number, one) for number, one in enumerate(seats)))


async def _fill_up(site: Site, seats: list[Seat], wanted: list[datetime], storm: Storm) -> None:
    """Whatever is free in the end is booked, until each time says that it is full."""
    turn = itertools.cycle(enumerate(seats))  # nobody has more open bookings than one phone may have
    for at in wanted:
        while await _book(site, (one := next(turn))[1], at, one[0], storm):
            pass


async def _book(site: Site, one: Seat, at: datetime, number: int, storm: Storm) -> str:
    """The link of the booking, or nothing where the time is full."""
    return await _post(one, f"/s/{site.slug}/bookings", {
        "type": "tour", "people": "2", "name": "李雷", "salutation": "mr", "phone": f"138{number:08d}", "purpose": "参观",
        **_when(site, at),
    }, storm)  # fmt: skip


async def _post(one: Seat, path: str, fields: dict[str, str], storm: Storm) -> str:
    answer = await one.post(path, fields)
    storm.answers[answer.status_code] += 1
    assert answer.status_code in (303, 409, 500, 503), answer.text
    return answer.headers["location"] if answer.status_code == 303 else ""


def _when(site: Site, at: datetime) -> dict[str, str]:
    local = at.astimezone(ZoneInfo(site.zone))
    return {"day": local.date().isoformat(), "time": local.strftime("%H:%M")}


async def _watch(kind: VisitType, storm: Storm) -> None:
    while True:
        storm.worst, storm.looks = max(storm.worst, await _most(kind)), storm.looks + 1
        await asyncio.sleep(0.02)


async def _most(kind: VisitType) -> int:
    return int((await database.rows(_MOST, kind.id, datetime.now(UTC)))[0]["most"])


async def _taken(kind: VisitType, at: datetime) -> int:
    rows = await database.rows("SELECT count(*) AS many FROM reservation WHERE type = {} AND begins_at = {}", kind.id, at)
    return int(rows[0]["many"])
