"""Compensation: within one's limit at once, above it by another person, never by who proposed it, and all in the ledger."""

import pytest

from portal.domain.accounts.queries import Staff
from portal.domain.complaints.forms.ending import Decision, Promise
from portal.domain.complaints.queries import redress as queries
from portal.domain.complaints.services import redress
from portal.domain.complaints.tables import Compensation
from portal.domain.queues.queries import items as queues
from portal.domain.queues.queries.items import Filters
from portal.domain.sites import queries as sites
from portal.errors import Conflict, Forbidden, Invalid
from portal.events import queries as events
from tests import stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
YUAN = 100


async def propose(case: stories.Case, yuan: int, *, by: Staff, remedy: str = "免一晚房费") -> str:
    """Propose so much; the state it has then."""
    promise = Promise.model_construct(amount=yuan * YUAN, remedy=remedy)
    await redress.propose(await case.card(), promise, site=await sites.site("hotel"), by=by)
    return (await queries.promised(case.id))[-1].state


async def decide(case: stories.Case, decision: str, *, by: Staff, reason: str = "") -> None:
    form = Decision.model_validate({"decision": decision, "reason": reason})
    await redress.decide(await case.card(), form, site=case.site, by=by)


async def told(cast: Cast, staff: Staff) -> list[str]:
    return [one.kind for one in await events.unread(staff.id, site=cast.hotel.id) if "compensation" in one.kind]


@pytest.mark.parametrize(("who", "yuan", "state"), [
    ("receptionist", 0, "approved"), ("receptionist", 200, "approved"), ("receptionist", 201, "proposed"),
    ("manager", 2_000, "approved"), ("manager", 2_001, "proposed"),
])  # fmt: skip
async def test_within_ones_own_limit_it_holds_at_once(cast: Cast, who: str, yuan: int, state: str) -> None:
    """CMP-28, CMP-29."""
    case = await stories.planned(cast.hotel, by=cast.receptionist)

    assert await propose(case, yuan, by=getattr(cast, who)) == state


async def test_the_limit_is_for_a_complaint_and_not_for_each_sum(cast: Cast) -> None:
    """CMP-29: not more than one's authority, not even in parts."""
    case = await stories.planned(cast.hotel, by=cast.receptionist)

    assert [await propose(case, 150, by=cast.receptionist) for _part in range(2)] == ["approved", "proposed"]


async def test_a_site_decides_the_limits(cast: Cast) -> None:
    """CMP-29."""
    await stories.decided(cast.hotel, complaint__desk_limit=1)
    case = await stories.planned(cast.hotel, by=cast.receptionist)

    assert await propose(case, 0, by=cast.receptionist, remedy="") == "approved"
    assert await propose(case, 2, by=cast.receptionist) == "proposed"


async def test_above_it_another_person_decides(cast: Cast) -> None:
    """CMP-29; table 2.2, row 9."""
    case = await stories.planned(cast.hotel, by=cast.receptionist)
    await propose(case, 500, by=cast.receptionist)
    assert (await told(cast, cast.manager), await told(cast, cast.finance)) == (["complaint.compensation-proposed"], [])

    await decide(case, "approve", by=cast.manager)

    (one,) = await queries.promised(case.id)
    assert (one.state, one.proposed_by, one.decided_by) == ("approved", cast.receptionist.name, cast.manager.name)
    assert await told(cast, cast.receptionist) == ["complaint.compensation-approved"]


async def test_above_the_managers_limit_finance_decides(cast: Cast) -> None:
    """CMP-29; table 2.2, row 9."""
    case = await stories.planned(cast.hotel, by=cast.receptionist)
    await propose(case, 3_000, by=cast.receptionist)
    assert (await told(cast, cast.manager), await told(cast, cast.finance)) == ([], ["complaint.compensation-proposed"])

    with pytest.raises(Invalid) as refused:
        await decide(case, "approve", by=cast.manager)
    assert list(refused.value.fields) == ["decision"]
    await decide(case, "approve", by=cast.finance)

    assert (await queries.promised(case.id))[0].decided_by == cast.finance.name


async def test_nobody_approves_what_he_proposed_himself(cast: Cast) -> None:
    """CMP-29: refused in words at its field."""
    case = await stories.planned(cast.hotel, by=cast.receptionist)
    await propose(case, 3_000, by=cast.manager)

    for decision, reason in (("approve", ""), ("refuse", "太多")):
        with pytest.raises(Invalid) as refused:
            await decide(case, decision, by=cast.manager, reason=reason)
        assert list(refused.value.fields) == ["decision"]

    assert (await queries.promised(case.id))[0].state == "proposed"


