"""Somebody is named at the instant in which he acts: whoever is faster, he ends without it, and without a word of it."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from portal import database
from portal.domain.complaints.forms.handling import Restriction
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import confiding
from portal.domain.complaints.tables import Kind
from portal.domain.queues.queries import items
from portal.domain.queues.services import deeds
from portal.domain.queues.services.deeds import move
from portal.domain.queues.tables import WorkItem
from portal.errors import NotFound, PortalError
from portal.events.tables import Delivery
from tests import stories
from tests.cast import Cast
from tests.promises.stage import Record
from tests.stories import Case

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
Scale = Callable[[int, int], int]


async def once(case: Case, cast: Cast) -> list[type[BaseException] | None]:
    """The manager takes it and hands it to the second receptionist while the first names both."""
    item = await items.item(cast.manager, case.site, case.number)
    names = [cast.manager.username, cast.second.username]
    form = Restriction.model_validate({"about": " ".join(names), "reason": "客人说的"}, context={"people": names})
    acts: list[Callable[[], Awaitable[None]]] = [
        lambda: confiding.restrict(item, form, site=case.site, by=cast.receptionist),
        lambda: deeds.hand_over(item, DEEDS["handover"], site=case.site, by=cast.manager, to="hotel.desk2", reason="x"),
        lambda: deeds.note(item, DEEDS["notes"], site=case.site, by=cast.manager, body="x"),
    ]
    found = await asyncio.gather(*(database.retried(act) for act in acts), return_exceptions=True)
    return [type(one) if isinstance(one, BaseException) else None for one in found]


async def test_whoever_is_named_while_he_acts_ends_without_it(cast: Cast, scale: Scale, figure: Record) -> None:
    cases = [await stories.claimed(cast.hotel, by=cast.receptionist) for _one in range(scale(12, 300))]
    named = 0
    for case in cases:
        outcomes = await once(case, cast)
        assert all(one is None or issubclass(one, PortalError) for one in outcomes)
        if outcomes[0] is not None:
            continue  # the other was faster: the receptionist has it no more, and says so at another time
        named += 1
        item = await case.card()
        assert item.owner_id not in (cast.manager.id, cast.second.id)
        for staff in (cast.manager, cast.second):
            with pytest.raises(NotFound):
                await items.item(staff, case.site, case.number)
        told = await Delivery.select(Delivery.recipient).where(Delivery.event.subject == case.id)
        assert {row["recipient"] for row in told} <= {cast.owner.id}

    assert named
    figure("named while they acted, who kept the item or heard of it", 0, f"of {named}", "P10")


async def test_without_the_circle_in_the_update_a_late_deed_would_be_done(cast: Cast) -> None:
    """The control: with the guard taken out, what was read before the naming is enough."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    read = await items.item(cast.manager, case.site, case.number)
    await confiding.confine(case.id, [cast.manager.username], Kind.COMPLAINT, site=case.site, by=cast.receptionist)
    now = (await case.card()).circle

    with pytest.raises(NotFound):
        await move(read, DEEDS["tier"], site=case.site, by=cast.manager)
    await WorkItem.update({WorkItem.circle: read.circle}).where(WorkItem.id == case.id)
    await move(read, DEEDS["tier"], site=case.site, by=cast.manager)

    assert now == read.circle + 1
