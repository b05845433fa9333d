"""Who is expected today: the booking that somebody at the door means."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from portal import clock, database, sealing
from portal.domain.bookings.rules import way
from portal.domain.bookings.tables import State
from portal.domain.customers import queries as known
from portal.domain.customers.services import PHONE
from portal.domain.queues.queries.words import opened
from portal.domain.sites.rules import days
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site

A_DAY = timedelta(days=1)
# Who was taken in already and waits no more is expected no more; who waits is shown the number he has.
_TODAY = """
SELECT b.id, b.type, b.begins_at, b.people, b.salutation, b.name, b.phone, i.state,
  (SELECT a.id FROM arrival a WHERE a.booking = b.id AND a.ended_at IS NULL) AS arrival
FROM booking b JOIN work_item i ON i.id = b.item
WHERE b.site = {} AND b.day BETWEEN {} AND {} AND b.begins_at >= {} AND b.begins_at < {} AND %s
ORDER BY b.begins_at, b.id
"""
# Not by its number: those can be counted up, and whoever did would bring other people's bookings to the door.
_BY_CODE = "b.code = {}"
_BY_PHONE = "b.customer = (SELECT c.id FROM customer c WHERE c.phone_index = {})"


@dataclass(frozen=True)
class Expected:
    """A booking of today, and the arrival that came of it and is not over."""

    id: UUID
    type: UUID
    begins_at: datetime
    people: int
    salutation: str
    name: str
    phone: str
    state: str
    arrival: UUID | None


async def today(site: Site, *, code: str = "", phone: str = "") -> Expected | None:
    """The booking of a code or a phone that may check in today: one that waits already, else the next one.

    Nobody's who is blocked, so that he gets the answer of somebody whom nobody knows.
    """
    now = clock.now()
    day = days.today(site, now)
    if code:
        condition, args = _BY_CODE, ["".join(letter for letter in code.upper() if letter.isalnum()) or "-"]
    else:
        condition, args = _BY_PHONE, [sealing.index(phone, PHONE)]
    rows = await database.rows(_TODAY % condition, site.id, day, day + A_DAY, days.beginning(site, day),
                               days.beginning(site, day + A_DAY), *args)  # fmt: skip
    found = [_expected(row) for row in rows]
    late = timedelta(minutes=site_rules.figure(site, "visit.no_show_minutes"))
    coming = [one for one in found if one.state in way.AGREED | {State.ARRIVED}]
    waiting = [one for one in found if one.arrival is not None]
    ahead = [one for one in coming if one.begins_at + late >= now]
    one = next(iter([*waiting, *ahead, *reversed(coming)]), None)
    return None if one is None or await known.is_blocked(site, phone=one.phone) else one


def _expected(row: dict[str, Any]) -> Expected:
    return Expected(
        id=row["id"], type=row["type"], begins_at=row["begins_at"], people=row["people"], salutation=row["salutation"],
        name=opened(row["name"], "booking.name", row["id"]), phone=opened(row["phone"], "booking.phone", row["id"]),
        state=row["state"], arrival=row["arrival"],
    )  # fmt: skip
