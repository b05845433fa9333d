"""What a site offers, for those who decide it; and what stands in the book of it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal import clock, database, sealing
from portal.domain.bookings.queries import times
from portal.domain.bookings.rules.touching import Standing, Terms
from portal.domain.bookings.rules.way import RECEIVERS
from portal.domain.bookings.tables import Blackout, VisitDay, VisitHours, VisitType
from portal.domain.sites.rules.calendar import Interval
from portal.domain.sites.tables import Site, named
from portal.errors import NotFound

LONGEST = timedelta(days=3)  # no visit with its buffer is longer
_STANDING = """
SELECT r.type, r.begins_at, r.free_at, r.people, b.begins_at AS firm, b.ends_at, i.id, i.number, i.who
FROM reservation r JOIN booking b ON b.id = r.booking JOIN work_item i ON i.id = r.booking
WHERE r.type IN (%s) AND r.begins_at > {} AND r.free_at > {} AND (r.expires_at IS NULL OR r.expires_at > {})
  AND i.closed_at IS NULL ORDER BY r.begins_at, i.number
"""
_ENGAGED = """
SELECT e.begins_at, e.free_at, b.begins_at AS firm, b.ends_at, b.people, i.id, i.number, i.who
FROM engagement e JOIN booking b ON b.id = e.booking JOIN work_item i ON i.id = e.booking
WHERE e.resource = {} AND e.begins_at > {} AND e.free_at > {} AND (e.expires_at IS NULL OR e.expires_at > {})
  AND i.closed_at IS NULL ORDER BY e.begins_at, i.number
"""
_RESOURCES = """
SELECT r.id, r.parties, p.code, p.name_zh, p.name_en, a.username, a.name
FROM resource r LEFT JOIN place p ON p.id = r.place LEFT JOIN account a ON a.id = r.account
WHERE r.site = {} ORDER BY p.code, a.username
"""
_OFFICERS = """
SELECT a.username, a.name, o.duties FROM officer o JOIN account a ON a.id = o.account
WHERE o.site = {} AND a.disabled_at IS NULL ORDER BY a.username
"""
_RECEIVERS = """
SELECT DISTINCT a.id, a.username, a.name FROM membership m JOIN account a ON a.id = m.account
WHERE m.site = {} AND m.role IN (%s) AND a.disabled_at IS NULL ORDER BY a.username
"""


@dataclass(frozen=True)
class Receiving:
    """A room (with its code) or a person (with the user name) that receives so many parties at once."""

    code: str
    name: str
    room: bool
    parties: int


@dataclass(frozen=True)
class Officer:
    """Somebody who receives visitors by name, and what he has to do and may decide (VIS-28)."""

    username: str
    name: str
    duties: str


async def types(site: Site) -> list[VisitType]:
    """Every type of the site in its order, also those that are not offered."""
    return await VisitType.objects().where(VisitType.site == site.id).order_by(VisitType.position, VisitType.code)


async def visit_type(site: Site, code: str) -> VisitType:
    """The type of a code, offered or not; raises NotFound."""
    found = await VisitType.objects().where(VisitType.site == site.id, VisitType.code == code).first()
    if found is None:
        raise NotFound
    return found


async def week(kind: VisitType) -> tuple[tuple[Interval, ...], ...]:
    """The hours of a type from Monday on."""
    rows = await VisitHours.objects().where(VisitHours.type == kind.id).order_by(VisitHours.weekday, VisitHours.opens)
    return tuple(tuple((one.opens, one.closes) for one in rows if one.weekday == weekday) for weekday in range(7))


async def own_days(site: Site, kind: VisitType) -> list[VisitDay]:
    """The days from today on at which a type has other hours."""
    coming = (VisitDay.type == kind.id) & (VisitDay.day >= clock.today(site.zone))
    return await VisitDay.objects().where(coming).order_by(VisitDay.day)


async def blackouts(site: Site) -> list[Blackout]:
    """The stretches without visits that are not over."""
    return await Blackout.objects().where(Blackout.site == site.id, Blackout.ends_at > clock.now()).order_by(
        Blackout.begins_at, Blackout.id)  # fmt: skip


async def resources(site: Site) -> list[Receiving]:
    """The rooms and the people that are written down, rooms first."""
    rows = await database.rows(_RESOURCES, site.id)
    found = [
        Receiving(row["code"] or row["username"], row["name"] or named(row["name_zh"], row["name_en"]),
                  row["code"] is not None, row["parties"])
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (not one.room, one.code))


async def officers(site: Site) -> list[Officer]:
    """Who receives visitors here by name."""
    return [Officer(row["username"], row["name"], row["duties"]) for row in await database.rows(_OFFICERS, site.id)]


async def receivers(site: Site) -> list[tuple[UUID, str, str]]:
    """Who may receive visitors at a site: account, user name, name."""
    marks = ", ".join("{}" for _role in RECEIVERS)
    rows = await database.rows(_RECEIVERS % marks, site.id, *sorted(RECEIVERS))
    return [(row["id"], row["username"], row["name"]) for row in rows]


async def terms(site: Site, kind: VisitType) -> Terms:
    """What may be booked of a type, as it stands now."""
    return Terms(await times.offer(site, kind), kind.most, kind.active)


async def standing(kinds: Collection[UUID]) -> dict[UUID, list[Standing]]:
    """What stands in the book of some types from now on, by type; what stands open for a visitor, too."""
    if not kinds:
        return {}
    now = clock.now()
    marks = ", ".join("{}" for _kind in kinds)
    found: dict[UUID, list[Standing]] = {kind: [] for kind in kinds}
    for row in await database.rows(_STANDING % marks, *kinds, now - LONGEST, now, now):
        found[UUID(str(row["type"]))].append(_standing(row))
    return found


async def engaged(resource: UUID) -> list[Standing]:
    """For whom a room or a person is there from now on."""
    now = clock.now()
    return [_standing(row) for row in await database.rows(_ENGAGED, resource, now - LONGEST, now, now)]


def _standing(row: dict[str, Any]) -> Standing:
    begins: datetime = row["begins_at"]
    length = row["ends_at"] - row["firm"] if row["firm"] else row["free_at"] - begins
    who = sealing.unseal(row["who"], f"work_item.who:{row['id']}")
    return Standing(row["number"], who, begins, begins + length, row["free_at"], row["people"])
