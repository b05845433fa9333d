"""Which sites there are, what stands in them, and when they are open."""

from uuid import UUID

from portal import database
from portal.domain.sites.rules.calendar import Calendar, round_the_clock
from portal.domain.sites.tables import Category, Door, Hours, Place, Site, SpecialDay
from portal.errors import NotFound

_calendars: dict[UUID, tuple[int, Calendar]] = {}  # by site, with its edition


async def site(slug: str) -> Site:
    """The site of an address; raises NotFound."""
    rows = await database.rows("SELECT * FROM site WHERE slug = {}", slug)
    if not rows:
        raise NotFound
    return Site(**rows[0], _exists_in_db=True)


async def site_by_id(site_id: UUID) -> Site:
    """The site of a row; raises NotFound."""
    found = await Site.objects().where(Site.id == site_id).first()
    if found is None:
        raise NotFound
    return found


async def sites() -> list[Site]:
    """All of them, in the order of their making."""
    return await Site.objects().order_by(Site.created_at, Site.slug)


async def categories(site_id: UUID, *, all_of_them: bool = False) -> list[Category]:
    """What a complaint may be about at this site; `all_of_them` with those no longer offered."""
    asked = Category.objects().where(Category.site == site_id).order_by(Category.position, Category.code)
    return await (asked if all_of_them else asked.where(Category.active == True))  # noqa: E712


async def category_codes(site_id: UUID) -> set[str]:
    """The codes of what a complaint may be about at this site."""
    rows = await database.rows("SELECT code FROM category WHERE site = {} AND active = true", site_id)
    return {row["code"] for row in rows}


async def places(site_id: UUID) -> list[Place]:
    """The site's rooms, tables, floors, gates and areas by code."""
    return await Place.objects().where(Place.site == site_id).order_by(Place.kind, Place.code)


async def place(site_id: UUID, typed: str) -> Place | None:
    """The place with this code, however its letters are written; else the only one with this name, in either language."""
    text = typed.strip()
    if not text:
        return None
    code = text.upper()
    sql = "SELECT * FROM place WHERE site = {} AND (code = {} OR name_zh = {} OR name_en = {})"
    rows = await database.rows(sql, site_id, code, text, text)
    found = next((row for row in rows if row["code"] == code), rows[0] if len(rows) == 1 else None)
    return Place(**found, _exists_in_db=True) if found else None


async def doors(site_id: UUID) -> list[Door]:
    """The doors of a site that have posters, in the order of their addresses."""
    return await Door.objects().where(Door.site == site_id).order_by(Door.slug)


async def calendar(site: Site) -> Calendar:
    """When the site is open. This process remembers the calendar of each site's edition, and then asks nothing."""
    edition, found = _calendars.get(site.id, (0, None))
    if found is not None and edition == site.edition:
        return found
    read = await _calendar(site)
    # What a transaction reads may be its own, and never come true.
    database.when_committed(lambda: _calendars.update({site.id: (site.edition, read)}))
    return read


async def special_days(site_id: UUID) -> list[SpecialDay]:
    """The days of the site's own, in order."""
    return await SpecialDay.objects().where(SpecialDay.site == site_id).order_by(SpecialDay.on)


async def _calendar(site: Site) -> Calendar:
    hours = await Hours.objects().where(Hours.site == site.id).order_by(Hours.weekday, Hours.opens)
    week = tuple(tuple((one.opens, one.closes) for one in hours if one.weekday == weekday) for weekday in range(7))
    days = tuple((day.on, day.times) for day in await special_days(site.id))
    return Calendar(site.zone, week if hours else round_the_clock(site.zone).week, site.holidays, days)
