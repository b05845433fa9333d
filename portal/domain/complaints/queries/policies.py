"""The policies of a site, and what the times of its complaints depend on."""

from dataclasses import dataclass
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
    marks = ", ".join("{}" for _id in ids)
    rows = await Complaint.raw(
        "SELECT c.id, c.tier, c.extended_days, i.kind, i.severity, i.leaves_at, g.code FROM complaint c "
        f"JOIN work_item i ON i.id = c.item JOIN category g ON g.id = i.category WHERE c.id IN ({marks})", *ids,
    )  # fmt: skip
    return {
        row["id"]: Facts(row["kind"], row["code"], Severity(row["severity"]), row["tier"], row["leaves_at"],
                         row["extended_days"])
        for row in rows
    }  # fmt: skip


async def unanswered_like(staff: Staff, site: Site, law: Law, *, most: int) -> list[Card]:
    """The newest unanswered complaints that a policy is for, as far as this person may see them."""
    ranks = {str(severity.value) for severity in Severity if severity.word in law.severities}
    asked = (("w.kind", law.kinds), ("g.code", law.categories), ("w.severity", ranks), ("k.tier", law.tiers))
    parts, args = ["w.site = {}", "w.closed_at IS NULL", "w.state <> {}"], [site.id, State.ANSWERED.value]
    for column, words in asked:
        if words:
            parts.append(f"{column} IN ({', '.join('{}' for _word in words)})")
            args += [int(word) if column == "w.severity" else word for word in sorted(words)]
    ids = (
        "SELECT k.item FROM complaint k JOIN work_item w ON w.id = k.item JOIN category g ON g.id = w.category "
        f"WHERE {' AND '.join(parts)}"
    )
    return await items.among(staff, site, ids, *args, most=most)


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
