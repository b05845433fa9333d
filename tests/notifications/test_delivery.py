"""Each event is told once, and each message is tried until it is sent or given up, whoever dies on the way."""

import asyncio
import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from portal import clock, database, ids
from portal.domain.complaints.tables import Complaint
from portal.errors import Conflict
from portal.events import outbox
from portal.events.tables import Delivery, Heard
from portal.notifications import complaints, delivery
from tests import stories
from tests.cast import Cast
from tests.notifications import servers

Travel = Callable[[object], None]
ANN: dict[str, Any] = {"phone": "", "email": "ann@example.com"}


async def states(cast: Cast) -> list[tuple[str, int, str]]:
    found, _after = await outbox.listed(cast.hotel.id)
    return [(one.state, one.tries, one.outcome) for one in found]


@pytest.mark.usefixtures("db")
async def test_an_event_is_told_once_however_often_one_looks(cast: Cast) -> None:
    await stories.filed(cast.hotel)

    for _look in range(3):
        await delivery.spread()

    assert await states(cast) == [("off", 0, "")]


@pytest.mark.usefixtures("db")
async def test_an_event_that_was_committed_after_younger_ones_is_told_too(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P09: what is written in a slow transaction has an older id than what was seen meanwhile."""
    older = ids.new_id()
    await stories.filed(cast.hotel)
    await delivery.spread()
    monkeypatch.setattr("portal.events.services.new_id", lambda: older)
    case = await stories.filed(cast.tower, category="service")
    monkeypatch.undo()

    await delivery.spread()

    assert [one.recipient for one in (await outbox.listed(cast.tower.id))[0]] == [case.id]


@pytest.mark.usefixtures("db")
async def test_a_clock_that_was_wrong_for_a_while_hides_no_event_and_tells_none_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P15: ids are made of the time, and so are those of the hour that was not."""
    ahead = UUID(int=ids.new_id().int + (3_600_000 * 24 << 80))
    monkeypatch.setattr("portal.events.services.new_id", lambda: ahead)
    await stories.filed(cast.hotel)
    monkeypatch.undo()
    await delivery.spread()

    await stories.filed(cast.hotel)
    await delivery.spread()
    await outbox.forget_old()
    await delivery.spread()

    assert len(await states(cast)) == 2


@pytest.mark.usefixtures("db")
async def test_what_is_forgotten_is_not_told_again(cast: Cast) -> None:
    long_ago = UUID(int=ids.new_id().int - (3_600_000 * 24 << 80))
    await Heard.insert(Heard(id=long_ago))
    await stories.filed(cast.hotel)
    await delivery.spread()

    await outbox.forget_old()
    await delivery.spread()

    assert not await Heard.exists().where(Heard.id == long_ago)
    assert len(await states(cast)) == 1


@pytest.mark.usefixtures("committed")
async def test_workers_that_look_at_once_tell_each_event_once(cast: Cast) -> None:
    """P09; P15."""
    for _number in range(8):
        await stories.filed(cast.hotel)

    await asyncio.gather(*(database.spawn(delivery.spread()) for _worker in range(3)))

    assert len(await states(cast)) == 8
    assert await outbox.unheard(most=9) == []


@pytest.mark.usefixtures("db")
async def test_who_was_slower_adds_nobody_who_came_to_be_meant_meanwhile(cast: Cast) -> None:
    """P09."""
    await stories.filed(cast.hotel)
    seen = await outbox.unheard(most=9)
    await delivery.spread()

    meant = [outbox.Addressed(seen[-1], outbox.STAFF, cast.manager.id, outbox.EMAIL, on=False)]
    with pytest.raises(Conflict):
        await outbox.hear(seen, meant)

    assert len(await states(cast)) == 1


@pytest.mark.usefixtures("committed")
async def test_what_dies_between_leaves_nothing_half_told(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """P10: the mark of an event and its messages are one transaction."""
    await stories.filed(cast.hotel)
    insert = database.insert

    async def dying(table: type, *rows: dict[str, object], unless_there: bool = False) -> int:
        if table is Delivery:
            raise ZeroDivisionError
        return await insert(table, *rows, unless_there=unless_there)

    with monkeypatch.context() as broken:
        broken.setattr(database, "insert", dying)
        await delivery.spread()
    assert (await Heard.count(), await Delivery.count()) == (0, 0)

    await delivery.spread()
    assert len(await states(cast)) == 1


@pytest.mark.usefixtures("db")
async def test_one_event_that_cannot_be_told_does_not_keep_the_others(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    bad, good = await stories.filed(cast.hotel), await stories.filed(cast.hotel)
    addressed = complaints.addressed

    async def picky(events: list[outbox.Happened], sites: object) -> list[outbox.Addressed]:
        if any(event.subject == bad.id for event in events):
            raise ValueError(stories.PHONE)
        return await addressed(events, sites)  # type: ignore[arg-type]  # passed on as it came

    monkeypatch.setattr(complaints, "addressed", picky)
    with caplog.at_level(logging.ERROR):
        await delivery.spread()

    assert [one.recipient for one in (await outbox.listed(cast.hotel.id))[0]] == [good.id]
    assert "ValueError" in caplog.text and stories.PHONE not in caplog.text


@pytest.mark.usefixtures("db")
async def test_a_message_is_tried_again_with_the_same_id_until_it_is_taken(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, travel: Travel
) -> None:
    """P09."""
    async with servers.mail() as server:
        server.answers = ["450 busy", "451 busy"]
        servers.use(monkeypatch, mail=server)
        await stories.filed(cast.hotel, **ANN)
        await delivery.spread()
        now = clock.now()
        for minutes, state in ((0, ("waiting", 1, "smtp-450")), (0.9, ("waiting", 1, "smtp-450")),
                               (1.1, ("waiting", 2, "smtp-451")), (5, ("waiting", 2, "smtp-451")),
                               (6.2, ("sent", 3, ""))):  # fmt: skip
            travel(now + timedelta(minutes=minutes))
            await delivery.send_mail()
            assert await states(cast) == [state]
        await delivery.send_mail()

    (message,) = (await outbox.listed(cast.hotel.id))[0]
    assert [one["message-id"] for _to, one in server.taken] == [f"<{message.id}@127.0.0.1>"]


@pytest.mark.usefixtures("db")
async def test_after_a_day_of_tries_it_is_given_up_and_what_is_refused_at_once(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, travel: Travel
) -> None:
    async with servers.mail() as server:
        servers.use(monkeypatch, mail=server)
        server.answers = ["450 busy"] * 20
        await stories.filed(cast.hotel, **ANN)
        await delivery.spread()
        now = clock.now()
        for hour in (0, 0.1, 1, 2, 6, 13, 26):
            travel(now + timedelta(hours=hour))
            await delivery.send_mail()
        assert await states(cast) == [("dead", 7, "smtp-450")]

        server.answers = ["550 nobody"]
        await stories.filed(cast.hotel, **ANN)
        await delivery.spread()
        await delivery.send_mail()

    assert (await states(cast))[0] == ("dead", 1, "smtp-550")


@pytest.mark.usefixtures("db")
async def test_who_dies_while_sending_lets_go_after_two_minutes_and_cannot_speak_for_the_next(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, travel: Travel
) -> None:
    """P09: the lease of a killed worker runs out; what it wakes up to say later counts no more."""
    async with servers.mail() as server:
        servers.use(monkeypatch, mail=server)
        await stories.filed(cast.hotel, **ANN)
        await delivery.spread()
        held = await outbox.claimed(outbox.EMAIL)
        assert held is not None

        await delivery.send_mail()
        assert server.taken == []

        travel(clock.now() + timedelta(minutes=2, seconds=1))
        await delivery.send_mail()

    assert len(server.taken) == 1
    await outbox.failed(held, "network")
    assert await states(cast) == [("sent", 2, "")]


@pytest.mark.usefixtures("committed")
async def test_of_workers_that_look_at_once_one_sends_each_message(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """P09."""
    async with servers.mail() as server:
        servers.use(monkeypatch, mail=server)
        for _number in range(6):
            await stories.filed(cast.hotel, **ANN)
        await delivery.spread()

        await asyncio.gather(*(database.spawn(delivery.send_mail()) for _worker in range(3)))

    assert len({message["message-id"] for _to, message in server.taken}) == len(server.taken) == 6


@pytest.mark.usefixtures("db")
async def test_a_channel_in_trouble_ends_the_round(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    async with servers.gateway() as gateway:
        servers.use(monkeypatch, texts=gateway)
    for _number in range(3):
        await stories.filed(cast.hotel)
    await delivery.spread()

    await delivery.send_texts()

    assert sorted(await states(cast)) == [("waiting", 0, ""), ("waiting", 0, ""), ("waiting", 1, "network")]


@pytest.mark.usefixtures("db")
async def test_what_waits_when_a_channel_is_taken_away_is_put_aside(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as once:
        servers.use(once, texts=servers.Gateway(port=9))
        await stories.filed(cast.hotel)
        await delivery.spread()

    await delivery.send_texts()

    assert [state for state, _tries, _outcome in await states(cast)] == ["off"]


@pytest.mark.usefixtures("db")
async def test_without_an_address_any_more_it_is_given_up(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    servers.use(monkeypatch, texts=servers.Gateway(port=9))
    case = await stories.filed(cast.hotel)
    await delivery.spread()
    await Complaint.update({Complaint.phone: "", Complaint.token: ""}).where(Complaint.id == case.id)

    await delivery.send_texts()

    assert await states(cast) == [("dead", 1, "no-address")]
