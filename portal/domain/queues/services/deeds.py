"""The deeds that every work item knows, each one conditional update: claim, release, hand over, note."""

from datetime import datetime
from typing import Any, NoReturn
from uuid import UUID
from zoneinfo import ZoneInfo

from piccolo.columns import Column

from portal import clock, database, sealing
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.queues import rules
from portal.domain.queues.queries import absences, people
from portal.domain.queues.queries import items as queries
from portal.domain.queues.queries.items import Card
from portal.domain.queues.rules import Deed, Whose
from portal.domain.queues.services import clocks, telling, tracking
from portal.domain.queues.tables import ClockKind, Entry, EntryKind, WorkItem
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Forbidden, Invalid
from portal.events import services as events
from portal.i18n.labels import label
from portal.i18n.translations import N_, _, gettext
from portal.ids import new_id

Changes = dict[Column | str, Any]
CHANGED = N_("Somebody changed this while you were typing. What you typed is still here; look at it again.")
_NEXT = """
INSERT INTO series (id, site, year, last) VALUES ({}, {}, {}, 1)
ON CONFLICT (site, year) DO UPDATE SET last = series.last + 1 RETURNING last
"""


async def next_number(site: Site) -> str:
    """The next number of a site: its code, the year in its zone, at least six digits (HT-2026-000123)."""
    year = clock.now().astimezone(ZoneInfo(site.zone)).year
    rows = await database.rows(_NEXT, new_id(), site.id, year)
    return f"{site.code}-{year}-{rows[0]['last']:06d}"


async def move(
    item: Card,
    deed: Deed,
    *,
    site: Site,
    by: Staff | None,
    version: int | None = None,
    changes: Changes | None = None,
    owned: bool = False,
    kind: str | None = None,
) -> int:
    """Do a deed on the item's row: one conditional update of its state. Returns the version that it has now.

    Whom it is kept from must be as it was when the person found it: whoever it was kept from since does nothing more.
    `version`, where given, is the one its form was made for; `owned` asks that somebody owns it, `kind` that it is still
    of this kind. Raises Forbidden for a deed that these roles never have, NotFound for an item that is kept from them by
    now, Conflict with a sentence for one that the item's state, owner or version forbids.
    """
    roles = by.roles_at(site) if by else frozenset()
    if by:
        check(deed, site=site, by=by)
    update: Changes = {WorkItem.version: WorkItem.version + 1, **(changes or {})}
    if deed.after:
        update[WorkItem.state] = deed.after
    query = WorkItem.update(update).where(WorkItem.id == item.id, WorkItem.state.is_in(sorted(deed.before)))
    if by:
        query = query.where(WorkItem.circle == item.circle)
    if by and deed.whose is Whose.OWN and not rules.leads(roles):
        query = query.where(WorkItem.owner == by.id)
    if by and deed.whose is Whose.FIRST and not rules.leads(roles):
        query = query.where(WorkItem.first_asked == by.id)
    if deed.whose is Whose.NOBODY:
        query = query.where(WorkItem.owner.is_null())
    if by and deed.whose is Whose.FREE and not rules.leads(roles):
        query = query.where((WorkItem.owner == by.id) | WorkItem.owner.is_null())
    if deed.whose in (Whose.NOBODY, Whose.FREE) and not rules.leads(roles):
        query = query.where(WorkItem.managers_only == False)  # noqa: E712
    if owned:
        query = query.where(WorkItem.owner.is_not_null())
    if kind is not None:
        query = query.where(WorkItem.kind == kind)
    if version is not None:
        query = query.where(WorkItem.version == version)
    rows = await query.returning(WorkItem.version)
    if not rows:
        await _explain(item, deed, site=site, by=by, owned=owned)
    return int(rows[0]["version"])


def check(deed: Deed, *, site: Site, by: Staff) -> None:
    """Raise Forbidden for a deed that this person's roles never have."""
    if not rules.may(deed, by.roles_at(site)):
        raise Forbidden(_("This is not among your tasks."))


