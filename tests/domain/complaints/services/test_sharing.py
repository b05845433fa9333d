"""One matter told twice: second contacts and merging."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from portal import clock
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.complaints.forms.ending import Promise, Visit
from portal.domain.complaints.forms.filing import Message
from portal.domain.complaints.forms.handling import Contact
from portal.domain.complaints.queries import redress as promised
from portal.domain.complaints.queries.customer import CustomerView
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import ending, following, handling, mediating, minding, redress, sharing
from portal.domain.complaints.tables import Channel, Complaint
from portal.domain.queues.queries import tasks, words
from portal.domain.queues.services import clocks, pauses
from portal.domain.queues.services import tasks as asking
from portal.domain.queues.tables import Clock, EntryKind, Pause, PauseReason
from portal.errors import Conflict, Invalid, NotFound
from portal.events import queries as events
from portal.ids import new_id
from portal.photos import queries as photos
from portal.photos.services import Stored
from tests import stories
from tests.cast import Cast
from tests.stories import Case

pytestmark = pytest.mark.usefixtures("db")
A_GUEST, ANOTHER = "13800138000", "13900139000"


async def merge(case: Case, into: Case, by: Staff) -> None:
    await sharing.merge(await case.card(), into.number, site=case.site, by=by)


async def pair(cast: Cast) -> tuple[Case, Case]:
    """Two complaints of two guests about one matter; the second was merged into the first, which the receptionist has."""
    first = await stories.planned(cast.hotel, by=cast.receptionist, body="停电了，十二楼", phone=A_GUEST)
    second = await stories.filed(cast.hotel, body="房间没有电", phone=ANOTHER)
    await merge(second, first, cast.receptionist)
    return first, second


def said(view: CustomerView) -> list[str]:
    return [view.body, *(one.body for one in view.talk)]


async def kinds(item: UUID) -> list[str]:
    return [one.kind for one in await events.timeline(item)]


async def test_the_merged_one_is_closed_as_part_of_the_other_and_both_keep_their_history(cast: Cast) -> None:
    """CMP-27: nothing that was said or done is lost."""
    first, second = await pair(cast)

    merged, ahead = await second.card(), await first.card()
    assert (merged.state, merged.merged_into_id, ahead.state) == ("closed", first.id, "planned")
    assert merged.closed_at is not None
    assert await kinds(second.id) == ["complaint.filed", "complaint.merged"]
    assert (await kinds(first.id))[-1] == "complaint.merged-in"
    assert [one.body for one in await words.written(second.id)] == ["房间没有电"]


async def test_its_clocks_stop_and_are_never_missed(cast: Cast, travel: Callable[[datetime], None]) -> None:
    """CMP-14: what was merged is no missed deadline."""
    _first, second = await pair(cast)
    travel(clock.now() + timedelta(days=30))
    await clocks.look_at_clocks()

    rows = await Clock.select().where(Clock.item == second.id)
    assert [row["stopped_at"] is not None and row["missed_at"] is None for row in rows] == [True, True, True]
    assert not (await second.card()).late


async def test_it_cannot_be_merged_into_itself(cast: Cast) -> None:
    case = await stories.filed(cast.hotel)

    with pytest.raises(Invalid) as refused:
        await merge(case, case, cast.manager)

    assert list(refused.value.fields) == ["into"]


async def test_into_one_that_was_merged_itself_is_refused_naming_where_it_went(cast: Cast) -> None:
    first, second = await pair(cast)
    third = await stories.filed(cast.hotel)

    with pytest.raises(Conflict, match=first.number):
        await merge(third, second, cast.receptionist)


@pytest.mark.parametrize("story", [stories.answered, stories.closed])
async def test_what_is_answered_takes_nothing_in(cast: Cast, story: Callable[..., object]) -> None:
    """CMP-38: its guest would never get an answer."""
    settled = await story(cast.hotel, by=cast.receptionist)  # type: ignore[misc]  # a story of tests.stories
    case = await stories.filed(cast.hotel)

    with pytest.raises(Conflict):
        await merge(case, settled, cast.receptionist)

    assert (await case.card()).state == "received"


async def test_a_number_next_door_or_out_of_sight_is_not_there(cast: Cast) -> None:
    """P32, CMP-26."""
    case = await stories.claimed(cast.hotel, by=cast.floor, category="room")

    for other in (await stories.filed(cast.tower), await stories.filed(cast.hotel)):
        with pytest.raises(Invalid) as refused:
            await merge(case, other, cast.floor)
        assert list(refused.value.fields) == ["into"]


async def test_anothers_item_is_merged_by_a_manager_alone_and_nobodys_by_whoever_handles(cast: Cast) -> None:
    theirs, goal = await stories.claimed(cast.hotel, by=cast.second), await stories.filed(cast.hotel)

    with pytest.raises(Conflict):
        await merge(theirs, goal, cast.receptionist)
    rejected = await stories.rejected(cast.hotel, by=cast.second)
    with pytest.raises(Conflict):
        await merge(rejected, goal, cast.receptionist)
    await merge(theirs, goal, cast.manager)


async def test_each_page_keeps_its_own_words_and_never_shows_the_others(cast: Cast) -> None:
    """CMP-45."""
    first, second = await pair(cast)
    await handling.write_to_customer(await first.card(), Message(body="电工在路上"), site=cast.hotel, by=cast.receptionist)
    await following.write(await first.card(), Message(body="孩子怕黑"), site=cast.hotel)
    await following.write(await second.card(), Message(body="冰箱里有药"), site=cast.hotel)

    assert said(await first.view()) == ["停电了，十二楼", "电工在路上", "孩子怕黑"]
    assert said(await second.view()) == ["房间没有电", "冰箱里有药"]


async def test_the_answer_goes_to_both_and_only_the_first_guest_accepts_it(cast: Cast) -> None:
    """CMP-38: each has an echo."""
    first, second = await pair(cast)
    await handling.answer(await first.card(), "已恢复供电", site=cast.hotel, by=cast.receptionist)

    one, two = await first.view(), await second.view()
    assert (one.reply, two.reply) == ("已恢复供电", "已恢复供电")
    assert await kinds(second.id) == ["complaint.filed", "complaint.merged", "complaint.answered"]
    assert (one.state, two.state, two.number) == ("answered", "answered", second.number)
    assert (one.can_accept, two.can_accept, two.can_reject, two.accepted) == (True, False, False, False)
    with pytest.raises(Conflict):
        await following.accept(await second.card(), site=cast.hotel)
    await following.accept(await first.card(), site=cast.hotel)
    assert (await second.view()).accepted


async def test_an_answer_that_was_sent_back_stands_on_neither_page(cast: Cast) -> None:
    first, second = await pair(cast)
    await handling.answer(await first.card(), "已恢复供电", site=cast.hotel, by=cast.receptionist)
    await following.reject(await first.card(), "又停了", site=cast.hotel)

    view = await second.view()

    assert (view.reply, view.state, said(view)) == ("", "triaged", ["房间没有电"])


async def test_nothing_on_the_merged_ones_page_happened_before_it_was_filed(
    cast: Cast, travel: Callable[[datetime], None]
) -> None:
    first = await stories.planned(cast.hotel, by=cast.receptionist)
    travel(clock.now() + timedelta(hours=2))
    second = await stories.filed(cast.hotel, phone=ANOTHER)
    await merge(second, first, cast.receptionist)

    view = await second.view()

    assert [step.key for step in view.story if step.done] == ["received", "acknowledged", "working"]
    assert all(step.at is None or step.at >= view.filed_at for step in view.story)


async def test_a_message_to_the_merged_one_lands_on_the_other_and_names_its_number(cast: Cast) -> None:
    """And the other guest sees nothing of it."""
    first, second = await pair(cast)

    picture = Stored(new_id(), 64, 64)
    await following.write(await second.card(), Message(body="冰箱里有药"), site=cast.hotel, pictures=[picture])

    landed = (await words.written(first.id))[-1]
    event = (await events.timeline(first.id))[-1]
    assert (landed.kind, landed.body, event.kind) == (EntryKind.MERGED, "冰箱里有药", "complaint.wrote-merged")
    assert event.particulars == {"number": second.number}
    ((shown,),) = (await photos.by_entry(first.id)).values()
    theirs = await first.view()
    assert "冰箱里有药" not in said(theirs)
    assert shown not in [*theirs.photos, *(photo for one in theirs.talk for photo in one.photos)]
    assert (await events.unread(cast.receptionist.id, site=cast.hotel.id))[0].kind == "complaint.wrote-merged"


async def test_when_the_other_is_closed_a_late_word_reaches_it_and_there_is_nothing_to_rate(cast: Cast) -> None:
    first, second = await pair(cast)
    await handling.answer(await first.card(), "已恢复供电", site=cast.hotel, by=cast.receptionist)
    await following.accept(await first.card(), site=cast.hotel)
    await handling.close(await first.card(), site=cast.hotel, by=cast.receptionist)

    view = await second.view()
    assert (view.state, view.can_rate) == ("closed", False)
    await following.write(await second.card(), Message(body="谢谢"), site=cast.hotel)
    assert "谢谢" in [one.body for one in await words.written(first.id)]
    assert (await first.card()).state == "closed"


async def test_the_merged_ones_link_and_contact_last_as_long_as_the_others(
    cast: Cast, travel: Callable[[datetime], None]
) -> None:
    """P35; retention: what goes on is not over."""
    first, second = await pair(cast)
    start = clock.now()
    travel(start + timedelta(days=200))
    await minding.erase_contacts()
    assert (await second.view()).number == second.number
    await handling.answer(await first.card(), "已恢复供电", site=cast.hotel, by=cast.receptionist)
    await following.accept(await first.card(), site=cast.hotel)
    await handling.close(await first.card(), site=cast.hotel, by=cast.receptionist)

    travel(start + timedelta(days=231))
    with pytest.raises(NotFound):
        await second.view()
    travel(start + timedelta(days=381))
    await minding.erase_contacts()
    row = await Complaint.select(Complaint.token).where(Complaint.id == second.id).first()
    assert row == {"token": ""}


async def test_what_was_merged_before_and_open_tasks_go_along(cast: Cast) -> None:
    first, second = await pair(cast)
    await asking.add(first.id, "查电闸", site=cast.hotel, department=Role.FLOOR, due_at=clock.now(), by=None)
    third = await stories.filed(cast.hotel)

    await merge(first, third, cast.manager)

    assert (await second.card()).merged_into_id == third.id
    assert len(await tasks.still_open(third.id)) == 1
    assert await tasks.still_open(first.id) == []
    await following.write(await second.card(), Message(body="冰箱里有药"), site=cast.hotel)
    assert (await words.written(third.id))[-1].body == "冰箱里有药"


async def test_merging_two_of_one_guest_counts_as_a_second_contact(cast: Cast) -> None:
    """DUTY-20: linked and counted as a failure."""
    first, second, stranger = [await stories.filed(cast.hotel, phone=phone) for phone in (A_GUEST, A_GUEST, ANOTHER)]

    await merge(second, first, cast.manager)
    await merge(stranger, first, cast.manager)

    assert (await first.card()).contacts == 1


async def test_a_second_contact_is_counted_and_the_owner_hears_of_it(cast: Cast) -> None:
    """DUTY-20: a second contact for the same matter is linked and counted as a failure."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)

    for by in (cast.second, cast.receptionist):
        form = Contact(channel=Channel.PHONE, body="还没有人来")
        await sharing.note_contact(await case.card(), form, site=cast.hotel, by=by)

    assert (await case.card()).contacts == 2
    unread = await events.unread(cast.receptionist.id, site=cast.hotel.id)
    assert [one.kind for one in unread] == ["complaint.contacted-again"]
    assert said(await case.view()) == [stories.BODY]


