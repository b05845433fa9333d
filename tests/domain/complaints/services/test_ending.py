"""After the answer: the return visit of who was asked first, a look whether it was put right, and a new beginning."""

import pytest

from portal.domain.complaints.forms.ending import Visit
from portal.domain.complaints.forms.filing import Message, Rating
from portal.domain.complaints.queries import ending as endings
from portal.domain.complaints.queries.ending import Ending
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import ending, following, handling
from portal.domain.queues.queries import words
from portal.domain.queues.services import deeds
from portal.domain.queues.tables import Clock
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Site, SiteKind
from portal.errors import Conflict
from portal.events import queries as events
from tests import factories, stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


async def end(case: stories.Case, cast: Cast) -> Ending:
    return await endings.for_staff(await case.card(), cast.hotel, roles=cast.manager.roles_at(cast.hotel))


def visit(satisfied: str) -> Visit:
    return Visit.model_validate({"satisfied": satisfied, "comment": "还可以更快"})


async def test_the_return_visit_is_made_by_who_was_asked_first_whoever_has_it_now(cast: Cast) -> None:
    """CMP-41, DUTY-18, X-38."""
    case = await stories.filed(cast.hotel, taken_by=cast.guard)
    card = case.card
    await deeds.claim(await card(), DEEDS["claim"], site=cast.hotel, by=cast.receptionist)
    await stories.triage(case, by=cast.receptionist)
    await handling.plan(await card(), "换房", site=cast.hotel, by=cast.receptionist)
    with pytest.raises(Conflict):
        await ending.visit(await card(), visit("yes"), site=cast.hotel, by=cast.guard)  # nothing was answered yet
    await handling.answer(await card(), "已换", site=cast.hotel, by=cast.receptionist)

    with pytest.raises(Conflict):
        await ending.visit(await card(), visit("yes"), site=cast.hotel, by=cast.receptionist)
    await ending.visit(await card(), visit("yes"), site=cast.hotel, by=cast.guard)

    found = await end(case, cast)
    assert (found.satisfied, found.visited_at is not None) == (True, True)
    assert [one.body for one in await words.written(case.id) if one.kind == "visit"] == ["还可以更快"]
    assert (await events.timeline(case.id))[-1].by == cast.guard.id


async def test_who_was_asked_first_hears_that_the_answer_was_accepted(cast: Cast) -> None:
    """DUTY-18: the return visit is due."""
    case = await stories.answered(cast.hotel, by=cast.receptionist, taken_by=cast.guard)

    await following.accept(await case.card(), site=cast.hotel)

    for staff in (cast.guard, cast.receptionist):
        assert [one.kind for one in await events.unread(staff.id, site=cast.hotel.id)] == ["complaint.accepted"]


async def test_a_site_may_leave_the_return_visit_to_who_handles_it(cast: Cast) -> None:
    """X-38."""
    await stories.decided(cast.hotel, complaint__return_visit_by="owner")
    site = await sites.site("hotel")
    case = await stories.accepted(site, by=cast.receptionist, taken_by=cast.guard)
    assert await events.unread(cast.guard.id, site=site.id) == []

    with pytest.raises(Conflict):
        await ending.visit(await case.card(), visit("yes"), site=site, by=cast.second)
    await ending.visit(await case.card(), visit("yes"), site=site, by=cast.receptionist)

    assert (await end(case, cast)).satisfied is True


async def test_a_return_visit_is_made_once(cast: Cast) -> None:
    """CMP-41."""
    case = await stories.closed(cast.hotel, by=cast.receptionist)
    await ending.visit(await case.card(), visit("yes"), site=cast.hotel, by=cast.manager)

    with pytest.raises(Conflict):
        await ending.visit(await case.card(), visit("no"), site=cast.hotel, by=cast.receptionist)

    assert (await end(case, cast)).satisfied is True


async def test_a_dissatisfied_customer_is_the_managers(cast: Cast) -> None:
    """CMP-42."""
    case = await stories.accepted(cast.hotel, by=cast.receptionist)
    await ending.visit(await case.card(), visit("no"), site=cast.hotel, by=cast.receptionist)

    assert (await end(case, cast)).satisfied is False
    assert [one.kind for one in await events.unread(cast.manager.id, site=cast.hotel.id)] == ["complaint.dissatisfied"]


async def test_a_site_may_ask_for_the_return_visit_before_the_end(cast: Cast) -> None:
    """CMP-41."""
    await stories.decided(cast.hotel, complaint__return_visit_required="yes")
    site = await sites.site("hotel")
    case = await stories.accepted(site, by=cast.receptionist)
    with pytest.raises(Conflict):
        await handling.close(await case.card(), site=site, by=cast.receptionist)

    await ending.visit(await case.card(), visit("yes"), site=site, by=cast.receptionist)
    await handling.close(await case.card(), site=site, by=cast.receptionist)

    assert (await case.card()).state == "closed"


