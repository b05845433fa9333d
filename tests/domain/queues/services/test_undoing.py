"""What one did a moment ago is taken back: wholly, once, by whoever did it, and only if nothing happened since."""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from portal import clock
from portal.controllers.undoing import offered
from portal.domain.accounts.queries import Staff
from portal.domain.complaints.forms.filing import Message
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import handling
from portal.domain.queues.queries import undos
from portal.domain.queues.services import clocks, deeds, ladder, undoing
from portal.domain.queues.tables import Clock, Escalation, WorkItem
from portal.errors import Conflict, Forbidden
from portal.events import outbox, queries
from portal.events.tables import Delivery, Event
from portal.i18n import translations
from portal.notifications import delivery
from tests import stories
from tests.cast import Cast
from tests.notifications.test_accounts import with_address
from tests.stories import Case

pytestmark = pytest.mark.usefixtures("db")
Travel = Callable[[datetime], None]


async def undo(case: Case, *, by: Staff) -> None:
    """Press the button that stands on the page after the last deed."""
    done = (await undos.just_done(by, [case.id], since=clock.now() - timedelta(hours=1)))[case.id]
    await undoing.undo(await case.card(), DEEDS["undo"], done.id, site=case.site, by=by)


async def mails(cast: Cast) -> list[outbox.Message]:
    return [one for one in (await outbox.listed(cast.hotel.id))[0] if one.audience == outbox.STAFF]


async def stood(case: Case) -> dict[str, Any]:
    """All that an undo restores: the item's row but its version, its clocks, and who has a notice of it."""
    row = await WorkItem.select().where(WorkItem.id == case.id).first()
    assert row is not None
    return {
        **{name: value for name, value in row.items() if name != "version"},
        "clocks": await Clock.select().where(Clock.item == case.id).order_by(Clock.id),
        "told": sorted([(one["recipient"], one["channel"]) for one in await Delivery.select().where(
            Delivery.event.subject == case.id)]),
    }  # fmt: skip


async def claim(case: Case, cast: Cast) -> None:
    await deeds.claim(await case.card(), DEEDS["claim"], site=case.site, by=cast.manager)


async def release(case: Case, cast: Cast) -> None:
    await deeds.release(await case.card(), DEEDS["release"], site=case.site, by=cast.manager, reason="下班")


async def hand_over(case: Case, cast: Cast) -> None:
    await stories.hand_over(case, by=cast.manager, to=cast.floor)


@pytest.mark.parametrize(("owned", "do"), [(False, claim), (False, hand_over), (True, hand_over), (True, release)])
async def test_everything_stands_as_before_and_the_story_says_so(
    cast: Cast, owned: bool, do: Callable[[Case, Cast], Awaitable[None]]
) -> None:
    case = await (stories.claimed(cast.hotel, by=cast.receptionist) if owned else stories.filed(cast.hotel))
    before = await stood(case)
    await do(case, cast)
    assert await stood(case) != before

    await undo(case, by=cast.manager)

    assert await stood(case) == before
    done, undone = (await queries.timeline(case.id))[-2:]
    assert (undone.kind, undone.by) == ("item.undone", cast.manager.id)
    assert undone.particulars == {"deed": done.kind, "event": str(done.id)}


