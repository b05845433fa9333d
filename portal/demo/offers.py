"""What the four houses offer to visitors, read from visits.toml, and put up as a manager would: types, doors, windows."""

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from pydantic import BaseModel

from portal import clock
from portal.demo.grounds import Ground
from portal.domain.accounts.queries import Staff
from portal.domain.arrivals.queries import stations as windows
from portal.domain.arrivals.services import stations
from portal.domain.arrivals.tables import Station
from portal.domain.bookings.forms.offering import (
    NewBlackout,
    NewDoor,
    NewOfficer,
    NewReceiving,
    NewType,
    StationFacts,
    TypeDays,
)
from portal.domain.bookings.queries import times
from portal.domain.bookings.rules.asking import Ask, Kind
from portal.domain.bookings.services import doors, offering
from portal.domain.bookings.tables import VisitType
from portal.domain.sites import queries as sites
from portal.domain.sites import services as site_services
from portal.domain.sites.forms import WEEKDAYS, Week
from portal.domain.sites.rules import days
from portal.domain.sites.tables import Door, Site, SiteKind
from portal.i18n import formats

_FILE = Path(__file__).parent / "visits.toml"
DARK, SHORT = 12, 14  # days from today
YOUNG = timedelta(hours=4)


class Offered(BaseModel, extra="allow"):
    """A kind of visit; what stands besides goes into its form as it is."""

    code: str
    minutes: int
    buffer: int = 0
    step: int
    week: str
    purposes: list[str]
    most: int = 10
    letter: str = ""
    instant: bool = False
    holidays: bool = True
    asks_zh: str = ""
    asks_en: str = ""

    def beginnings(self) -> list[int]:
        """The minutes of a day at which it may begin."""
        found = Week.model_validate({"monday": self.week}).times[0]
        return [at for opens, closes in found for at in range(opens, closes - self.minutes + 1, self.step)]


class Offer(BaseModel):
    """What a house offers, who and where it receives, and where one comes in."""

    people: list[str]
    rooms: list[str]
    blackout: dict[str, str]
    officer: dict[str, str]
    type: list[Offered]
    door: list[dict[str, str]]
    station: list[dict[str, str]]

    def of(self, code: str) -> Offered:
        """A kind of visit."""
        return next(one for one in self.type if one.code == code)


class Words(BaseModel):
    """What is said and written around a visit."""

    needs: list[str]
    met: list[str]
    opinions: list[str]
    facts: list[str]
    summaries: list[str]
    thanked: list[str]
    declines: list[str]
    changes: list[str]
    questions: list[str]
    answers: list[str]
    companies: list[str]
    blocked: str
    alarm: str
    odd: str
    every: str


@dataclass(frozen=True)
class Reception:
    """A site that receives visitors: its offer as it stands in the database."""

    site: Site
    staff: dict[str, Staff]
    kinds: dict[str, VisitType]
    door: Door
    stations: tuple[Station, ...]

    def station(self, kind: str, turn: int) -> Station:
        """A window for a type; where there are several, they take turns."""
        found = [one for one in self.stations if kind in one.types.split()]
        return found[turn % len(found)]


def read() -> tuple[dict[str, Offer], Words]:
    """The offer of each house by its slug, and the words."""
    whole = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    words = Words.model_validate(whole.pop("words"))
    return {slug: Offer.model_validate(offer) for slug, offer in whole.items()}, words


async def make(ground: Ground, offer: Offer, *, shown_at: datetime) -> Reception:
    """Offer it all."""
    by = ground.staff["manager"]
    site = await _settled(ground.site, shown_at, by=by)
    formats.set_zone(site.zone)
    places = {place.code for place in await sites.places(site.id)}
    people = {staff.username for staff in ground.staff.values()}
    for position, one in enumerate(offer.type):
        await _type(site, one, position, places, by=by)
    asked = {"places": places, "people": people, "types": {one.code for one in offer.type}}
    for row in offer.door:
        await doors.add(site, NewDoor.model_validate(row | {"active": True}, context=asked), by=by)
    for row in offer.station:
        await stations.write(site, StationFacts.model_validate(row | {"active": True}, context=asked), by=by)
    await _receiving(site, offer, asked, by=by)
    kinds = {kind.code: kind for kind in await times.types(site)}
    (door,) = await Door.objects().where(Door.site == site.id)
    return Reception(site, ground.staff, kinds, door, tuple(await windows.stations(site)))


async def _settled(site: Site, shown_at: datetime, *, by: Staff) -> Site:
    """An office building asks the tenant first (VIS-21). The visitors of a young day came before it: midnight begins it."""
    typed = {"arrival.host_first": "yes"} if site.kind == SiteKind.TOWER else {}
    if shown_at - days.beginning(site, days.today(site, shown_at)) < YOUNG:
        typed["day.start"] = "00:00"
    if not typed:
        return site
    await site_services.decide(site, typed, by=by, may_all=True)
    return await sites.site_by_id(site.id)


async def _type(site: Site, one: Offered, position: int, places: set[str], *, by: Staff) -> None:
    """A type with its hours and what it asks."""
    typed = one.model_dump(exclude={"week", "purposes", "holidays", "asks_zh", "asks_en"})
    typed |= {"active": True, "online": True, "position": position}
    form = NewType.model_validate(typed, context={"places": places})
    await offering.add(site, form, by=by)
    week = Week.model_validate(dict.fromkeys(WEEKDAYS, one.week) | {"holidays": not one.holidays})
    await offering.write_week(site, one.code, week, by=by)
    if one.asks_zh:
        await offering.write_asks(site, one.code, [Ask("a1", one.asks_zh, one.asks_en, Kind.TEXT)], by=by)


async def _receiving(site: Site, offer: Offer, asked: dict[str, set[str]], *, by: Staff) -> None:
    """The rooms where one party is received at a time, and who receives by name."""
    for code in offer.rooms:
        form = NewReceiving.model_validate({"place": code, "parties": 1}, context=asked)
        await offering.write_receiving(site, form, by=by)
    await offering.write_officer(site, NewOfficer.model_validate(offer.officer, context=asked), by=by)


async def ahead(reception: Reception, offer: Offer) -> None:
    """In two weeks there is a morning without visits, and an afternoon that is shorter than others."""
    site, by, today = reception.site, reception.staff["manager"], clock.today(reception.site.zone)
    dark, short = ((today + timedelta(days=many)).isoformat() for many in (DARK, SHORT))
    typed = offer.blackout | {"from": dark, "from_time": "08:00", "to_time": "13:00"}
    await offering.add_blackout(site, NewBlackout.model_validate(typed, context={"types": set(reception.kinds)}), by=by)
    fewer = TypeDays.model_validate({"from": short, "hours": "14:00-17:00"})
    await offering.write_days(site, offer.type[0].code, fewer, by=by)