async def test_what_goes_on_is_as_severe_as_the_worse_and_due_before_either_leaves(cast: Cast) -> None:
    """CMP-11: a severe case is not made a lesser one by merging it."""
    leaves = clock.now() + timedelta(hours=5)
    minor = await stories.triaged(cast.hotel, by=cast.receptionist, severity="minor")
    severe = await stories.triaged(cast.hotel, by=cast.receptionist, severity="severe", phone=ANOTHER,
                                   leaves_at=leaves.isoformat())  # fmt: skip

    await merge(severe, minor, cast.receptionist)

    card = await minor.card()
    assert (card.severity, card.leaves_at) == ("severe", leaves)
    running = await Clock.select().where(Clock.item == minor.id, Clock.stopped_at.is_null())
    assert {"tracking", "leave"} <= {row["kind"] for row in running}
    assert next(row for row in running if row["kind"] == "resolve")["minutes"] == 24 * 60
    assert [one.particulars["why"] for one in await events.timeline(minor.id) if one.kind == "item.due-moved"] != []


async def test_merging_ends_a_pause_and_the_merged_one_stands_still_no_more(cast: Cast) -> None:
    case, other = await stories.claimed(cast.hotel, by=cast.receptionist), await stories.filed(cast.hotel)
    await pauses.pause(await case.card(), DEEDS["pause"], site=cast.hotel, by=cast.receptionist,
                       reason=PauseReason.PARTS, body="")  # fmt: skip

    await merge(case, other, cast.receptionist)

    assert not (await case.card()).paused
    assert not await Pause.exists().where(Pause.item == case.id, Pause.ended_at.is_null())


