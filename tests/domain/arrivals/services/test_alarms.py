"""Calling for help, and coming."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal import clock, database
from portal.domain.arrivals.forms.serving import NewAlarm
from portal.domain.arrivals.queries import alarms as queries
from portal.domain.arrivals.services import alarms
from portal.domain.arrivals.tables import Alarm
from portal.errors import Conflict, NotFound
from portal.events import queries as events
from tests.cast import Cast

HERE = NewAlarm(place="二号窗口")


@pytest.mark.usefixtures("db")
async def test_help_is_called_for_at_the_site_and_what_was_typed_is_sealed(cast: Cast) -> None:
    """P32, P40."""
    alarm = await alarms.call_for_help(cast.hotel, HERE, by=cast.guard)
    row = await Alarm.select().where(Alarm.id == alarm).first()

    (standing,) = await queries.standing(cast.hotel)
    assert (standing.place, standing.raised_by, standing.answered_by) == ("二号窗口", cast.guard.name, "")
    assert row is not None and "窗口" not in repr(row)
    assert "窗口" not in repr(await events.timeline(alarm))
    assert await queries.standing(cast.tower) == []
    with pytest.raises(NotFound):
        await alarms.answer(cast.tower, alarm, by=cast.stranger)


@pytest.mark.usefixtures("db")
async def test_who_comes_stands_there_for_a_while_and_in_the_history_for_good(
    cast: Cast, travel: Callable[[datetime], None]
) -> None:
    alarm = await alarms.call_for_help(cast.hotel, NewAlarm(silent=True), by=cast.floor)
    await alarms.answer(cast.hotel, alarm, by=cast.receptionist)

    assert [one.answered_by for one in await queries.standing(cast.hotel)] == [cast.receptionist.name]
    travel(clock.now() + timedelta(minutes=3))
    assert await queries.standing(cast.hotel) == []
    assert [(one.silent, one.answered_by) for one in await queries.history(cast.hotel)] == [(True, cast.receptionist.name)]


@pytest.mark.usefixtures("committed")
async def test_of_several_who_come_at_once_one_is_named(cast: Cast) -> None:
    alarm = await alarms.call_for_help(cast.hotel, HERE, by=cast.guard)
    people = (cast.receptionist, cast.second, cast.manager, cast.floor)
    work = (database.spawn(alarms.answer(cast.hotel, alarm, by=person)) for person in people)

    done = await asyncio.gather(*work, return_exceptions=True)

    assert done.count(None) == 1
    (standing,) = await queries.standing(cast.hotel)
    refused = [str(one) for one in done if isinstance(one, Conflict)]
    assert len(refused) == 3
    assert all(standing.answered_by in said for said in refused)
    assert [one.kind for one in await events.timeline(alarm)] == ["alarm.raised", "alarm.answered"]