async def test_rectification_is_verified_once_with_its_date(cast: Cast) -> None:
    """CMP-40."""
    case = await stories.closed(cast.hotel, by=cast.receptionist)

    await ending.verify(await case.card(), "地毯干了", site=cast.hotel, by=cast.receptionist)

    assert (await end(case, cast)).verified_at is not None
    assert (await events.timeline(case.id))[-1].kind == "complaint.rectified"
    with pytest.raises(Conflict):
        await ending.verify(await case.card(), "又看了", site=cast.hotel, by=cast.manager)


async def test_what_was_closed_begins_again_with_one_tap(cast: Cast) -> None:
    case = await stories.closed(cast.hotel, by=cast.receptionist)
    await ending.visit(await case.card(), visit("no"), site=cast.hotel, by=cast.receptionist)
    await following.write(await case.card(), Message(body="又滴水了"), site=cast.hotel)

    await ending.reopen(await case.card(), site=cast.hotel, by=cast.receptionist)

    card, view = await case.card(), await case.view()
    assert (card.state, card.round, card.owner, card.closed_at) == ("triaged", 2, "hotel.desk", None)
    assert (view.accepted, view.reply, view.state) == (False, "", "triaged")
    assert (await end(case, cast)).visited_at is None
    clocks = await Clock.select().where(Clock.item == case.id, Clock.kind == "resolve").order_by(Clock.round)
    assert [(one["round"], one["stopped_at"] is None) for one in clocks] == [(1, False), (2, True)]


async def test_rounds_go_on_whichever_way_they_begin(cast: Cast) -> None:
    """A rejection after a reopening has a clock of its own."""
    case = await stories.closed(cast.hotel, by=cast.receptionist)
    await ending.reopen(await case.card(), site=cast.hotel, by=cast.receptionist)
    await handling.plan(await case.card(), "换管", site=cast.hotel, by=cast.receptionist)
    await handling.answer(await case.card(), "管已换", site=cast.hotel, by=cast.receptionist)

    await following.reject(await case.card(), "还滴", site=cast.hotel)

    rounds = await Clock.select(Clock.round).where(Clock.item == case.id, Clock.kind == "resolve").order_by(Clock.round)
    assert [one["round"] for one in rounds] == [1, 2, 3]
    assert (await case.card()).round == 3


@pytest.mark.parametrize(("kind", "told"), [
    (SiteKind.RESTAURANT, ["complaint.answered", "complaint.filed"]), (SiteKind.HOTEL, []),
])  # fmt: skip
async def test_the_manager_of_a_restaurant_hears_of_every_complaint_and_every_answer(
    cast: Cast, kind: SiteKind, told: list[str]
) -> None:
    """CMP-20, CMP-39, X-16."""
    await Site.update({Site.kind: kind}).where(Site.id == cast.hotel.id)
    site = await sites.site("hotel")
    await stories.answered(site, by=cast.receptionist)

    assert sorted(one.kind for one in await events.unread(cast.manager.id, site=site.id)) == told
    assert await events.unread(cast.second.id, site=site.id) == []


async def test_the_director_of_an_office_tower_hears_of_the_result(cast: Cast) -> None:
    """CMP-39."""
    await stories.answered(cast.tower, by=cast.strange_manager)

    assert "complaint.answered" in [one.kind for one in await events.unread(cast.strange_manager.id, site=cast.tower.id)]


async def test_a_site_names_who_gets_copies(cast: Cast) -> None:
    """X-16."""
    await stories.decided(cast.hotel, complaint__copy_roles="manager auditor")
    await factories.make_complaint(await sites.site("hotel"))

    for staff in (cast.manager, cast.auditor):
        assert [one.kind for one in await events.unread(staff.id, site=cast.hotel.id)] == ["complaint.filed"]


async def test_what_begins_again_while_its_owner_is_away_is_the_deputys(cast: Cast) -> None:
    """DUTY-17."""
    case = await stories.closed(cast.hotel, by=cast.receptionist)
    await stories.away(cast.receptionist, deputy=cast.second, site=cast.hotel)

    await ending.reopen(await case.card(), site=cast.hotel, by=cast.manager)

    assert (await case.card()).owner == cast.second.username


async def test_a_new_end_can_be_rated_anew(cast: Cast) -> None:
    case = await stories.closed(cast.hotel, by=cast.receptionist)
    await following.rate(await case.card(), Rating(score=2), site=cast.hotel)

    await ending.reopen(await case.card(), site=cast.hotel, by=cast.manager)

    assert (await case.view()).rating is None
    scores = [one.particulars["score"] for one in await events.timeline(case.id) if one.kind == "complaint.rated"]
    assert scores == [2]
