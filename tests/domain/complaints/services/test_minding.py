"""What the clock does: reminds, takes silence for acceptance, and erases the contact and the photos, not a day early."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal import clock, ids
from portal.domain.complaints.forms.filing import Message
from portal.domain.complaints.queries import staff
from portal.domain.complaints.services import following, handling, minding
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Site
from portal.errors import NotFound
from portal.events import queries as events
from portal.photos import services as photos
from portal.photos.services import Stored
from portal.photos.tables import Photo
from tests import stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
Travel = Callable[[datetime], None]


async def test_contact_and_photos_go_when_their_time_is_over(cast: Cast, travel: Travel) -> None:
    """P42."""
    case = await stories.closed(cast.hotel, by=cast.receptionist)
    await photos.attach([Stored(ids.new_id(), 1, 1)], site=cast.hotel.id, subject=case.id, entry=ids.new_id())
    travel(clock.now() + timedelta(days=181))

    assert await minding.erase_contacts() == 1

    view = await staff.for_staff(await case.card(), cast.hotel)
    assert view.contact is None
    assert view.body == stories.BODY
    assert await Photo.count() == 0
    assert (await events.timeline(case.id))[-1].kind == "complaint.contact-erased"
    assert "张" not in (await case.card()).who


async def test_it_is_erased_once(cast: Cast, travel: Travel) -> None:
    await stories.closed(cast.hotel, by=cast.receptionist)
    travel(clock.now() + timedelta(days=181))

    assert [await minding.erase_contacts(), await minding.erase_contacts()] == [1, 0]


async def test_nothing_goes_before_its_time_nor_while_it_is_open(cast: Cast, travel: Travel) -> None:
    closed = await stories.closed(cast.hotel, by=cast.receptionist)
    await stories.answered(cast.hotel, by=cast.receptionist)
    travel(clock.now() + timedelta(days=179))
    assert await minding.erase_contacts() == 0

    travel(clock.now() + timedelta(days=900))
    assert await minding.erase_contacts() == 1
    assert (await staff.for_staff(await closed.card(), cast.hotel)).contact is None


async def test_each_site_keeps_as_long_as_it_says(cast: Cast, travel: Travel) -> None:
    await Site.update({Site.choices: '{"complaint.retention_days": 30}'}).where(Site.id == cast.tower.id)
    await stories.closed(cast.hotel, by=cast.receptionist)
    await stories.closed(cast.tower, by=cast.strange_manager)
    travel(clock.now() + timedelta(days=31))

    assert await minding.erase_contacts() == 1


async def test_the_link_of_what_was_erased_is_dead(cast: Cast, travel: Travel) -> None:
    """P35: also where the link would live longer than the contact."""
    choices = '{"complaint.retention_days": 30, "complaint.link_days": 365}'
    await Site.update({Site.choices: choices}).where(Site.id == cast.hotel.id)
    case = await stories.closed(cast.hotel, by=cast.receptionist)
    travel(clock.now() + timedelta(days=31))
    await minding.erase_contacts()

    with pytest.raises(NotFound):
        await case.view()


async def silent(case: stories.Case) -> list[str]:
    """What the clock has written about the answer."""
    kinds = ("complaint.reminded", "complaint.accepted-by-silence")
    return [one.kind for one in await events.timeline(case.id) if one.kind in kinds]


async def test_silence_counts_as_acceptance_after_its_days_and_is_reminded_of_the_day_before(
    cast: Cast, travel: Travel
) -> None:
    """CMP-38."""
    case, start = await stories.answered(cast.hotel, by=cast.receptionist), clock.now()
    for later, found in (
        (timedelta(days=6, minutes=-1), []),
        (timedelta(days=6, minutes=1), ["complaint.reminded"]),
        (timedelta(days=7, minutes=-1), ["complaint.reminded"]),
        (timedelta(days=7, minutes=1), ["complaint.reminded", "complaint.accepted-by-silence"]),
        (timedelta(days=9), ["complaint.reminded", "complaint.accepted-by-silence"]),
    ):
        travel(start + later)
        await minding.remind()
        await minding.accept_by_silence()
        assert await silent(case) == found

    view, card = await case.view(), await case.card()
    assert (view.accepted, view.by_silence, view.can_reject, card.state) == (True, True, False, "answered")
    await handling.close(card, site=cast.hotel, by=cast.receptionist)
    assert (await events.timeline(case.id))[-1].particulars == {"accepted": False}


async def test_a_clock_that_jumps_over_the_reminder_accepts_all_the_same(cast: Cast, travel: Travel) -> None:
    """P15."""
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    travel(clock.now() + timedelta(days=30))

    assert [await minding.accept_by_silence(), await minding.accept_by_silence(), await minding.remind()] == [1, 0, 0]

    assert await silent(case) == ["complaint.accepted-by-silence"]


async def test_who_spoke_is_not_silent_and_is_reminded_anew(cast: Cast, travel: Travel) -> None:
    case, start = await stories.answered(cast.hotel, by=cast.receptionist), clock.now()
    travel(start + timedelta(days=6, hours=1))
    await minding.remind()
    await following.write(await case.card(), Message(body="我再想想"), site=cast.hotel)
    assert not (await case.view()).reminded

    travel(start + timedelta(days=8))
    await minding.accept_by_silence()
    travel(start + timedelta(days=12, hours=2))
    await minding.remind()

    assert await silent(case) == ["complaint.reminded", "complaint.reminded"]


async def test_what_was_accepted_rejected_or_closed_is_left_alone(cast: Cast, travel: Travel) -> None:
    for story in (stories.accepted, stories.rejected, stories.closed, stories.planned):
        await story(cast.hotel, by=cast.receptionist)
    travel(clock.now() + timedelta(days=20))

    assert [await minding.remind(), await minding.accept_by_silence()] == [0, 0]


async def test_each_site_has_its_own_days_and_one_day_leaves_no_day_before(cast: Cast, travel: Travel) -> None:
    await stories.decided(cast.hotel, complaint__silence_days=1)
    case, start = await stories.answered(await sites.site("hotel"), by=cast.receptionist), clock.now()
    await stories.answered(cast.tower, by=cast.strange_manager)

    travel(start + timedelta(days=1, minutes=1))
    assert [await minding.remind(), await minding.accept_by_silence()] == [0, 1]

    assert await silent(case) == ["complaint.accepted-by-silence"]


async def test_staff_who_close_first_write_the_silence_down_themselves(cast: Cast, travel: Travel) -> None:
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    travel(clock.now() + timedelta(days=8))

    await handling.close(await case.card(), site=cast.hotel, by=cast.receptionist)

    assert await silent(case) == ["complaint.accepted-by-silence"]
    assert await minding.accept_by_silence() == 0
