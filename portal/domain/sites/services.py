"""Making sites, saying what stands in them and when they are open, and deciding their settings."""

import json
import re
from datetime import date, timedelta
from typing import Any, NamedTuple

from piccolo.columns import Column

from portal import access_log, clock
from portal.database import transaction
from portal.domain.sites import queries
from portal.domain.sites.forms import WEEKDAYS, NewCategory, NewPlace, OwnDays, Week
from portal.domain.sites.rules import calendar, holidays
from portal.domain.sites.rules import settings as rules
from portal.domain.sites.tables import Category, Hours, Place, PlaceKind, Site, SiteKind, SpecialDay
from portal.errors import Conflict, Invalid, NotFound
from portal.events import services as events
from portal.events.services import Actor
from portal.i18n.translations import N_, _, gettext, language
from portal.ids import new_id

OTHER = "other"
MEANWHILE = N_("Somebody else changed these settings a moment ago. Please look again.")
LAST = 99
CLOSED_DAYS = 2 * 366  # of the site's own, still to come: every promise is due some day
# These words stand where a site's name would, in addresses of the portal's own.
TAKEN = frozenset({"alive", "password"})


class Written(NamedTuple):
    """How many places of a list are new, and how many have another name or kind than before."""

    added: int
    changed: int


async def create(
    *,
    slug: str,
    code: str,
    kind: SiteKind,
    name_zh: str,
    name_en: str,
    zone: str = "Asia/Shanghai",
    hotline: str = "",
    mailbox: str = "",
) -> Site:
    """A new site, with the one category every site needs."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,39}", slug):
        raise Invalid({"slug": _("Letters, digits and hyphens, beginning with a letter.")})
    if not re.fullmatch(r"[A-Z]{2}", code):
        raise Invalid({"code": _("Two capital letters.")})
    if slug in TAKEN or await Site.exists().where((Site.slug == slug) | (Site.code == code)):
        raise Invalid({"slug": _("There is a site with this name or code already.")})
    async with transaction():
        site = Site(
            id=new_id(), slug=slug, code=code, kind=kind, name_zh=name_zh, name_en=name_en, zone=zone, hotline=hotline,
            mailbox=mailbox, choices="", created_at=clock.now(),
        )  # fmt: skip
        await Site.insert(site)
        await events.record("site.created", site=site.id, subject=site.id, by=None)
        await add_category(site, code=OTHER, unit="desk", name_zh="其他", name_en="Something else", position=LAST)
    return site


async def add_category(site: Site, *, code: str, unit: str, name_zh: str, name_en: str, position: int = 0) -> Category:
    """One more thing a complaint may be about; `unit` is the role whose business it is."""
    category = Category(
        id=new_id(), site=site.id, code=code, unit=unit, name_zh=name_zh, name_en=name_en, position=position
    )
    await Category.insert(category)
    return category


async def add_place(site: Site, *, code: str, kind: PlaceKind, name_zh: str, name_en: str) -> Place:
    """One more place; its code is written in capitals."""
    place = Place(id=new_id(), site=site.id, code=code.upper(), kind=kind, name_zh=name_zh, name_en=name_en)
    await Place.insert(place)
    return place


async def write_places(site: Site, places: list[NewPlace], *, kind: PlaceKind, by: Actor) -> Written:
    """Add places of one kind; those there already get these names and this kind. An English name left out stays."""
    async with transaction():
        known = {place.code: place for place in await queries.places(site.id)}
        rows = [
            Place(id=new_id(), site=site.id, code=code, kind=kind, name_zh=chinese,
                  name_en=english or (known[code].name_en if code in known else ""))
            for code, chinese, english in sorted(places)
        ]  # fmt: skip
        added = [row for row in rows if row.code not in known]
        changed = [row for row in rows if row.code in known and _says(row) != _says(known[row.code])]
        if added or changed:
            # Another may have added the same code since; then, too, the later word holds.
            await Place.insert(*added, *changed).on_conflict(
                target=(Place.site, Place.code), action="DO UPDATE", values=(Place.kind, Place.name_zh, Place.name_en)
            )
            await events.record("site.places-changed", site=site.id, subject=site.id, by=by,
                                added=[row.code for row in added], changed=[row.code for row in changed])  # fmt: skip
    return Written(len(added), len(changed))


async def write_category(site: Site, form: NewCategory, *, by: Actor) -> None:
    """Add a category before the last one, or give the one with this code these names and this unit."""
    async with transaction():
        there = await queries.categories(site.id, all_of_them=True)
        known = next((one for one in there if one.code == form.code), None)
        if known and (known.name_zh, known.name_en, known.unit) == (form.name_zh, form.name_en, form.unit):
            return
        last = max((one.position for one in there if one.position < LAST), default=0)
        row = Category(id=new_id(), site=site.id, code=form.code, unit=form.unit, name_zh=form.name_zh,
                       name_en=form.name_en, position=min(last + 1, LAST - 1))  # fmt: skip
        await Category.insert(row).on_conflict(
            target=(Category.site, Category.code),
            action="DO UPDATE",
            values=(Category.unit, Category.name_zh, Category.name_en),
        )
        kind = "site.category-changed" if known else "site.category-added"
        await events.record(kind, site=site.id, subject=site.id, by=by, category=form.code)


async def retire(site: Site, code: str, *, by: Actor) -> None:
    """Offer a category no longer; what was filed under it keeps it."""
    if code == OTHER:
        raise Conflict(_("Every site needs this subject."))
    await _offer(site, code, "site.category-retired", active=False, by=by)


async def bring_back(site: Site, code: str, *, by: Actor) -> None:
    """Offer a retired category again."""
    await _offer(site, code, "site.category-returned", active=True, by=by)


async def decide(
    site: Site, typed: dict[str, str], *, by: Actor | None, may_all: bool, version: int | None = None
) -> int:
    """Change settings; takes effect with the next request. What was decided is an event with the names of the settings.

    `version` is the site's when the form was made; returns the one now. Raises Invalid with a message for each setting
    that is out of bounds, Conflict where another decided meanwhile.
    """
    if version is not None and version != site.version:
        raise Conflict(_(MEANWHILE))
    wanted, errors = dict(rules.chosen(site)), {}
    for name, text in typed.items():
        setting = rules.SETTINGS[name]
        if setting.admin_only and not may_all:
            continue
        if isinstance(setting.default, int) and not isinstance(setting.default, bool):
            digits = text.isascii() and text.isdigit() and len(text) < 10
            if not digits or not setting.minimum <= int(text) <= setting.maximum:
                errors[name] = _("%(label)s: a whole number from %(minimum)d to %(maximum)d.") % {
                    "label": gettext(setting.label), "minimum": setting.minimum, "maximum": setting.maximum,
                }  # fmt: skip
                continue
            wanted[name] = int(text)
        elif setting.choices:
            choice = setting.chosen(text)
            if choice is None:
                errors[name] = _("%(label)s: choose one of these") % {"label": gettext(setting.label)}
                continue
            wanted[name] = choice
        elif setting.pattern and not re.fullmatch(setting.pattern, text):
            errors[name] = _("%(label)s: like %(example)s") % {"label": gettext(setting.label), "example": setting.default}
        else:
            wanted[name] = text[:200]
    if errors:
        raise Invalid(errors)
    kept = {name: value for name, value in wanted.items() if value != rules.SETTINGS[name].default_at(site)}
    changed = [name for name in rules.SETTINGS if kept.get(name) != rules.chosen(site).get(name)]
    if not changed:
        return site.version
    async with transaction():
        await _change(site, site.version, {Site.choices: json.dumps(kept)})
        if any(rules.SETTINGS[name].moves_due_times for name in changed):
            await new_edition(site)
        await events.record("site.settings-changed", site=site.id, subject=site.id, by=by, settings=changed)
        await access_log.record("settings", site=site.id, account=by.id if by else None, role="", subject=site.id,
                                field=",".join(changed)[:60])  # fmt: skip
    return site.version + 1


async def assign_units(site: Site, units: dict[str, str], *, by: Actor | None, version: int | None = None) -> None:
    """Decide whose business each category is (category code to role); Conflict where the site is past `version`."""
    changed = []
    async with transaction():
        for code, unit in sorted(units.items()):
            other = (Category.site == site.id) & (Category.code == code) & (Category.unit != unit)
            if await Category.update({Category.unit: unit}).where(other).returning(Category.id):
                changed.append(code)
        if changed:
            await _change(site, site.version if version is None else version, {})
            await events.record("site.units-changed", site=site.id, subject=site.id, by=by, categories=changed)


async def write_week(site: Site, form: Week, *, by: Actor, version: int | None = None) -> None:
    """Decide when the site is open; raises Invalid by weekday, Conflict where another decided meanwhile."""
    if version is not None and version != site.version:
        raise Conflict(_(MEANWHILE))
    if not any(form.times):
        raise Invalid({"monday": _("The site must be open at least once a week.")})
    refuse_overlaps(form)
    before = await queries.calendar(site)
    if (form.times, form.country) == (before.week, before.holidays):
        return
    async with transaction():
        await _change(site, site.version, {Site.holidays: form.country})
        await Hours.delete().where(Hours.site == site.id)
        await Hours.insert(*(
            Hours(id=new_id(), site=site.id, weekday=weekday, opens=opens, closes=closes)
            for weekday, intervals in enumerate(form.times) for opens, closes in intervals
        ))  # fmt: skip
        await _record_calendar(site, by=by, week=form.times != before.week, holidays=form.country)


def refuse_overlaps(form: Week) -> None:
    """Raise Invalid where a weekday begins before the day before has closed."""
    early = [(name, title) for day, (name, title) in enumerate(WEEKDAYS.items()) if day in calendar.overlaps(form.times)]
    if early:
        told = _("%(label)s: begins before the day before has closed")
        raise Invalid({name: told % {"label": gettext(title)} for name, title in early})


async def write_days(site: Site, form: OwnDays, *, by: Actor) -> None:
    """Write down days of the site's own, in the language of the page; one that is there already says this from now on."""
    length = ((form.last or form.first) - form.first).days + 1
    name = SpecialDay.name_en if language() == "en" else SpecialDay.name_zh
    rows = [
        SpecialDay({SpecialDay.id: new_id(), SpecialDay.site: site.id, SpecialDay.on: form.first + timedelta(days=number),
                    name: form.name, SpecialDay.hours: json.dumps(form.hours)})
        for number in range(length)
    ]  # fmt: skip
    async with transaction():
        await SpecialDay.insert(*rows).on_conflict(
            target=(SpecialDay.site, SpecialDay.on), action="DO UPDATE", values=(name, SpecialDay.hours)
        )
        closed = (SpecialDay.site == site.id) & (SpecialDay.on >= clock.today(site.zone)) & (SpecialDay.hours == "[]")
        if await SpecialDay.count().where(closed) > CLOSED_DAYS:
            raise Invalid({"to": _("More than %(most)d closed days are not possible.") % {"most": CLOSED_DAYS}})
        await _record_calendar(site, by=by, since=rows[0].on.isoformat(), until=rows[-1].on.isoformat())


