"""The briefing card (VIS-10): what one knows of a visitor before he comes."""

from typing import Any
from uuid import UUID

import pytest

from portal.domain.bookings.forms.after import Note
from portal.domain.bookings.queries import briefing
from portal.domain.bookings.services import after
from portal.domain.bookings.tables import Satisfied, State
from portal.domain.customers import services as customers
from portal.domain.queues.queries import items
from portal.errors import NotFound
from tests import receptions, visits
from tests.cast import Cast
from tests.ground.probes import statements

pytestmark = pytest.mark.usefixtures("db")


async def test_the_card_says_what_was_before(cast: Cast) -> None:
    """VIS-10: unit, position, purpose, needs, and the visits before with what was written of them."""
    kind = await visits.make_type(cast.hotel)
    first = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel))
    here = await receptions.bring(cast.receptionist, cast.hotel, first, to=State.ARRIVED)
    await after.note(here, Note(facts="年底扩产"), site=cast.hotel, by=cast.receptionist)
    await receptions.bring(cast.receptionist, cast.hotel, first, to=State.SUMMARISED)
    typed: dict[str, Any] = {"purpose": "第二次考察", "needs": "无障碍", "company": "海蓝科技", "position": "采购经理"}
    second = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel, 2), **typed)

    card = await briefing.briefing(await items.item_by_id(second.item), cast.hotel)

    assert (card.purpose, card.needs, card.company, card.position) == ("第二次考察", "无障碍", "海蓝科技", "采购经理")
    assert (card.visits, card.missed) == (1, 0)
    (before,) = card.earlier
    assert (before.number, before.state, before.satisfied) == (first.number, State.SUMMARISED, Satisfied.YES)
    assert ("facts", "年底扩产") in before.said and ("summary", "谈了合作") in before.said


async def test_the_tier_stands_on_the_card(cast: Cast) -> None:
    """VIS-10: what somebody means to the house."""
    kind = await visits.make_type(cast.hotel)
    booked = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel))
    known = await briefing.briefing(await items.item_by_id(booked.item), cast.hotel)
    assert isinstance(known.customer, UUID)

    await customers.rank(known.customer, "key")

    assert (await briefing.briefing(await items.item_by_id(booked.item), cast.hotel)).tier == "key"


async def test_another_site_knows_nothing_of_a_visit(cast: Cast) -> None:
    """P32: neither by number nor in the history of the same phone."""
    kind, strange = await visits.make_type(cast.hotel), await visits.make_type(cast.tower)
    there = await visits.make_booking(cast.tower, strange, at=visits.on(cast.tower))
    here = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel, 2))

    assert (await briefing.briefing(await items.item_by_id(here.item), cast.hotel)).earlier == []
    with pytest.raises(NotFound):
        await briefing.booking(cast.receptionist, cast.hotel, there.number)


async def test_who_reads_no_bookings_finds_none(cast: Cast) -> None:
    kind = await visits.make_type(cast.hotel)
    booked = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel))

    assert (await briefing.booking(cast.auditor, cast.hotel, booked.number)).id == booked.item
    for staff in (cast.floor, cast.kitchen, cast.guard, cast.finance, cast.admin):
        with pytest.raises(NotFound):
            await briefing.booking(staff, cast.hotel, booked.number)


async def test_the_card_takes_three_questions_however_much_there_was(cast: Cast) -> None:
    kind = await visits.make_type(cast.hotel)
    many = []
    for days in (1, 2, 3, 4):
        booked = await visits.make_booking(cast.hotel, kind, at=visits.on(cast.hotel, days))
        card = await receptions.bring(cast.receptionist, cast.hotel, booked, to=State.SUMMARISED)
        with statements() as heard:
            await briefing.briefing(card, cast.hotel)
        many.append(len(heard))

    assert many == [3, 3, 3, 3]
