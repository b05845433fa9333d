"""Reserving room for a party, and engaging rooms and people: never more than there is (P08).

Whoever changes what is taken of a day holds that day's row to the end of the transaction, so that two who want the last
place come one after the other, and the second counts the first. The same goes for a room and a person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from portal import clock, database
from portal.database import transaction
from portal.domain.bookings.queries import times
from portal.domain.bookings.rules import slots
from portal.domain.bookings.rules.slots import Offer
from portal.domain.bookings.tables import Engagement, Reservation, Resource, VisitType
from portal.domain.customers.queries import holder
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site, named
from portal.errors import Conflict
from portal.i18n.translations import _
from portal.ids import new_id

_HOLD_DAY = """
INSERT INTO day (id, type, day, turn) VALUES ({}, {}, {}, 1)
ON CONFLICT (type, day) DO UPDATE SET turn = day.turn + 1 RETURNING turn
"""
_OFFERED = "SELECT version FROM visit_type WHERE id = {}"
_HOLD_RESOURCE = "UPDATE resource SET turn = turn + 1 WHERE id = {} RETURNING parties"
_CLASH = """
SELECT e.begins_at, e.free_at, i.number FROM engagement e JOIN work_item i ON i.id = e.booking
WHERE e.resource = {} AND e.booking <> {} AND e.begins_at < {} AND e.free_at > {}
  AND (e.expires_at IS NULL OR e.expires_at > {}) ORDER BY e.begins_at, i.number
"""


class Full(Conflict):
    """No room for the party at that time."""


class Engaged(Conflict):
    """A room or a person is with somebody else then; `clash` is the number of that booking (VIS-05)."""

    def __init__(self, message: str, clash: str) -> None:
        super().__init__(message)
        self.clash = clash


@dataclass(frozen=True)
class Wish:
    """What somebody wants: a party of so many, on a day of the site, from an instant."""

    day: date
    begins_at: datetime
    people: int


async def hold(site: Site, kind: VisitType, wish: Wish, *, browser: str) -> datetime:
    """Keep room for a browser for some minutes, instead of what it held; returns until when. Raises Full."""
    until = clock.now() + timedelta(minutes=site_rules.figure(site, "visit.hold_minutes"))
    async with transaction():
        await turn(site, kind, wish, browser=browser)
        await reserve(kind, wish, browser=browser, until=until)
    return until


async def let_go(browser: str) -> None:
    """Give up what a browser holds."""
    await database.rows("DELETE FROM reservation WHERE browser = {} RETURNING id", holder(browser))


async def take(
    site: Site, kind: VisitType, wish: Wish, *, booking: UUID, until: datetime | None = None, anyway: bool = False
) -> None:
    """Reserve room for a booking in the running transaction, beside what it has; raises Full where there is none."""
    await turn(site, kind, wish, booking=booking, anyway=anyway)
    await reserve(kind, wish, booking=booking, until=until)


async def turn(
    site: Site, kind: VisitType, wish: Wish, *, booking: UUID | None = None, browser: str = "", anyway: bool = False
) -> None:
    """Wait for one's turn with the day's book, and look for room; raises Full where there is none.

    What the booking itself has, and what this browser holds, does not stand in its way. `anyway` is a person's decision:
    outside hours, too soon, or over capacity.
    """
    await _check_offered(kind)
    found = await times.offer(site, kind)
    begins, ends = found.stretch(wish.begins_at)
    for day in _days(site, begins, ends):
        await database.rows(_HOLD_DAY, new_id(), kind.id, day)
    if not anyway:
        await _check(kind, found, wish, booking=booking, browser=browser)


async def reserve(
    kind: VisitType, wish: Wish, *, booking: UUID | None = None, browser: str = "", until: datetime | None = None
) -> None:
    """Write down whose the room is, in the transaction whose turn it is; what this browser held is over."""
    if browser:
        await let_go(browser)
    await database.insert(Reservation, {
        "id": new_id(), "type": kind.id, "day": wish.day, "begins_at": wish.begins_at,
        "free_at": wish.begins_at + timedelta(minutes=kind.minutes + kind.buffer), "people": wish.people,
        "booking": booking, "browser": holder(browser) if browser and booking is None else None, "expires_at": until,
    })  # fmt: skip


def ends(kind: VisitType, begins_at: datetime) -> datetime:
    """When a visit of a type is over."""
    return begins_at + timedelta(minutes=kind.minutes)


def local_day(site: Site, at: datetime) -> date:
    """The day of the site on which a visit begins."""
    return at.astimezone(ZoneInfo(site.zone)).date()


async def give_up(booking: UUID, *, standby: bool | None = None) -> None:
    """Give up what a booking has reserved and engaged: all of it, only what stands open, or only what does not."""
    which = {None: "", True: " AND expires_at IS NOT NULL", False: " AND expires_at IS NULL"}[standby]
    await database.rows(f"DELETE FROM reservation WHERE booking = {{}}{which}", booking)
    await database.rows(f"DELETE FROM engagement WHERE booking = {{}}{which}", booking)


async def keep(booking: UUID) -> None:
    """What stood open is the booking's from now on."""
    await Reservation.update({Reservation.expires_at: None}).where(Reservation.booking == booking)
    await Engagement.update({Engagement.expires_at: None}).where(Engagement.booking == booking)


