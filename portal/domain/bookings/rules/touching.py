"""What a change of the offer does to visits that stand in the book: none is dropped, but somebody looks at each first."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from portal.domain.bookings.rules.slots import Offer, Stretch
from portal.domain.sites.rules.calendar import DAY
from portal.i18n.translations import N_


class Why(StrEnum):
    """What of the new offer a visit does not fit."""

    RETIRED = "retired"
    HOURS = "hours"
    DARK = "dark"
    LENGTH = "length"
    PARTY = "party"
    CROWD = "crowd"


WORDS = {
    Why.RETIRED: N_("No longer offered"),
    Why.HOURS: N_("Outside the hours"),
    Why.DARK: N_("In a stretch without visits"),
    Why.LENGTH: N_("Keeps the length it was booked with"),
    Why.PARTY: N_("More people than one party may have"),
    Why.CROWD: N_("More at once than there is room for"),
}


@dataclass(frozen=True)
class Standing:
    """A time that a booking has in the book; `ends_at` is when the visit is over, `free_at` when its places are free."""

    number: str
    who: str
    begins_at: datetime
    ends_at: datetime
    free_at: datetime
    people: int


@dataclass(frozen=True)
class Terms:
    """What may be booked of a type: its offer, the largest party, and whether it is offered at all."""

    offer: Offer
    most: int
    active: bool


@dataclass(frozen=True)
class Touched:
    """A visit that fitted before and does not now, and what it does not fit."""

    standing: Standing
    why: tuple[Why, ...]


def touched(before: Terms, after: Terms, booked: Sequence[Standing]) -> list[Touched]:
    """The visits that a change touches; those that did not fit before, either, were somebody's decision already."""
    crowds = _crowds(after.offer, booked) if _less_room(before.offer, after.offer) else []
    found = [Touched(one, tuple(_why(before, after, one, crowds))) for one in booked]
    return [one for one in found if one.why]


def crowded(parties: int, booked: Sequence[Standing]) -> list[Touched]:
    """The visits in a room, or with a person, while there are more of them at once than so many."""
    over = _over(booked, parties, sum(one.people for one in booked))
    return [Touched(one, (Why.CROWD,)) for one in booked if _within(one, over)]


def digest(found: Iterable[Touched]) -> str:
    """What names a list, so that who confirms one confirms no other."""
    lines = (f"{one.standing.number} {one.standing.begins_at.isoformat()} {' '.join(one.why)}" for one in found)
    return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()[:16]


def _why(before: Terms, after: Terms, one: Standing, crowds: list[Stretch]) -> Iterable[Why]:
    if before.active and not after.active:
        yield Why.RETIRED
    if _open(before.offer, one) and not _open(after.offer, one):
        yield Why.HOURS
    if not _dark(before.offer, one) and _dark(after.offer, one):
        yield Why.DARK
    if before.offer.minutes != after.offer.minutes and one.ends_at - one.begins_at != timedelta(minutes=after.offer.minutes):
        yield Why.LENGTH
    if after.most < one.people <= before.most:
        yield Why.PARTY
    if _within(one, crowds):
        yield Why.CROWD


def _open(offer: Offer, one: Standing) -> bool:
    """Whether all of a visit lies in one of the hours of its day, or in what those of the day before reach over midnight."""
    begins = one.begins_at.astimezone(ZoneInfo(offer.calendar.zone))
    length = (one.ends_at - one.begins_at) // timedelta(minutes=1)
    first = begins.hour * 60 + begins.minute
    today = begins.date()
    yesterday = ((opens - DAY, closes - DAY) for opens, closes in offer.calendar.hours(_before(today)))
    return any(opens <= first and first + length <= closes for opens, closes in (*yesterday, *offer.calendar.hours(today)))


def _before(day: date) -> date:
    return day - timedelta(days=1)


def _dark(offer: Offer, one: Standing) -> bool:
    return any(start < one.ends_at and end > one.begins_at for start, end in offer.blackouts)


def _less_room(before: Offer, after: Offer) -> bool:
    return after.parties < before.parties or after.people < before.people


def _crowds(offer: Offer, booked: Sequence[Standing]) -> list[Stretch]:
    return _over(booked, offer.parties, offer.people)


def _over(booked: Sequence[Standing], parties: int, people: int) -> list[Stretch]:
    """When there are more parties, or people, at once than there is room for."""
    turns = sorted([(one.begins_at, 1, one.people) for one in booked] + [(one.free_at, -1, -one.people) for one in booked])
    found: list[Stretch] = []
    groups = heads = 0
    since: datetime | None = None
    for at, more, many in turns:
        groups, heads = groups + more, heads + many
        full = groups > parties or heads > people
        if full and since is None:
            since = at
        elif not full and since is not None:
            found += [(since, at)] if since < at else []
            since = None
    return found


def _within(one: Standing, stretches: Iterable[Stretch]) -> bool:
    return any(start < one.free_at and end > one.begins_at for start, end in stretches)
