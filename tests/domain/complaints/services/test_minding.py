"""What is kept no longer is erased: the contact and the photos, never the event, and not a day early."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal import clock, ids
from portal.domain.complaints.queries import staff
from portal.domain.complaints.services import minding
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
