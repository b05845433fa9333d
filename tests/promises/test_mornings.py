"""P09 and P15, as far as mornings go: absences, leavers and digests are dealt with once, whoever looks and whoever dies."""

from datetime import datetime, timedelta

import pytest

from portal import clock
from portal.domain.queues.tables import Absence, Clock, Digest, WorkItem
from portal.events.tables import Delivery, Event
from tests import cast as actors
from tests import stories
from tests.promises.stage import Record, Scale, stock
from tests.promises.workers import looked

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
NINE = "T09:00:00+08:00"


async def test_three_workers_one_of_them_killed_pass_everything_on_once_and_make_one_digest(
    scale: Scale, figure: Record
) -> None:
    """DUTY-17."""
    cast, many = await actors.enter(), scale(120, 1_000)
    filed = [one.item for one in await stock(cast.hotel, many)]
    await Clock.update({Clock.stopped_at: clock.now()}).where(Clock.kind == "acknowledge")
    await WorkItem.update({WorkItem.owner: cast.floor.id}).where(WorkItem.id.is_in(filed[: many // 2]))
    await WorkItem.update({WorkItem.owner: cast.receptionist.id}).where(WorkItem.id.is_in(filed[many // 2 :]))
    await stories.disabled(cast.floor)
    await stories.away(cast.receptionist, deputy=cast.second, site=cast.hotel, first=1, last=3)
    tomorrow = datetime.fromisoformat(f"{clock.today(cast.hotel.zone) + timedelta(days=1)}{NINE}")

    killed, _spans = await looked(passed_on, until=many // 10, kill=True, ahead=tomorrow - clock.now())

    assert killed > 0
    assert await passed_on() == many
    assert len({row["subject"] for row in await Event.select(Event.subject).where(Event.kind == "item.passed-on")}) == many
    assert await WorkItem.count().where(WorkItem.owner == cast.second.id) == many - many // 2
    assert await WorkItem.count().where(WorkItem.owner.is_null()) == many // 2
    assert await Absence.count().where(Absence.begun_at.is_not_null()) == 1
    assert await Digest.count() == 2  # one for each of the two sites
    told = await Delivery.select(Delivery.recipient).where(Delivery.event.kind == "digest.made")
    recipients = [row["recipient"] for row in told]
    assert len(recipients) == len(set(recipients))
    assert cast.manager.id in recipients
    figure("items of absent people and leavers that three workers saw at once, each passed on once", many, "", "P09, P15")
    figure("of them passed on when a worker was killed -9", killed, "", "P09, P15")


async def passed_on() -> int:
    """How often an item went on to somebody else."""
    return int(await Event.count().where(Event.kind == "item.passed-on"))