async def remove_days(site: Site, first: date, last: date, *, by: Actor) -> None:
    """Give the site's own days from one to another their usual times back; NotFound where there is none."""
    these = (SpecialDay.site == site.id) & (SpecialDay.on >= first) & (SpecialDay.on <= last)
    async with transaction():
        if not await SpecialDay.delete().where(these).returning(SpecialDay.id):
            raise NotFound
        await _record_calendar(site, by=by, removed=first.isoformat(), until=last.isoformat())


async def take_new_holidays() -> int:
    """Have due times computed anew where more is known of the holidays than when they were; at how many sites."""
    count = 0
    for site in await queries.sites():
        known = holidays.known(site.holidays)
        if known == site.holiday_data:
            continue
        async with transaction():
            news = Site.update({Site.edition: Site.edition + 1, Site.holiday_data: known})
            as_read = (Site.id == site.id) & (Site.holiday_data == site.holiday_data)
            if await news.where(as_read).returning(Site.id):
                await events.record("site.holidays-known", site=site.id, subject=site.id, by=None, holidays=known)
                count += 1
    return count


async def new_edition(site: Site) -> int:
    """Say, in the caller's transaction, that due times are to be computed anew; returns the edition there is now."""
    raised = Site.update({Site.edition: Site.edition + 1}).where(Site.id == site.id)
    rows = await raised.returning(Site.edition, Site.holidays)
    if not rows:
        raise NotFound
    await Site.update({Site.holiday_data: holidays.known(rows[0]["holidays"])}).where(Site.id == site.id)
    return int(rows[0]["edition"])


