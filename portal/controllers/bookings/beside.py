"""What stands on a booking's page beside the facts: the briefing, what came up, what others are asked, how it ends."""

from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.bookings.queries import briefing as queries
from portal.domain.bookings.queries import times
from portal.domain.bookings.rules import way
from portal.domain.bookings.rules.slots import Slot
from portal.domain.bookings.services import after
from portal.domain.bookings.tables import Satisfied
from portal.domain.complaints.queries import related
from portal.domain.queues import rules
from portal.domain.queues.queries import people, tasks
from portal.domain.queues.queries.items import Card
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.i18n.labels import label
from portal.web.forms import Form
from portal.web.shown import shown

DEEDS = ("background", "papers", "note", "follow-up", "negotiation", "satisfaction", "summary")


async def beside(person: Staff, site: Site, item: Card, forms: Mapping[str, Form[Any]]) -> dict[str, Any]:
    """What `_briefing.html` and `_after.html` show; `forms` are those that came back, by deed."""
    known = await queries.briefing(item, site)
    told = await related.told_by(person, site, known.customer) if known.customer else []
    asked = await tasks.of_item(item.id, person, site, whole=True)
    mine = person.roles_at(site)
    may = {deed for deed in DEEDS if rules.may(way.DEEDS[deed], mine) and item.state in way.DEEDS[deed].before}
    offered = await times.types(site) if "negotiation" in may else []
    workers = await people.handlers(site, rules.DEPARTMENTS) if "follow-up" in may else []
    return {
        "briefing": shown(known, complaints=len(told), open_complaints=[one for one in told if one.closed_at is None]),
        "after": SimpleNamespace(
            base=f"/desk/{site.slug}/bookings/{item.number}",
            may=may,
            forms={deed: forms.get(deed, Form[Any]()) for deed in DEEDS},
            tasks=asked,
            open=[one for one in asked if one.open],
            departments=[(role.value, label("role", role)) for role in Role if role in rules.DEPARTMENTS],
            needs_role=label("role", str(site_rules.value(site, "visit.needs_role"))),
            workers=[(username, f"{name} · {label('role', role)}") for username, name, role in workers],
            negotiates=any(one.code == after.NEGOTIATION for one in offered),
            free=await _free(site, forms.get("negotiation")),
            satisfied=[(one.value, label("impression", one)) for one in Satisfied],
            days=site_rules.figure(site, "visit.follow_up_days"),
        ),
    }


async def _free(site: Site, form: Form[Any] | None) -> list[Slot]:
    """The next free times for a negotiation that there was no room for."""
    if form is None or list(form.errors) != [""] or not form.filled:
        return []
    kind = next((one for one in await times.types(site) if one.code == after.NEGOTIATION), None)
    return await times.next_free(site, kind, form.data.begins_at, form.data.people or 1) if kind else []
