"""What every item knows: a number, one owner at a time, hand-overs that are counted, notes, and no second winner."""

import itertools
from collections.abc import Callable

import pytest

from portal.domain.accounts.tables import Role
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.queues.queries import words
from portal.domain.queues.services import deeds
from portal.domain.queues.tables import Entry, WorkItem
from portal.errors import Conflict, Forbidden, Invalid
from portal.events import queries as events
from portal.events.tables import Delivery
from portal.i18n import translations
from tests import factories, stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


async def told() -> set[object]:
    """Who was told of the newest event that anybody was told of."""
    rows = await Delivery.select().order_by(Delivery.id)
    return {row["recipient"] for row in rows if row["event"] == rows[-1]["event"]}


async def test_numbers_count_up_by_site_and_year(cast: Cast, travel: Callable[[str], None]) -> None:
    travel("2026-12-31T23:00+08:00")
    first = [
        await deeds.next_number(cast.hotel),
        await deeds.next_number(cast.hotel),
        await deeds.next_number(cast.tower),
    ]
    travel("2027-01-01T00:30+08:00")

    assert first == ["HT-2026-000001", "HT-2026-000002", "TW-2026-000001"]
    assert await deeds.next_number(cast.hotel) == "HT-2027-000001"


async def test_the_year_of_a_number_is_the_sites_own(travel: Callable[[str], None]) -> None:
    """P13."""
    site = await factories.make_site(slug="pier", code="PR", zone="America/New_York")
    travel("2027-01-01T00:30+00:00")

    assert await deeds.next_number(site) == "PR-2026-000001"


async def test_the_second_to_claim_is_told_who_was_first(cast: Cast) -> None:
    """P05."""
    case = await stories.filed(cast.hotel)
    seen_by_both = await case.card()
    await deeds.claim(seen_by_both, DEEDS["claim"], site=cast.hotel, by=cast.receptionist)

    with translations.use("en"), pytest.raises(Conflict, match=cast.receptionist.name):
        await deeds.claim(seen_by_both, DEEDS["claim"], site=cast.hotel, by=cast.second)

    assert (await case.card()).owner == "hotel.desk"


async def test_who_has_it_already_is_told_so(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)

    with translations.use("en"), pytest.raises(Conflict, match="You have it already"):
        await deeds.claim(await case.card(), DEEDS["claim"], site=cast.hotel, by=cast.receptionist)


async def test_a_manager_takes_nothing_out_of_anothers_hands_by_claiming(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)

    with pytest.raises(Conflict):
        await deeds.claim(await case.card(), DEEDS["claim"], site=cast.hotel, by=cast.manager)


async def test_what_is_given_back_is_nobodys_and_says_why(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)

    await deeds.release(await case.card(), DEEDS["release"], site=cast.hotel, by=cast.receptionist, reason="下班")

    assert (await case.card()).owner_id is None
    assert (await words.written(case.id))[-1].body == "下班"


