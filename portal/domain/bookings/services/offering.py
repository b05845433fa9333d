"""Deciding what a site offers: types of visit, their hours, and who and what receives.

Whatever is changed, no booking is dropped: who would change what a visit that stands in the book was promised sees each
of them first (Touches), and confirms the list.
"""

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from portal import access_log, database
from portal.database import transaction
from portal.domain.bookings.forms.offering import NewBlackout, NewOfficer, NewReceiving, NewType, TypeDays, TypeFacts
from portal.domain.bookings.queries import offering as queries
from portal.domain.bookings.rules import asking, touching
from portal.domain.bookings.rules.asking import Ask
from portal.domain.bookings.rules.touching import Touched
from portal.domain.bookings.tables import Blackout, Officer, Resource, VisitDay, VisitHours, VisitType
from portal.domain.sites import queries as sites
from portal.domain.sites import services as site_services
from portal.domain.sites.forms import Week
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid, NotFound
from portal.events import services as events
from portal.events.services import Actor
from portal.i18n.translations import _
from portal.ids import new_id

CHANGED = "site.visits-changed"
FACTS = (
    "name_zh", "name_en", "minutes", "buffer", "step", "parties", "people", "most", "lead_minutes", "horizon_days",
    "limit_hours", "fee", "instant", "role", "guided", "at_table", "proven", "checks", "online", "active", "letter",
    "papers_zh", "papers_en", "notes_zh", "notes_en", "position",
)  # fmt: skip
_HOLD = "UPDATE visit_type SET version = version WHERE site = {} AND code IN (%s) RETURNING id"
_NEXT_VERSION = "UPDATE visit_type SET version = version + 1 WHERE site = {} AND code IN (%s) RETURNING id"
_NO_OFFICER = """
DELETE FROM officer WHERE site = {} AND account = (SELECT id FROM account WHERE username = {}) RETURNING account
"""


class Touches(Conflict):
    """A change that touches visits which stand in the book; saved by who confirms their list by its `digest`."""

    def __init__(self, found: Sequence[Touched]) -> None:
        super().__init__(_("This touches visits that stand in the book."))
        self.found = found
        self.digest = touching.digest(found)


async def add(site: Site, form: NewType, *, by: Actor) -> None:
    """Offer a new kind of visit; raises Invalid where its code or letter is taken."""
    async with transaction():
        await _check_letter(site, form.code, form.letter)
        row = {"id": new_id(), "site": site.id, "code": form.code, **await _facts(site, form)}
        if not await database.insert(VisitType, row, unless_there=True):
            raise Invalid({"code": _("There is a kind of visit with this code already.")})
        await _record(site, form.code, by=by, what="added")


async def change(
    site: Site, code: str, form: TypeFacts, *, by: Actor, version: int | None = None, confirmed: str = ""
) -> None:
    """Decide the facts of a type. Raises Invalid, Conflict where another decided meanwhile, Touches."""
    async with transaction(), _of(site, code, version=version, confirmed=confirmed) as kind:
        await _check_letter(site, code, form.letter)
        facts = await _facts(site, form)
        await VisitType.update(_columns(facts)).where(VisitType.id == kind.id)
        await _record(site, code, by=by, what="facts")


async def write_week(
    site: Site, code: str, form: Week, *, by: Actor, version: int | None = None, confirmed: str = ""
) -> None:
    """Decide the hours of a type, and whether it keeps the public holidays. Raises Invalid, Conflict, Touches."""
    site_services.refuse_overlaps(form)
    async with transaction(), _of(site, code, version=version, confirmed=confirmed) as kind:
        await VisitType.update({VisitType.holidays: not form.holidays}).where(VisitType.id == kind.id)
        await VisitHours.delete().where(VisitHours.type == kind.id)
        rows = [
            VisitHours(id=new_id(), type=kind.id, weekday=weekday, opens=opens, closes=closes)
            for weekday, intervals in enumerate(form.times) for opens, closes in intervals
        ]  # fmt: skip
        if rows:
            await VisitHours.insert(*rows)
        await _record(site, code, by=by, what="week")