async def claim(item: Card, deed: Deed, *, site: Site, by: Staff) -> None:
    """Take an item on; of any number of people at once exactly one gets it, the others are told who (P05)."""
    async with transaction():
        changed = await move(item, deed, site=site, by=by, changes={WorkItem.owner: by.id})
        was = {"owner": None, **await _first_asked(item, by.id)}
        stopped = await clocks.stop_clock(item, ClockKind.ACKNOWLEDGE)
        await events.record(deed.event, site=site.id, subject=item.id, by=by, was=was, clocks=stopped, version=changed,
                            circle=item.circle)  # fmt: skip


async def release(item: Card, deed: Deed, *, site: Site, by: Staff, reason: str, version: int | None = None) -> None:
    """Put an item back into the queue."""
    async with transaction():
        changes: Changes = {WorkItem.owner: None, WorkItem.giver: None}
        seen = item.version if version is None else version
        changed = await move(item, deed, site=site, by=by, version=seen, changes=changes)
        was = {"owner": item.owner_id, "giver": item.giver_id}
        event = await events.record(deed.event, site=site.id, subject=item.id, by=by, was=was, version=changed,
                                    circle=item.circle)  # fmt: skip
        await write(item.id, event, EntryKind.REASON, reason, by=by)


async def hand_over(
    item: Card, deed: Deed, *, site: Site, by: Staff, to: str, reason: str, version: int | None = None
) -> None:
    """Give an item to somebody, at once; the third hand-off tells the managers (CMP-25). The first-asked stays (CMP-18)."""
    counted = 1 if item.owner_id else 0
    async with transaction():
        receiver = await people.handler(site, to)
        if receiver is None:
            raise Invalid({"to": _("Choose somebody who works here.")})
        if receiver in await people.named_in(item.id):
            raise Invalid({"to": _("It is about this person.")})
        if receiver == item.owner_id:
            raise Invalid({"to": _("It is with this person already.")})
        if item.restricted and not rules.leads(by.roles_at(site)):
            raise Conflict(_("A manager decides who sees it. Give it back instead."))
        if receiver in await absences.away(site):
            raise Invalid({"to": await _is_away(site, receiver)})
        changes: Changes = {
            WorkItem.owner: receiver, WorkItem.giver: by.id, WorkItem.handoffs: WorkItem.handoffs + counted,
        }  # fmt: skip
        seen = item.version if version is None else version
        changed = await move(item, deed, site=site, by=by, version=seen, changes=changes)
        was: dict[str, Any] = {"owner": item.owner_id, "giver": item.giver_id, "handoffs": item.handoffs}
        stopped: list[UUID] = []
        if not item.owner_id:
            was |= await _first_asked(item, receiver)
            stopped = await clocks.stop_clock(item, ClockKind.ACKNOWLEDGE)
        event = await events.record(deed.event, site=site.id, subject=item.id, by=by, to=receiver, was=was, clocks=stopped,
                                    version=changed, circle=item.circle)  # fmt: skip
        await write(item.id, event, EntryKind.REASON, reason, by=by)
        await telling.tell(item.id, event, [receiver])
        if counted and item.handoffs + 1 == site_rules.figure(site, "complaint.handoffs_told"):
            await telling.tell_leaders(item.id, event)


async def note(item: Card, deed: Deed, *, site: Site, by: Staff, body: str) -> None:
    """Write something down that the customer never sees."""
    async with transaction():
        check(deed, site=site, by=by)
        await hold(item, site=site, by=by)
        await tracking.renew(item, site=site)
        event = await events.record(deed.event, site=site.id, subject=item.id, by=by)
        await write(item.id, event, EntryKind.NOTE, body, by=by)


async def hold(item: Card, *, site: Site, by: Staff) -> None:
    """Hold an item, unchanged, to the end of a deed; raises NotFound where it was kept from somebody since he found it."""
    this = (WorkItem.id == item.id) & (WorkItem.circle == item.circle)
    if not await WorkItem.update({WorkItem.circle: item.circle}).where(this).returning(WorkItem.id):
        await queries.latest(by, site, item.id)
        raise Conflict(gettext(CHANGED))


