"""Every state × deed × role × ownership, against the deed table: no wrong answer."""

import contextlib
from collections.abc import Awaitable, Callable

import pytest

from portal import database, ids
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.complaints.forms import Message, MoreTime, Rating, Restriction, Triage
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import confiding, extending, following, handling
from portal.domain.complaints.tables import State
from portal.domain.queues.queries.items import Card
from portal.domain.queues.rules import AUTHORITY, Deed, Whose
from portal.domain.queues.services import deeds, pauses
from portal.domain.queues.tables import PauseReason, WorkItem
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Forbidden, PortalError
from portal.events import queries as events
from tests import factories, stories
from tests.cast import Cast
from tests.stories import Case

pytestmark = pytest.mark.usefixtures("db")
Doing = Callable[[Card, Site, Staff], Awaitable[None]]
TRIAGE = Triage.model_validate(
    {"severity": "minor", "category": "room", "kind": "complaint", "cause": "堵塞", "wish": "换房"},
    context={"categories": {"room"}},
)
RESTRICTION = Restriction.model_validate({"about": "hotel.third", "reason": "客人说的"}, context={"people": {"hotel.third"}})
WAYS = {State.RECEIVED: stories.filed, State.TRIAGED: stories.triaged, State.PLANNED: stories.planned,
        State.ANSWERED: stories.accepted, State.CLOSED: stories.closed}  # fmt: skip

# What a person asks for, the rows of the table that may answer it, and what kind of item it is asked of.
DOINGS: dict[str, tuple[tuple[str, ...], str, Doing]] = {
    "claim": (("claim",), "complaint", lambda item, site, by: deeds.claim(item, DEEDS["claim"], site=site, by=by)),
    "release": (
        ("release",),
        "complaint",
        lambda item, site, by: deeds.release(item, DEEDS["release"], site=site, by=by, reason="下班"),
    ),
    "handover": (
        ("handover",),
        "complaint",
        lambda item, site, by: deeds.hand_over(item, DEEDS["handover"], site=site, by=by, to="hotel.third", reason="下班"),
    ),
    "notes": (
        ("notes",),
        "complaint",
        lambda item, site, by: deeds.note(item, DEEDS["notes"], site=site, by=by, body="记"),
    ),
    "messages": (
        ("messages",),
        "complaint",
        lambda item, site, by: handling.write_to_customer(item, Message(body="马上来"), site=site, by=by),
    ),
    "triage": (("triage", "retriage"), "complaint", lambda item, site, by: handling.triage(item, TRIAGE, site=site, by=by)),
    "plan": (("plan", "replan"), "complaint", lambda item, site, by: handling.plan(item, "换房", site=site, by=by)),
    "reply": (("reply",), "complaint", lambda item, site, by: handling.answer(item, "已换", site=site, by=by)),
    "quick reply": (
        ("reply", "quick reply"),
        "enquiry",
        lambda item, site, by: handling.answer(item, "七点", site=site, by=by),
    ),
    "pause": (
        ("pause",),
        "complaint",
        lambda item, site, by: pauses.pause(item, DEEDS["pause"], site=site, by=by, reason=PauseReason.PARTS, body=""),
    ),
    "tier": (("tier",), "complaint", lambda item, site, by: extending.rank(item, "", site=site, by=by)),
    "extension": (
        ("extension",),
        "complaint",
        lambda item, site, by: extending.ask(item, MoreTime(days=1, reason="忙"), site=site, by=by),
    ),
    "restriction": (
        ("restriction",),
        "complaint",
        lambda item, site, by: confiding.restrict(item, RESTRICTION, site=site, by=by),
    ),
    "link": (("link",), "complaint", lambda item, site, by: handling.renew_link(item, ids.new_token(), site=site, by=by)),
    "closure": (("closure",), "complaint", lambda item, site, by: handling.close(item, site=site, by=by)),
}


class _Undone(Exception):
    """Ends a try, so that the next begins where it began."""


async def outcome(doing: Awaitable[None], case: Case) -> tuple[str, str, str]:
    """What came of a try: the error, or the state and the event it led to. Nothing of it stays."""
    found = ("", "", "")
    with contextlib.suppress(_Undone):
        async with database.transaction():
            try:
                await doing
            except PortalError as refused:
                found = (type(refused).__name__, "", "")
            else:
                found = ("", (await case.card()).state, (await events.timeline(case.id))[-1].kind)
            raise _Undone
    return found