async def write_days(site: Site, code: str, form: TypeDays, *, by: Actor, confirmed: str = "") -> None:
    """Give a type other hours on some days; one that is written down already gets these. Raises Touches."""
    length = ((form.last or form.first) - form.first).days + 1
    async with transaction(), _of(site, code, confirmed=confirmed) as kind:
        rows = [
            VisitDay(id=new_id(), type=kind.id, day=form.first + timedelta(days=number), hours=json.dumps(form.hours))
            for number in range(length)
        ]
        await VisitDay.insert(*rows).on_conflict(
            target=(VisitDay.type, VisitDay.day), action="DO UPDATE", values=(VisitDay.hours,)
        )
        await _record(site, code, by=by, what="days", since=rows[0].day.isoformat(), until=rows[-1].day.isoformat())


async def remove_days(site: Site, code: str, first: date, last: date, *, by: Actor, confirmed: str = "") -> None:
    """Give some days of a type their usual hours back. Raises NotFound where there is none, Touches."""
    async with transaction(), _of(site, code, confirmed=confirmed) as kind:
        these = (VisitDay.type == kind.id) & (VisitDay.day >= first) & (VisitDay.day <= last)
        if not await VisitDay.delete().where(these).returning(VisitDay.id):
            raise NotFound
        await _record(site, code, by=by, what="days", removed=first.isoformat(), until=last.isoformat())


async def write_asks(site: Site, code: str, asks: Sequence[Ask], *, by: Actor, version: int | None = None) -> None:
    """Decide what a type asks besides; what was answered before keeps its words. Raises Conflict."""
    async with transaction():
        kind = await queries.visit_type(site, code)
        news = VisitType.update({VisitType.asks: asking.written(asks), VisitType.version: VisitType.version + 1})
        as_read = VisitType.version == (kind.version if version is None else version)
        if not await news.where(VisitType.id == kind.id, as_read).returning(VisitType.id):
            raise Conflict(_(site_services.MEANWHILE))
        await _record(site, code, by=by, what="asks")


async def add_blackout(site: Site, form: NewBlackout, *, by: Actor, confirmed: str = "") -> None:
    """Take no bookings for a stretch. Raises Touches."""
    begins, ends = form.stretch
    async with transaction(), watched(site, confirmed=confirmed):
        kind = (await queries.visit_type(site, form.type)).id if form.type else None
        await database.insert(Blackout, {
            "id": new_id(), "site": site.id, "type": kind, "begins_at": begins, "ends_at": ends, "reason": form.reason,
            "by": by.id,
        })  # fmt: skip
        await _record(site, form.type, by=by, what="blackout", since=begins.isoformat(), until=ends.isoformat())


async def remove_blackout(site: Site, blackout: UUID, *, by: Actor) -> None:
    """Take bookings again in a stretch; NotFound where there is none."""
    async with transaction():
        this = (Blackout.id == blackout) & (Blackout.site == site.id)
        if not await Blackout.delete().where(this).returning(Blackout.id):
            raise NotFound
        await _record(site, "", by=by, what="blackout", removed=str(blackout))


async def write_receiving(site: Site, form: NewReceiving, *, by: Actor, confirmed: str = "") -> None:
    """How many parties a room or a person receives at once. Raises Touches for those who would be too many."""
    place = await sites.place(site.id, form.place) if form.place else None
    account = next((one for one, username, _name in await queries.receivers(site) if username == form.person), None)
    if place is None and account is None:
        raise NotFound
    column, one = ("place", place.id) if place else ("account", account)
    async with transaction():
        row = {"id": new_id(), "site": site.id, "place": None, "account": None, "parties": form.parties} | {column: one}
        if not await database.insert(Resource, row, unless_there=True):
            sql = f"UPDATE resource SET parties = {{}}, turn = turn + 1 WHERE site = {{}} AND {column} = {{}} RETURNING id"
            (resource,) = await database.rows(sql, form.parties, site.id, one)
            _confirm(touching.crowded(form.parties, await queries.engaged(resource["id"])), confirmed)
        await _record(site, "", by=by, what="receiving", **{column: str(one)}, parties=form.parties)


