"""A complaint as its customer may see it, and as those may who handle it."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal import clock, ids
from portal.domain.complaints.forms.ending import Promise
from portal.domain.complaints.forms.filing import Message
from portal.domain.complaints.queries import contacts, customer, staff
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import following, handling, redress
from portal.domain.complaints.tables import Kind, Liability
from portal.domain.queues.services import deeds
from portal.errors import NotFound
from portal.i18n import translations
from tests import stories
from tests.cast import Cast
from tests.ground.probes import statements

pytestmark = pytest.mark.usefixtures("db")
Travel = Callable[[datetime], None]


async def stations(case: stories.Case) -> list[tuple[str, bool, bool]]:
    return [(step.key, step.done, step.current) for step in (await case.view()).story]


async def test_the_story_goes_on_with_the_deeds(cast: Cast) -> None:
    """CMP-45."""
    assert await stations(await stories.filed(cast.hotel)) == [
        ("received", True, True), ("acknowledged", False, False), ("working", False, False), ("answered", False, False),
        ("closed", False, False),
    ]  # fmt: skip
    assert [key for key, _done, now in await stations(await stories.claimed(cast.hotel, by=cast.receptionist)) if now] == [
        "acknowledged"
    ]
    planned = await stories.planned(cast.hotel, by=cast.receptionist)
    assert [key for key, _done, now in await stations(planned) if now] == ["working"]
    closed = await stories.closed(cast.hotel, by=cast.receptionist)
    assert await stations(closed) == [
        ("received", True, False), ("acknowledged", True, False), ("working", True, False), ("answered", True, False),
        ("closed", True, True),
    ]  # fmt: skip


async def test_a_rejected_answer_is_not_shown_as_answered(cast: Cast) -> None:
    case = await stories.rejected(cast.hotel, by=cast.receptionist)

    assert [key for key, done, _now in await stations(case) if done] == ["received", "acknowledged", "working"]


async def test_an_enquiry_has_no_station_for_work(cast: Cast) -> None:
    case = await stories.filed(cast.hotel, kind=Kind.ENQUIRY)

    assert [key for key, _done, _now in await stations(case)] == ["received", "acknowledged", "answered", "closed"]


async def test_the_promised_time_is_that_of_the_answer_until_it_is_there(cast: Cast, travel: Travel) -> None:
    now = datetime.fromisoformat("2026-11-22T12:00:00+08:00")
    travel(now)
    case = await stories.filed(cast.hotel)

    promised = (await case.view()).promised_at
    assert promised is not None
    assert timedelta() <= promised - (now + timedelta(hours=72)) < timedelta(minutes=1)
    assert (await (await stories.answered(cast.hotel, by=cast.receptionist)).view()).promised_at is None


async def test_staff_appear_as_role_and_surname(cast: Cast) -> None:
    """CMP-45."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)

    assert (await case.view()).handler == "前台王"
    with translations.use("en"):
        assert (await case.view()).handler == "Front desk 王"


