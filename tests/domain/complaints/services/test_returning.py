"""Goods that come back: who approves, what is signed for, and when."""

import pytest

from portal.domain.accounts.queries import Staff
from portal.domain.complaints.forms.ending import Decision
from portal.domain.complaints.forms.goods import NewReturn
from portal.domain.complaints.queries import goods, staff
from portal.domain.complaints.queries.goods import Note
from portal.domain.complaints.rules.goods import Line
from portal.domain.complaints.services import returning
from portal.domain.complaints.tables import Returned, ReturnNote
from portal.errors import Conflict, Invalid, NotFound
from portal.events import queries as events
from portal.events.tables import Delivery, Event
from tests import factories, stories
from tests.cast import Cast
from tests.ground.probes import statements
from tests.stories import Case

pytestmark = pytest.mark.usefixtures("db")
FORM = NewReturn.model_validate(
    {"reason": "裂纹", "treatment": "换新", "basis": "检验报告 7 号", "lines": "M-100, 12\nM-200, 1"}
)
ALL, LESS = [Line("M-200", 1), Line("M-100", 12)], [Line("M-100", 10)]


async def asked(cast: Cast, *, by: Staff) -> tuple[Case, Note]:
    """A product complaint with a note that waits for approval."""
    case = await stories.triaged(cast.hotel, by=by, kind="product")
    await returning.request(await case.card(), FORM, site=cast.hotel, by=by)
    return case, (await goods.notes(await case.card()))[0]


async def shipped(cast: Cast) -> tuple[Case, Note]:
    """Goods on their way."""
    case, note = await asked(cast, by=cast.receptionist)
    await returning.decide(await case.card(), note.id, Decision(decision="approve"), site=cast.hotel, by=cast.manager)
    await returning.ship(await case.card(), note.id, site=cast.hotel, by=cast.receptionist)
    return case, note


async def now(case: Case, note: Note) -> Note:
    return await goods.note(await case.card(), note.id)


@pytest.mark.parametrize("left_out", ["reason", "treatment", "basis", "lines"])
async def test_a_note_says_reason_treatment_basis_and_parts(left_out: str) -> None:
    """CMP-35: missing any of them, it is not issued."""
    given = {"reason": "裂纹", "treatment": "换新", "basis": "检验报告", "lines": "M-100, 12"}

    with pytest.raises(ValueError, match=left_out):
        NewReturn.model_validate({name: text for name, text in given.items() if name != left_out})


async def test_a_note_waits_for_somebody_else_who_is_told(cast: Cast) -> None:
    """CMP-35: approved by a manager, never by its issuer; its words are sealed, and in no event."""
    case, note = await asked(cast, by=cast.manager)

    with pytest.raises(Invalid) as refused:
        await returning.decide(await case.card(), note.id, Decision(decision="approve"), site=cast.hotel, by=cast.manager)

    assert list(refused.value.fields) == ["decision"]
    assert (await now(case, note)).state == Returned.REQUESTED
    row = await ReturnNote.select().first()
    assert row is not None
    assert not any("裂纹" in str(row[name]) or "M-100" in str(row[name]) for name in ("reason", "lines"))
    assert not [one for one in await Event.select() if "裂纹" in one["particulars"]]


async def test_the_managers_hear_of_a_note_and_its_issuer_of_the_decision(cast: Cast) -> None:
    """CMP-35."""
    case, note = await asked(cast, by=cast.receptionist)
    assert cast.manager.id in {row["recipient"] for row in await Delivery.select()}

    form = Decision(decision="refuse", reason="还在质保核实")
    await returning.decide(await case.card(), note.id, form, site=cast.hotel, by=cast.manager)

    found = await now(case, note)
    assert (found.state, found.refusal, found.printable) == (Returned.REFUSED, "还在质保核实", False)
    assert cast.receptionist.id in {row["recipient"] for row in await Delivery.select()}
    with pytest.raises(Conflict):
        await returning.ship(await case.card(), note.id, site=cast.hotel, by=cast.receptionist)


async def test_goods_that_are_what_the_note_says_are_signed_for(cast: Cast) -> None:
    """CMP-36, CMP-37; and each step is done once."""
    case, note = await shipped(cast)

    await returning.receive(await case.card(), note.id, ALL, site=cast.hotel, by=cast.second)

    found = await now(case, note)
    assert (found.state, found.received_by, found.differs) == (Returned.RECEIVED, cast.second.id, False)
    with pytest.raises(Conflict):
        await returning.receive(await case.card(), note.id, ALL, site=cast.hotel, by=cast.second)


async def test_what_differs_is_signed_only_after_an_instruction_and_as_it_arrived(cast: Cast) -> None:
    """CMP-37."""
    case, note = await shipped(cast)
    await returning.receive(await case.card(), note.id, LESS, site=cast.hotel, by=cast.second)
    assert (await now(case, note)).state == Returned.AWAITING

    for counted in (LESS, ALL):
        with pytest.raises(Conflict):
            await returning.receive(await case.card(), note.id, counted, site=cast.hotel, by=cast.second)
    await returning.instruct(await case.card(), note.id, "照实收，差额另查", site=cast.hotel, by=cast.receptionist)
    with pytest.raises(Conflict):
        await returning.instruct(await case.card(), note.id, "退回", site=cast.hotel, by=cast.receptionist)
    await returning.receive(await case.card(), note.id, LESS, site=cast.hotel, by=cast.second)

    found = await now(case, note)
    assert (found.state, found.arrived, found.differs) == (Returned.RECEIVED, LESS, True)


async def test_notes_are_counted_and_those_of_another_item_are_not_there(cast: Cast) -> None:
    case, note = await asked(cast, by=cast.receptionist)
    await returning.request(await case.card(), FORM, site=cast.hotel, by=cast.receptionist)
    other = await stories.triaged(cast.hotel, by=cast.receptionist, kind="product")

    assert [one.number for one in await goods.notes(await case.card())] == [1, 2]
    with pytest.raises(NotFound):
        await returning.decide(await other.card(), note.id, Decision(decision="approve"), site=cast.hotel, by=cast.manager)


async def test_a_page_asks_as_many_questions_for_many_notes_as_for_one(cast: Cast) -> None:
    case, _note = await asked(cast, by=cast.receptionist)
    with statements() as few:
        await staff.for_staff(await case.card(), cast.hotel)
    for _further in range(2):
        await returning.request(await case.card(), FORM, site=cast.hotel, by=cast.receptionist)

    with statements() as many:
        await staff.for_staff(await case.card(), cast.hotel)

    assert len(many) == len(few)


async def test_only_products_come_back(cast: Cast) -> None:
    """CMP-35."""
    case = await stories.triaged(cast.hotel, by=cast.receptionist)

    with pytest.raises(Conflict):
        await returning.request(await case.card(), FORM, site=cast.hotel, by=cast.receptionist)
    assert await ReturnNote.count() == 0


async def test_who_asked_hears_that_it_was_refused(cast: Cast) -> None:
    """CMP-35."""
    case = await stories.filed(cast.hotel, kind="product", taken_by=cast.receptionist)
    note = await factories.make_note(case.id, issued_by=cast.receptionist.id)

    await returning.decide(await case.card(), note, Decision.model_validate({"decision": "refuse", "reason": "单据不全"}),
                           site=cast.hotel, by=cast.manager)  # fmt: skip

    unread = await events.unread(cast.receptionist.id, site=cast.hotel.id)
    assert [one.kind for one in unread] == ["complaint.return-refused"]