async def hold_open(site: Site, booking: UUID) -> None:
    """Hold the days and the rooms of what stands open for a visitor: from here on nobody counts them as free."""
    open_ = "WHERE booking = {} AND expires_at IS NOT NULL"
    rows = await database.rows(f"SELECT type, begins_at, free_at FROM reservation {open_}", booking)
    found = {(str(row["type"]), day) for row in rows for day in _days(site, row["begins_at"], row["free_at"])}
    for kind, day in sorted(found):
        await database.rows(_HOLD_DAY, new_id(), UUID(kind), day)
    engaged = await database.rows(f"SELECT DISTINCT resource FROM engagement {open_}", booking)
    for resource in sorted(row["resource"] for row in engaged):
        await database.rows(_HOLD_RESOURCE, resource)


async def change_over(booking: UUID) -> None:
    """What stood open is the booking's from now on, in place of what it had of the same sort; the rows are held."""
    for table in ("reservation", "engagement"):
        open_ = f"SELECT 1 FROM {table} o WHERE o.booking = {{}} AND o.expires_at IS NOT NULL"
        sql = f"DELETE FROM {table} WHERE booking = {{}} AND expires_at IS NULL AND EXISTS ({open_})"
        await database.rows(sql, booking, booking)
    await keep(booking)


async def change(
    site: Site, kind: VisitType, wish: Wish, *, booking: UUID, place: UUID | None = None, person: UUID | None = None
) -> bool:
    """Take another time for a booking whose turn it is, and only then give up what it had.

    Says whether its room and person come along: those who are with somebody else then are given up.
    """
    had = await Reservation.select(Reservation.id).where(Reservation.booking == booking)
    await reserve(kind, wish, booking=booking)
    await Reservation.delete().where(Reservation.id.is_in([row["id"] for row in had]))
    begins, ends = wish.begins_at, wish.begins_at + timedelta(minutes=kind.minutes + kind.buffer)
    try:
        async with transaction():
            await engage(site, booking, place=place, person=person, begins_at=begins, free_at=ends)
    except Engaged:
        await Engagement.delete().where(Engagement.booking == booking)
        return False
    return True


