"""What is free: the offer of a type, and its times with what is left of each."""

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from portal import clock, database
from portal.domain.bookings.rules import slots
from portal.domain.bookings.rules.slots import Offer, Slot, Taken
from portal.domain.bookings.tables import Blackout, VisitDay, VisitHours, VisitType
from portal.domain.customers.queries import holder
from portal.domain.sites import queries as sites
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.rules.calendar import Calendar
from portal.domain.sites.rules.holidays import CHINA
from portal.domain.sites.tables import Site
from portal.errors import NotFound

A_DAY = timedelta(days=1)
_offers: dict[UUID, tuple[tuple[int, int], Offer]] = {}  # by type, with its version and the site's edition
_TAKEN = """
SELECT begins_at, free_at, sum(people) AS people, count(*) AS parties FROM reservation
WHERE type = {} AND begins_at >= {} AND begins_at < {} AND (expires_at IS NULL OR expires_at > {}) %s
GROUP BY begins_at, free_at
"""


@dataclass(frozen=True)
class Held:
    """A time that is kept for a browser, until an instant."""

    begins_at: datetime
    people: int
    until: datetime


async def types(site: Site, *, online: bool = False) -> list[VisitType]:
    """What the site offers to book, in its order; `online`: by anybody."""
    asked = VisitType.objects().where(VisitType.site == site.id, VisitType.active == True)  # noqa: E712
    if online:
        asked = asked.where(VisitType.online == True)  # noqa: E712
    return await asked.order_by(VisitType.position, VisitType.code)


async def visit_type(site: Site, code: str, *, online: bool = False) -> VisitType:
    """The type of a code; raises NotFound, too for one that is not offered."""
    found = next((one for one in await types(site, online=online) if one.code == code), None)
    if found is None:
        raise NotFound
    return found


async def offer(site: Site, kind: VisitType) -> Offer:
    """When a type may be visited. This process remembers what stands for a version of the type, and then asks nothing.

    Whoever changes its hours, its days or what stands in their way raises the version (services.offering).
    """
    edition = (kind.version, site.edition)
    known, found = _offers.get(kind.id, (edition, None))
    if found is None or known != edition:
        found = read = await _offer(site, kind)
        # What a transaction reads may be its own, and never come true.
        database.when_committed(lambda: _offers.update({kind.id: (edition, read)}))
    return replace(found, lead=lead(site, kind))


def lead(site: Site, kind: VisitType) -> timedelta:
    """How long before a visit it has to be booked (VIS-03; tables VIS-27, X-05)."""
    if kind.lead_minutes is not None:
        return timedelta(minutes=kind.lead_minutes)
    if kind.at_table:
        return timedelta(minutes=site_rules.figure(site, "table.lead_minutes"))
    return timedelta(hours=site_rules.figure(site, "visit.lead_hours"))


async def free(site: Site, kind: VisitType, first: date, last: date, *, offered: Offer | None = None) -> list[Slot]:
    """The times of some days at which a visit may begin, with what is left of each; live holds count (P08)."""
    found, now = offered or await offer(site, kind), clock.now()
    begins, ends = beginning(site, first), beginning(site, last + A_DAY)
    return slots.slots(found, first, last, await taken(kind, begins, ends, now=now), now=now)


async def next_free(
    site: Site, kind: VisitType, after: datetime, people: int, *, most: int = 5, days: int = 14
) -> list[Slot]:
    """The next times at which so many people have room."""
    day = after.astimezone(ZoneInfo(site.zone)).date()
    found = await free(site, kind, day, day + timedelta(days=days))
    return [slot for slot in found if slot.fits(people) and slot.begins_at >= after][:most]


async def taken(
    kind: VisitType, begins: datetime, ends: datetime, *, now: datetime, but: str = "", args: tuple[object, ...] = ()
) -> list[Taken]:
    """What is reserved between two instants, summed up by time; `but` is a further condition, with its arguments."""
    longest = timedelta(minutes=kind.minutes + kind.buffer)
    rows = await database.rows(_TAKEN % but, kind.id, begins - max(longest, A_DAY), ends, now, *args)
    return [Taken(row["begins_at"], row["free_at"], int(row["people"]), int(row["parties"])) for row in rows]


async def held(kind: VisitType, browser: str) -> Held | None:
    """What a browser holds of a type."""
    sql = "SELECT begins_at, people, expires_at FROM reservation WHERE browser = {} AND type = {} AND expires_at > {}"
    rows = await database.rows(sql, holder(browser), kind.id, clock.now()) if browser else []
    return Held(rows[0]["begins_at"], rows[0]["people"], rows[0]["expires_at"]) if rows else None


async def _offer(site: Site, kind: VisitType) -> Offer:
    hours = await VisitHours.objects().where(VisitHours.type == kind.id).order_by(VisitHours.weekday, VisitHours.opens)
    week = tuple(tuple((one.opens, one.closes) for one in hours if one.weekday == weekday) for weekday in range(7))
    own = {one.day: one.times for one in await VisitDay.objects().where(VisitDay.type == kind.id)}
    closed = {one.on: () for one in await sites.special_days(site.id) if not one.times}
    country = "" if kind.holidays else site.holidays or CHINA
    calendar = Calendar(site.zone, week, country, tuple(sorted({**closed, **own}.items())))
    dark = await Blackout.objects().where(
        Blackout.site == site.id, (Blackout.type == kind.id) | Blackout.type.is_null(), Blackout.ends_at > clock.now()
    )
    return Offer(calendar, kind.minutes, kind.buffer, kind.step, kind.parties, kind.people, timedelta(), kind.horizon_days,
                 tuple((one.begins_at, one.ends_at) for one in dark))  # fmt: skip


def beginning(site: Site, day: date) -> datetime:
    """The instant at which a calendar day of the site begins."""
    return datetime.combine(day, time(), ZoneInfo(site.zone)).astimezone(UTC)
