"""Which reports can be kept, for whom, and when it is time to look at one again."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.domain.accounts.tables import Role
from portal.domain.reports.tables import Cadence

# What can be kept: the report's path below /desk/{site}/reports/.
PATHS = ("complaints",)
READERS = frozenset({Role.MANAGER, Role.AUDITOR, Role.FINANCE, Role.SALES, Role.OWNER})
KEEPERS = frozenset({Role.MANAGER, Role.OWNER})
NEVER = ""


def keeps(roles: frozenset[Role]) -> bool:
    """Whether these roles keep reports, for themselves and for others."""
    return bool(roles & KEEPERS)


def period(cadence: Cadence, hour: int, zone: str, *, now: datetime) -> str:
    """The period that it is now time to look at, by its name; it changes when the next one's time has come.

    A day, a week and a month are looked at when they begin, a quarter on its last day (DUTY-24).
    """
    here = now.astimezone(ZoneInfo(zone))
    day = here.date() if here.time() >= time(hour) else here.date() - timedelta(days=1)
    if cadence is Cadence.NONE:
        return NEVER
    if cadence is Cadence.DAILY:
        return day.isoformat()
    if cadence is Cadence.WEEKLY:
        year, week, _weekday = day.isocalendar()
        return f"{year}-W{week:02}"
    if cadence is Cadence.MONTHLY:
        return f"{day:%Y-%m}"
    # The day after belongs to the quarter that follows only if this is the last one.
    ended = _quarter(day + timedelta(days=1)) - 1
    return f"{ended // 4}-Q{ended % 4 + 1}"


def _quarter(day: date) -> int:
    return day.year * 4 + (day.month - 1) // 3
