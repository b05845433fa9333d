"""How the due times of an item came about: what was promised, which open time counted, and what stood still."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal import clock
from portal.domain.queues import rules
from portal.domain.queues.queries import people
from portal.domain.queues.queries.items import Card
from portal.domain.queues.rules import PAUSABLE, Promise
from portal.domain.queues.tables import Clock, ClockKind, Pause
from portal.domain.sites import queries as sites
from portal.domain.sites.rules.calendar import Calendar, Span
from portal.domain.sites.tables import Site


@dataclass(frozen=True)
class Stop:
    """A pause: what was waited for, from when until when (none: still), and by whom (empty: the portal)."""

    reason: str
    began_at: datetime
    began_by: str
    until: datetime | None
    ended_at: datetime | None
    ended_by: str


@dataclass(frozen=True)
class Explanation:
    """One clock, explained. `counted` sums to what was promised, unless it stands still or the calendar was another then."""

    kind: str
    round: int
    promise: Promise
    started_at: datetime
    due_at: datetime
    stopped_at: datetime | None
    missed_at: datetime | None
    paused: bool
    provisional: bool
    counted: list[Span]
    stops: list[Stop]
    outdated: bool

    @property
    def promised(self) -> timedelta:
        """The open time that was promised."""
        return timedelta(minutes=self.promise.minutes)

    @property
    def sum(self) -> timedelta:
        """The open time of all that counted."""
        return sum((span.end - span.start for span in self.counted), timedelta())


async def explanations(item: Card, site: Site) -> list[Explanation]:
    """The clocks of an item with how each due time came about, in the order they began."""
    promised = Clock.select().where(Clock.item == item.id, Clock.kind != ClockKind.SUPERIOR)
    rows = await promised.order_by(Clock.round, Clock.started_at, Clock.kind)
    pauses = await Pause.select().where(Pause.item == item.id).order_by(Pause.began_at)
    names = await people.named(site, [by for row in pauses for by in (row["began_by"], row["ended_by"]) if by])
    calendar = await sites.calendar(site)
    return [_explained(row, pauses, names, site, calendar) for row in rows]


async def waits_for(item: Card) -> str:
    """What the time of an item stands still for; nothing where it runs."""
    if not item.paused:
        return ""
    row = await Pause.select(Pause.reason).where(Pause.item == item.id, Pause.ended_at.is_null()).first()
    return str(row["reason"]) if row else ""


def _explained(
    row: dict[str, Any], pauses: list[dict[str, Any]], names: dict[UUID, dict[str, Any]], site: Site, calendar: Calendar
) -> Explanation:
    promise = rules.promise_of(row)
    mine = [one for one in pauses if row["kind"] in PAUSABLE and _touches(one, row)]
    paused = row["paused_at"] is not None and row["stopped_at"] is None
    end = row["paused_at"] if paused else row["due_at"]
    stretches = [(one["began_at"], one["ended_at"] or clock.now()) for one in mine]
    outdated = row["edition"] != site.edition
    explained = promise.minutes and not outdated
    counted = rules.counted(promise, calendar, row["started_at"], end, stretches) if explained else []
    return Explanation(
        kind=row["kind"],
        round=row["round"],
        promise=promise,
        started_at=row["started_at"],
        due_at=row["due_at"],
        stopped_at=row["stopped_at"],
        missed_at=row["missed_at"],
        paused=paused,
        provisional=bool(row["provisional"]),
        counted=counted,
        stops=[_stop(one, names) for one in mine],
        outdated=outdated,
    )


def _touches(pause: dict[str, Any], row: dict[str, Any]) -> bool:
    """Whether a pause fell into the time that a clock ran."""
    began_in_time = row["stopped_at"] is None or pause["began_at"] < row["stopped_at"]
    return began_in_time and (pause["ended_at"] is None or pause["ended_at"] > row["started_at"])


def _stop(pause: dict[str, Any], names: dict[UUID, dict[str, Any]]) -> Stop:
    def who(by: UUID | None) -> str:
        return str(names[by]["name"]) if by in names else ""

    return Stop(pause["reason"], pause["began_at"], who(pause["began_by"]), pause["until"], pause["ended_at"],
                who(pause["ended_by"]))  # fmt: skip
