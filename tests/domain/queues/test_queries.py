"""The queue: whose eyes see what, in which order, narrowed how, and page by page without a gap."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from piccolo.columns import Column

from portal import clock, ids
from portal.domain.accounts.queries import Staff
from portal.domain.queues.queries import items as queries
from portal.domain.queues.queries import people
from portal.domain.queues.queries.items import Filters
from portal.domain.queues.tables import Severity, WorkItem
from portal.errors import NotFound
from tests import stories
from tests.cast import Cast
from tests.ground.probes import statements

pytestmark = pytest.mark.usefixtures("db")


async def seen_by(staff: Staff, cast: Cast, **narrowed: str) -> list[str]:
    """The titles that somebody sees at the hotel, in their order."""
    cards, _after = await queries.waiting_in(staff, cast.hotel, Filters(**narrowed))
    return [card.title for card in cards]


async def put(cast: Cast, title: str, **columns: Any) -> None:
    """An item that stands in the queue as told; what is not told is like every other's."""
    case = await stories.filed(cast.hotel, body=title)
    facts: dict[Column | str, Any] = {"due_at": clock.now() + timedelta(hours=3)}
    facts.update(columns.items())
    await WorkItem.update(facts).where(WorkItem.id == case.id)


async def test_late_comes_first_then_severity_then_tier_then_due_then_arrival(cast: Cast) -> None:
    """X-47, X-17: a tier moves an item inside its severity and no further; CMP-12: late ones stand first."""
    now = clock.now()
    soon, later = now + timedelta(hours=1), now + timedelta(hours=9)
    await put(cast, "8 minor", severity=Severity.MINOR, tier=1, due_at=soon)
    await put(cast, "7 came later", due_at=later, arrived_at=now)
    await put(cast, "6 came earlier", due_at=later, arrived_at=now - timedelta(days=1))
    await put(cast, "5 due soon", due_at=soon)
    await put(cast, "4 of a guest of rank", tier=1, due_at=later)
    await put(cast, "3 severe", severity=Severity.SEVERE, due_at=later)
    await put(cast, "2 late", on_time=False, due_at=now)
    await put(cast, "1 late and severe", on_time=False, severity=Severity.SEVERE, due_at=now)

    assert [title[0] for title in await seen_by(cast.manager, cast)] == ["1", "2", "3", "4", "5", "6", "7", "8"]


async def test_what_cannot_be_opened_is_a_dash_and_the_rest_of_the_list_is_there(cast: Cast) -> None:
    moved, whole = await stories.filed(cast.hotel, place="在河边"), await stories.filed(cast.hotel)
    (row,) = await WorkItem.select(WorkItem.title).where(WorkItem.id == whole.id)
    await WorkItem.update({WorkItem.title: row["title"], WorkItem.who: "v1|2|AAAA", WorkItem.spot: "?"}).where(
        WorkItem.id == moved.id
    )

    cards, _after = await queries.waiting_in(cast.manager, cast.hotel, Filters())

    assert [(card.title, card.who, card.place) for card in cards] == [("–", "–", "–"), (stories.BODY, "张**", "")]


async def test_each_sees_what_is_his_to_see(cast: Cast) -> None:
    """CMP-26; issue 2, section 3, "Staff"."""
    await stories.filed(cast.hotel, body="desk", category="service")
    await stories.filed(cast.hotel, body="room", category="room")
    await stories.filed(cast.hotel, body="food", category="food")
    await stories.filed(cast.hotel, body="by the guard", category="food", taken_by=cast.guard)
    await stories.filed(cast.hotel, body="by the floor", category="service", taken_by=cast.floor)
    await put(cast, "money", money=True)
    await stories.filed(cast.tower, body="next door")
    everything = {"desk", "room", "food", "by the guard", "by the floor", "money"}

    seen = {
        staff.username: set(await seen_by(staff, cast))
        for staff in (
            cast.manager,
            cast.receptionist,
            cast.auditor,
            cast.floor,
            cast.kitchen,
            cast.guard,
            cast.sales,
            cast.finance,
            cast.admin,
            cast.owner,
            cast.stranger,
        )
    }

    assert seen == {
        "hotel.manager": everything, "hotel.desk": everything, "hotel.auditor": everything,
        "hotel.floor": {"room", "by the floor"}, "hotel.kitchen": {"food", "by the guard"}, "hotel.guard": {"by the guard"},
        "hotel.sales": set(), "hotel.finance": {"money"}, "admin": set(), "owner": set(), "tower.desk": set(),
    }  # fmt: skip