async def engage(
    site: Site, booking: UUID, *, place: UUID | None, person: UUID | None, begins_at: datetime, free_at: datetime,
    until: datetime | None = None,
) -> None:  # fmt: skip
    """A room and a person are there for a booking, in the running transaction; raises Engaged by name (VIS-05).

    They take the place of those that were agreed before; with `until` they stand by beside them.
    """
    if until is None:
        await database.rows("DELETE FROM engagement WHERE booking = {} AND expires_at IS NULL", booking)
    wanted = [("place", place), ("account", person)]
    found = sorted([await _resource(site, column, one) for column, one in wanted if one is not None])
    for resource in found:  # in one order, so that two who want the same room and person do not wait for each other
        parties = (await database.rows(_HOLD_RESOURCE, resource))[0]["parties"]
        await _check_engaged(site, resource, parties, booking, begins_at, free_at)
        await database.insert(Engagement, {
            "id": new_id(), "resource": resource, "booking": booking, "begins_at": begins_at, "free_at": free_at,
            "expires_at": until,
        })  # fmt: skip


async def _check_offered(kind: VisitType) -> None:
    """The type is still as it was read, and stays so to the end of the transaction: who changes it sees this booking."""
    rows = await database.rows(_OFFERED if database.embedded() else f"{_OFFERED} FOR SHARE", kind.id)
    if not rows or rows[0]["version"] != kind.version:
        raise Full(_("What we offer has just been changed. These times are free:"))


async def _check(kind: VisitType, offer: Offer, wish: Wish, *, booking: UUID | None, browser: str) -> None:
    now = clock.now()
    if not slots.bookable(offer, wish.day, wish.begins_at, now=now) or wish.begins_at < now:
        raise Full(_("At this time there are no visits."))
    begins, ends = offer.stretch(wish.begins_at)
    mine, args = "", list[object]()
    if booking is not None:
        mine, args = " AND (booking IS NULL OR booking <> {})", [booking]
    if browser:
        mine, args = f"{mine} AND (browser IS NULL OR browser <> {{}})", [*args, holder(browser)]
    taken = await times.taken(kind, begins, ends, now=now, but=mine, args=tuple(args))
    parties, people = slots.room(offer, begins, ends, taken)
    if parties < 1 or people < wish.people:
        raise Full(_("This time has just been taken. These are free:"))


def _days(site: Site, begins: datetime, ends: datetime) -> list[date]:
    """The days of the site that a stretch touches, in order: two that overlap have one in common."""
    zone = ZoneInfo(site.zone)
    first, last = (at.astimezone(zone).toordinal() for at in (begins, ends - timedelta(microseconds=1)))
    return [date.fromordinal(number) for number in range(first, last + 1)]


async def _resource(site: Site, column: str, one: UUID) -> UUID:
    """The row of a room or a person, made when it is first needed."""
    row = {"id": new_id(), "site": site.id, "place": None, "account": None} | {column: one}
    await database.insert(Resource, row, unless_there=True)
    found = await database.rows(f"SELECT id FROM resource WHERE site = {{}} AND {column} = {{}}", site.id, one)
    return UUID(str(found[0]["id"]))


async def _check_engaged(
    site: Site, resource: UUID, parties: int, booking: UUID, begins_at: datetime, free_at: datetime
) -> None:
    rows = await database.rows(_CLASH, resource, booking, free_at, begins_at, clock.now())
    taken = [slots.Taken(row["begins_at"], row["free_at"], 1) for row in rows]
    if slots.most_at_once(begins_at, free_at, taken)[0] < parties:
        return
    who = await database.rows(
        "SELECT p.name_zh, p.name_en, a.name FROM resource r LEFT JOIN place p ON p.id = r.place "
        "LEFT JOIN account a ON a.id = r.account WHERE r.id = {}", resource,
    )  # fmt: skip
    raise Engaged(_said(site, who[0], rows), rows[0]["number"])


def _said(site: Site, who: dict[str, str], rows: Sequence[dict[str, Any]]) -> str:
    first = rows[0]
    return _("%(name)s is taken from %(begins)s to %(ends)s by %(number)s.") % {
        "name": who["name"] or named(who["name_zh"], who["name_en"]), "number": first["number"],
        "begins": slots.wall(site.zone, first["begins_at"]), "ends": slots.wall(site.zone, first["free_at"]),
    }  # fmt: skip
