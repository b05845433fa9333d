"""Which rooms of the desk are open to whom: what the rail shows, and what the routes declare."""

from portal.domain.accounts.tables import Role
from portal.domain.arrivals.rules import way as arrivals
from portal.domain.bookings.rules import way as bookings
from portal.domain.complaints.rules import redress, rights
from portal.domain.queues import rules as queues

LOG = (Role.MANAGER, Role.AUDITOR, Role.ADMIN)
SETTINGS = (Role.MANAGER, Role.ADMIN)
POSTERS = (Role.DESK, Role.MANAGER, Role.ADMIN)
STAFF = (Role.MANAGER, Role.ADMIN, Role.AUDITOR)
OUTBOX = (Role.MANAGER, Role.ADMIN)
DISPLAYS = (Role.MANAGER,)
BOARDS = (Role.MANAGER, Role.OWNER)
TODAY = (Role.MANAGER, Role.OWNER, Role.AUDITOR)
REPORTS = (Role.MANAGER, Role.AUDITOR, Role.FINANCE, Role.SALES, Role.OWNER)
BLOCKERS = (Role.MANAGER, Role.OWNER, Role.ADMIN)
BLOCKS = (Role.DESK, *BLOCKERS)
EXPORTS = (*REPORTS, Role.ADMIN)
HELPERS = frozenset(Role) - {Role.AUDITOR}  # call for help, and come: whoever works here
AGENDA = (*sorted(bookings.READERS), Role.GUARD)  # a guard sees how many come, and nobody
RECEPTIONS = tuple(sorted(bookings.READERS))
REGISTER_FILES = (Role.SALES, Role.MANAGER, Role.AUDITOR)


def lines(mine: frozenset[Role]) -> list[str]:
    """The lines beside the shared queue that one of these roles reads."""
    read = {bookings.LINE: bookings.READERS, arrivals.LINE: arrivals.READERS}
    return [line for line, readers in read.items() if mine & readers]


def rooms(mine: frozenset[Role]) -> dict[str, bool]:
    """The rooms by name, and whether one of these roles opens them."""
    return {
        "queue": bool(queues.reach(mine)),
        "handling": bool(mine & queues.HANDLERS),
        "intake": rights.may_file(mine),
        "log": bool(mine & set(LOG)),
        "settings": bool(mine & set(SETTINGS)),
        "posters": bool(mine & set(POSTERS)),
        "ledger": redress.reads_ledger(mine),
        "staff": bool(mine & set(STAFF)),
        "exports": bool(mine & set(EXPORTS)),
        "displays": bool(mine & set(DISPLAYS)),
        "outbox": bool(mine & set(OUTBOX)),
        "boards": bool(mine & set(BOARDS)),
        "today": bool(mine & set(TODAY)),
        "reports": bool(mine & set(REPORTS)),
        "blocks": bool(mine & set(BLOCKS)),
        "agenda": bool(mine & set(AGENDA)),
        "receptions": bool(mine & set(RECEPTIONS)),
        "arrivals": bool(mine & arrivals.READERS),
        "helps": bool(mine & HELPERS),
    }