async def test_floor_keeps_sight_of_what_was_handed_to_it(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.manager, category="food")
    await stories.hand_over(case, by=cast.manager, to=cast.floor)

    assert (await queries.item(cast.floor, cast.hotel, case.number)).id == case.id


@pytest.mark.parametrize("who", ["guard", "sales", "kitchen", "finance", "admin", "owner", "stranger"])
async def test_an_item_that_one_may_not_see_does_not_exist(cast: Cast, who: str) -> None:
    """P32."""
    case = await stories.filed(cast.hotel, category="room")

    with pytest.raises(NotFound):
        await queries.item(getattr(cast, who), cast.hotel, case.number)
    with pytest.raises(NotFound):
        await queries.seen_by(getattr(cast, who), cast.hotel, case.id)


async def test_the_number_of_another_site_is_not_found_at_mine(cast: Cast) -> None:
    """P32."""
    case = await stories.filed(cast.tower)

    with pytest.raises(NotFound):
        await queries.item(cast.manager, cast.hotel, case.number)


async def test_the_queue_is_narrowed_by_kind_category_severity_state_and_owner(cast: Cast) -> None:
    """CMP-05, CMP-10: each class can be looked at by itself."""
    await stories.filed(cast.hotel, body="new")
    await stories.filed(cast.hotel, body="request", kind="request", category="room")
    await stories.triaged(cast.hotel, body="severe", by=cast.receptionist, severity="severe")
    await stories.planned(cast.hotel, body="theirs", by=cast.second)
    await stories.closed(cast.hotel, body="over", by=cast.receptionist)
    me = cast.receptionist

    assert await seen_by(me, cast, kind="request") == ["request"]
    assert await seen_by(me, cast, category="room") == ["request"]
    assert await seen_by(me, cast, severity="severe") == ["severe"]
    assert await seen_by(me, cast, state="planned") == ["theirs"]
    assert await seen_by(me, cast, state="closed") == ["over"]
    assert await seen_by(me, cast, owner="me") == ["severe"]
    assert await seen_by(me, cast, owner="hotel.desk2") == ["theirs"]
    assert set(await seen_by(me, cast, owner="none")) == {"new", "request"}
    assert len(await seen_by(me, cast)) == 4


@pytest.mark.parametrize("narrowed", [{"kind": "x"}, {"severity": "x"}, {"state": "x"}, {"owner": "x"}, {"category": "x"}])
async def test_what_nobody_knows_narrows_to_nothing(cast: Cast, narrowed: dict[str, str]) -> None:
    await stories.filed(cast.hotel)

    assert await seen_by(cast.manager, cast, **narrowed) == []


