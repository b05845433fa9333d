"""Taking back what one did a moment ago: once, by whoever did it, and only if nothing happened to the item since."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

from portal import clock
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.queues import rules
from portal.domain.queues.queries.items import Card
from portal.domain.queues.rules import Deed
from portal.domain.queues.services import clocks, deeds, telling
from portal.domain.queues.tables import WorkItem
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.events import queries
from portal.events import services as events
from portal.i18n.translations import N_, _, gettext

SINCE = N_("Something else happened to it since, so it cannot be undone any more.")


def _account(known: Any) -> UUID | None:
    return UUID(known) if known else None


# What a deed may have changed, as its event says what was there before.
_COLUMNS: dict[str, tuple[Any, Callable[[Any], Any]]] = {
    "owner": (WorkItem.owner, _account),
    "giver": (WorkItem.giver, _account),
    "first_asked": (WorkItem.first_asked, _account),
    "handoffs": (WorkItem.handoffs, int),
}


async def undo(
    item: Card, deed: Deed, event: UUID, *, site: Site, by: Staff, since: datetime | None = None
) -> None:
    """Let a deed not have happened, but for the two lines in the item's story.

    One conditional update: the item must be as the deed left it, and kept from nobody else since. Owner, giver, who was
    asked first and the number of hand-overs are what they were; the clock that was stopped runs on from when it began;
    nobody is told any more. Its ten seconds count from when it was done, or from `since`.
    """
    deeds.check(deed, site=site, by=by)
    done = await queries.happening(event, subject=item.id)
    if done is None or done.by != by.id or done.kind not in rules.UNDOABLE:
        raise Conflict(_("There is nothing here that you could undo."))
    if clock.now() - (since or done.at) > rules.UNDO_WITHIN:
        raise Conflict(_("It can be undone for ten seconds, and they are over."))
    said = done.particulars
    async with transaction():
        changes = {_COLUMNS[name][0]: _COLUMNS[name][1](value) for name, value in said["was"].items()}
        as_left = replace(item, circle=said["circle"])
        try:
            await deeds.move(as_left, deed, site=site, by=by, version=said["version"], changes=changes)
        except Conflict as changed:
            raise Conflict(gettext(SINCE)) from changed
        if await queries.touched(item.id, done):  # a note of another changes no version
            raise Conflict(gettext(SINCE))
        if not await telling.take_back(done.id):
            raise Conflict(_("Somebody was told by e-mail already, so it cannot be undone any more."))
        if stopped := [UUID(one) for one in said.get("clocks", ())]:
            await clocks.go_on(item.id, stopped)
        await events.record(deed.event, site=site.id, subject=item.id, by=by, deed=done.kind, event=done.id)
