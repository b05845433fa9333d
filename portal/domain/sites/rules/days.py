"""Which day of the house it is: each begins at the site's own time (the setting day.start) in its zone, not at midnight."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from portal.domain.sites.rules import settings
from portal.domain.sites.rules.calendar import DAY
from portal.domain.sites.tables import Site

EPOCH = date(1970, 1, 1)


def today(site: Site, now: datetime) -> date:
    """The site's day at a moment: before its beginning it is still the day before."""
    return day_of(minute(now, site.zone), begins(site))


def beginning(site: Site, day: date) -> datetime:
    """The instant at which a day of the site begins."""
    at = begins(site)
    return datetime.combine(day, time(at // 60, at % 60), ZoneInfo(site.zone)).astimezone(UTC)


def begins(site: Site) -> int:
    """When the site's days begin, in minutes after midnight."""
    hours, minutes = str(settings.value(site, "day.start")).split(":")
    return int(hours) * 60 + int(minutes)


def day_of(minute: int, begins: int) -> date:
    """The day of the house that a minute belongs to, where days begin so many minutes after midnight."""
    return EPOCH + timedelta((minute - begins) // DAY)


def minute(at: datetime, zone: str) -> int:
    """A moment as a number: the minutes that the clock on the wall shows since 1970."""
    local = at.astimezone(ZoneInfo(zone))
    return (local.date() - EPOCH).days * DAY + local.hour * 60 + local.minute


def shown(begins: int) -> str:
    """Minutes after midnight as the clock on the wall shows them."""
    return f"{begins // 60:02}:{begins % 60:02}"
