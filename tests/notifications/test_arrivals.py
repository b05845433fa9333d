"""Who left a phone hears by text message that the number is called, where messages are set up; nobody else."""

from dataclasses import replace
from typing import Any

import pytest

from portal import settings
from portal.domain.arrivals.queries import waiting
from portal.domain.arrivals.tables import Arrival
from portal.events import outbox
from portal.events import services as events
from portal.notifications import delivery
from tests import visits
from tests.cast import Cast
from tests.domain.arrivals.services.test_coming import take

pytestmark = pytest.mark.usefixtures("db")


@pytest.fixture
def texts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Text messages are set up."""
    chosen = replace(settings.current(), sms_url="https://sms.example.com/send")
    monkeypatch.setattr(settings, "current", lambda: chosen)


async def call(cast: Cast, **typed: Any) -> list[outbox.Message]:
    """Somebody takes a number and is called to window 3; the messages of it."""
    token = await take(cast.hotel, await visits.make_type(cast.hotel, code="counter"), **typed)
    arrival, _site = await waiting.by_token(token)
    window = await visits.make_station(cast.hotel, code="3")
    await Arrival.update({Arrival.station: window.id}).where(Arrival.id == arrival.item)
    await events.record("arrival.called", site=cast.hotel.id, subject=arrival.item, by=cast.receptionist)
    await delivery.spread()
    found, _after = await outbox.listed(cast.hotel.id)
    return [one for one in found if one.audience == outbox.CUSTOMER]


@pytest.mark.usefixtures("texts")
async def test_who_left_a_phone_is_told_number_window_and_link_and_nothing_personal(cast: Cast) -> None:
    (message,) = await call(cast, phone="+8613800138000", name="李雷")
    letter = (await delivery.letters([message]))[message.id]
    masked = (await delivery.letters([message], masked=True))[message.id]

    assert (message.channel, message.kind, letter.to) == ("sms", "arrival.called", "+8613800138000")
    assert letter.text.startswith("海湾酒店：C001 号，请到3号窗口 http://127.0.0.1:8000/w/")
    assert "李" not in letter.text
    assert masked.to == "138****8000" and masked.text.endswith("/w/…")


@pytest.mark.usefixtures("texts")
async def test_who_left_none_is_told_nothing(cast: Cast) -> None:
    assert await call(cast) == []


async def test_without_a_way_for_texts_none_waits_in_the_outbox(cast: Cast) -> None:
    assert await call(cast, phone="+8613800138000") == []