async def test_the_merged_guest_reads_what_he_himself_was_promised(cast: Cast) -> None:
    """CMP-28."""
    first = await stories.planned(cast.hotel, by=cast.receptionist)
    second = await stories.planned(cast.hotel, by=cast.receptionist, phone=ANOTHER)
    promise = Promise.model_validate({"amount": "10", "remedy": "果篮"})
    await redress.propose(await second.card(), promise, site=cast.hotel, by=cast.receptionist)
    await merge(second, first, cast.receptionist)
    assert (await second.view()).remedies == []

    await handling.answer(await first.card(), "修好了", site=cast.hotel, by=cast.receptionist)

    assert ((await second.view()).remedies, (await first.view()).remedies) == ([("果篮", 1_000)], [])


async def test_the_limit_is_for_both_together(cast: Cast) -> None:
    """CMP-29."""
    first = await stories.planned(cast.hotel, by=cast.receptionist)
    second = await stories.planned(cast.hotel, by=cast.receptionist, phone=ANOTHER)
    promise = Promise.model_validate({"amount": "150", "remedy": "房费减免"})
    await redress.propose(await second.card(), promise, site=cast.hotel, by=cast.receptionist)
    await merge(second, first, cast.receptionist)

    await redress.propose(await first.card(), promise, site=cast.hotel, by=cast.receptionist)

    assert [one.state for one in await promised.promised(first.id)] == ["proposed"]