async def test_the_third_hand_over_is_neither_counted_nor_told_to_the_managers(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    for to in (cast.floor, cast.second):
        await stories.hand_over(case, by=cast.manager, to=to)
    assert await queries.unread(cast.manager.id, site=cast.hotel.id) == []
    await stories.hand_over(case, by=cast.manager, to=cast.receptionist)
    assert len(await queries.unread(cast.manager.id, site=cast.hotel.id)) == 1

    await undo(case, by=cast.manager)

    assert (await case.card()).handoffs == 2
    assert await queries.unread(cast.manager.id, site=cast.hotel.id) == []


async def test_for_ten_seconds_and_no_longer(cast: Cast, travel: Travel) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    other = await stories.claimed(cast.hotel, by=cast.receptionist)
    now = clock.now()

    travel(now + timedelta(seconds=9))
    await undo(case, by=cast.receptionist)
    travel(now + timedelta(seconds=11))
    with translations.use("en"), pytest.raises(Conflict, match="ten seconds"):
        await undo(other, by=cast.receptionist)

    assert ((await case.card()).owner, (await other.card()).owner) == ("", "hotel.desk")


async def test_only_by_whoever_did_it_and_only_once(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    done = (await queries.timeline(case.id))[-1].id

    for other, error in ((cast.manager, Conflict), (cast.auditor, Forbidden)):
        with pytest.raises(error):
            await undoing.undo(await case.card(), DEEDS["undo"], done, site=cast.hotel, by=other)
    await undo(case, by=cast.receptionist)
    with pytest.raises(Conflict):
        await undoing.undo(await case.card(), DEEDS["undo"], done, site=cast.hotel, by=cast.receptionist)

    assert await Event.count().where(Event.kind == "item.undone") == 1


@pytest.mark.parametrize("foreign", [True, False])
async def test_nothing_else_is_undone_by_it(cast: Cast, foreign: bool) -> None:
    """Neither a deed on another item, nor one that nobody may take back."""
    case, other = await stories.claimed(cast.hotel, by=cast.receptionist), await stories.claimed(
        cast.hotel, by=cast.receptionist)  # fmt: skip
    await deeds.note(await case.card(), DEEDS["notes"], site=cast.hotel, by=cast.receptionist, body="记")
    events: list[UUID] = [one.id for one in await queries.timeline((other if foreign else case).id)]

    with pytest.raises(Conflict):
        await undoing.undo(await case.card(), DEEDS["undo"], events[-1], site=cast.hotel, by=cast.receptionist)


async def test_not_where_the_guest_was_written_to_since(cast: Cast) -> None:
    """What was sent cannot be taken back."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await handling.write_to_customer(await case.card(), Message(body="马上来"), site=cast.hotel, by=cast.receptionist)

    with translations.use("en"), pytest.raises(Conflict, match="Something else happened"):
        await undo(case, by=cast.receptionist)

    assert (await case.card()).owner == "hotel.desk"


async def test_not_where_somebody_else_wrote_a_note_since_but_past_one_of_ones_own(cast: Cast) -> None:
    """A note changes no version, and is a deed all the same."""
    for writer in (cast.floor, cast.receptionist):
        case = await stories.claimed(cast.hotel, by=cast.receptionist)
        await stories.hand_over(case, by=cast.receptionist, to=cast.floor)
        await deeds.note(await case.card(), DEEDS["notes"], site=cast.hotel, by=writer, body="我去看了")
        offer = await offered(cast.receptionist, cast.hotel, await case.card())
        if writer == cast.receptionist:
            await undo(case, by=cast.receptionist)
        else:
            with translations.use("en"), pytest.raises(Conflict, match="Something else happened"):
                await undo(case, by=cast.receptionist)

        assert (await case.card()).owner == ("hotel.desk" if writer == cast.receptionist else "hotel.floor")
        assert (offer is not None) == (writer == cast.receptionist)


async def test_not_where_it_was_kept_from_somebody_since(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await WorkItem.update({WorkItem.circle: WorkItem.circle + 1}).where(WorkItem.id == case.id)

    with pytest.raises(Conflict):
        await undo(case, by=cast.receptionist)


async def test_the_mail_about_a_hand_over_waits_as_long_and_is_taken_back_with_it(cast: Cast, travel: Travel) -> None:
    await with_address(cast.floor)
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.hand_over(case, by=cast.receptionist, to=cast.floor)
    await delivery.spread()
    (message,) = await mails(cast)
    assert message.due_at - clock.now() > timedelta(seconds=8)

    await undo(case, by=cast.receptionist)
    await delivery.spread()

    assert await mails(cast) == []


async def test_no_mail_is_made_of_what_was_undone_before_a_worker_saw_it(cast: Cast) -> None:
    await with_address(cast.floor)
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.hand_over(case, by=cast.receptionist, to=cast.floor)

    await undo(case, by=cast.receptionist)

    assert not [one for one in await outbox.unheard(most=100) if one.kind == "item.handed-over"]


async def test_not_once_the_mail_has_left(cast: Cast) -> None:
    await with_address(cast.floor)
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await stories.hand_over(case, by=cast.receptionist, to=cast.floor)
    await delivery.spread()
    await Delivery.update({Delivery.tries: 1}).where(Delivery.channel == "email")

    with translations.use("en"), pytest.raises(Conflict, match="e-mail"):
        await undo(case, by=cast.receptionist)


async def test_a_clock_that_ran_out_meanwhile_is_missed_and_its_ladder_goes_on(cast: Cast, travel: Travel) -> None:
    await stories.decided(cast.hotel, complaint__ladder="manager, owner 60")
    case = await stories.filed(await stories.anew(cast.hotel))
    due_at = (await Clock.select().where(Clock.item == case.id, Clock.kind == "acknowledge"))[0]["due_at"]
    travel(due_at + timedelta(seconds=1))
    await clocks.look_at_clocks()
    rung = await Escalation.select().where(Escalation.next_at.is_not_null()).first()
    assert rung is not None
    travel(rung["next_at"] - timedelta(seconds=3))
    await claim(case, cast)
    travel(rung["next_at"] + timedelta(seconds=3))
    await ladder.climb()  # the clock is stopped: nobody is told
    assert await Escalation.count() == 1

    await undo(case, by=cast.manager)
    await ladder.climb()

    assert await Escalation.count() == 2
