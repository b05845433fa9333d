"""Complaints about staff, and reports of wrongdoing: whom they are about never learns of them."""

from collections.abc import Collection
from uuid import UUID

from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.complaints.forms.handling import Restriction
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.tables import Kind
from portal.domain.queues import rules
from portal.domain.queues.queries import people
from portal.domain.queues.queries.items import Card
from portal.domain.queues.services import deeds, keeping, telling
from portal.domain.queues.tables import EntryKind
from portal.domain.sites.tables import Site
from portal.errors import Invalid
from portal.events import services as events
from portal.i18n.translations import _


async def restrict(item: Card, form: Restriction, *, site: Site, by: Staff) -> None:
    """Say anew whom a complaint is about; only a manager takes a name off. With none, only a report stays restricted."""
    async with transaction():
        await deeds.move(item, DEEDS["restriction"], site=site, by=by, kind=item.kind)
        await deeds.not_merged(item)
        about, there = set(await people.accounts_of(site, form.about)), set(await people.named_in(item.id))
        restricted = item.kind == Kind.REPORT or (item.restricted and bool(about))
        opened = there - about or (item.restricted and not restricted)
        if opened and not rules.leads(by.roles_at(site)):
            raise Invalid({"about": _("Only a manager takes a name off again.")})
        if not await keeping.keep(item.id, about, restricted=restricted):
            raise Invalid({"about": _("This changes nothing: name somebody, or take a name off.")})
        event = await _recorded(item.id, about, restricted=restricted, site=site, by=by)
        await deeds.write(item.id, event, EntryKind.REASON, form.reason, by=by)


async def confine(
    item: UUID, about: Collection[str], kind: Kind, *, site: Site, by: Staff | None, restricted: bool = False
) -> None:
    """Keep a complaint from whom it is about, a report from all but the managers. Part of filing and triage.

    Those who were named stay so, and `restricted` says whether it was: neither is ever taken back by the way.
    """
    named, is_report = await people.accounts_of(site, about), kind is Kind.REPORT
    if not named and not is_report:
        return
    whole = {*named, *await people.named_in(item)}
    if await keeping.keep(item, whole, restricted=restricted or is_report):
        await _recorded(item, whole, restricted=restricted or is_report, site=site, by=by)


async def _recorded(item: UUID, about: set[UUID], *, restricted: bool, site: Site, by: Staff | None) -> UUID:
    event = await events.record("complaint.restricted", site=site.id, subject=item, by=by, restricted=restricted,
                                about=sorted(map(str, about)))  # fmt: skip
    await telling.tell_leaders(item, event, but=by.id if by else None)
    return event
