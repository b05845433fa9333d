"""Two matters told at once are split; and what belongs together, or is of the same guest, is found."""

from collections.abc import Callable
from uuid import UUID

import pytest

from portal.domain.accounts.queries import Staff
from portal.domain.complaints.forms.filing import Message
from portal.domain.complaints.forms.handling import Split
from portal.domain.complaints.queries import customer, goods
from portal.domain.complaints.queries.customer import CustomerView
from portal.domain.complaints.queries.related import related
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import following, handling, sharing
from portal.domain.complaints.services.filing import Filed
from portal.domain.complaints.tables import Complaint
from portal.domain.queues.queries import items, words
from portal.domain.queues.services import deeds
from portal.domain.queues.tables import WorkItem
from portal.errors import Invalid
from portal.events import queries as events
from portal.i18n import translations
from portal.ids import new_id, new_token
from portal.photos import queries as photos
from portal.photos import services
from portal.photos.services import Stored
from portal.photos.tables import Photo
from tests import stories
from tests.cast import Cast
from tests.stories import Case

pytestmark = pytest.mark.usefixtures("db")
ANOTHER = "13900139000"


def said(view: CustomerView) -> list[str]:
    return [view.body, *(one.body for one in view.talk)]


async def kinds(item: UUID) -> list[str]:
    return [one.kind for one in await events.timeline(item)]


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


async def test_what_is_split_off_a_product_complaint_is_of_the_same_goods(cast: Cast) -> None:
    """CMP-06."""
    case = await stories.filed(cast.hotel, kind="product")

    made = await split(case, cast.manager, next(iter((await told_of(case)).values())))

    assert await goods.product(await items.item_by_id(made.item)) == await goods.product(await case.card())


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
    """Same phone, same place, same day."""
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
    first = await stories.claimed(cast.hotel, by=cast.receptionist)
    second = await stories.filed(cast.hotel, phone=ANOTHER)
    await sharing.merge(await second.card(), first.number, site=cast.hotel, by=cast.receptionist)
    made = await split(first, cast.receptionist, (await told_of(first))[stories.BODY])

    here = await related(cast.manager, cast.hotel, await first.card())
    there = await related(cast.manager, cast.hotel, await second.card())
    new = await related(cast.manager, cast.hotel, await items.item_by_id(made.item))

    assert [one.number for one in (*here.merged, *here.split)] == [second.number, made.number]
    assert [one.number for one in there.into] == [first.number]
    assert [one.number for one in new.first] == [first.number]


async def test_the_second_matter_speaks_the_guests_language(cast: Cast) -> None:
    with translations.use("en"):
        case = await stories.filed(cast.hotel)
    await deeds.claim(await case.card(), DEEDS["claim"], site=cast.hotel, by=cast.receptionist)
    form = Split.model_construct(messages=[one.id for one in await words.written(case.id)], body="还有毛巾")

    made = await sharing.split(await case.card(), form, site=cast.hotel, by=cast.receptionist, token="x")

    row = await Complaint.select(Complaint.language).where(Complaint.id == made.item).first()
    assert row == {"language": "en"}
