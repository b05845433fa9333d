"""What the clock does with exports, and which tables there are."""

from portal.domain.arrivals.queries import register
from portal.domain.complaints.queries import ledger
from portal.domain.complaints.rules import redress
from portal.domain.exports import rules
from portal.domain.exports.queries import contacts
from portal.domain.exports.services import making
from portal.domain.exports.services.making import Maker
from portal.domain.reports.queries import coming
from portal.domain.reports.queries import sheets as reports
from portal.domain.reports.rules import saving
from portal.web.rooms import REGISTER_FILES

# What may be asked for by name, by whom, and who makes it of a query.
MAKERS = {
    ledger.WHAT: Maker(frozenset(redress.READERS), ledger.sheets),
    reports.REPORT: Maker(saving.READERS, reports.report_sheets),
    reports.RECORDS: Maker(saving.READERS, reports.record_sheets),
    coming.REPORT: Maker(saving.READERS, coming.report_sheets),
    coming.RECORDS: Maker(saving.READERS, coming.record_sheets),
    register.WHAT: Maker(frozenset(REGISTER_FILES), register.sheets),
    contacts.WHAT: Maker(rules.ASKERS, contacts.sheets),
}


async def make_exports() -> None:
    """Make what was asked for, one file after the other."""
    while await making.make_next(MAKERS):
        pass


async def expire() -> None:
    """Let go of files past their day."""
    await making.expire()