async def test_the_talk_is_what_was_said_to_each_other_and_nothing_else(cast: Cast) -> None:
    """CMP-45."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    await following.write(await case.card(), Message(body="还在等"), site=cast.hotel)
    await deeds.note(await case.card(), DEEDS["notes"], site=cast.hotel, by=cast.second, body="客人很急")
    await handling.write_to_customer(await case.card(), Message(body="马上来"), site=cast.hotel, by=cast.receptionist)

    talk = (await case.view()).talk

    assert [(one.mine, one.body) for one in talk] == [(True, "还在等"), (False, "马上来")]


async def test_a_wrong_link_opens_nothing() -> None:
    with pytest.raises(NotFound):
        await customer.by_token(ids.new_token())


async def test_a_link_lives_for_thirty_days_after_closing(cast: Cast, travel: Travel) -> None:
    """P35."""
    case, closed = await stories.closed(cast.hotel, by=cast.receptionist), clock.now()
    travel(closed + timedelta(days=29))
    assert (await case.view()).state == "closed"

    travel(closed + timedelta(days=30, minutes=1))
    with pytest.raises(NotFound):
        await case.view()


async def test_the_customer_is_told_from_when_silence_closes_it(cast: Cast) -> None:
    case = await stories.answered(cast.hotel, by=cast.receptionist)

    closable = (await case.view()).closable_on
    assert closable is not None
    assert timedelta() <= clock.now() + timedelta(days=7) - closable < timedelta(minutes=1)
    await following.accept(await case.card(), site=cast.hotel)
    assert (await case.view()).closable_on is None


async def test_those_who_handle_it_see_the_contact_masked(cast: Cast) -> None:
    """P40."""
    case = await stories.filed(cast.hotel, email="zhang@example.com")

    view = await staff.for_staff(await case.card(), cast.hotel)

    assert view.contact == staff.Contact("张**", "138****8000", "z***@example.com")
    assert view.contact_field("phone") == "138 0013 8000"
    assert view.contact_field("email") == "zhang@example.com"


async def test_every_line_of_the_timeline_says_who_and_brings_its_words(cast: Cast) -> None:
    """CMP-25, CMP-27."""
    case = await stories.triaged(cast.hotel, by=cast.receptionist)
    await stories.hand_over(case, by=cast.receptionist, to=cast.floor, reason="客房的事")

    with translations.use("en"):
        lines = (await staff.for_staff(await case.card(), cast.hotel)).timeline

    assert [(line.label, line.who, [text for _word, text in line.words]) for line in lines] == [
        ("Filed", "Customer", [stories.BODY]),
        ("Taken on", cast.receptionist.name, []),
        ("Triaged: Complaint, Normal", cast.receptionist.name, ["冷凝管堵塞", "换一间安静的房"]),
        (f"Handed over to {cast.floor.name}", cast.receptionist.name, ["客房的事"]),
    ]


async def test_a_page_asks_as_many_questions_for_a_long_story_as_for_a_short_one(cast: Cast) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    with statements() as short:
        await case.view()
        await staff.for_staff(await case.card(), cast.hotel)
    for number in range(10):
        await following.write(await case.card(), Message(body=str(number)), site=cast.hotel)

    with statements() as long:
        await case.view()
        await staff.for_staff(await case.card(), cast.hotel)

    assert len(long) == len(short)


async def test_how_a_customer_is_reached_ends_with_the_link(cast: Cast, travel: Travel) -> None:
    """P35; P42."""
    case = await stories.closed(cast.hotel, by=cast.receptionist, email="zhang@example.com")
    here = {cast.hotel.id: cast.hotel}

    assert await contacts.contacts([case.id], here) == {
        case.id: contacts.Contact(case.number, "zh-CN", "zhang@example.com", "+8613800138000", case.token)
    }
    travel(clock.now() + timedelta(days=31))
    assert await contacts.contacts([case.id], here) == {case.id: contacts.Contact(case.number, "zh-CN", "", "", "")}
    assert await contacts.contacts([], here) == {}


@pytest.mark.parametrize(
    ("who", "money", "notes"), [("guard", False, False), ("finance", True, False), ("manager", True, True)]
)
async def test_the_timeline_says_money_and_liability_to_whom_they_concern(
    cast: Cast, who: str, money: bool, notes: bool
) -> None:
    """CMP-26, table 2.2, row 9."""
    case = await stories.planned(cast.hotel, by=cast.receptionist)
    await redress.assess(await case.card(), Liability.NOT_OURS, site=cast.hotel, by=cast.receptionist)
    promise = Promise.model_validate({"amount": "12.50", "remedy": "洗衣费"})
    await redress.propose(await case.card(), promise, site=cast.hotel, by=cast.receptionist)

    view = await staff.for_staff(await case.card(), cast.hotel, roles=getattr(cast, who).roles_at(cast.hotel))

    told = " ".join(line.label for line in view.timeline)
    assert ("12.50" in told, "不在我方" in told) == (money, notes)
