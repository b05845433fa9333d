"""More days, where days are counted: asked for by one person, granted by another, each told to the customer."""

from collections.abc import Callable
from datetime import datetime

import pytest

from portal.domain.accounts.tables import Role
from portal.domain.complaints.forms.ending import Decision
from portal.domain.complaints.forms.handling import MoreTime
from portal.domain.complaints.forms.settings import NewPolicy
from portal.domain.complaints.services import extending, following, governing, handling
from portal.domain.complaints.tables import Extension
from portal.domain.queues.tables import Clock
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid
from portal.events.tables import Delivery
from portal.ids import new_id
from tests import factories, stories
from tests.cast import Cast
from tests.stories import Case

pytestmark = pytest.mark.usefixtures("db")
Travel = Callable[[str], None]


@pytest.fixture
async def bank(cast: Cast, travel: Travel) -> Site:
    """The hotel counts days, the bank's way."""
    travel("2026-11-22T15:00+08:00")
    await stories.decided(cast.hotel, complaint__preset="bank")
    return await sites.site("hotel")


async def due(case: Case) -> str:
    row = await Clock.select(Clock.due_at).where(Clock.item == case.id, Clock.kind == "resolve").first()
    assert row is not None
    return datetime.isoformat(row["due_at"])[:16]


async def ask(case: Case, days: int, cast: Cast) -> None:
    form = MoreTime(days=days, reason="需要总行回复")
    await extending.ask(await case.card(), form, site=case.site, by=cast.receptionist)


async def test_fifteen_days_end_at_midnight_and_the_day_of_receipt_is_not_counted(cast: Cast, bank: Site) -> None:
    case = await stories.claimed(bank, by=cast.receptionist)

    assert await due(case) == "2026-12-07T16:00"  # 24:00 of 7 December in Shanghai


async def test_two_extensions_each_granted_by_somebody_else(cast: Cast, bank: Site) -> None:
    case = await stories.claimed(bank, by=cast.receptionist)
    other = await factories.make_staff((cast.hotel, Role.MANAGER), username="hotel.manager2", surname="冯")
    await ask(case, 15, cast)
    await extending.decide(await case.card(), Decision(decision="approve"), site=bank, by=cast.manager)
    assert await due(case) == "2026-12-22T16:00"
    await ask(case, 30, cast)

    with pytest.raises(Invalid):
        await extending.decide(await case.card(), Decision(decision="approve"), site=bank, by=cast.manager)
    await extending.decide(await case.card(), Decision(decision="approve"), site=bank, by=other)

    assert await due(case) == "2027-01-21T16:00"
    with pytest.raises(Conflict):
        await ask(case, 1, cast)
    assert cast.receptionist.id in {row["recipient"] for row in await Delivery.select()}


async def test_nobody_grants_what_he_asked_for_and_too_many_days_are_refused(cast: Cast, bank: Site) -> None:
    case = await stories.claimed(bank, by=cast.manager)
    with pytest.raises(Invalid):
        await extending.ask(await case.card(), MoreTime(days=16, reason="忙"), site=bank, by=cast.manager)
    await extending.ask(await case.card(), MoreTime(days=3, reason="忙"), site=bank, by=cast.manager)

    with pytest.raises(Invalid):
        await extending.decide(await case.card(), Decision(decision="approve"), site=bank, by=cast.manager)
    with pytest.raises(Conflict):
        await extending.ask(await case.card(), MoreTime(days=3, reason="忙"), site=bank, by=cast.manager)


async def test_a_refusal_says_why_and_moves_nothing(cast: Cast, bank: Site) -> None:
    case = await stories.claimed(bank, by=cast.receptionist)
    await ask(case, 10, cast)

    with pytest.raises(ValueError):
        Decision(decision="refuse")
    await extending.decide(await case.card(), Decision(decision="refuse", reason="不必"), site=bank, by=cast.manager)

    assert await due(case) == "2026-12-07T16:00"
    with pytest.raises(Conflict):
        await extending.decide(await case.card(), Decision(decision="approve"), site=bank, by=cast.manager)


async def test_where_hours_are_counted_there_is_nothing_to_extend(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)

    with pytest.raises(Conflict):
        await ask(case, 3, cast)


async def test_a_new_round_counts_its_days_from_the_beginning(cast: Cast, bank: Site) -> None:
    """What was granted for the answer that did not do is over with it."""
    case = await stories.planned(bank, by=cast.receptionist)
    await ask(case, 15, cast)
    await extending.decide(await case.card(), Decision(decision="approve"), site=bank, by=cast.manager)
    await handling.answer(await case.card(), "好了", site=bank, by=cast.receptionist)

    await following.reject(await case.card(), "没有好", site=bank)

    running = await Clock.select().where(Clock.item == case.id, Clock.kind == "resolve", Clock.stopped_at.is_null())
    assert [row["days"] for row in running] == [15]


async def test_what_is_answered_waits_for_no_more_days(cast: Cast, bank: Site) -> None:
    case = await stories.planned(bank, by=cast.receptionist)
    await ask(case, 15, cast)
    await handling.answer(await case.card(), "好了", site=bank, by=cast.receptionist)
    await following.reject(await case.card(), "没有好", site=bank)

    with pytest.raises(Conflict):
        await extending.decide(await case.card(), Decision(decision="approve"), site=bank, by=cast.manager)


async def test_where_a_policy_counts_hours_there_is_nothing_to_extend(cast: Cast, bank: Site) -> None:
    form = NewPolicy.model_validate({"name": "急", "resolve_hours": "48"}, context={"categories": set()})
    await governing.write(bank, form, identity=new_id(), new=True, by=cast.manager)
    case = await stories.planned(await sites.site("hotel"), by=cast.receptionist)

    with pytest.raises(Conflict):
        await ask(case, 15, cast)
    assert await Extension.count() == 0