async def write_officer(site: Site, form: NewOfficer, *, by: Actor) -> None:
    """Name somebody who receives visitors, with duties and rights (VIS-28)."""
    account = next((one for one, username, _name in await queries.receivers(site) if username == form.person), None)
    if account is None:
        raise NotFound
    async with transaction():
        row = Officer(id=new_id(), site=site.id, account=account, duties=form.duties)
        await Officer.insert(row).on_conflict(
            target=(Officer.site, Officer.account), action="DO UPDATE", values=(Officer.duties,)
        )
        await _record(site, "", by=by, what="officer", account=str(account))


async def remove_officer(site: Site, username: str, *, by: Actor) -> None:
    """Somebody receives visitors by name no longer; NotFound for who does not."""
    async with transaction():
        rows = await database.rows(_NO_OFFICER, site.id, username)
        if not rows:
            raise NotFound
        await _record(site, "", by=by, what="officer", removed=str(rows[0]["account"]))


@asynccontextmanager
async def watched(site: Site, *, code: str = "", confirmed: str = "") -> AsyncIterator[None]:
    """Around a change in the running transaction: raises Touches, which takes it back, for visits that fitted before.

    The rows of the types are held from the beginning, and have a new version in the end: who reserves meanwhile is
    waited for, and who reserves with an older one in hand is told to look again.
    """
    codes = [code] if code else [kind.code for kind in await queries.types(site)]
    await _each(_HOLD, site, codes)
    kinds = [one for one in await queries.types(site) if one.code in codes]
    before = {kind.id: await queries.terms(site, kind) for kind in kinds}
    yield
    await _each(_NEXT_VERSION, site, codes)
    booked = await queries.standing(list(before))
    found = []
    for kind in [one for one in await queries.types(site) if one.id in before]:
        if booked[kind.id]:
            found += touching.touched(before[kind.id], await queries.terms(site, kind), booked[kind.id])
    _confirm(sorted(found, key=lambda one: (one.standing.begins_at, one.standing.number)), confirmed)


async def _each(sql: str, site: Site, codes: Sequence[str]) -> None:
    """Write the rows of some types."""
    if codes:
        await database.rows(sql % ", ".join("{}" for _code in codes), site.id, *codes)


@asynccontextmanager
async def _of(site: Site, code: str, *, version: int | None = None, confirmed: str) -> AsyncIterator[VisitType]:
    """A type while it is changed, if it is still of the version that somebody saw."""
    async with watched(site, code=code, confirmed=confirmed):
        kind = await queries.visit_type(site, code)
        if version is not None and kind.version != version:
            raise Conflict(_(site_services.MEANWHILE))
        yield kind


def _confirm(found: Sequence[Touched], confirmed: str) -> None:
    if found and touching.digest(found) != confirmed:
        raise Touches(found)


async def _check_letter(site: Site, code: str, letter: str) -> None:
    """Two types that begin their numbers with the same letter would call the same number."""
    if letter and any(one.letter == letter and one.code != code for one in await queries.types(site)):
        raise Invalid({"letter": _("Another kind of visit has this letter.")})


async def _facts(site: Site, form: TypeFacts) -> dict[str, Any]:
    place = await sites.place(site.id, form.place)
    return {name: getattr(form, name) for name in FACTS} | {"place": place.id if place else None}


def _columns(facts: dict[str, Any]) -> dict[Column | str, Any]:
    return {VisitType._meta.get_column_by_name(name): value for name, value in facts.items()}


async def _record(site: Site, code: str, *, by: Actor, what: str, **particulars: Any) -> None:
    await events.record(CHANGED, site=site.id, subject=site.id, by=by, type=code, what=what, **particulars)
    await access_log.record("settings", site=site.id, account=by.id, role="", subject=site.id, field=f"visits {code}"[:60])
