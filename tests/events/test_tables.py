"""What happened stays as it was written: the database itself refuses to change it, on both engines."""

from typing import Any

import pytest

from portal import access_log, database
from portal.access_log import AccessEntry
from portal.events import services
from portal.events.tables import Event
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


async def refused(change: Any) -> str:
    """The words in which the database refuses a change; empty if it does not."""
    try:
        async with database.transaction():
            await change
    except Exception as error:
        return str(error)
    return ""


async def test_an_event_can_be_neither_changed_nor_removed(cast: Cast) -> None:
    """CMP-27."""
    event = await services.record("item.noted", site=cast.hotel.id, subject=cast.hotel.id, by=cast.manager)

    assert await refused(Event.update({Event.kind: "x"}).where(Event.id == event)) == "event is insert-only"
    assert await refused(Event.delete().where(Event.id == event)) == "event is insert-only"
    assert [row["kind"] for row in await Event.select(Event.kind)] == ["item.noted"]


async def test_a_line_of_the_access_log_cannot_be_changed(cast: Cast) -> None:
    """P41."""
    await access_log.record("unmask", site=cast.hotel.id, account=cast.manager.id, role="manager", field="phone")

    assert await refused(AccessEntry.update({AccessEntry.field: ""}).where(AccessEntry.field == "phone")) != ""
    assert [row["field"] for row in await AccessEntry.select(AccessEntry.field)] == ["phone"]
