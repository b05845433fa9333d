"""Calling for help, and coming."""

from typing import Any
from uuid import UUID

from piccolo.columns import Column

from portal import clock, database, sealing
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.arrivals.forms.serving import NewAlarm
from portal.domain.arrivals.tables import Alarm
from portal.domain.sites.tables import Site
from portal.errors import Conflict, NotFound
from portal.events import services as events
from portal.i18n.translations import _
from portal.ids import new_id

_WHO = "SELECT h.name FROM alarm a LEFT JOIN account h ON h.id = a.answered_by WHERE a.id = {} AND a.site = {}"


async def call_for_help(site: Site, form: NewAlarm, *, by: Staff) -> UUID:
    """Somebody of the staff needs help at once; every page of the site hears of it after the commit."""
    alarm = new_id()
    async with transaction():
        await database.insert(Alarm, {
            "id": alarm, "site": site.id, "place": sealing.seal(form.place, f"alarm.place:{alarm}"),
            "silent": form.silent, "raised_by": by.id, "raised_at": clock.now(),
        })  # fmt: skip
        await events.record("alarm.raised", site=site.id, subject=alarm, by=by, silent=form.silent)
    return alarm


async def answer(site: Site, alarm: UUID, *, by: Staff) -> None:
    """Somebody comes, and says so by name: once; whoever presses later reads who it is."""
    this = (Alarm.id == alarm) & (Alarm.site == site.id)
    async with transaction():
        coming: dict[Column | str, Any] = {Alarm.answered_by: by.id, Alarm.answered_at: clock.now()}
        if await Alarm.update(coming).where(this, Alarm.answered_at.is_null()).returning(Alarm.id):
            await events.record("alarm.answered", site=site.id, subject=alarm, by=by)
            return
    rows = await database.rows(_WHO, alarm, site.id)
    if not rows:
        raise NotFound
    raise Conflict(_("%(name)s is coming already.") % {"name": rows[0]["name"]})
