"""One matter told twice, two matters told at once: second contacts, merging, splitting."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from portal import clock
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.complaints.forms import Contact, Message, Split
from portal.domain.complaints.queries import customer
from portal.domain.complaints.queries.customer import CustomerView
from portal.domain.complaints.queries.related import related
from portal.domain.complaints.services import following, handling, minding, sharing
from portal.domain.complaints.services.filing import Filed
from portal.domain.complaints.tables import Channel, Complaint
from portal.domain.queues.queries import items, tasks, words
from portal.domain.queues.services import clocks
from portal.domain.queues.services import tasks as asking
from portal.domain.queues.tables import Clock, EntryKind, WorkItem
from portal.errors import Conflict, Invalid, NotFound
from portal.events import queries as events
from portal.ids import new_id, new_token
from portal.photos import queries as photos
from portal.photos import services
from portal.photos.services import Stored
from portal.photos.tables import Photo
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
    assert [row["stopped_at"] is not None and row["missed_at"] is None for row in rows] == [True, True]
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
    """Issue, part 4; CMP-45."""
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
    """Issue, part 4: and the other guest sees nothing of it."""
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


async def test_when_the_other_is_closed_the_merged_one_takes_no_message_and_no_rating(cast: Cast) -> None:
    first, second = await pair(cast)
    await handling.answer(await first.card(), "已恢复供电", site=cast.hotel, by=cast.receptionist)
    await following.accept(await first.card(), site=cast.hotel)
    await handling.close(await first.card(), site=cast.hotel, by=cast.receptionist)

    view = await second.view()
    assert (view.state, view.can_message, view.can_rate) == ("closed", False, False)
    with pytest.raises(Conflict):
        await following.write(await second.card(), Message(body="谢谢"), site=cast.hotel)


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


async def told_of(case: Case) -> dict[str, UUID]:
    return {one.body: one.id for one in await words.written(case.id)}


async def split(case: Case, by: Staff, *chosen: UUID, body: str = "早餐太咸") -> Filed:
    form = Split.model_validate({"messages": [str(one) for one in chosen], "body": body})
    return await sharing.split(await case.card(), form, site=case.site, by=by, token=new_token())


async def test_a_second_matter_gets_its_own_number_link_and_the_chosen_words(cast: Cast) -> None:
    """CMP-27: the words stay on both; CMP-18: who was asked first stays named."""
    case = await stories.filed(cast.hotel, place="1203", taken_by=cast.second, category="room")
    await following.write(await case.card(), Message(body="早餐也太咸"), site=cast.hotel)
    chosen = (await told_of(case))["早餐也太咸"]

    made = await split(case, cast.manager, chosen)

    view, _site = await customer.by_token(made.token)
    card = await items.item_by_id(made.item)
    assert said(view) == ["早餐太咸", "早餐也太咸"]
    assert "早餐也太咸" in said(await case.view())
    assert (card.place, card.category_code, card.state) == ("1203 房", "room", "received")
    assert (card.split_from_id, card.first_asked_id, card.filed_by_id) == (case.id, cast.second.id, cast.manager.id)
    assert card.number != case.number
    assert (await kinds(case.id))[-1] == "complaint.split"
    assert await kinds(made.item) == ["complaint.filed", "complaint.split-off"]
    rows = await Complaint.select(Complaint.customer, Complaint.language).order_by(Complaint.id)
    assert rows[0] == rows[1]


async def test_photos_go_with_their_words_and_outlive_the_first(cast: Cast) -> None:
    case = await stories.filed(cast.hotel)
    picture = Stored(new_id(), 64, 64)
    await following.write(await case.card(), Message(body="看照片"), site=cast.hotel, pictures=[picture])

    made = await split(case, cast.manager, (await told_of(case))["看照片"])
    (again,) = [photo for found in (await photos.by_entry(made.item)).values() for photo in found]
    row = await Photo.select(Photo.file, Photo.subject).where(Photo.id == again).first()
    assert row == {"file": picture.id, "subject": made.item}
    view, _site = await customer.by_token(made.token)
    assert view.talk[0].photos == [again]
    await services.forget(case.id)

    named = await Photo.select(Photo.file).where(Photo.file == picture.id)
    assert len(named) == 1


async def test_what_was_split_may_be_split_again_with_the_same_photos(cast: Cast) -> None:
    case = await stories.filed(cast.hotel)
    picture = Stored(new_id(), 64, 64)
    await following.write(await case.card(), Message(body="看照片"), site=cast.hotel, pictures=[picture])
    made = await split(case, cast.manager, (await told_of(case))["看照片"])
    second = Case(cast.hotel, made.item, made.number, made.token)

    await split(second, cast.manager, (await told_of(second))["看照片"])

    assert [row["file"] for row in await Photo.select(Photo.file).order_by(Photo.id)] == [None, picture.id, picture.id]


async def test_only_the_guests_own_words_of_this_item_can_be_chosen(cast: Cast) -> None:
    """P32, CMP-45: neither notes nor what stands on another item."""
    case, other = await stories.claimed(cast.hotel, by=cast.receptionist), await stories.filed(cast.hotel, body="别的事")
    await handling.write_to_customer(await case.card(), Message(body="马上来"), site=cast.hotel, by=cast.receptionist)

    foreign, ours = (await told_of(other))["别的事"], (await told_of(case))["马上来"]
    for chosen in (foreign, ours):
        with pytest.raises(Invalid) as refused:
            await split(case, cast.receptionist, chosen)
        assert list(refused.value.fields) == ["messages"]
    assert await WorkItem.count() == 2


async def test_the_same_guest_at_the_same_place_on_the_same_day_is_perhaps_the_same_matter(
    cast: Cast, travel: Callable[[str], None]
) -> None:
    """Issue, part 4: same phone, same place, same day."""
    travel("2026-11-21T23:30+08:00")
    yesterday = await stories.filed(cast.hotel, place="1203")
    travel("2026-11-22T00:10+08:00")
    morning = await stories.filed(cast.hotel, place="1203")
    await stories.filed(cast.hotel, place="1204")
    await stories.filed(cast.hotel, place="1203", phone=ANOTHER)
    await stories.filed(cast.hotel, place="")
    over = await stories.closed(cast.hotel, place="1203", by=cast.receptionist)
    await stories.filed(cast.tower, place="1203")
    evening = await stories.filed(cast.hotel, place="1203")

    found = await related(cast.manager, cast.hotel, await evening.card())

    assert [one.number for one in found.same] == [morning.number]
    assert {yesterday.number, morning.number, over.number} <= {one.number for one in found.earlier}
    assert len(found.earlier) == 5  # not the other guest's, not the tower's


async def test_of_earlier_complaints_nobody_learns_of_one_that_he_may_not_see(cast: Cast) -> None:
    """CMP-26: the count too."""
    await stories.filed(cast.hotel, category="food")
    seen = await stories.filed(cast.hotel, category="room")
    now = await stories.filed(cast.hotel, category="room")

    found = await related(cast.floor, cast.hotel, await now.card())

    assert [one.number for one in found.earlier] == [seen.number]


async def test_an_anonymous_guest_has_told_nothing_before(cast: Cast) -> None:
    await stories.filed(cast.hotel, anonymous=True)
    now = await stories.filed(cast.hotel, anonymous=True)

    assert (await related(cast.manager, cast.hotel, await now.card())).earlier == []


async def test_what_belongs_together_names_each_other(cast: Cast) -> None:
    first, second = await pair(cast)
    made = await split(first, cast.receptionist, (await told_of(first))["停电了，十二楼"])

    here = await related(cast.manager, cast.hotel, await first.card())
    there = await related(cast.manager, cast.hotel, await second.card())
    new = await related(cast.manager, cast.hotel, await items.item_by_id(made.item))

    assert [one.number for one in (*here.merged, *here.split)] == [second.number, made.number]
    assert [one.number for one in there.into] == [first.number]
    assert [one.number for one in new.first] == [first.number]
