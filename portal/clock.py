"""What time it is: the only place of the portal that reads it."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

_shift = [timedelta()]


def now() -> datetime:
    """The instant, in UTC."""
    return datetime.now(UTC) + _shift[0]


def today(zone: str) -> date:
    """The day in a zone of the IANA database ("Asia/Shanghai")."""
    return now().astimezone(ZoneInfo(zone)).date()


def travel(to: datetime | None) -> None:
    """Go on from another instant, for tests and demo data; None comes back to the present."""
    _shift[0] = timedelta() if to is None else to - datetime.now(UTC)
