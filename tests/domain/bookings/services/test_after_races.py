"""Two who do the same for one visitor at the same instant."""

import asyncio

import pytest

from portal import database
from portal.domain.accounts.queries import Staff
from portal.domain.bookings.forms.after import Papers
from portal.domain.bookings.queries import briefing
from portal.domain.bookings.services import after
from portal.domain.bookings.tables import State
from portal.domain.queues.queries import tasks
from portal.domain.queues.queries.items import Card
from portal.errors import Conflict, Invalid
from tests import receptions, visits
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("committed")


async def here(cast: Cast, *, to: State) -> Card:
    kind = await visits.make_type(cast.hotel)
    booked = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel))
    return await receptions.bring(cast.receptionist, cast.hotel, booked, to=to)


async def test_of_two_who_ask_for_papers_at_once_one_is_the_second(cast: Cast) -> None:
    """HALL-02: both saw that nobody had asked before."""
    item = await here(cast, to=State.ARRIVED)

    async def ask(by: Staff) -> bool:
        try:
            await database.retried(lambda: after.ask_papers(item, Papers(missing="营业执照"), site=cast.hotel, by=by))
        except Invalid:
            return False
        return True

    some = (cast.receptionist, cast.second) * 4
    done = await asyncio.gather(*(database.spawn(ask(by)) for by in some))
    assert sorted(done) == [False] * 7 + [True]
    assert (await briefing.briefing(item, cast.hotel)).papers_asked == 1


async def test_a_visit_is_closed_once_and_somebody_gets_in_touch_once(cast: Cast) -> None:
    """VIS-19, VIS-20."""
    item = await here(cast, to=State.SEEN_OFF)

    async def close(by: Staff) -> bool:
        try:
            await database.retried(lambda: after.summarise(item, "谈完了", site=cast.hotel, by=by))
        except Conflict:
            return False
        return True

    done = await asyncio.gather(*(database.spawn(close(by)) for by in (cast.receptionist, cast.second) * 4))
    assert sorted(done) == [False] * 7 + [True]
    assert len(await tasks.of_item(item.id, cast.manager, cast.hotel, whole=True)) == 1
