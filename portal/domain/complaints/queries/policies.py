"""The policies of a site, and what the times of its complaints depend on."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from portal import database
from portal.domain.accounts.queries import Staff
from portal.domain.complaints.rules.promises import Facts, Law
from portal.domain.complaints.tables import Complaint, Policy, State
from portal.domain.queues.queries import items
from portal.domain.queues.queries.items import Card
from portal.domain.queues.tables import Severity
from portal.domain.sites.tables import Site
from portal.errors import NotFound

_known: dict[UUID, tuple[int, list[Law]]] = {}


@dataclass(frozen=True)
class Rule:
    """A policy as it is edited."""

    law: Law
    position: int
    version: int


async def laws(site: Site) -> list[Law]:
    """The policies of a site in their order; asked for once for each edition of its promises."""
    edition, found = _known.get(site.id, (0, []))
    if edition != site.edition:
        found = [rule.law for rule in await policies(site)]
        read = site.edition, found
        # What a transaction reads may be its own, and never come true.
        database.when_committed(lambda: _known.update({site.id: read}))
    return found


async def policies(site: Site) -> list[Rule]:
    """The policies of a site in their order, as they stand in the database."""
    rows = await Policy.objects().where(Policy.site == site.id).order_by(Policy.position, Policy.created_at, Policy.id)
    return [_rule(row) for row in rows]


async def policy(site: Site, identity: UUID) -> Rule:
    """One policy of a site; raises NotFound."""
    row = await Policy.objects().where(Policy.site == site.id, Policy.id == identity).first()
    if row is None:
        raise NotFound
    return _rule(row)


async def facts(ids: list[UUID]) -> dict[UUID, Facts]:
    """What the times of some complaints depend on."""
    item: Any = Complaint.item  # Piccolo follows references at run time
    rows = await Complaint.select(
        Complaint.id, Complaint.tier, Complaint.extended_days, item.kind, item.severity, item.leaves_at, item.category.code
    ).where(Complaint.id.is_in(ids))  # fmt: skip
    return {
        row["id"]: Facts(row["item.kind"], row["item.category.code"], Severity(row["item.severity"]), row["tier"],
                         row["item.leaves_at"], row["extended_days"])
        for row in rows
    }  # fmt: skip


async def unanswered_like(staff: Staff, site: Site, law: Law, *, most: int) -> list[Card]:
    """The open complaints that a policy is for, of those that somebody sees; those due first at the head."""
    ids = await items.open_ids(staff, site, but=State.ANSWERED)
    known = await facts(ids) if ids else {}
    fitting = [one for one in ids if one in known and law.fits(known[one])]
    return [await items.item_by_id(one) for one in fitting[:most]]


def _rule(row: Policy) -> Rule:
    law = Law(
        id=row.id,
        name=row.name,
        kinds=frozenset(row.kinds.split()),
        categories=frozenset(row.categories.split()),
        severities=frozenset(row.severities.split()),
        tiers=frozenset(row.tiers.split()),
        acknowledge_minutes=row.acknowledge_minutes,
        answer_minutes=row.answer_minutes,
        resolve_hours=row.resolve_hours,
        always=row.always,
        pauses_in=frozenset(row.pauses_in.split()),
    )
    return Rule(law, row.position, row.version)