@pytest.mark.parametrize("state", ["open", "closed"])
async def test_page_by_page_nothing_is_missed_or_met_twice_and_the_order_is_kept(
    cast: Cast, travel: Callable[[datetime], None], state: str
) -> None:
    start = clock.now()
    for number in range(7):
        travel(start + timedelta(hours=number // 3))  # several of one instant: only their ids part them
        await put(cast, str(number), severity=number % 2, closed_at=start if state == "closed" else None)
    travel(start + timedelta(hours=9))
    whole, _after = await queries.waiting_in(cast.manager, cast.hotel, Filters(state=state))

    paged, after = await queries.waiting_in(cast.manager, cast.hotel, Filters(state=state), most=2)
    while after:
        page, after = await queries.waiting_in(cast.manager, cast.hotel, Filters(state=state, after=after), most=2)
        paged += page

    assert [card.number for card in paged] == [card.number for card in whole]
    assert len(paged) == 7


@pytest.mark.parametrize("after", ["x", "bm9uc2Vuc2U=", "W10=", "bnVsbA==", "WzEsMiwzLDQsNSw2XQ==", "é"])
async def test_a_cursor_that_cannot_be_read_is_the_first_page(cast: Cast, after: str) -> None:
    await stories.filed(cast.hotel, body="first")

    assert await seen_by(cast.manager, cast, after=after) == ["first"]


async def test_what_is_counted_is_ones_own_share_of_the_queue(cast: Cast) -> None:
    await stories.filed(cast.hotel, category="room")
    await stories.claimed(cast.hotel, by=cast.receptionist)
    await put(cast, "late", on_time=False)
    await stories.closed(cast.hotel, by=cast.receptionist)
    await stories.filed(cast.tower)

    assert await queries.counts(cast.receptionist, cast.hotel) == {"open": 3, "late": 1, "mine": 1, "unowned": 2}
    assert await queries.counts(cast.floor, cast.hotel) == {"open": 1, "late": 0, "mine": 0, "unowned": 1}
    assert await queries.counts(cast.guard, cast.hotel) == {"open": 0, "late": 0, "mine": 0, "unowned": 0}


async def test_nothing_is_counted_beyond_a_hundred(cast: Cast) -> None:
    first = await stories.filed(cast.hotel)
    row = await WorkItem.objects().get(WorkItem.id == first.id)
    assert row is not None
    plain = {column._meta.name: getattr(row, column._meta.name) for column in WorkItem._meta.columns}
    copies = [WorkItem(**plain | {"id": ids.new_id(), "number": f"HT-2026-9{copy:05d}"}) for copy in range(120)]
    await WorkItem.insert(*copies)

    assert (await queries.counts(cast.manager, cast.hotel))["open"] == 100


@pytest.mark.parametrize("who", ["manager", "floor", "guard", "finance"])
async def test_a_page_and_its_counts_are_two_questions_at_any_length(cast: Cast, who: str) -> None:
    for _more in range(3):
        await stories.filed(cast.hotel, category="room", taken_by=cast.guard)

    with statements() as asked:
        await queries.waiting_in(getattr(cast, who), cast.hotel, Filters())
        await queries.counts(getattr(cast, who), cast.hotel)

    assert len(asked) == 2


async def test_only_who_works_here_and_may_sign_in_is_given_an_item(cast: Cast) -> None:
    """CMP-12: a named handler."""
    found = [username for username, _name, _role in await people.handlers(cast.hotel)]

    assert found == ["hotel.desk", "hotel.desk2", "hotel.floor", "hotel.kitchen", "hotel.manager"]
    assert await people.handler(cast.hotel, "hotel.guard") is None
    assert await people.handler(cast.hotel, "tower.desk") is None
    assert await people.handler(cast.hotel, "hotel.floor") == cast.floor.id


async def test_a_number_is_empty_for_who_may_not_see_its_item(cast: Cast) -> None:
    """CMP-26."""
    room, food = await stories.filed(cast.hotel, category="room"), await stories.filed(cast.hotel, category="food")
    asked = [room.id, food.id, ids.new_id()]

    assert await queries.numbers_for(cast.floor, cast.hotel, asked) == {
        room.id: (room.number, "complaints"), food.id: ("", "complaints"),
    }  # fmt: skip
    assert await queries.numbers_for(cast.manager, cast.tower, asked) == {
        room.id: ("", "complaints"), food.id: ("", "complaints"),
    }  # fmt: skip
    assert await queries.numbers_for(cast.manager, cast.hotel, []) == {}
