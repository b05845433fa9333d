"""Fills an empty database by living through six weeks of four houses, deed by deed, in a few seconds."""

import random
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

from portal import clock
from portal.database import transaction
from portal.demo import acts, beside, grounds, offers, pictures, receptions, scenes, tales, visits
from portal.demo.acts import Play
from portal.demo.beats import Act
from portal.demo.grounds import Ground
from portal.demo.scenes import Placard
from portal.demo.tales import Tale
from portal.domain.displays import services as displays
from portal.domain.displays.forms import NewDisplay
from portal.domain.exports.forms import Contacts
from portal.domain.exports.services import asking
from portal.domain.queues.forms import NewAbsence
from portal.domain.queues.services import absences, clocks
from portal.domain.reports.forms.boards import Notice
from portal.domain.reports.forms.saving import Keeping
from portal.domain.reports.queries import boards as notices
from portal.domain.reports.services import boards, saving
from portal.domain.sites import queries as sites
from portal.events import outbox
from portal.events.tables import Delivery
from portal.i18n import translations
from portal.ids import new_id, new_token
from portal.photos.services import Stored

OPENED = timedelta(days=60)  # before today
READ = timedelta(hours=12)  # notices older than this have been read
TOLD = timedelta(hours=24)  # nobody is told by e-mail or text message of what is older than this


async def build() -> None:
    """Make the four sites with their staff and complaints; nothing where there is a site already.

    All of it is one transaction: an interrupted start leaves nothing, and there is one sync to the disk, not thousands.
    """
    if await sites.sites():
        return
    now = clock.now()
    houses, book = scenes.houses(), scenes.book()
    told = tales.tales(houses, book, now=now)
    offered, words = offers.read()
    visited = visits.drawn(offered, words, book.desk, now=now)
    shown = [await _photos(tale) for tale in told]  # before travelling: the sweep goes by the files' times
    try:
        async with transaction():
            clock.travel(now - OPENED)
            made = await grounds.make(houses, book)
            plays = [Play(tale, made[tale.house.slug], photos) for tale, photos in zip(told, shown, strict=True)]
            open_ = {slug: await offers.make(made[slug], offer, shown_at=now) for slug, offer in offered.items()}
            received = [receptions.Play(one, open_[one.slug], offered[one.slug], words) for one in visited]
            await _live(plays, received)
            await beside.live(open_, offered, words, now=now)
            clock.travel(None)
            for slug, offer in offered.items():
                await beside.settle(open_[slug], offer)
            await _absence(made["hotel"])
            await _display(made["hotel"])
            await _notices(made["hotel"], houses[0].notices)
            await _kept(made["hotel"])
            await _asked(made["hotel"])
            while await clocks.look_at_clocks():
                pass
            await Delivery.update({Delivery.done_at: now - READ}).where(Delivery.due_at < now - READ)
            await outbox.pass_over(now - TOLD)
    finally:
        clock.travel(None)


async def _absence(hotel: Ground) -> None:
    """Somebody at the hotel is on leave next week."""
    first = clock.today(hotel.site.zone) + timedelta(days=7)
    days = {"from": first.isoformat(), "to": (first + timedelta(days=4)).isoformat()}
    form = NewAbsence.model_validate({"account": "hotel.floor", "deputy": "hotel.desk2", **days})
    await absences.plan(hotel.site, form, by=hotel.staff["manager"])


async def _display(hotel: Ground) -> None:
    """A screen in the back office; its link is nowhere, since a demonstration is open to everybody."""
    form = NewDisplay(name="前台后面")
    await displays.make(hotel.site, form, token=new_token(), by=hotel.staff["manager"])


async def _notices(hotel: Ground, placards: list[Placard]) -> None:
    """The hotel's first notice hangs this quarter; the next is a draft for the quarter that follows."""
    now, by = notices.current(hotel.site), hotel.staff["manager"]
    for quarter, placard in zip((now, now.next), placards, strict=True):
        identity, typed = new_id(), {"quarter": quarter.code, **placard.model_dump()}
        form = Notice.model_validate(typed, context={"quarters": [quarter.code]})
        await boards.draft(hotel.site, form, identity=identity, by=by)
        if quarter == now:
            await boards.publish(hotel.site, await notices.notice(hotel.site, identity), by=by, version=None)


async def _kept(hotel: Ground) -> None:
    """The managers look at their month, and at what was asked in the quarter (DUTY-24)."""
    for name, kind, days, role, cadence in (
        ("每月投诉", "", "month", "manager", "monthly"), ("季度咨询汇总", "enquiry", "quarter", "manager", "quarterly"),
        ("本周补偿", "", "week", "finance", "weekly"),
    ):  # fmt: skip
        typed = {"name": name, "path": "complaints", "range": days, "kind": kind, "role": role, "cadence": cadence,
                 "hour": "9"}  # fmt: skip
        await saving.keep(hotel.site, Keeping.model_validate(typed), by=hotel.staff["manager"])


async def _asked(hotel: Ground) -> None:
    """The manager asks for last week's contacts; the administrator has not decided yet."""
    last = clock.today(hotel.site.zone)
    days = {"from": (last - timedelta(days=7)).isoformat(), "to": last.isoformat(), "reason": "回访上周投诉的客人"}
    manager = hotel.staff["manager"]
    with translations.use(manager.language):
        await asking.ask_for_contacts(hotel.site, Contacts.model_validate(days), by=manager)


async def _photos(tale: Tale) -> list[Stored]:
    luck = random.Random(tale.filing.body)  # noqa: S311  # a painting, not a secret
    return await pictures.kept(tale.scene.picture, many=tale.photos, luck=luck) if tale.photos else []


async def _live(plays: list[Play], received: list[receptions.Play]) -> None:
    """Every deed of every complaint and of every visit at its instant, in the order of time."""
    whole: list[tuple[datetime, int, bool, Callable[[], Awaitable[None]]]] = [
        (beat.at, number, beat.act is not Act.FILE, partial(acts.perform, play, beat))
        for number, play in enumerate(plays) for beat in play.tale.beats
    ]  # fmt: skip
    whole += [
        (at, number, True, partial(receptions.perform, play, step))
        for number, play in enumerate(received, len(plays)) for at, step in play.visit.steps
    ]  # fmt: skip
    for at, _number, _later, deed in sorted(whole, key=lambda one: one[:3]):
        clock.travel(at)
        await deed()
