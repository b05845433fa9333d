"""What the clock does with complaints: it reminds, takes silence for acceptance, erases what is kept no longer."""

import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from portal import clock
from portal.database import transaction
from portal.domain.complaints.rules import promises
from portal.domain.complaints.services import ending
from portal.domain.complaints.tables import Complaint, Party, State
from portal.domain.queues.queries import items
from portal.domain.queues.tables import WorkItem
from portal.domain.sites import queries as sites
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.errors import Conflict
from portal.events import services as events
from portal.photos import services as photos

log = logging.getLogger(__name__)

ERASED: dict[Column | str, Any] = {
    Complaint.name: "", Complaint.phone: "", Complaint.email: "", Complaint.email_index: "", Complaint.customer: None,
}  # fmt: skip


# Only where the item still is answered: a rejection, and then the closing, takes that away.
_REMIND = """
UPDATE complaint SET reminded_at = {} WHERE id = {} AND reminded_at IS NULL AND accepted_at IS NULL AND silent_from <= {}
  AND EXISTS (SELECT 1 FROM work_item i WHERE i.id = complaint.item AND i.state = 'answered') RETURNING id
"""


async def remind(*, most: int = 200) -> int:
    """The day before silence counts as acceptance, remind the customer, once; how many were."""
    done = 0
    for site in await sites.sites():
        before = promises.reminded_since(site, clock.now())
        if before is None:
            continue
        for item in await _waiting(site, before, most=most, unreminded=True):
            done += await _each("not reminded", _remind, item, site)
    return done


async def accept_by_silence(*, most: int = 200) -> int:
    """Take an answer for accepted that was left without a word for as long as was announced, once; how many were."""
    done = 0
    for site in await sites.sites():
        for item in await _waiting(site, promises.silent_since(site, clock.now()), most=most):
            done += await _each("not accepted", _accept, item, site)
    return done


async def erase_contacts(*, most: int = 200) -> int:
    """Erase contact and photos of what was closed longer ago than its site keeps them; how many complaints."""
    done = 0
    for site in await sites.sites():
        before = clock.now() - timedelta(days=site_rules.figure(site, "complaint.retention_days"))
        due = await (
            Complaint.select(Complaint.id)
            .where(
                Complaint.item.site == site.id,
                Complaint.item.closed_at < before,
                # A merged one is over when what it was merged into is.
                Complaint.item.merged_into.is_null() | (Complaint.item.merged_into.closed_at < before),  # type: ignore[union-attr]
                Complaint.token != "",
            )
            .limit(most)
        )
        for row in due:
            try:
                await _erase(row["id"], site)
            except Exception as error:  # one that cannot be erased must not keep the others
                log.error("not erased: %s: %s", row["id"], type(error).__name__)
        done += len(due)
    return done


async def _erase(item: UUID, site: Site) -> None:
    async with transaction():
        rows = await (
            Complaint.update({**ERASED, Complaint.token: ""})
            .where(Complaint.id == item, Complaint.token != "")
            .returning(Complaint.id)
        )
        if rows:
            await WorkItem.update({WorkItem.who: ""}).where(WorkItem.id == item)
            await Party.update({Party.token: "", Party.name: "", Party.phone: ""}).where(Party.id == item)
            await photos.forget(item)
            await events.record("complaint.contact-erased", site=site.id, subject=item, by=None)


async def _waiting(site: Site, before: datetime, *, most: int, unreminded: bool = False) -> list[UUID]:
    """The answers of a site that nobody has said a word to since then."""
    query = Complaint.select(Complaint.id).where(
        Complaint.accepted_at.is_null(), Complaint.silent_from <= before, Complaint.item.site == site.id,
        Complaint.item.state == State.ANSWERED,
    )  # fmt: skip
    if unreminded:
        query = query.where(Complaint.reminded_at.is_null())
    return [row["id"] for row in await query.order_by(Complaint.silent_from).limit(most)]


async def _each(failed: str, work: Callable[[UUID, Site], Awaitable[bool]], item: UUID, site: Site) -> bool:
    try:
        return await work(item, site)
    except Exception as error:  # one that cannot be written must not keep the others
        log.error("%s: %s: %s", failed, item, type(error).__name__)
        return False


async def _remind(item: UUID, site: Site) -> bool:
    now = clock.now()
    async with transaction():
        rows = await Complaint.raw(_REMIND, now, item, promises.reminded_since(site, now))
        if rows:
            await events.record("complaint.reminded", site=site.id, subject=item, by=None)
    return bool(rows)


async def _accept(item: UUID, site: Site) -> bool:
    card = await items.item_by_id(item)
    with contextlib.suppress(Conflict):  # somebody spoke, or another worker was first
        await ending.accept_by_silence(card, site=site)
        return True
    return False
