"""Kept reports: their people are told once in each period, by a link, and nobody who lost the role."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from portal.domain.accounts import services as accounts
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Membership
from portal.domain.reports.forms.saving import Keeping
from portal.domain.reports.queries import saved
from portal.domain.reports.services import saving
from portal.domain.reports.tables import SavedReport
from portal.errors import Conflict, NotFound
from portal.events import outbox
from portal.events import queries as events
from portal.events.outbox import Message
from portal.events.tables import Event
from portal.notifications import delivery
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
BEFORE, DUE, NEXT = "2026-12-31T07:00+08:00", "2026-12-31T08:00+08:00", "2027-03-31T08:00+08:00"


def keeping(**typed: Any) -> Keeping:
    return Keeping.model_validate({"name": "季度咨询汇总", "path": "complaints", "range": "quarter", "role": "manager",
                                   "cadence": "quarterly", "hour": "8", **typed})  # fmt: skip


async def kept(cast: Cast, **typed: Any) -> UUID:
    return await saving.keep(cast.hotel, keeping(**typed), by=cast.manager)


async def told(cast: Cast, who: Staff) -> int:
    return len([one for one in await events.unread(who.id, site=cast.hotel.id) if one.kind == saved.DUE])


async def test_those_of_the_role_are_told_once_a_quarter_on_its_last_day(cast: Cast, travel: Callable[[str], None]) -> None:
    """DUTY-24."""
    travel(BEFORE)
    await kept(cast)
    assert await saving.tell_due() == 0

    travel(DUE)
    assert [await saving.tell_due() for _twice in range(2)] == [1, 0]
    travel(BEFORE)  # a clock that was set back
    assert await saving.tell_due() == 0
    travel(DUE)
    assert await saving.tell_due() == 0

    people = (cast.manager, cast.auditor, cast.strange_manager)
    assert [await told(cast, one) for one in people] == [1, 0, 0]
    travel(NEXT)
    assert await saving.tell_due() == 1
    assert await told(cast, cast.manager) == 2


async def test_whoever_looks_at_once_tells_it_once(cast: Cast, travel: Callable[[str], None]) -> None:
    travel(BEFORE)
    await kept(cast)
    row = await SavedReport.select().first()
    assert row is not None

    counts = [await saving._tell(row, "2026-Q4") for _worker in range(3)]

    assert (counts, await Event.count().where(Event.kind == saved.DUE)) == ([1, 0, 0], 1)


async def test_who_lost_the_role_is_not_told_and_gets_no_letter_that_waited(
    cast: Cast, travel: Callable[[str], None]
) -> None:
    """P33: also where the letter was on its way already."""
    await accounts.readdress(cast.manager.username, "chen@example.com", site=cast.hotel, by=cast.admin)
    travel(BEFORE)
    report = await kept(cast)
    travel(DUE)
    await saving.tell_due()
    await delivery.spread()
    found = await delivery.letters(await waiting(cast))
    (letter,) = found.values()
    assert letter.to == "chen@example.com"
    assert f"/desk/hotel/reports/saved/{report}" in letter.text

    await Membership.delete().where(Membership.account == cast.manager.id)

    (letter,) = (await delivery.letters(await waiting(cast))).values()
    assert letter.to == ""
    travel(NEXT)
    await saving.tell_due()
    assert await told(cast, cast.manager) == 1


async def test_it_is_changed_once_and_removed(cast: Cast) -> None:
    report = await saved.one(cast.manager, cast.hotel, await kept(cast))
    await saving.change(report, cast.hotel, keeping(name="新名"), by=cast.manager)
    with pytest.raises(Conflict):
        await saving.change(report, cast.hotel, keeping(), by=cast.manager)

    assert (await saved.one(cast.manager, cast.hotel, report.id)).name == "新名"
    await saving.remove(report, cast.hotel, by=cast.manager)
    with pytest.raises(NotFound):
        await saving.remove(report, cast.hotel, by=cast.manager)


async def waiting(cast: Cast) -> list[Message]:
    return [one for one in (await outbox.listed(cast.hotel.id))[0] if one.kind == saved.DUE]
