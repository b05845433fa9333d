"""What a product complaint is checked against, before anybody investigates it."""

import pytest

from portal.domain.complaints.queries import goods
from portal.domain.complaints.tables import Product
from portal.errors import Invalid
from tests import factories, stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")


async def test_it_is_kept_from_the_filing_and_sealed(cast: Cast) -> None:
    """CMP-06."""
    case = await stories.filed(cast.hotel, kind="product")

    found = await goods.product(await case.card())

    assert found is not None
    assert (found.order_no, found.part_no, found.quantity, found.shipped_on.isoformat()) == tuple(factories.GOODS.values())
    row = await Product.select().first()
    assert row is not None
    assert "SO-2026" not in row["order_no"]
    assert "M-100" not in row["part_no"]


async def test_nothing_is_investigated_as_a_product_without_all_four(cast: Cast) -> None:
    """CMP-06: triage to product asks for what is missing, at its fields, and changes nothing without."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist)

    with pytest.raises(Invalid) as refused:
        await stories.triage(case, by=cast.receptionist, kind="product", order_no="SO-1", quantity=3)

    assert sorted(refused.value.fields) == ["part_no", "shipped_on"]


async def test_what_was_said_at_the_filing_stays_and_can_be_corrected_at_triage(cast: Cast) -> None:
    """CMP-06."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist, kind="product")

    await stories.triage(case, by=cast.receptionist)
    await stories.triage(case, by=cast.receptionist, quantity=11)

    found = await goods.product(await case.card())
    assert found is not None
    assert (found.part_no, found.quantity) == ("M-100", 11)


async def test_what_has_a_return_note_stays_a_product_complaint(cast: Cast) -> None:
    """CMP-35: the note would hang on nothing."""
    case = await stories.triaged(cast.hotel, by=cast.receptionist, kind="product")
    await factories.make_note(case.id, issued_by=cast.receptionist.id)

    with pytest.raises(Invalid) as refused:
        await stories.triage(case, by=cast.receptionist, kind="complaint")

    assert list(refused.value.fields) == ["kind"]
