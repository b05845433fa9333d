"""Who is away: whose work goes to whom, once, and what happens with what a leaver leaves."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from portal import clock
from portal.domain.accounts import services as accounts
from portal.domain.accounts.tables import Role
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.queues.forms import NewAbsence, NewTask
from portal.domain.queues.queries import absences as queries
from portal.domain.queues.services import absences, deeds, tasks
from portal.domain.queues.tables import Absence, Task
from portal.errors import Conflict, Invalid, NotFound
from portal.events import queries as events
from portal.events.tables import Delivery
from tests import factories, stories
from tests.cast import Cast
from tests.stories import Case

pytestmark = pytest.mark.usefixtures("db")
Travel = Callable[[datetime], None]
NOON = datetime.fromisoformat("2026-11-22T12:00:00+08:00")
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def noon(travel: Travel) -> None:
    """Every story here begins at noon."""
    travel(NOON)


async def owner(case: Case) -> str:
    return (await case.card()).owner


async def kinds(case: Case) -> list[str]:
    return [one.kind for one in await events.timeline(case.id)]


async def test_open_work_goes_to_the_deputy_on_the_first_day_and_only_once(cast: Cast, travel: Travel) -> None:
    """DUTY-17."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    done = await stories.closed(cast.hotel, by=cast.receptionist)
    await stories.away(cast.receptionist, deputy=cast.second, site=cast.hotel, first=1, last=3)

    assert await absences.begin_due() == 0
    assert await owner(case) == "hotel.desk"
    travel(datetime.fromisoformat("2026-11-23T00:00:01+08:00"))
    assert [await absences.begin_due() for _twice in range(2)] == [1, 0]

    card = await case.card()
    assert (card.owner, card.giver_id, card.handoffs, card.first_asked_id) == (
        "hotel.desk2", cast.receptionist.id, 0, cast.receptionist.id,
    )  # fmt: skip
    assert await owner(done) == "hotel.desk"
    assert (await kinds(case)).count("item.passed-on") == 1
    assert [one.kind for one in await events.unread(cast.second.id, site=cast.hotel.id)] == ["item.passed-on"]


async def test_what_the_absent_person_takes_on_meanwhile_stays_with_him(cast: Cast) -> None:
    await stories.away(cast.receptionist, deputy=cast.second, site=cast.hotel)
    await absences.begin_due()

    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await absences.begin_due()

    assert await owner(case) == "hotel.desk"


async def test_work_at_another_site_stays(cast: Cast) -> None:
    """P32."""
    both = await factories.make_staff((cast.hotel, Role.DESK), (cast.tower, Role.DESK))
    here, there = await stories.claimed(cast.hotel, by=both), await stories.claimed(cast.tower, by=both)
    await stories.away(both, deputy=cast.second, site=cast.hotel)

    await absences.begin_due()

    assert (await owner(here), await owner(there)) == ("hotel.desk2", both.username)


async def test_a_deputy_who_is_away_too_has_a_deputy(cast: Cast) -> None:
    """DUTY-17."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.away(cast.receptionist, deputy=cast.second, site=cast.hotel)
    await stories.away(cast.second, deputy=cast.floor, site=cast.hotel)

    await absences.begin_due()

    assert await owner(case) == "hotel.floor"


async def test_a_circle_leads_back_to_the_queue_and_the_managers_know(cast: Cast) -> None:
    """DUTY-17: never to nobody without a word."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.away(cast.receptionist, deputy=cast.second, site=cast.hotel)
    await stories.away(cast.second, deputy=cast.receptionist, site=cast.hotel)

    await absences.begin_due()

    assert await owner(case) == ""
    assert [row["recipient"] for row in await Delivery.select()] == [cast.manager.id]