def expected(rows: tuple[str, ...], item: Card, staff: Staff, site: Site) -> tuple[str, str, str]:
    """What the table says: Forbidden for a role that never has it, Conflict for its state or owner, else where it leads."""
    mine = staff.roles_at(site)
    deeds = [DEEDS[name] for name in rows]
    if not any(deed.roles & mine for deed in deeds):
        return Forbidden.__name__, "", ""
    fitting = [
        deed for deed in deeds if item.state in deed.before and _is_whose(deed, item, staff, leads=bool(mine & AUTHORITY))
    ]
    if not fitting:
        return Conflict.__name__, "", ""
    return "", fitting[0].after or item.state, fitting[0].event


def _is_whose(deed: Deed, item: Card, staff: Staff, *, leads: bool) -> bool:
    if "owner" in deed.needs and item.owner_id is None:
        return False
    if deed.whose is Whose.NOBODY:
        return item.owner_id is None
    return deed.whose is Whose.ANY or leads or item.owner_id == staff.id


def everybody(cast: Cast) -> list[Staff]:
    return [cast.manager, cast.receptionist, cast.floor, cast.kitchen, cast.guard, cast.sales, cast.finance, cast.auditor,
            cast.admin, cast.owner, cast.stranger, cast.strange_manager]  # fmt: skip


@pytest.mark.parametrize("doing", DOINGS)
@pytest.mark.parametrize("state", list(State))
async def test_every_role_may_do_what_the_table_says_and_nothing_else(cast: Cast, state: State, doing: str) -> None:
    """CMP-12, CMP-13, CMP-26, CMP-38; table 2.2, row 6."""
    rows, kind, do = DOINGS[doing]
    await factories.make_staff((cast.hotel, Role.DESK), username="hotel.third")
    await stories.decided(cast.hotel, complaint__preset="bank")  # where days are counted they can be extended
    site, wrong = await sites.site("hotel"), []
    case = await (stories.filed(site, kind=kind) if state is State.RECEIVED else WAYS[state](
        site, by=cast.second, kind=kind))  # fmt: skip

    for staff in everybody(cast):
        for owner in (staff.id, cast.second.id, None):
            await WorkItem.update({WorkItem.owner: owner}).where(WorkItem.id == case.id)
            item = await case.card()
            found, meant = await outcome(do(item, site, staff), case), expected(rows, item, staff, site)
            if found != meant:
                whose = "own" if owner == staff.id else "another's" if owner else "nobody's"
                wrong.append(f"{staff.username}, {whose}: {found} instead of {meant}")

    assert wrong == []


CUSTOMERS: dict[str, Callable[[Card, Site], Awaitable[None]]] = {
    "message of the customer": lambda item, site: following.write(item, Message(body="还在等"), site=site),
    "acceptance": lambda item, site: following.accept(item, site=site),
    "rejection": lambda item, site: following.reject(item, "没修好", site=site),
    "rating": lambda item, site: following.rate(item, Rating(score=5), site=site),
}


@pytest.mark.parametrize("name", CUSTOMERS)
@pytest.mark.parametrize("state", list(State))
async def test_the_customer_may_do_what_the_table_says_and_nothing_else(cast: Cast, state: State, name: str) -> None:
    """CMP-38, CMP-45."""
    deed = DEEDS[name]
    case = await (
        stories.filed(cast.hotel)
        if state is State.RECEIVED
        else {**WAYS, State.ANSWERED: stories.answered}[state](cast.hotel, by=cast.receptionist)
    )

    found = await outcome(CUSTOMERS[name](await case.card(), cast.hotel), case)

    assert found == (("", deed.after or state, deed.event) if state in deed.before else (Conflict.__name__, "", ""))


@pytest.mark.parametrize("staff", ["receptionist", "floor", "kitchen", "manager"])
async def test_of_a_rejected_item_only_a_manager_takes_hold(cast: Cast, staff: str) -> None:
    case = await stories.rejected(cast.hotel, by=cast.second)
    do = DOINGS["claim"][2]

    found = await outcome(do(await case.card(), cast.hotel, getattr(cast, staff)), case)

    assert found == (("", "triaged", "item.claimed") if staff == "manager" else (Conflict.__name__, "", ""))
