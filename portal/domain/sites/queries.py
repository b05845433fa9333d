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


async def places(site_id: UUID) -> list[Place]:
    """The site's rooms, tables, floors, gates and areas by code."""
    return await Place.objects().where(Place.site == site_id).order_by(Place.kind, Place.code)


async def place(site_id: UUID, code: str) -> Place | None:
    """The place with this code, however its letters are written."""
    if not code:
        return None
    return await Place.objects().where(Place.site == site_id, Place.code == code.strip().upper()).first()
