"""What a service point writes of whom it serves: the need, who was asked, what was recommended; which papers are missing."""

from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.arrivals.rules.way import DEEDS
from portal.domain.arrivals.tables import Arrival
from portal.domain.bookings.forms.after import Papers, Record
from portal.domain.bookings.services import after
from portal.domain.queues.queries.items import Card
from portal.domain.queues.services import deeds
from portal.domain.queues.tables import EntryKind
from portal.domain.sites.tables import Site
from portal.errors import Invalid
from portal.events import services as events
from portal.i18n.translations import gettext


async def record(item: Card, form: Record, *, site: Site, by: Staff) -> None:
    """Write down a service (HALL-08): greeted first, then the need, to whom it was passed on, what was recommended."""
    deed = DEEDS["record"]
    async with transaction():
        await deeds.move(item, deed, site=site, by=by)
        event = await events.record(deed.event, site=site.id, subject=item.id, by=by, greeted=True)
        await deeds.write(item.id, event, EntryKind.NEEDS, form.need, by=by)
        await deeds.write(item.id, event, EntryKind.RECOMMENDED, form.recommended, by=by)
        if form.department:
            await after.pass_on(item.id, form.need, site=site, by=by, department=form.department)


async def ask_papers(item: Card, form: Papers, *, site: Site, by: Staff) -> None:
    """Ask for papers: all of them at once; a second time needs a reason, and is counted with the booking's (HALL-02)."""
    deed = DEEDS["papers"]
    async with transaction():
        await deeds.move(item, deed, site=site, by=by)
        times = await _count(item, reason=form.reason)
        event = await events.record(deed.event, site=site.id, subject=item.id, by=by, times=times)
        await deeds.write(item.id, event, EntryKind.PAPERS, form.missing, by=by)
        await deeds.write(item.id, event, EntryKind.REASON, form.reason, by=by)


async def _count(item: Card, *, reason: str) -> int:
    """The case of somebody with a booking is the booking."""
    row = await Arrival.select(Arrival.booking).where(Arrival.id == item.id).first()
    if row and row["booking"]:
        return await after.count_papers(row["booking"], reason=reason)
    free = (Arrival.id == item.id) if reason else (Arrival.id == item.id) & (Arrival.papers_asked == 0)
    rows = await Arrival.update({Arrival.papers_asked: Arrival.papers_asked + 1}).where(free).returning(Arrival.papers_asked)
    if not rows:
        raise Invalid({"reason": gettext(after.ASKED_BEFORE)})
    return int(rows[0]["papers_asked"])
