"""What the clock does with complaints: it erases what is kept no longer."""

import logging
from datetime import timedelta
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from portal import clock
from portal.database import transaction
from portal.domain.complaints.tables import Complaint, Party
from portal.domain.queues.tables import WorkItem
from portal.domain.sites import queries as sites
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.events import services as events
from portal.photos import services as photos

log = logging.getLogger(__name__)

ERASED: dict[Column | str, Any] = {
    Complaint.name: "", Complaint.phone: "", Complaint.email: "", Complaint.email_index: "", Complaint.customer: None,
}  # fmt: skip


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