async def test_a_deputy_who_has_left_is_nobody(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.away(cast.receptionist, deputy=cast.second, site=cast.hotel)
    await stories.disabled(cast.second)

    await absences.begin_due()

    assert await owner(case) == ""


async def test_a_clock_that_jumps_into_an_absence_begins_it_and_one_that_jumps_over_it_moves_nothing(
    cast: Cast, travel: Travel
) -> None:
    """P15."""
    case, other = await stories.claimed(cast.hotel, by=cast.receptionist), await stories.claimed(cast.hotel, by=cast.floor)
    await stories.away(cast.receptionist, deputy=cast.second, site=cast.hotel, first=1, last=9)
    await stories.away(cast.floor, deputy=cast.second, site=cast.hotel, first=1, last=2)

    travel(NOON + 5 * DAY)
    assert [await absences.begin_due() for _twice in range(2)] == [2, 0]
    travel(NOON)
    assert await absences.begin_due() == 0

    assert (await owner(case), await owner(other)) == ("hotel.desk2", "hotel.floor")


async def test_nothing_is_handed_to_who_is_away(cast: Cast) -> None:
    """DUTY-17: who is absent is passed over, and whoever stands in is proposed."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.away(cast.floor, deputy=cast.second, site=cast.hotel)

    with pytest.raises(Invalid) as refused:
        await stories.hand_over(case, by=cast.receptionist, to=cast.floor)

    assert refused.value.fields == {"to": f"{cast.floor.name} 不在岗，由 {cast.second.name} 代理。"}
    assert await queries.stand_ins(cast.hotel) == {"hotel.floor": "hotel.desk2"}
    await stories.hand_over(case, by=cast.receptionist, to=cast.second)


async def test_where_nobody_stands_in_that_is_said(cast: Cast) -> None:
    """DUTY-17."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.away(cast.floor, deputy=cast.second, site=cast.hotel)
    await stories.away(cast.second, deputy=cast.floor, site=cast.hotel)

    with pytest.raises(Invalid) as refused:
        await stories.hand_over(case, by=cast.receptionist, to=cast.floor)

    assert refused.value.fields == {"to": f"{cast.floor.name} 不在岗，也没有人代理。"}
    assert await queries.stand_ins(cast.hotel) == {"hotel.floor": "", "hotel.desk2": ""}


def typed(**given: str) -> NewAbsence:
    usual = {"account": "hotel.desk", "from": "2026-11-23", "to": "2026-11-25", "deputy": "hotel.desk2"}
    return NewAbsence.model_validate(usual | {name.rstrip("_"): value for name, value in given.items()})


async def test_an_absence_is_written_down_and_cancelled_once(cast: Cast) -> None:
    await absences.plan(cast.hotel, typed(), by=cast.manager)

    (planned,) = await queries.coming(cast.hotel)
    assert (planned.name, planned.deputy, planned.from_on, planned.to_on, planned.begun) == (
        cast.receptionist.name, cast.second.name, date(2026, 11, 23), date(2026, 11, 25), False,
    )  # fmt: skip
    await absences.cancel(cast.hotel, planned.id, by=cast.manager)
    assert await queries.coming(cast.hotel) == []
    with pytest.raises(Conflict):
        await absences.cancel(cast.hotel, planned.id, by=cast.manager)
    with pytest.raises(NotFound):
        await absences.cancel(cast.tower, planned.id, by=cast.strange_manager)
    assert [one.kind for one in await events.timeline(planned.id)] == ["absence.planned", "absence.cancelled"]


@pytest.mark.parametrize(("given", "field"), [
    ({"deputy": "hotel.desk"}, "deputy"), ({"deputy": "hotel.guard"}, "deputy"), ({"deputy": "tower.desk"}, "deputy"),
    ({"account": "hotel.auditor"}, "account"), ({"from_": "2026-11-01", "to": "2026-11-21"}, "to"),
])  # fmt: skip
async def test_what_cannot_be_is_told_at_its_field(cast: Cast, given: dict[str, str], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        await absences.plan(cast.hotel, typed(**given), by=cast.manager)

    assert list(refused.value.fields) == [field]
    assert await Absence.count() == 0


async def test_two_absences_of_one_person_do_not_overlap(cast: Cast) -> None:
    await absences.plan(cast.hotel, typed(), by=cast.manager)

    with pytest.raises(Invalid) as refused:
        await absences.plan(cast.hotel, typed(from_="2026-11-25", to="2026-11-30"), by=cast.manager)

    assert list(refused.value.fields) == ["from"]
    await absences.plan(cast.hotel, typed(from_="2026-11-26", to="2026-11-30"), by=cast.manager)


async def test_a_cancelled_absence_does_not_begin(cast: Cast, travel: Travel) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await absences.plan(cast.hotel, typed(), by=cast.manager)
    (planned,) = await queries.coming(cast.hotel)
    await absences.cancel(cast.hotel, planned.id, by=cast.manager)

    travel(NOON + DAY)

    assert await absences.begin_due() == 0
    assert await owner(case) == "hotel.desk"


async def test_what_a_leaver_leaves_goes_back_to_the_queue_and_the_managers_know(cast: Cast) -> None:
    case, kept = await stories.claimed(cast.hotel, by=cast.receptionist), await stories.claimed(cast.hotel, by=cast.second)
    done = await stories.closed(cast.hotel, by=cast.receptionist)
    assert await absences.pass_on_leavers() == 0

    await accounts.disable(cast.receptionist.username, site=cast.hotel, by=cast.admin)
    assert [await absences.pass_on_leavers() for _twice in range(2)] == [1, 0]

    assert [await owner(one) for one in (case, kept, done)] == ["", "hotel.desk2", "hotel.desk"]
    assert [one.kind for one in await events.unread(cast.manager.id, site=cast.hotel.id)] == ["item.passed-on"]
    await deeds.claim(await case.card(), DEEDS["claim"], site=cast.hotel, by=cast.floor)


async def test_what_a_leaver_leaves_goes_to_the_deputy_who_was_named(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.away(cast.receptionist, deputy=cast.second, site=cast.hotel)
    await absences.begin_due()
    late = await stories.claimed(cast.hotel, by=cast.receptionist)

    await stories.disabled(cast.receptionist)
    await absences.pass_on_leavers()

    assert [await owner(one) for one in (case, late)] == ["hotel.desk2", "hotel.desk2"]
    assert (await late.card()).giver_id is None


async def test_the_days_are_those_of_the_site(cast: Cast, travel: Travel) -> None:
    """P13."""
    await stories.away(cast.receptionist, deputy=cast.second, site=cast.hotel, first=1, last=1)

    travel(datetime.fromisoformat("2026-11-22T15:59:00+00:00"))
    assert await queries.away(cast.hotel) == {}
    travel(datetime.fromisoformat("2026-11-22T16:01:00+00:00"))
    assert await queries.away(cast.hotel) == {cast.receptionist.id: cast.second.id}
    travel(datetime.fromisoformat("2026-11-23T16:01:00+00:00"))
    assert await queries.away(cast.hotel) == {}
    assert clock.today(cast.hotel.zone) == date(2026, 11, 24)


async def test_what_somebody_was_asked_by_name_is_the_departments_when_he_is_away_or_gone(cast: Cast) -> None:
    """DUTY-17: no task sinks."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    for person in (cast.floor, cast.kitchen):
        await tasks.add(case.id, "查一下", site=cast.hotel, department=next(iter(person.roles_at(cast.hotel))),
                        due_at=clock.now(), by=None, owner=person.id)  # fmt: skip
    await stories.away(cast.floor, deputy=cast.second, site=cast.hotel)
    await stories.disabled(cast.kitchen)

    await absences.begin_due()
    await absences.pass_on_leavers()

    assert [row["owner"] for row in await Task.select(Task.owner)] == [None, None]


async def test_nobody_who_is_away_is_asked_by_name(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.away(cast.floor, deputy=cast.second, site=cast.hotel)
    form = NewTask.model_construct(department=Role.FLOOR, owner=cast.floor.username, due_at=clock.now(), body="查")

    with pytest.raises(Invalid) as refused:
        await tasks.ask(await case.card(), DEEDS["tasks"], form, site=cast.hotel, by=cast.receptionist)
    assert list(refused.value.fields) == ["owner"]


async def test_what_is_handed_on_while_it_is_passed_on_goes_to_one(cast: Cast) -> None:
    """Who was read as its owner has it no more: nothing moves."""
    case = await stories.claimed(cast.hotel, by=cast.second)
    await stories.away(cast.receptionist, deputy=cast.manager, site=cast.hotel)

    assert await absences._pass_on(case.id, cast.receptionist.id, cast.hotel, why="absence") == 0
    assert (await case.card()).owner == cast.second.username
