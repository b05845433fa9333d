"""What complaints are promised: their clocks begin, and are computed anew when what was promised changes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from portal import clock, database
from portal.domain.accounts.queries import Staff
from portal.domain.complaints.queries import policies
from portal.domain.complaints.rules import promises
from portal.domain.complaints.rules.promises import Facts, Law
from portal.domain.complaints.tables import Complaint
from portal.domain.queues.queries import items
from portal.domain.queues.queries.items import Card
from portal.domain.queues.rules import Promise
from portal.domain.queues.services import clocks, pauses
from portal.domain.queues.tables import Clock, ClockKind, Pause, PauseReason, WorkItem
from portal.domain.sites import queries as sites
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.i18n.translations import N_, gettext

FIRST_CLOCKS = (ClockKind.ACKNOWLEDGE, ClockKind.ANSWER, ClockKind.RESOLVE, ClockKind.LEAVE)
AGAIN = (ClockKind.RESOLVE, ClockKind.LEAVE)
STANDS_STILL = N_("A policy lets the time stand still here.")
AT_ONCE, LOOKED_UP = 40, 1000  # complaints in one transaction, and in one question
# What began while its site was being changed is found within this time; what changed is looked for at once.
SURELY = timedelta(minutes=1)
_looked: dict[UUID, tuple[int, datetime]] = {}


async def first_clocks(item: UUID, facts: Facts, *, site: Site, now: datetime) -> list[dict[str, Any]]:
    """The clocks that begin with the filing."""
    return await _clocks(item, facts, FIRST_CLOCKS, site=site, now=now, number=1)


async def begin_again(item: UUID, *, site: Site, number: int) -> None:
    """The answer did not do: the clock of the answer begins anew, and the old one keeps its outcome."""
    facts = (await policies.facts([item]))[item]
    rows = await _clocks(item, facts, AGAIN, site=site, now=clock.now(), number=number)
    await database.insert(Clock, *rows)
    await clocks.settle([item])


async def before_leaving(item: Card, leaves_at: datetime, *, site: Site) -> None:
    """A guest will leave: the answer is due before. Where that was said already, its clock is computed anew."""
    row = clocks.new_clock(item.id, ClockKind.LEAVE, Promise(at=leaves_at), site=site, calendar=await sites.calendar(site),
                           started_at=clock.now(), number=item.round)  # fmt: skip
    if not await database.insert(Clock, row, unless_there=True):
        taken_back = (Clock.item == item.id) & (Clock.kind == ClockKind.LEAVE) & (Clock.round == item.round)
        await Clock.update({Clock.stopped_at: None}).where(taken_back, Clock.stopped_at.is_not_null())


async def never_leaving(item: Card) -> None:
    """The guest does not leave after all: nothing is due before. What was missed by then stays missed."""
    await Clock.delete().where(
        Clock.item == item.id, Clock.kind == ClockKind.LEAVE, Clock.stopped_at.is_null(), Clock.missed_at.is_null()
    )
    await clocks.stop_clock(item, ClockKind.LEAVE)


async def await_colleague(item: Card, *, site: Site) -> None:
    """A colleague was asked: the answer is due soon. A clock that runs already goes on, whoever else is asked."""
    rows = await Clock.select(Clock.stopped_at).where(Clock.item == item.id, Clock.kind == ClockKind.COLLEAGUE)
    if any(row["stopped_at"] is None for row in rows):
        return
    promise = Promise(minutes=site_rules.figure(site, "complaint.colleague_minutes"))
    row = clocks.new_clock(item.id, ClockKind.COLLEAGUE, promise, site=site, calendar=await sites.calendar(site),
                           started_at=clock.now(), number=len(rows) + 1)  # fmt: skip
    await database.insert(Clock, row)
    await clocks.settle([item.id])


async def renew(ids: list[UUID], *, site: Site, why: str, by: Staff | None = None) -> int:
    """Compute the due times of some complaints anew from their receipt, by what is promised now; how many clocks were."""
    laws, calendar = await policies.laws(site), await sites.calendar(site)
    known = await policies.facts(ids)
    promised = {item: promises.promised(site, laws, facts) for item, facts in known.items()}
    written = await clocks.renew(promised, site=site, calendar=calendar, why=why, by=by)
    await _stand_or_go_on(known, laws, site=site)
    return written


async def renew_what_changed() -> int:
    """Compute anew what was computed before its site's calendar, policies or times changed; how many clocks were.

    A few at once, so that whoever else writes meanwhile never waits for long.
    """
    done, now = 0, clock.now()
    for site in await sites.sites():
        if _looked.get(site.id, (0, now))[0] == site.edition and now - _looked[site.id][1] < SURELY:
            continue
        ids = await _outdated(site)
        if not ids:
            _looked[site.id] = site.edition, now
        for start in range(0, len(ids), AT_ONCE):
            done += await database.retried(partial(_renew, ids[start : start + AT_ONCE], site))
    return done


async def rank(ids: list[UUID], site: Site) -> None:
    """Where these stand in the queue by tier and kind, as the site wants it now (X-17, CMP-33)."""
    kind: Any = Complaint.item.kind  # Piccolo follows references at run time
    rows = await Complaint.select(Complaint.id, Complaint.tier, kind).where(Complaint.id.is_in(ids))
    alike: dict[int, list[UUID]] = {}
    for row in rows:
        alike.setdefault(promises.weight(site, row["tier"], row["item.kind"]), []).append(row["id"])
    for weight, members in alike.items():
        await WorkItem.update({WorkItem.tier: weight}).where(WorkItem.id.is_in(members))


async def enter(item: UUID, *, site: Site) -> None:
    """A complaint has come into a state: its clocks stand still there, or go on, as the policies say."""
    await _stand_or_go_on(await policies.facts([item]), await policies.laws(site), site=site)


async def _clocks(
    item: UUID, facts: Facts, kinds: tuple[ClockKind, ...], *, site: Site, now: datetime, number: int
) -> list[dict[str, Any]]:
    promised = promises.promised(site, await policies.laws(site), facts)
    if facts.leaves_at is not None and facts.leaves_at <= now:
        del promised[ClockKind.LEAVE]
    calendar = await sites.calendar(site)
    return [
        clocks.new_clock(item, kind, promised[kind], site=site, calendar=calendar, started_at=now, number=number)
        for kind in kinds
        if kind in promised
    ]


async def _stand_or_go_on(known: dict[UUID, Facts], laws: Sequence[Law], *, site: Site) -> None:
    """Let the clocks of these complaints stand still where the policies say so in their states, and go on elsewhere."""
    ids = list(known)
    going = await Pause.select(Pause.item).where(Pause.item.is_in(ids), Pause.ended_at.is_null(), pauses.BY_POLICY)
    if not going and not any(law.pauses_in for law in laws):
        return
    by_policy = {row["item"] for row in going}
    for row in await WorkItem.select(WorkItem.id, WorkItem.state, WorkItem.paused).where(WorkItem.id.is_in(ids)):
        still = promises.stands_still(laws, known[row["id"]], row["state"])
        if still and not row["paused"]:
            card = await items.item_by_id(row["id"])
            await pauses.begin(card, site=site, reason=PauseReason.OTHER, by=None, body=gettext(STANDS_STILL))
        elif not still and row["id"] in by_policy:
            await pauses.end(row["id"], site=site, by=None, only=pauses.BY_POLICY)


async def _outdated(site: Site) -> list[UUID]:
    """Open complaints with a clock that was computed before something changed."""
    rows = await Clock.raw(
        "SELECT DISTINCT c.item FROM clock c JOIN work_item i ON i.id = c.item JOIN complaint k ON k.item = i.id "
        f"WHERE i.site = {{}} AND c.stopped_at IS NULL AND c.edition <> {{}} LIMIT {LOOKED_UP}", site.id, site.edition,
    )  # fmt: skip
    return [row["item"] for row in rows]


async def _renew(ids: list[UUID], site: Site) -> int:
    done = await renew(ids, site=site, why="calendar")
    await rank(ids, site)
    return done
