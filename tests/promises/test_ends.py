"""P09 and P05 at the end of a complaint: silence is written down once, a compensation is decided once, whoever is at it."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from portal import clock, database
from portal.domain.accounts.queries import Staff
from portal.domain.complaints.forms.ending import Decision
from portal.domain.complaints.services import ending, minding, redress
from portal.domain.complaints.tables import Compensation, Complaint
from portal.domain.queues.queries.items import Card
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.events import services as events
from portal.events.tables import Event
from tests import cast as actors
from tests import stories

pytestmark = pytest.mark.usefixtures("committed")
MANY, WORKERS = 12, 3


async def left_without_a_word() -> None:
    """So many answers that nobody has said a word to for as long as was announced."""
    cast = await actors.enter()
    for _case in range(MANY):
        await stories.answered(cast.hotel, by=cast.receptionist)
    long_ago = clock.now() - timedelta(days=8)
    await Complaint.update({Complaint.silent_from: long_ago}, force=True)


async def looked() -> Counter[object]:
    """Let the workers look at once; how often silence was written down, by complaint."""
    await asyncio.gather(*(database.spawn(minding.accept_by_silence()) for _worker in range(WORKERS)))
    rows = await Event.select(Event.subject).where(Event.kind == "complaint.accepted-by-silence")
    return Counter(row["subject"] for row in rows)


async def test_three_who_look_at_once_take_each_silence_for_acceptance_once() -> None:
    """P09."""
    await left_without_a_word()

    assert sorted((await looked()).values()) == [1] * MANY


async def test_without_the_condition_they_do_it_more_than_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """P09: the control."""

    async def careless(item: Card, *, site: Site) -> bool:
        await Complaint.update({Complaint.accepted_at: clock.now(), Complaint.by_silence: True}).where(
            Complaint.id == item.id
        )
        await events.record("complaint.accepted-by-silence", site=site.id, subject=item.id, by=None)
        return True

    monkeypatch.setattr(ending, "fall_silent", careless)
    await left_without_a_word()

    assert sum((await looked()).values()) > MANY


async def test_of_two_who_decide_at_once_one_does() -> None:
    """P05; CMP-29."""
    cast = await actors.enter()
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    await stories.learned(case, by=cast.receptionist, fen=50_000)
    item, outcomes = await case.card(), []

    async def decide(staff: Staff, decision: str) -> None:
        form = Decision(decision=decision, reason="按规定")  # type: ignore[arg-type]  # one of the two words
        try:
            await redress.decide(item, form, site=cast.hotel, by=staff)
        except Conflict:
            outcomes.append("late")
        else:
            outcomes.append(decision)

    await asyncio.gather(
        database.spawn(decide(cast.manager, "approve")), database.spawn(decide(cast.finance, "refuse"))
    )

    (row,) = await Compensation.select(Compensation.state)
    assert sorted(outcomes) in (["approve", "late"], ["late", "refuse"])
    assert row["state"] == {"approve": "approved", "refuse": "refused"}[next(one for one in outcomes if one != "late")]
