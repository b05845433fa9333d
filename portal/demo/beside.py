"""What a newcomer looks for besides the visits: a series, a line for a place that has just become free, a call for help
of last week, somebody who is blocked, and a screen that shows whom a window calls."""

from datetime import datetime, timedelta

from portal import clock
from portal.demo import offers
from portal.demo.offers import Offer, Reception, Words
from portal.domain.arrivals.forms.serving import NewAlarm
from portal.domain.arrivals.services import alarms
from portal.domain.bookings.forms.booking import NewBooking
from portal.domain.bookings.forms.taking import TakenDown
from portal.domain.bookings.forms.waiting import NewWaiting
from portal.domain.bookings.queries import visitor
from portal.domain.bookings.services import booking, following, recurring, waiting
from portal.domain.bookings.tables import Channel
from portal.domain.customers import services as customers
from portal.domain.customers.forms import NewBlock
from portal.domain.displays import services as displays
from portal.domain.displays.forms import NewDisplay
from portal.domain.displays.tables import Shows
from portal.i18n import formats, translations
from portal.ids import new_token

SERIES, LINE = "hotel", "showroom"  # where they are
TALK = "negotiation"


async def live(receptions: dict[str, Reception], offered: dict[str, Offer], words: Words, *, now: datetime) -> None:
    """What has happened."""
    formats.set_zone(receptions[LINE].site.zone)
    clock.travel(now - timedelta(days=6, hours=2))
    await _alarm(receptions[LINE], words)
    clock.travel(now - timedelta(days=4))
    await _block(receptions["restaurant"], words)
    clock.travel(now - timedelta(days=1, hours=3))
    await _series(receptions[SERIES], offered[SERIES], words)
    freed = await _line(receptions[LINE], offered[LINE])
    clock.travel(now - timedelta(minutes=1))
    visit, site = await visitor.by_token(freed)
    await following.cancel(visit, site=site)


async def settle(reception: Reception, offer: Offer) -> None:
    """What is decided at a house for the time to come."""
    form = NewDisplay(name="叫号屏", shows=Shows.CALLS)
    await displays.make(reception.site, form, token=new_token(), by=reception.staff["manager"])
    await offers.ahead(reception, offer)


async def _alarm(reception: Reception, words: Words) -> None:
    """Somebody at the desk called for help, and the manager came."""
    form = NewAlarm(place=words.alarm, silent=True)
    alarm = await alarms.call_for_help(reception.site, form, by=reception.staff["desk"])
    clock.travel(clock.now() + timedelta(seconds=20))
    await alarms.answer(reception.site, alarm, by=reception.staff["manager"])


async def _block(reception: Reception, words: Words) -> None:
    until = clock.today(reception.site.zone) + timedelta(days=90)
    form = NewBlock.model_validate({"phone": "139 0000 9999", "reason": words.blocked, "until": until.isoformat()})
    await customers.block(reception.site, form, by=reception.staff["manager"])


async def _series(reception: Reception, offer: Offer, words: Words) -> None:
    """A company that comes every week, taken down at the desk and agreed on at once."""
    site = reception.site
    kind = next(one for one in reception.kinds.values() if not one.instant)
    minute = offer.of(kind.code).beginnings()[-1]
    typed = {
        "type": kind.code, "day": (clock.today(site.zone) + timedelta(days=9)).isoformat(), "people": 4,
        "time": f"{minute // 60:02d}:{minute % 60:02d}", "name": "方宁", "salutation": "ms", "phone": "139 0000 9001",
        "purpose": words.every, "company": words.companies[0], "channel": Channel.PHONE, "place": offer.rooms[0],
        "person": reception.staff["sales"].username, "unit": "week", "every": 1, "times": 3, "which": "free",
    }  # fmt: skip
    await recurring.make(TakenDown.model_validate(typed), site=site, kind=kind, by=reception.staff["desk"])


async def _line(reception: Reception, offer: Offer) -> str:
    """Two wait for a time that is taken; returns the token of whoever has it."""
    site, kind = reception.site, reception.kinds[TALK]
    minute = offer.of(TALK).beginnings()[0]
    when = {"day": (clock.today(site.zone) + timedelta(days=9)).isoformat(), "type": TALK, "people": 2}
    at = f"{minute // 60:02d}:{minute % 60:02d}"
    first = {**when, "time": at, "name": "贺青", "salutation": "mr", "phone": "139 0000 9002", "purpose": "代理合作洽谈"}
    with translations.use("zh-CN"):
        booked = await booking.book(NewBooking.model_validate(first), site=site, kind=kind, token=new_token())
        for name, phone in (("白璐", "139 0000 9003"), ("严冬", "139 0000 9004")):
            typed = {**when, "from": at, "to": at, "name": name, "salutation": "ms", "phone": phone}
            await waiting.line_up(NewWaiting.model_validate(typed), site=site, kind=kind, token=new_token())
    return booked.token