async def not_merged(item: Card) -> None:
    """Raise Conflict for what goes on as part of another; asked while the item's row is held."""
    if await WorkItem.exists().where(WorkItem.id == item.id, WorkItem.merged_into.is_not_null()):
        raise Conflict(_("It was merged: what is to be done is done there."))


async def write(
    item: UUID, event: UUID, kind: EntryKind, body: str, *, by: Staff | None, pictured: bool = False,
    at: datetime | None = None,
) -> UUID:  # fmt: skip
    """Append words to an item, sealed; returns the entry's id. For no words nothing is written, unless photos hang on it."""
    entry = new_id()
    if body or pictured:
        row = sealed_entry(entry, item, event, kind, body, by=by)
        await database.insert(Entry, row | {"at": at or row["at"]})
    return entry


def sealed_entry(
    entry: UUID, item: UUID, event: UUID, kind: EntryKind, body: str, *, by: Staff | None
) -> dict[str, Any]:
    """The row of an entry."""
    return {
        "id": entry, "item": item, "event": event, "kind": kind, "author": by.id if by else None, "at": clock.now(),
        "body": sealing.seal(body, f"entry.body:{entry}"),
    }  # fmt: skip


async def _is_away(site: Site, account: UUID) -> str:
    """That somebody is away, and who stands in (DUTY-17)."""
    deputy = await absences.stand_in(site, account)
    names = await people.named(site, [account, *([deputy] if deputy else [])])
    name = names[account]["name"]
    if deputy is None:
        return _("%(name)s is away, and nobody stands in.") % {"name": name}
    return _("%(name)s is away; %(deputy)s stands in.") % {"name": name, "deputy": names[deputy]["name"]}


async def _first_asked(item: Card, account: UUID) -> dict[str, None]:
    """Keep who had it first; who comes later never changes that (CMP-18). Says what was there, if it was nobody."""
    nobody = (WorkItem.id == item.id) & WorkItem.first_asked.is_null()
    rows = await WorkItem.update({WorkItem.first_asked: account}).where(nobody).returning(WorkItem.id)
    return {"first_asked": None} if rows else {}


async def _explain(item: Card, deed: Deed, *, site: Site, by: Staff | None, owned: bool) -> NoReturn:
    """Say why the update found no row: always a refusal."""
    now = await queries.latest(by, site, item.id) if by else await queries.item_by_id(item.id)
    if now.state not in deed.before:
        raise Conflict(_("This is no longer possible: it is %(state)s.") % {"state": label("state", now.state)})
    if deed.whose is Whose.NOBODY and now.owner_id:
        if by and now.owner_id == by.id:
            raise Conflict(_("You have it already."))
        raise Conflict(_("%(name)s was first and has it now.") % {"name": now.owner_name})
    leads = by is not None and rules.leads(by.roles_at(site))
    if by and deed.whose is Whose.FIRST and not leads and now.first_asked_id != by.id:
        raise Conflict(_("Who was asked first does this, or a manager."))
    if deed.whose in (Whose.NOBODY, Whose.FREE) and now.managers_only and not leads:
        raise Conflict(_("The answer was rejected: a manager decides who goes on."))
    if by and deed.whose is Whose.FREE and not leads and now.owner_id not in (None, by.id):
        raise Conflict(_("%(name)s has it. Only the owner or a manager can do this.") % {"name": now.owner_name})
    if by and deed.whose is Whose.OWN and (not leads or owned) and now.owner_id != by.id:
        if now.owner_id and not leads:
            raise Conflict(_("%(name)s has it. Only the owner or a manager can do this.") % {"name": now.owner_name})
        if now.owner_id is None:
            raise Conflict(_("Nobody has it yet. Claim it first."))
    raise Conflict(gettext(CHANGED))
