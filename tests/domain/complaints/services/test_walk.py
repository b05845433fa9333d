"""Every state × deed × role × ownership, against the deed table: no wrong answer."""

import contextlib
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from uuid import UUID

import pytest

from portal import clock, database, ids
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Account, Role
from portal.domain.complaints.forms.ending import Action, Decision, Promise, Visit
from portal.domain.complaints.forms.filing import Message, Rating
from portal.domain.complaints.forms.goods import NewReturn
from portal.domain.complaints.forms.handling import Asking, Contact, MoreTime, NamedParty, Restriction, Split, Triage
from portal.domain.complaints.rules.goods import Line
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import (
    confiding,
    ending,
    extending,
    following,
    handling,
    learning,
    mediating,
    ranking,
    redress,
    returning,
    sharing,
)
from portal.domain.complaints.tables import Channel, Liability, Returned, State
from portal.domain.queues.forms import NewTask
from portal.domain.queues.queries import words
from portal.domain.queues.queries.items import Card
from portal.domain.queues.rules import AUTHORITY, Deed, Whose
from portal.domain.queues.services import deeds, escalating, pauses, tasks, undoing
from portal.domain.queues.tables import EntryKind, PauseReason, WorkItem
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Forbidden, PortalError
from portal.events import queries as events
from portal.events import services as events_of
from tests import factories, stories
from tests.cast import Cast
from tests.stories import Case

pytestmark = pytest.mark.usefixtures("db")
Doing = Callable[[Card, Site, Staff], Awaitable[None]]
TRIAGE = Triage.model_validate(
    {"severity": "minor", "category": "room", "kind": "complaint", "cause": "堵塞", "wish": "换房"},
    context={"categories": {"room"}},
)
ACTION = Action.model_validate(
    {"body": "每周查冷凝管", "owner": "hotel.third", "due_on": "2030-01-01"}, context={"today": date(2026, 11, 22)}
)
VISIT = Visit.model_validate({"satisfied": "yes"})
RETURN = NewReturn.model_validate({"reason": "裂纹", "treatment": "报废", "basis": "检验报告", "lines": "M-100, 12"})
RESTRICTION = Restriction.model_validate({"about": "hotel.third", "reason": "客人说的"}, context={"people": {"hotel.third"}})
WAYS = {State.RECEIVED: stories.filed, State.TRIAGED: stories.triaged, State.PLANNED: stories.planned,
        State.ANSWERED: stories.accepted, State.CLOSED: stories.closed}  # fmt: skip


async def ask(item: Card, site: Site, by: Staff) -> None:
    due_at = (clock.now() + timedelta(days=1)).replace(tzinfo=None).isoformat()
    form = NewTask.model_validate({"department": "floor", "due_at": due_at, "body": "换毛巾"})
    await tasks.ask(item, DEEDS["tasks"], form, site=site, by=by)


async def finish(item: Card, site: Site, by: Staff) -> None:
    await tasks.finish(item, DEEDS["task done"], await asked_of(item, site, by), site=site, by=by, note="换了")


async def refuse(item: Card, site: Site, by: Staff) -> None:
    await tasks.refuse(item, DEEDS["task refusal"], await asked_of(item, site, by), site=site, by=by, reason="没有了")


async def asked_of(item: Card, site: Site, by: Staff) -> UUID:
    """A task of this person's department, as far as it is one."""
    department = next(iter(by.roles_at(site)), Role.DESK)
    return await tasks.add(item.id, "换毛巾", site=site, department=department, due_at=clock.now(), by=None)


async def acknowledge(item: Card, site: Site, by: Staff) -> None:
    """What desk, floor and kitchen have been told of, one rung after the other."""
    await stories.escalated(Case(site, item.id, item.number, ""), Role.DESK, Role.FLOOR, Role.KITCHEN)
    await escalating.acknowledge(item, DEEDS["acknowledgement"], site=site, by=by)


async def merge(item: Card, site: Site, by: Staff) -> None:
    """Into another that floor, kitchen and owner see as well."""
    other = await stories.filed(site, category="room")
    await stories.escalated(other, Role.OWNER)
    await tasks.add(other.id, "送水果", site=site, department=Role.KITCHEN, due_at=clock.now(), by=None)
    await sharing.merge(item, other.number, site=site, by=by)


async def split(item: Card, site: Site, by: Staff) -> None:
    told = [str(one.id) for one in await words.written(item.id) if one.kind == EntryKind.FILING]
    form = Split.model_validate({"messages": told, "body": "还有毛巾"})
    await sharing.split(item, form, site=site, by=by, token=ids.new_token())