async def _change(site: Site, version: int, values: dict[Column | str, Any]) -> None:
    """Write a site's row if it is still of this version."""
    changed = Site.update({**values, Site.version: Site.version + 1})
    if not await changed.where(Site.id == site.id, Site.version == version).returning(Site.id):
        raise Conflict(_(MEANWHILE))


async def _record_calendar(site: Site, *, by: Actor, **particulars: Any) -> None:
    """What belongs to every change of the calendar: the edition, the event, the log."""
    await new_edition(site)
    await events.record("site.calendar-changed", site=site.id, subject=site.id, by=by, **particulars)
    await access_log.record("settings", site=site.id, account=by.id, role="", subject=site.id, field="calendar")


async def _offer(site: Site, code: str, kind: str, *, active: bool, by: Actor) -> None:
    this = (Category.site == site.id) & (Category.code == code)
    async with transaction():
        other = this & (Category.active == (not active))
        if await Category.update({Category.active: active}).where(other).returning(Category.id):
            await events.record(kind, site=site.id, subject=site.id, by=by, category=code)
        elif await Category.exists().where(this):
            raise Conflict(_("Somebody else has done this already."))
        else:
            raise NotFound


def _says(place: Place) -> tuple[str, str, str]:
    return place.kind, place.name_zh, place.name_en
