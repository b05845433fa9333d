"""A series before it is made, with what stands in its way; and the bookings of one that was."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from portal import clock, database
from portal.domain.bookings.forms.taking import TakenDown
from portal.domain.bookings.queries import times
from portal.domain.bookings.rules import recurring, slots
from portal.domain.bookings.rules.slots import Taken
from portal.domain.bookings.tables import VisitType
from portal.domain.queues.queries import items
from portal.domain.queues.queries.items import Card
from portal.domain.sites.tables import Site, named
from portal.i18n.translations import _

_ENGAGED = """
SELECT e.begins_at, e.free_at, i.number, r.id, r.parties, p.name_zh, p.name_en, a.name FROM engagement e
  JOIN resource r ON r.id = e.resource JOIN work_item i ON i.id = e.booking
  LEFT JOIN place p ON p.id = r.place LEFT JOIN account a ON a.id = r.account
WHERE r.site = {} AND (r.place = {} OR r.account = {}) AND e.begins_at < {} AND e.free_at > {}
  AND (e.expires_at IS NULL OR e.expires_at > {}) ORDER BY e.begins_at, i.number
"""
_MEMBERS = """
SELECT i.id, b.begins_at FROM booking b JOIN work_item i ON i.id = b.item
WHERE b.recurrence = (SELECT recurrence FROM booking WHERE id = {}) AND i.closed_at IS NULL ORDER BY b.begins_at, i.id
"""


@dataclass(frozen=True)
class Occurrence:
    """One day of a series: when, and why it cannot be ("": it can); `engaged` is who has the room or the person then."""

    day: date
    begins_at: datetime | None
    why: str = ""
    engaged: str = ""

    @property
    def free(self) -> bool:
        return not self.why and not self.engaged


async def planned(
    form: TakenDown, *, site: Site, kind: VisitType, place: UUID | None = None, person: UUID | None = None
) -> list[Occurrence]:
    """The bookings that a series would be, each with its conflicts by name (VIS-05); a fixed number of questions."""
    days = recurring.days(form.day, form.unit, form.every, until=form.until, times=form.times)
    free = {slot.begins_at: slot for slot in await times.free(site, kind, days[0], days[-1])}
    begins, ends = times.beginning(site, days[0]), times.beginning(site, days[-1] + timedelta(days=2))
    held = await database.rows(_ENGAGED, site.id, place, person, ends, begins, clock.now()) if place or person else []
    found = []
    for day in days:
        at = slots.instant(site.zone, day, form.time)
        slot = free.get(at) if at else None
        why = "" if slot and slot.fits(form.people) else _("full") if slot else _("no visits at this time")
        stretch = at + timedelta(minutes=kind.minutes + kind.buffer) if at else None
        found.append(Occurrence(day, at, why, _engaged(held, at, stretch) if at and stretch else ""))
    return found


async def members(item: Card, scope: str, states: Collection[str]) -> list[Card]:
    """A booking and, of those that belong to it, the ones that are meant and in these states; in their order."""
    if scope == recurring.ONE:
        return [item]
    rows = await database.rows(_MEMBERS, item.id)
    mine = next((row["begins_at"] for row in rows if row["id"] == item.id), None)
    meant = [row["id"] for row in rows if scope == recurring.ALL or (mine and row["begins_at"] >= mine)]
    cards = [await items.item_by_id(one) for one in meant]
    return [card for card in cards if card.id == item.id or card.state in states] or [item]


def _engaged(rows: list[Any], begins: datetime, ends: datetime) -> str:
    """Whom a room or a person is with at that time, so that it takes no more."""
    for resource in dict.fromkeys(row["id"] for row in rows):
        its = [row for row in rows if row["id"] == resource and row["begins_at"] < ends and row["free_at"] > begins]
        taken = [Taken(row["begins_at"], row["free_at"], 1) for row in its]
        if its and slots.most_at_once(begins, ends, taken)[0] >= its[0]["parties"]:
            name = its[0]["name"] or named(its[0]["name_zh"] or "", its[0]["name_en"] or "")
            return _("%(name)s also has %(number)s") % {"name": name, "number": its[0]["number"]}
    return ""