async def take_back(item: Card, site: Site, by: Staff) -> None:
    """What this person has just given to the owner that it has now."""
    done = await events_of.record("item.handed-over", site=site.id, subject=item.id, by=by, to=by.id, was={"owner": None},
                                  version=item.version, circle=item.circle)  # fmt: skip
    await undoing.undo(item, DEEDS["undo"], done, site=site, by=by)


async def renewed(item: Card, site: Site, by: Staff) -> None:
    """A new link for the other party that was named."""
    await mediating.keep(item.id, name="李经销", phone="")
    await mediating.renew_link(item, ids.new_token(), site=site, by=by)


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
    "undo": (("undo",), "complaint", take_back),
    "notes": (
        ("notes",),
        "complaint",
        lambda item, site, by: deeds.note(item, DEEDS["notes"], site=site, by=by, body="记"),
    ),
    "escalation": (
        ("escalation",),
        "complaint",
        lambda item, site, by: escalating.escalate(item, DEEDS["escalation"], site=site, by=by, reason="客人要见经理"),
    ),
    "acknowledgement": (("acknowledgement",), "complaint", acknowledge),
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
    "tier": (("tier",), "complaint", lambda item, site, by: ranking.rank(item, "", site=site, by=by)),
    "extension": (
        ("extension",),
        "complaint",
        lambda item, site, by: extending.ask(item, MoreTime(days=1, reason="忙"), site=site, by=by),
    ),
    "returns": (("returns",), "product", lambda item, site, by: returning.request(item, RETURN, site=site, by=by)),
    "return approval": (
        ("return approval",),
        "product",
        lambda item, site, by: on_note(item, Returned.REQUESTED, lambda note: returning.decide(
            item, note, Decision(decision="approve"), site=site, by=by)),
    ),
    "return shipment": (
        ("return shipment",),
        "product",
        lambda item, site, by: on_note(item, Returned.APPROVED, lambda note: returning.ship(item, note, site=site, by=by)),
    ),
    "return instruction": (
        ("return instruction",),
        "product",
        lambda item, site, by: on_note(item, Returned.AWAITING, lambda note: returning.instruct(
            item, note, "照实收", site=site, by=by)),
    ),
    "return receipt": (
        ("return receipt",),
        "product",
        lambda item, site, by: on_note(item, Returned.SHIPPED, lambda note: returning.receive(
            item, note, [Line("M-100", 12)], site=site, by=by)),
    ),
    "colleague": (
        ("colleague",),
        "enquiry",
        lambda item, site, by: handling.ask_colleague(item, Asking(to="hotel.third", body="几点？"), site=site, by=by),
    ),
    "forwarding": (
        ("forwarding",),
        "policy-grumble",
        lambda item, site, by: handling.forward(item, "没看懂新政策", site=site, by=by),
    ),
    "party": (
        ("party",),
        "dispute",
        lambda item, site, by: mediating.name(item, NamedParty(party_name="李经销"), site=site, by=by),
    ),
    "party link": (("party link",), "dispute", renewed),
    "restriction": (
        ("restriction",),
        "complaint",
        lambda item, site, by: confiding.restrict(item, RESTRICTION, site=site, by=by),
    ),
    "link": (("link",), "complaint", lambda item, site, by: handling.renew_link(item, ids.new_token(), site=site, by=by)),
    "liability": (
        ("liability",),
        "complaint",
        lambda item, site, by: redress.assess(item, Liability.OURS, site=site, by=by),
    ),
    "compensation": (
        ("compensation",),
        "complaint",
        lambda item, site, by: redress.propose(item, Promise(amount="0"), site=site, by=by),  # type: ignore[arg-type]
    ),
    "cause": (("cause",), "complaint", lambda item, site, by: learning.name_cause(item, "staff", site=site, by=by)),
    "actions": (("actions",), "complaint", lambda item, site, by: learning.plan_action(item, ACTION, site=site, by=by)),
    "return-visit": (("return-visit",), "complaint", lambda item, site, by: ending.visit(item, VISIT, site=site, by=by)),
    "rectification": (("rectification",), "complaint", lambda item, site, by: ending.verify(item, "干了", site=site, by=by)),
    "reopening": (("reopening",), "complaint", lambda item, site, by: ending.reopen(item, site=site, by=by)),
    "tasks": (("tasks",), "complaint", ask),
    "task done": (("task done",), "complaint", finish),
    "task refusal": (("task refusal",), "complaint", refuse),
    "contacts": (
        ("contacts",),
        "complaint",
        lambda item, site, by: sharing.note_contact(item, Contact(channel=Channel.PHONE), site=site, by=by),
    ),
    "merge": (("merge",), "complaint", merge),
    "split": (("split",), "complaint", split),
    "closure": (("closure",), "complaint", lambda item, site, by: handling.close(item, site=site, by=by)),
}  # fmt: skip