async def test_a_word_that_crosses_the_merging_lands_on_the_other_still(cast: Cast) -> None:
    """The guest's page was read before, the word is written after."""
    first, second = await stories.planned(cast.hotel, by=cast.receptionist), await stories.filed(cast.hotel, phone=ANOTHER)
    read = await second.card()
    await merge(second, first, cast.receptionist)

    await following.write(read, Message(body="还在滴水"), site=cast.hotel)

    assert [one.body for one in await words.written(first.id) if one.kind == EntryKind.MERGED] == ["还在滴水"]


async def test_what_was_merged_is_not_opened_again_nor_visited_by_itself(cast: Cast) -> None:
    first, second = await stories.planned(cast.hotel, by=cast.receptionist), await stories.filed(cast.hotel, phone=ANOTHER)
    await merge(second, first, cast.receptionist)
    card, by = await second.card(), cast.manager

    for deed in (
        ending.reopen(replace(card, merged_into_id=None), site=cast.hotel, by=by),
        ending.visit(card, Visit.model_validate({"satisfied": "no"}), site=cast.hotel, by=by),
        ending.verify(card, "", site=cast.hotel, by=by),
    ):
        with pytest.raises(Conflict):
            await deed
    assert (await second.card()).state == "closed"


async def test_a_leaving_that_is_past_presses_nothing(cast: Cast, travel: Callable[[datetime], None]) -> None:
    now = clock.now()
    early = await stories.claimed(cast.hotel, by=cast.receptionist, leaves_at=(now + timedelta(hours=1)).isoformat())
    late = await stories.claimed(cast.hotel, by=cast.receptionist, phone=ANOTHER,
                                 leaves_at=(now + timedelta(hours=48)).isoformat())  # fmt: skip
    travel(now + timedelta(hours=3))

    await merge(early, late, cast.receptionist)

    (row,) = await Clock.select().where(Clock.item == late.id, Clock.kind == "leave")
    assert row["due_at"] == (await late.card()).leaves_at == now + timedelta(hours=48)


async def test_a_dispute_whose_other_party_has_a_link_goes_on_by_itself(cast: Cast) -> None:
    """CMP-32: or the party would be cut off."""
    case, other = await stories.filed(cast.hotel, kind="dispute"), await stories.filed(cast.hotel, phone=ANOTHER)
    await mediating.keep(case.id, name="星海公司", phone="")

    with pytest.raises(Invalid) as refused:
        await merge(case, other, cast.manager)
    assert list(refused.value.fields) == ["into"]
    await merge(other, case, cast.manager)
