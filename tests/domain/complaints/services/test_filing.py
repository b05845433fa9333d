"""Filing: by every channel into one register, written down whole, linked to who is known and changing nothing of it."""

import pytest

from portal import clock, sealing
from portal.domain.complaints.rules.way import INTAKE_CHANNELS
from portal.domain.complaints.services import filing
from portal.domain.complaints.tables import Channel, Complaint, Kind
from portal.domain.customers.tables import Acquaintance, Customer
from portal.domain.queues.queries import items as queues
from portal.domain.queues.queries import words
from portal.domain.queues.queries.items import Filters
from portal.domain.queues.tables import WorkItem
from portal.domain.sites import queries as sites
from portal.errors import Forbidden
from portal.events import queries as events
from portal.i18n import translations
from tests import stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


async def row(case: stories.Case) -> dict[str, object]:
    found = await Complaint.select().where(Complaint.id == case.id).first()
    assert found is not None
    return dict(found)


@pytest.mark.parametrize("channel", INTAKE_CHANNELS)
async def test_what_comes_by_any_channel_stands_in_the_one_queue(cast: Cast, channel: Channel) -> None:
    """CMP-01."""
    case = await stories.filed(cast.hotel, taken_by=cast.receptionist, channel=channel)

    cards, _after = await queues.waiting_in(cast.manager, cast.hotel, Filters())
    assert [card.number for card in cards] == [case.number]
    assert (await row(case))["channel"] == channel
    assert (await events.timeline(case.id))[0].particulars == {"channel": channel, "number": case.number}


@pytest.mark.parametrize("kind", list(Kind))
async def test_every_kind_stands_in_the_one_queue(cast: Cast, kind: Kind) -> None:
    """CMP-04, CMP-05, CMP-46, HALL-05."""
    await stories.filed(cast.hotel, kind=kind)

    cards, _after = await queues.waiting_in(cast.manager, cast.hotel, Filters())
    assert [(card.kind, card.state, card.owner_id) for card in cards] == [(kind, "received", None)]


async def test_what_a_customer_files_came_by_the_portal_and_nobody_was_asked_first(cast: Cast) -> None:
    case = await stories.filed(cast.hotel)

    card = await case.card()
    assert (await row(case))["channel"] == "portal"
    assert (card.filed_by_id, card.first_asked_id) == (None, None)
    assert [(one.kind, one.actor) for one in await events.timeline(case.id)] == [("complaint.filed", "customer")]


async def test_who_takes_it_down_was_asked_first(cast: Cast) -> None:
    """CMP-18."""
    case = await stories.filed(cast.hotel, taken_by=cast.guard)

    card = await case.card()
    assert (card.filed_by_id, card.first_asked_id, card.owner_id) == (cast.guard.id, cast.guard.id, None)


@pytest.mark.parametrize("who", ["kitchen", "finance", "auditor", "admin", "owner", "stranger"])
async def test_who_may_not_take_down_is_refused(cast: Cast, who: str) -> None:
    """Table 2.2, row 1."""
    with pytest.raises(Forbidden):
        await stories.filed(cast.hotel, taken_by=getattr(cast, who))

    assert await Complaint.count() == 0


async def test_words_contact_and_place_are_kept_as_they_were_given(cast: Cast) -> None:
    """CMP-02."""
    case = await stories.filed(
        cast.hotel,
        body="空调滴水",
        wish="换房",
        place="泳池边",
        name="张小龙",
        phone="138 0013 8000",
        email="Zhang@Example.com",
    )

    filed = await row(case)
    contact = {name: sealing.unseal(str(filed[name]), f"complaint.{name}:{case.id}") for name in ("name", "phone", "email")}
    assert contact == {"name": "张小龙", "phone": "+8613800138000", "email": "zhang@example.com"}
    assert [(words.kind, words.body) for words in await words.written(case.id)] == [
        ("filing", "空调滴水"),
        ("asked", "换房"),
    ]
    assert ((await case.card()).place, (await case.card()).who) == ("泳池边", "张**")


async def test_nothing_of_the_contact_stands_open(cast: Cast) -> None:
    """P40."""
    case = await stories.filed(cast.hotel, email="zhang@example.com")

    assert [word for word in ("13800138000", "张小龙", "zhang") if word in str(await row(case))] == []
    assert [word for word in ("13800138000", "张小龙") if word in str(await WorkItem.select())] == []


async def test_a_known_place_is_the_sites_own(cast: Cast) -> None:
    case = await stories.filed(cast.hotel, place="1203")

    with translations.use("en"):
        assert (await case.card()).place == "Room 1203"


async def test_the_place_of_another_site_is_only_words_here(cast: Cast) -> None:
    """P32."""
    case = await stories.filed(cast.hotel, place="F8")

    assert (await case.card()).place == "F8"


async def test_without_an_area_it_is_something_else(cast: Cast) -> None:
    assert (await (await stories.filed(cast.hotel, category="other")).card()).category_code == "other"


async def test_the_language_of_the_filing_is_kept(cast: Cast) -> None:
    with translations.use("en"):
        case = await stories.filed(cast.hotel)

    assert (await row(case))["language"] == "en"


async def test_a_filing_links_to_the_person_of_its_phone_and_changes_nothing_there(cast: Cast) -> None:
    first = await stories.filed(cast.hotel, name="张小龙")
    second = await stories.filed(cast.tower, name="冒名者")

    assert (await row(first))["customer"] == (await row(second))["customer"]
    known = await Customer.select().first()
    assert known is not None
    assert sealing.unseal(known["name"], f"customer.name:{known['id']}") == "张小龙"
    assert await Acquaintance.count() == 2


async def test_an_anonymous_filing_knows_nobody(cast: Cast) -> None:
    """CMP-02."""
    case = await stories.filed(cast.hotel, anonymous=True)

    filed = await row(case)
    assert filed["customer"] is None
    assert [sealing.unseal(str(filed[name]), f"complaint.{name}:{case.id}") for name in ("name", "phone")] == ["", ""]
    assert await Customer.count() == 0


async def test_the_link_is_found_by_its_hash_and_kept_sealed(cast: Cast) -> None:
    """P35."""
    case = await stories.filed(cast.hotel)

    filed = await row(case)
    assert case.token not in str(filed)
    assert len(case.token) >= 22  # 128 bit
    assert (await case.view()).number == case.number


async def test_the_card_shows_the_first_line_as_far_as_it_fits() -> None:
    assert filing.title("空调滴水\n地毯湿了") == "空调滴水"
    assert filing.title("字" * 40) == "字" * 40
    assert filing.title("字" * 41) == "字" * 39 + "…"


async def test_it_arrives_now(cast: Cast) -> None:
    before = clock.now()
    case = await stories.filed(cast.hotel)

    assert before <= (await case.card()).arrived_at <= clock.now()


async def test_what_names_no_subject_goes_to_the_unit_of_its_kind(cast: Cast) -> None:
    """CMP-09: to the first subject of that unit; a subject that is named decides before."""
    await stories.decided(cast.hotel, unit__grumble="kitchen")
    site = await sites.site("hotel")

    found = [
        (await (await stories.filed(site, kind=kind, category=category, taken_by=cast.receptionist)).card()).category_code
        for kind, category in (("grumble", None), ("complaint", None), ("grumble", "service"))
    ]

    assert found == ["food", "other", "service"]