@pytest.mark.parametrize("who", ["receptionist", "floor", "kitchen", "guard", "sales", "auditor", "admin", "stranger"])
async def test_no_other_role_decides(cast: Cast, who: str) -> None:
    """Table 2.2, row 9."""
    case = await stories.planned(cast.hotel, by=cast.receptionist)
    await propose(case, 500, by=cast.receptionist)

    with pytest.raises(Forbidden):
        await decide(case, "approve", by=getattr(cast, who))


async def test_it_is_decided_once(cast: Cast) -> None:
    case = await stories.planned(cast.hotel, by=cast.receptionist)
    await propose(case, 500, by=cast.receptionist)
    with pytest.raises(Conflict):
        await propose(case, 1, by=cast.receptionist)
    await decide(case, "refuse", by=cast.manager, reason="先换房")

    with pytest.raises(Conflict):
        await decide(case, "approve", by=cast.finance)

    assert (await queries.promised(case.id))[0].state == "refused"
    assert (await events.timeline(case.id))[-1].kind == "complaint.compensation-refused"
    assert await propose(case, 100, by=cast.receptionist) == "approved"


async def test_the_customer_reads_the_remedy_once_it_is_approved(cast: Cast) -> None:
    """CMP-28, CMP-29: named only once approved."""
    case = await stories.answered(cast.hotel, by=cast.receptionist)
    await propose(case, 500, by=cast.receptionist)
    assert (await case.view()).remedies == []

    await decide(case, "approve", by=cast.finance)

    assert (await case.view()).remedies == [("免一晚房费", 50_000)]


async def test_the_remedy_is_sealed(cast: Cast) -> None:
    """P40."""
    case = await stories.planned(cast.hotel, by=cast.receptionist)
    await propose(case, 100, by=cast.receptionist)

    assert "房费" not in str(await Compensation.select())


async def test_finance_finds_what_has_money(cast: Cast) -> None:
    """Table 2.2, row 5."""
    case = await stories.planned(cast.hotel, by=cast.receptionist)
    await stories.planned(cast.hotel, by=cast.receptionist)
    assert (await queues.waiting_in(cast.finance, cast.hotel, Filters()))[0] == []

    await propose(case, 500, by=cast.receptionist)

    cards, _after = await queues.waiting_in(cast.finance, cast.hotel, Filters())
    assert [card.number for card in cards] == [case.number]


async def test_the_ledger_holds_all_of_a_site_and_nothing_of_another(cast: Cast) -> None:
    """CMP-28, P32."""
    first = await stories.planned(cast.hotel, by=cast.receptionist)
    second = await stories.planned(cast.hotel, by=cast.receptionist)
    await propose(first, 100, by=cast.receptionist)
    await propose(first, 500, by=cast.receptionist)
    await propose(second, 0, by=cast.receptionist, remedy="")
    await decide(first, "refuse", by=cast.manager, reason="够了")

    lines, after = await queries.ledger(cast.finance, cast.hotel)

    assert [(line.number, line.amount, line.state) for line in lines] == [
        (second.number, 0, "approved"), (first.number, 50_000, "refused"), (first.number, 10_000, "approved"),
    ]  # fmt: skip
    assert ({line.remedy for line in lines}, after) == ({""}, "")
    totals = await queries.totals(cast.finance, cast.hotel)
    assert totals == {"proposed": (0, 0), "approved": (2, 10_000), "refused": (1, 50_000)}
    assert await queries.ledger(cast.admin, cast.tower) == ([], "")


async def test_a_long_ledger_is_read_in_pages(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    case = await stories.planned(cast.hotel, by=cast.receptionist)
    for yuan in (1, 2, 3):
        await propose(case, yuan, by=cast.receptionist)

    first, after = await queries.ledger(cast.finance, cast.hotel)
    rest, last = await queries.ledger(cast.finance, cast.hotel, after=after)

    assert [line.amount for line in (*first, *rest)] == [300, 200, 100]
    assert (len(first), last) == (2, "")


async def test_a_site_without_finance_does_not_raise_its_managers_limit(cast: Cast) -> None:
    """CMP-29."""
    await stories.disabled(cast.finance)
    case = await stories.planned(cast.hotel, by=cast.receptionist)
    await propose(case, 2_001, by=cast.receptionist)

    with pytest.raises(Invalid):
        await decide(case, "approve", by=cast.manager)
