"""Which sites there are, and what stands in them."""

from uuid import UUID

from portal.domain.sites.tables import Category, Place, Site
from portal.errors import NotFound


async def site(slug: str) -> Site:
    """The site of an address; raises NotFound."""
    found = await Site.objects().where(Site.slug == slug).first()
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


async def places(site_id: UUID) -> list[Place]:
    """The site's rooms, tables, floors, gates and areas by code."""
    return await Place.objects().where(Place.site == site_id).order_by(Place.kind, Place.code)


async def place(site_id: UUID, typed: str) -> Place | None:
    """The place with this code, however its letters are written; else the only one with this name, in either language."""
    text = typed.strip()
    if not text:
        return None
    here = Place.objects().where(Place.site == site_id)
    code = text.upper()
    found = await here.where((Place.code == code) | (Place.name_zh == text) | (Place.name_en == text))
    return next((one for one in found if one.code == code), found[0] if len(found) == 1 else None)
