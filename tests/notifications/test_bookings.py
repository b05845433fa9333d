"""Visitors hear of their bookings by text message, in their language, and of nothing that is not so any more."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal import clock, settings
from portal.domain.bookings.services import minding, waiting
from portal.domain.bookings.services.booking import Booked
from portal.domain.bookings.tables import Booking, State
from portal.domain.queues.tables import WorkItem
from portal.events import outbox
from portal.events import services as events
from portal.i18n import formats, translations
from portal.notifications import bookings, delivery
from portal.notifications.letters import Letter
from tests import visits
from tests.cast import Cast
from tests.notifications import servers

pytestmark = pytest.mark.usefixtures("db")
Travel = Callable[[datetime], None]


async def messages(cast: Cast) -> list[outbox.Message]:
    """The messages to visitors, oldest first."""
    await delivery.spread()
    found, _after = await outbox.listed(cast.hotel.id)
    return [one for one in reversed(found) if one.audience == outbox.CUSTOMER]


async def letter(message: outbox.Message, *, masked: bool = False) -> Letter:
    return (await delivery.letters([message], masked=masked))[message.id]


def link(booked: Booked) -> str:
    return f"{settings.current().base_url}/b/{booked.token}"


async def test_who_books_gets_the_time_the_number_and_the_link_and_nothing_personal(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    servers.use(monkeypatch, texts=servers.Gateway(port=9))
    kind = await visits.make_type(cast.hotel, instant=False)
    booked = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel))

    (message,) = await messages(cast)
    sent = await letter(message)

    when = formats.moment(visits.on(cast.hotel), full=True)
    assert (message.channel, message.state, sent.to) == ("sms", "waiting", "+8613800138000")
    assert sent.text == f"海湾酒店：已收到您 {when} 的参观预约（{booked.number}），我们会尽快确认 {link(booked)}"
    for word in ("李雷", "李先生", "参观展厅", "13800138000"):
        assert word not in sent.text


async def test_a_visit_that_is_confirmed_says_where_to_come(cast: Cast) -> None:
    """VIS-04, VIS-24"""
    place = cast.places["1203"]
    kind = await visits.make_type(cast.hotel, place=place)
    await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel))

    (message,) = await messages(cast)

    assert "已确认" in (await letter(message)).text
    assert place.name in (await letter(message)).text


async def test_who_is_confirmed_in_the_moment_of_booking_hears_of_it_once(cast: Cast) -> None:
    kind = await visits.make_type(cast.hotel, instant=False)
    booked = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel), by=cast.receptionist)
    await visits.confirmed(cast.hotel, booked, by=cast.receptionist)

    assert [one.kind for one in await messages(cast)] == ["booking.confirmed"]


async def test_who_is_on_the_list_hears_that_and_of_the_place_that_became_free(cast: Cast) -> None:
    kind = await visits.make_type(cast.hotel, opens=600, closes=660)
    with translations.use("en"):
        booked = await visits.make_waiting(cast.hotel, kind)
    await waiting.offer_everywhere()

    first, second = [(await letter(one)).text for one in await messages(cast)]

    with translations.use("en"), formats.in_zone(cast.hotel.zone):
        when = formats.moment(visits.on(cast.hotel), full=True)
    assert "waiting list" in first and booked.number in first
    assert when in second and link(booked) in second


async def test_a_reminder_names_the_time(cast: Cast, travel: Travel) -> None:
    kind = await visits.make_type(cast.hotel)
    at = visits.on(cast.hotel, 3)
    await visits.make_booking(cast.hotel, kind, at=at)
    travel(at - timedelta(hours=20))
    await minding.remind()

    (message,) = [one for one in await messages(cast) if one.kind == "booking.reminded"]

    assert formats.moment(at, full=True) in (await letter(message)).text


async def test_what_is_not_so_any_more_is_not_sent(cast: Cast, travel: Travel) -> None:
    kind = await visits.make_type(cast.hotel, opens=600, closes=660)
    at = visits.on(cast.hotel, 3)
    booked = await visits.make_booking(cast.hotel, kind, at=at)
    waits = await visits.make_waiting(cast.hotel, kind, phone="+8613900139000")
    await waiting.offer_everywhere()
    travel(at - timedelta(hours=20))
    await minding.remind()
    asked = {one.kind: one for one in await messages(cast)}
    remind, offer = asked["booking.reminded"], asked["booking.offered"]
    assert (await letter(remind)).to

    await minding.end_unanswered()
    await WorkItem.update({WorkItem.state: State.CANCELLED}).where(WorkItem.id == booked.item)

    assert [(await letter(one)).to for one in (remind, offer)] == ["", ""]
    assert offer.recipient == waits.item


@pytest.mark.parametrize("lang", translations.LANGUAGES)
@pytest.mark.parametrize("kind", bookings.TOLD)
async def test_every_event_has_its_words_in_the_visitors_language(cast: Cast, lang: str, kind: str) -> None:
    offered = await visits.make_type(cast.hotel, instant=False)
    with translations.use(lang):
        booked = await visits.make_booking(cast.hotel, offered, at=visits.on(cast.hotel))
    await Booking.update({
        Booking.asked: bookings.ASKS.get(kind, ""), Booking.asked_begins_at: visits.on(cast.hotel, hour=15),
        Booking.asked_until: clock.now() + timedelta(hours=1),
    }).where(Booking.id == booked.item)  # fmt: skip
    (message,) = await messages(cast)
    told = outbox.Message(**{**vars(message), "kind": kind})

    said = (await letter(told)).text

    site = {"en": "Bay Hotel", "zh-CN": "海湾酒店"}[lang]
    assert said.startswith(site)
    assert booked.number in said and link(booked) in said and "…" not in said and "&" not in said


async def test_other_eyes_see_neither_the_phone_nor_the_key_of_the_link(cast: Cast) -> None:
    """P40"""
    kind = await visits.make_type(cast.hotel)
    booked = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel))
    (message,) = await messages(cast)

    shown = await letter(message, masked=True)

    assert (shown.to, booked.token in shown.text) == ("138****8000", False)


async def test_of_what_happens_between_a_visitor_hears_nothing(cast: Cast) -> None:
    kind = await visits.make_type(cast.hotel)
    booked = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel))
    await messages(cast)
    await events.record("booking.prepared", site=cast.hotel.id, subject=booked.item, by=cast.receptionist)

    assert [one.kind for one in await messages(cast)] == ["booking.made"]


async def test_a_link_that_has_ended_is_sent_to_nobody(cast: Cast, travel: Travel) -> None:
    kind = await visits.make_type(cast.hotel)
    at = visits.on(cast.hotel)
    await visits.make_booking(cast.hotel, kind, at=at)
    (message,) = await messages(cast)

    travel(at + timedelta(hours=26))

    assert (await letter(message)).to == ""
