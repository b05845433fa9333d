"""What belongs to the end of a complaint: whose fault it was, what was promised, what was learned, who asked afterwards."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from portal.domain.complaints.queries import learning, redress
from portal.domain.complaints.queries.redress import Promised
from portal.domain.complaints.rules import rights, way
from portal.domain.complaints.tables import Award, Complaint
from portal.domain.queues.queries.items import Card
from portal.domain.queues.queries.words import opened
from portal.domain.queues.rules import Whose
from portal.domain.queues.tables import CorrectiveAction, Severity
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.i18n.translations import _


@dataclass(frozen=True)
class Planned:
    """A corrective action with everybody's names."""

    id: UUID
    body: str
    owner: str
    due_on: date
    effect: bool | None
    checked_by: str
    checked_at: datetime | None


@dataclass(frozen=True)
class Ending:
    """The end of a complaint as staff see it; what is not for their role is empty."""

    internal: bool
    money: bool
    liability: str
    by_silence: bool
    cause: str
    cause_name: str
    visited_at: datetime | None
    satisfied: bool | None
    verified_at: datetime | None
    promised: list[Promised]
    actions: list[Planned]
    causes: list[tuple[str, str]]
    missing: list[str]
    visitor: str

    @property
    def pending(self) -> Promised | None:
        return next((one for one in self.promised if one.state == Award.PROPOSED), None)


_ACTIONS = """
SELECT c.id, c.body, c.due_on, c.effect, c.checked_at, o.name AS owner, k.name AS checked_by
FROM corrective_action c JOIN account o ON o.id = c.owner LEFT JOIN account k ON k.id = c.checker
WHERE c.item = {} ORDER BY c.id
"""


async def for_staff(item: Card, site: Site, *, roles: frozenset[Any]) -> Ending:
    """The end of a complaint as these roles see it: four questions, whatever happened to it."""
    row = await Complaint.select(
        Complaint.liability, Complaint.by_silence, Complaint.cause, Complaint.visited_at, Complaint.satisfied,
        Complaint.verified_at,
    ).where(Complaint.id == item.id).first()  # fmt: skip
    assert row is not None  # noqa: S101  # same id as its item
    internal, money = rights.reads_notes(roles), rights.reads_money(roles)
    causes = await learning.causes(site.id, all_of_them=True)
    promised = await redress.promised(item.id)
    actions = [_planned(one) for one in await CorrectiveAction.raw(_ACTIONS, item.id)]
    return Ending(
        internal=internal,
        money=money,
        by_silence=bool(row["by_silence"]),
        liability=row["liability"] if internal else "",
        cause=row["cause"] if internal else "",
        cause_name=next((one.name for one in causes if one.code == row["cause"]), row["cause"]) if internal else "",
        visited_at=row["visited_at"],
        satisfied=None if row["satisfied"] is None else bool(row["satisfied"]),
        verified_at=row["verified_at"],
        promised=promised if money else [],
        actions=actions if internal else [],
        causes=[(one.code, one.name) for one in causes if one.active or one.code == row["cause"]],
        visitor=item.owner_name if way.visits(site).whose is Whose.OWN else "",
        missing=_missing(
            site, severe=item.severity == Severity.SEVERE.word, cause=row["cause"], actions=len(actions),
            states=[one.state for one in promised], visited=row["visited_at"] is not None,
        ),
    )  # fmt: skip


async def missing(item: UUID, site: Site, *, severe: bool) -> list[str]:
    """What a complaint lacks before it may be closed, in words."""
    row = await Complaint.select(Complaint.cause, Complaint.visited_at).where(Complaint.id == item).first()
    assert row is not None  # noqa: S101  # same id as its item
    states = [one.state for one in await redress.promised(item)] if severe else []
    actions = await CorrectiveAction.count().where(CorrectiveAction.item == item) if severe else 0
    return _missing(site, severe=severe, cause=row["cause"], actions=actions, states=states,
                    visited=row["visited_at"] is not None)  # fmt: skip


def _missing(site: Site, *, severe: bool, cause: str, actions: int, states: list[str], visited: bool) -> list[str]:
    asked = site_rules.value(site, "complaint.return_visit_required") == "yes"
    open_points = (
        (severe and not cause, _("the cause")),
        (severe and not actions, _("a corrective action")),
        (severe and Award.APPROVED not in states, _("an approved compensation (0 is one)")),
        (asked and not visited, _("the return visit")),
    )
    return [words for lacks, words in open_points if lacks]


def _planned(row: dict[str, Any]) -> Planned:
    return Planned(
        row["id"], opened(row["body"], "corrective_action.body", row["id"]), row["owner"], row["due_on"],
        None if row["effect"] is None else bool(row["effect"]), row["checked_by"] or "", row["checked_at"],
    )  # fmt: skip
