"""Doors with posters: an address that is chosen, and a short code to type, which the server makes."""

import secrets
from uuid import UUID

from portal import access_log, database
from portal.database import transaction
from portal.domain.bookings.forms.offering import DoorFacts, NewDoor
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Door, Site
from portal.errors import Invalid, NotFound
from portal.events import services as events
from portal.events.services import Actor
from portal.i18n.translations import _
from portal.ids import new_id

LETTERS = "ACDEFGHJKMNPQRTUVWXY34679"  # none that is taken for another on a wall
LENGTH, TRIES = 5, 20


async def add(site: Site, form: NewDoor, *, by: Actor) -> None:
    """A new door; raises Invalid where its address is taken, at this site or another."""
    async with transaction():
        place = await sites.place(site.id, form.place)
        row = {
            "id": new_id(), "site": site.id, "slug": form.slug, "place": place.id if place else None,
            "name_zh": form.name_zh, "name_en": form.name_en, "active": form.active,
        }  # fmt: skip
        for _number in range(TRIES):
            if await database.insert(Door, row | {"code": new_code()}, unless_there=True):
                break
            if await Door.exists().where(Door.slug == form.slug):
                raise Invalid({"slug": _("There is a door with this address already.")})
        else:
            raise RuntimeError("no code is left for a door")
        await _record(site, form.slug, by=by)


async def change(site: Site, slug: str, form: DoorFacts, *, by: Actor) -> None:
    """New names, another place, open or closed; address and code stay, since they stand on posters."""
    async with transaction():
        place: UUID | None = getattr(await sites.place(site.id, form.place), "id", None)
        news = Door.update(
            {Door.name_zh: form.name_zh, Door.name_en: form.name_en, Door.active: form.active, Door.place: place}
        )
        if not await news.where(Door.site == site.id, Door.slug == slug).returning(Door.id):
            raise NotFound
        await _record(site, slug, by=by)


def new_code() -> str:
    """A few letters and digits that nobody takes for others."""
    return "".join(secrets.choice(LETTERS) for _number in range(LENGTH))


async def _record(site: Site, slug: str, *, by: Actor) -> None:
    await events.record("site.door-written", site=site.id, subject=site.id, by=by, door=slug)
    await access_log.record("settings", site=site.id, account=by.id, role="", subject=site.id, field="doors")
