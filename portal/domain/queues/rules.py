"""The grammar of all work items: deeds, who may do them, how far a person sees, when a clock warns, who is told next."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from portal.domain.accounts.tables import Role
from portal.domain.queues.tables import ClockKind
from portal.domain.sites.rules import calendar as calendars
from portal.domain.sites.rules.calendar import Calendar, Span

UNITS = frozenset({Role.DESK, Role.FLOOR, Role.KITCHEN, Role.MANAGER})
# The owner of the organisation sees few items, and is a manager on each of them.
HANDLERS = UNITS | {Role.OWNER}
AUTHORITY = frozenset({Role.MANAGER, Role.OWNER})
Stretch = tuple[datetime, datetime]
# What may wait for somebody else; taking it up, and a guest who leaves, wait for nobody.
PAUSABLE = (ClockKind.ANSWER, ClockKind.RESOLVE)
# What one may take back, and how long, while nothing else happened to the item: instead of being asked whether one is sure.
UNDOABLE = ("item.claimed", "item.released", "item.handed-over")
UNDO_WITHIN = timedelta(seconds=10)
# Whoever may be asked to do something for an item: who handles, and who stands at the gate or sells.
DEPARTMENTS = UNITS | {Role.GUARD, Role.SALES}


class Whose(StrEnum):
    """Whose an item must be for a deed."""

    ANY = "anyone's"
    NOBODY = "nobody's"
    FREE = "one's own or nobody's; managers: anyone's"
    OWN = "one's own; managers: anyone's"
    FIRST = "of who was asked first; managers: anyone's"


@dataclass(frozen=True)
class Deed:
    """A row of a domain's deed table: what it is called, from which states, to which, by whom, with what.

    `before` are the states it starts from, `after` the one it leads to (none: it stays). `roles` may ever do it (none:
    it is the customer's). `needs` are the fields that must be filled in, `event` is what is recorded, `told` who hears.
    """

    name: str
    before: frozenset[str]
    after: str | None
    roles: frozenset[Role]
    whose: Whose
    needs: tuple[str, ...]
    event: str
    told: str = ""


class Reach(StrEnum):
    """How much of a site's queue somebody sees."""

    ALL = "all"
    UNIT = "unit"
    FILED = "filed"
    MONEY = "money"
    CASES = "cases"


REACH = {
    Role.DESK: Reach.ALL,
    Role.MANAGER: Reach.ALL,
    Role.AUDITOR: Reach.ALL,
    Role.FLOOR: Reach.UNIT,
    Role.KITCHEN: Reach.UNIT,
    Role.GUARD: Reach.FILED,
    Role.SALES: Reach.FILED,
    Role.FINANCE: Reach.MONEY,
    Role.OWNER: Reach.CASES,
}


@dataclass(frozen=True)
class Rung:
    """One level of a site's ladder: which role is told, and how long after the level before."""

    role: Role
    after: timedelta = timedelta()


def reach(roles: Iterable[Role]) -> frozenset[Reach]:
    """How far these roles see together; nothing for an administrator."""
    return frozenset(REACH[role] for role in roles if role in REACH)


def units(roles: Iterable[Role]) -> frozenset[str]:
    """The units whose categories these roles see."""
    return frozenset(role.value for role in roles if REACH.get(role) is Reach.UNIT)


def may(deed: Deed, roles: frozenset[Role]) -> bool:
    """Whether somebody with these roles may ever do it."""
    return bool(deed.roles & roles)


def leads(roles: frozenset[Role]) -> bool:
    """Whether these roles may act on what belongs to others."""
    return bool(AUTHORITY & roles)


def rungs(text: str) -> tuple[Rung, ...]:
    """A ladder as its setting says it: `manager, owner 60` tells the manager at once and the owner an hour later."""
    parts = [part.split() for part in text.split(",")]
    return tuple(Rung(Role(role), timedelta(minutes=int(*minutes or ("0",)))) for role, *minutes in parts)


def acknowledges(roles: frozenset[Role]) -> frozenset[Role]:
    """Whose escalations these roles acknowledge: one's own role's, and those of every role below."""
    if Role.OWNER in roles:
        return HANDLERS
    return UNITS if Role.MANAGER in roles else roles & UNITS


def stand_in(account: UUID, deputies: Mapping[UUID, UUID], able: Collection[UUID]) -> UUID | None:
    """Who works for somebody who is away: the deputy, or the deputy's if that one is away too; nobody in a circle.

    `deputies` are of all who are away now, `able` all who may be given work here.
    """
    seen = {account}
    while account in deputies:
        account = deputies[account]
        if account in seen:
            return None
        seen.add(account)
    return account if account in able else None


@dataclass(frozen=True)
class Promise:
    """How long something may take: `minutes` of the site's open time (`always`: round the clock), or calendar `days`.

    `at` is an instant that stands by itself. `policy` is the law it comes from; none is the site's default.
    """

    minutes: int = 0
    days: int = 0
    always: bool = False
    at: datetime | None = None
    policy: UUID | None = None


def promise_of(row: dict[str, Any]) -> Promise:
    """What a clock was promised, as its row says."""
    at = None if row["minutes"] or row["days"] else row["due_at"]
    return Promise(minutes=row["minutes"], days=row["days"], always=bool(row["always"]), at=at, policy=row["policy"])


def due_at(promise: Promise, calendar: Calendar, started_at: datetime, pauses: Sequence[Stretch] = ()) -> datetime:
    """Until when a promise holds that began at `started_at`; pauses move it."""
    if promise.at is not None:
        return promise.at
    if promise.days:
        return calendars.end_of_day(calendar.zone, started_at, promise.days + _whole_days(started_at, pauses))
    return calendars.due(_counting(promise, calendar), started_at, timedelta(minutes=promise.minutes), pauses)


def warns_at(
    promise: Promise,
    calendar: Calendar,
    started_at: datetime,
    due_at: datetime,
    percent: int,
    pauses: Sequence[Stretch] = (),
) -> datetime:
    """When it is marked as due soon: after so much of its time."""
    if promise.at is not None or promise.days:
        return started_at + max(due_at - started_at, timedelta()) * percent / 100
    part = timedelta(minutes=promise.minutes) * percent / 100
    return calendars.due(_counting(promise, calendar), started_at, part, pauses)


def counted(promise: Promise, calendar: Calendar, start: datetime, end: datetime, pauses: Sequence[Stretch]) -> list[Span]:
    """The stretches between two instants that a promise of open time counts: open, and outside every pause."""
    return calendars.spans(_counting(promise, calendar), start, end, pauses)


def is_provisional(promise: Promise, calendar: Calendar, started_at: datetime, due_at: datetime) -> bool:
    """Whether holidays that nobody has published yet may move this due time."""
    by_itself = promise.at is not None or promise.days or promise.always
    return not by_itself and calendars.provisional(calendar, started_at, due_at)


def _counting(promise: Promise, calendar: Calendar) -> Calendar:
    return calendars.round_the_clock(calendar.zone) if promise.always else calendar


def _whole_days(started_at: datetime, pauses: Sequence[Stretch]) -> int:
    """The days that pauses after the start took, each begun one counted."""
    paused = sum((ended - max(began, started_at) for began, ended in pauses if ended > started_at), timedelta())
    return -(-paused // timedelta(days=1))


def share(started_at: datetime, due_at: datetime, now: datetime) -> int:
    """How much of a clock's time is used, 0 to 100."""
    whole = due_at - started_at
    if whole <= timedelta():
        return 100
    return max(0, min(100, int((now - started_at) / whole * 100)))