async def on_note(item: Card, state: Returned, do: Callable[[UUID], Awaitable[None]]) -> None:
    """A step on a return note that stands so, and that somebody else has asked for."""
    third = await Account.select(Account.id).where(Account.username == "hotel.third").first()
    assert third is not None
    await do(await factories.make_note(item.id, issued_by=third["id"], state=state))


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
    if deed.whose is Whose.FIRST:
        return leads or item.first_asked_id == staff.id
    if deed.whose is Whose.FREE and item.owner_id is None:
        return True
    return deed.whose is Whose.ANY or leads or item.owner_id == staff.id


def everybody(cast: Cast) -> list[Staff]:
    return [cast.manager, cast.receptionist, cast.floor, cast.kitchen, cast.guard, cast.sales, cast.finance, cast.auditor,
            cast.admin, cast.owner, cast.stranger, cast.strange_manager]  # fmt: skip


@pytest.mark.parametrize("kind", sorted({kind for _rows, kind, _do in DOINGS.values()}))
@pytest.mark.parametrize("state", list(State))
async def test_every_role_may_do_what_the_table_says_and_nothing_else(cast: Cast, state: State, kind: str) -> None:
    """CMP-12, CMP-13, CMP-26, CMP-38, CMP-41, DUTY-16, DUTY-18, DUTY-20; table 2.2, rows 6 and 8."""
    await factories.make_staff((cast.hotel, Role.DESK), username="hotel.third")
    await stories.decided(cast.hotel, complaint__preset="bank")  # where days are counted they can be extended
    site, wrong = await sites.site("hotel"), []
    case = await (stories.filed(site, kind=kind) if state is State.RECEIVED else WAYS[state](
        site, by=cast.second, kind=kind))  # fmt: skip
    doings = {name: (rows, do) for name, (rows, of, do) in DOINGS.items() if of == kind}
    all_of_them = everybody(cast)
    owners: list[tuple[str, UUID | None, list[Staff]]] = [
        ("another's", cast.second.id, all_of_them), ("nobody's", None, all_of_them),
        *(("own", staff.id, [staff]) for staff in all_of_them),
    ]  # fmt: skip

    for whose, owner, people in owners:
        await WorkItem.update({WorkItem.owner: owner, WorkItem.first_asked: owner}).where(WorkItem.id == case.id)
        item = await case.card()
        for staff in people:
            for name, (rows, do) in doings.items():
                found, meant = await outcome(do(item, site, staff), case), expected(rows, item, staff, site)
                if found != meant:
                    wrong.append(f"{name}, {staff.username}, {whose}: {found} instead of {meant}")

    assert wrong == []


CUSTOMERS: dict[str, Callable[[Card, Site], Awaitable[None]]] = {
    "message of the customer": lambda item, site: following.write(item, Message(body="还在等"), site=site),
    "message of the party": lambda item, site: mediating.hear(item, Message(body="我方没有违约"), site=site),
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
        stories.filed(cast.hotel, kind="dispute")
        if state is State.RECEIVED
        else {**WAYS, State.ANSWERED: stories.answered}[state](
            cast.hotel, by=cast.receptionist, kind="dispute")
    )

    found = await outcome(CUSTOMERS[name](await case.card(), cast.hotel), case)

    assert found == (("", deed.after or state, deed.event) if state in deed.before else (Conflict.__name__, "", ""))


@pytest.mark.parametrize("staff", ["receptionist", "floor", "kitchen", "manager"])
async def test_of_a_rejected_item_only_a_manager_takes_hold(cast: Cast, staff: str) -> None:
    case = await stories.rejected(cast.hotel, by=cast.second)
    do = DOINGS["claim"][2]

    found = await outcome(do(await case.card(), cast.hotel, getattr(cast, staff)), case)

    assert found == (("", "triaged", "item.claimed") if staff == "manager" else (Conflict.__name__, "", ""))
