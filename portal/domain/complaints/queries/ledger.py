"""The ledger of compensations as a file: numbers, amounts, who and when; nothing of the customers."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

from portal import clock
from portal.domain.accounts.queries import Staff
from portal.domain.complaints.tables import Compensation
from portal.domain.queues.queries import sight
from portal.domain.sites.tables import Site
from portal.i18n import formats
from portal.i18n.labels import label
from portal.i18n.translations import _
from portal.sheets.sheet import Column, Kind, Sheet, Sheets

WHAT = "ledger"
PAGE = 500
_FROM = """
FROM compensation c JOIN work_item i ON i.id = c.item JOIN account p ON p.id = c.proposer
  LEFT JOIN account d ON d.id = c.decider
WHERE c.site = {} AND """
_SELECT = f"""
SELECT c.id, c.amount, c.state, c.proposed_at, c.decided_at, i.number, p.username AS proposer, d.username AS decider
{_FROM}"""


async def count(staff: Staff, site: Site) -> int:
    """How many lines this person reads."""
    kept, args = sight.kept(staff, site)
    return int((await Compensation.raw(f"SELECT count(*) AS many {_FROM} {kept}", site.id, *args))[0]["many"])


async def sheets(staff: Staff, site: Site, query: str = "") -> Sheets:
    """The whole ledger, the newest first, staff by their user names."""
    columns = (
        Column(_("Proposed"), Kind.INSTANT), Column(_("Number")), Column(_("Amount"), Kind.MONEY), Column(_("State")),
        Column(_("Proposed by")), Column(_("Decided by")), Column(_("Decided"), Kind.INSTANT),
    )  # fmt: skip
    notes = (
        _("All that was promised to guests at %(site)s") % {"site": site.name},
        _("Times of %(zone)s") % {"zone": site.zone},
        _("Made at %(at)s") % {"at": formats.moment(clock.now(), full=True)},
    )
    return [Sheet(label("export", WHAT), notes, columns, _rows(staff, site))]


async def _rows(staff: Staff, site: Site) -> AsyncIterator[Sequence[object]]:
    kept, args = sight.kept(staff, site)
    older = ""
    before: list[UUID] = []
    while True:
        sql = f"{_SELECT} {kept} {older} ORDER BY c.id DESC LIMIT {PAGE}"
        some = await Compensation.raw(sql, site.id, *args, *before)
        for row in some:
            yield (row["proposed_at"], row["number"], row["amount"], label("award", row["state"]), row["proposer"],
                   row["decider"] or "", row["decided_at"])  # fmt: skip
        if len(some) < PAGE:
            return
        older, before = "AND c.id < {}", [some[-1]["id"]]
