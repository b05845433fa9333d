"""Hanging up a display, and taking it down."""

from datetime import timedelta
from uuid import UUID

from portal import clock, database, ids
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.displays.forms import NewDisplay
from portal.domain.displays.tables import Display
from portal.domain.sites.tables import Site
from portal.errors import Conflict, NotFound
from portal.events import services as events
from portal.i18n.translations import _

SEEN_EVERY = timedelta(minutes=1)


async def make(site: Site, form: NewDisplay, *, token: str, by: Staff) -> None:
    """Make a display that `token` opens; only its hash is kept, so that the link is shown once."""
    display = ids.new_id()
    async with transaction():
        await database.insert(Display, {
            "id": display, "site": site.id, "name": form.name, "token_hash": ids.token_hash(token), "kind": form.kind,
            "category": form.category, "unit": form.unit, "shows": form.shows, "types": form.types,
            "made_by": by.id, "made_at": clock.now(),
        })  # fmt: skip
        await events.record("display.made", site=site.id, subject=display, by=by)


async def revoke(site: Site, display: UUID, *, by: Staff) -> None:
    """Its link opens nothing any more."""
    this = (Display.id == display) & (Display.site == site.id)
    async with transaction():
        hanging = this & Display.revoked_at.is_null()
        if await Display.update({Display.revoked_at: clock.now()}).where(hanging).returning(Display.id):
            await events.record("display.revoked", site=site.id, subject=display, by=by)
        elif await Display.exists().where(this):
            raise Conflict(_("This display was revoked already."))
        else:
            raise NotFound


async def seen(display: Display) -> None:
    """It has asked just now; written once a minute, since it asks every few seconds."""
    now = clock.now()
    if display.seen_at is None or display.seen_at < now - SEEN_EVERY:
        await Display.update({Display.seen_at: now}).where(Display.id == display.id)