async def test_the_receiver_of_a_hand_over_may_give_it_back(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.hand_over(case, by=cast.receptionist, to=cast.floor)

    await deeds.release(await case.card(), DEEDS["release"], site=cast.hotel, by=cast.floor, reason="不是我的楼层")

    assert (await case.card()).owner_id is None


async def test_a_hand_over_is_at_once_with_its_reason_and_the_receiver_is_told(cast: Cast) -> None:
    """CMP-07, CMP-25."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)

    await stories.hand_over(case, by=cast.receptionist, to=cast.floor, reason="客房的事")

    card = await case.card()
    assert (card.owner, card.handoffs, card.giver_id) == ("hotel.floor", 1, cast.receptionist.id)
    assert (await words.written(case.id))[-1].body == "客房的事"
    assert await told() == {cast.floor.id}
    assert (await events.timeline(case.id))[-1].particulars["to"] == str(cast.floor.id)


async def test_the_third_hand_over_tells_the_managers_and_no_other_does(cast: Cast) -> None:
    """CMP-25, HALL-04."""
    case, heard = await stories.claimed(cast.hotel, by=cast.receptionist), []
    way = [cast.receptionist, cast.floor, cast.kitchen, cast.second, cast.receptionist]

    for giver, receiver in itertools.pairwise(way):
        await stories.hand_over(case, by=giver, to=receiver)
        heard.append(cast.manager.id in await told())

    assert heard == [False, False, True, False]
    assert (await case.card()).handoffs == 4


async def test_which_hand_over_tells_the_managers_is_a_setting(cast: Cast) -> None:
    site = await factories.make_site(choices='{"complaint.handoffs_told": 1}')
    await factories.make_category(site, code="service")
    people = [await factories.make_staff((site, role)) for role in (Role.DESK, Role.FLOOR, Role.MANAGER)]
    case = await stories.claimed(site, by=people[0])

    await stories.hand_over(case, by=people[0], to=people[1])

    assert await told() == {people[1].id, people[2].id}


async def test_a_managers_assignment_of_what_nobody_had_is_no_hand_off(cast: Cast) -> None:
    case = await stories.filed(cast.hotel)

    await stories.hand_over(case, by=cast.manager, to=cast.floor)

    card = await case.card()
    assert (card.owner, card.handoffs) == ("hotel.floor", 0)


async def test_who_was_asked_first_stays_through_every_hand_over(cast: Cast) -> None:
    """CMP-18."""
    case = await stories.filed(cast.hotel, taken_by=cast.guard)
    await deeds.claim(await case.card(), DEEDS["claim"], site=cast.hotel, by=cast.receptionist)
    await stories.hand_over(case, by=cast.receptionist, to=cast.floor)
    await stories.hand_over(case, by=cast.floor, to=cast.kitchen)

    assert (await case.card()).first_asked_id == cast.guard.id


@pytest.mark.parametrize("to", ["tower.desk", "tower.manager", "hotel.guard", "hotel.finance", "admin", "nobody", ""])
async def test_an_item_goes_only_to_who_handles_items_here(cast: Cast, to: str) -> None:
    """P32: no foreign key of another site."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)

    with pytest.raises(Invalid) as refused:
        await deeds.hand_over(
            await case.card(), DEEDS["handover"], site=cast.hotel, by=cast.receptionist, to=to, reason="r"
        )

    assert list(refused.value.fields) == ["to"]
    assert (await case.card()).owner == "hotel.desk"


async def test_an_item_is_not_handed_to_its_owner(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)

    with pytest.raises(Invalid) as refused:
        await stories.hand_over(case, by=cast.receptionist, to=cast.receptionist)

    assert list(refused.value.fields) == ["to"]


async def test_a_hand_over_of_what_changed_meanwhile_is_refused(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    old = await case.card()
    await stories.triage(case, by=cast.receptionist)

    with pytest.raises(Conflict):
        await deeds.hand_over(old, DEEDS["handover"], site=cast.hotel, by=cast.receptionist, to="hotel.floor", reason="r")


async def test_notes_are_kept_in_their_order_and_change_nothing(cast: Cast) -> None:
    """CMP-27."""
    case = await stories.filed(cast.hotel)
    before = await case.card()
    for body in ("先去看看", "已看过"):
        await deeds.note(before, DEEDS["notes"], site=cast.hotel, by=cast.receptionist, body=body)

    assert [words.body for words in await words.written(case.id) if words.kind == "note"] == ["先去看看", "已看过"]
    assert (await case.card()).version == before.version


async def test_a_note_is_not_for_who_only_looks(cast: Cast) -> None:
    case = await stories.filed(cast.hotel)

    with pytest.raises(Forbidden):
        await deeds.note(await case.card(), DEEDS["notes"], site=cast.hotel, by=cast.auditor, body="x")


async def test_words_are_sealed_where_they_stand(cast: Cast) -> None:
    """P40."""
    case = await stories.filed(cast.hotel, body="隔壁张小龙很吵", place="大堂吧")

    for table in (Entry, WorkItem):
        row = str(await table.select().first())
        assert [word for word in ("隔壁", "张", "大堂吧") if word in row] == []
    assert (await case.card()).title == "隔壁张小龙很吵"
