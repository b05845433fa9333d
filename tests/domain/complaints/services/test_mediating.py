"""A dispute has two sides: each reads its own words, and neither what the other says or is told."""

from datetime import timedelta

import pytest

from portal import clock, ids
from portal.domain.complaints.forms.filing import Message
from portal.domain.complaints.forms.handling import NamedParty
from portal.domain.complaints.queries import party, staff
from portal.domain.complaints.services import handling, mediating, minding
from portal.domain.complaints.tables import Party
from portal.domain.queues.tables import Clock, WorkItem
from portal.errors import Conflict, Invalid, NotFound
from portal.events.tables import Delivery
from tests import stories
from tests.cast import Cast
from tests.stories import Case

pytestmark = pytest.mark.usefixtures("db")
OTHER = NamedParty(party_name="李经销", party_phone="13900139000")


async def disputed(cast: Cast) -> tuple[Case, str]:
    """A dispute whose other party is named, and that party's token."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist, kind="dispute")
    await mediating.name(await case.card(), OTHER, site=cast.hotel, by=cast.receptionist)
    token = ids.new_token()
    await mediating.renew_link(await case.card(), token, site=cast.hotel, by=cast.receptionist)
    return case, token


async def test_each_side_reads_its_own_words_alone(cast: Cast) -> None:
    """CMP-32."""
    case, token = await disputed(cast)

    await mediating.hear(await case.card(), Message(body="我方按合同发货"), site=cast.hotel)
    await mediating.tell(await case.card(), Message(body="请补发货单"), site=cast.hotel, by=cast.receptionist)
    await handling.write_to_customer(await case.card(), Message(body="正在核实"), site=cast.hotel, by=cast.receptionist)

    view, _site = await party.by_token(token)
    assert [said.body for said in view.talk] == ["我方按合同发货", "请补发货单"]
    assert [said.mine for said in view.talk] == [True, False]
    assert [said.body for said in (await case.view()).talk] == ["正在核实"]
    lines = {line.kind: line.who for line in (await staff.for_staff(await case.card(), cast.hotel)).timeline}
    assert lines["party-in"] == "对方"
    assert cast.receptionist.id in {row["recipient"] for row in await Delivery.select()}


async def test_a_word_to_the_other_party_is_no_answer_to_the_customer(cast: Cast) -> None:
    """CMP-32: his clock runs on."""
    case, _token = await disputed(cast)

    await mediating.tell(await case.card(), Message(body="请补发货单"), site=cast.hotel, by=cast.receptionist)

    running = await Clock.select(Clock.kind).where(Clock.item == case.id, Clock.stopped_at.is_null())
    assert "answer" in {row["kind"] for row in running}


async def test_what_nobody_says_to_a_guest_is_not_said_to_the_other_party(cast: Cast) -> None:
    """DUTY-23, CMP-22."""
    case, _token = await disputed(cast)

    for said in ("不归我管", "非常抱歉"):
        with pytest.raises(Invalid):
            await mediating.tell(await case.card(), Message(body=said), site=cast.hotel, by=cast.receptionist)


async def test_name_and_phone_are_sealed_masked_and_erased(cast: Cast) -> None:
    """CMP-32, P40."""
    case, token = await disputed(cast)
    row = await Party.select().first()
    assert row is not None
    assert not any(said in str(row) for said in ("李经销", "13900139000", token))
    view = await staff.for_staff(await case.card(), cast.hotel)
    assert view.party is not None
    assert "1390013" not in view.party.phone
    assert view.contact_field("party_phone") == "139 0013 9000"

    closed = clock.now() - timedelta(days=400)
    await WorkItem.update({WorkItem.closed_at: closed}).where(WorkItem.id == case.id)
    await minding.erase_contacts()

    row = await Party.select(Party.name, Party.phone, Party.token).first()
    assert row == {"name": "", "phone": "", "token": ""}


async def test_its_link_is_found_by_its_hash_and_dies_with_a_new_one_and_with_the_dispute(cast: Cast) -> None:
    """CMP-32, P35."""
    case, token = await disputed(cast)
    newer = ids.new_token()

    await mediating.renew_link(await case.card(), newer, site=cast.hotel, by=cast.receptionist)

    for wrong in (token, case.token, ids.new_token()):
        with pytest.raises(NotFound):
            await party.by_token(wrong)
    assert await party.by_token(newer)
    await stories.triage(case, by=cast.receptionist, kind="complaint")
    with pytest.raises(NotFound):
        await party.by_token(newer)


async def test_staff_name_it_at_the_intake_and_correct_it_without_a_new_link(cast: Cast) -> None:
    """CMP-32."""
    case = await stories.filed(cast.hotel, kind="dispute", taken_by=cast.receptionist, party_name="李经消")
    before = await Party.select(Party.token_hash).first()

    await mediating.name(await case.card(), OTHER, site=cast.hotel, by=cast.manager)

    assert await Party.select(Party.token_hash).first() == before
    assert (await staff.for_staff(await case.card(), cast.hotel)).contact_field("party_name") == "李经销"


async def test_a_corrected_name_leaves_the_phone_alone(cast: Cast) -> None:
    """CMP-32."""
    case, _token = await disputed(cast)

    await mediating.name(await case.card(), NamedParty(party_name="李晓"), site=cast.hotel, by=cast.receptionist)

    view = await staff.for_staff(await case.card(), cast.hotel)
    assert (view.contact_field("party_name"), view.contact_field("party_phone")) == ("李晓", "139 0013 9000")


async def test_nobody_writes_to_a_party_that_nobody_named(cast: Cast) -> None:
    """CMP-32."""
    dispute = await stories.claimed(cast.hotel, by=cast.receptionist, kind="dispute")
    complaint = await stories.claimed(cast.hotel, by=cast.receptionist)

    for case in (dispute, complaint):
        with pytest.raises(Conflict):
            await mediating.tell(await case.card(), Message(body="喂"), site=cast.hotel, by=cast.receptionist)
