"""Deciding the policies of a site; every open due time is computed anew afterwards."""

from typing import Any
from uuid import UUID

from portal import access_log, clock, database
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.complaints.forms.settings import NewPolicy
from portal.domain.complaints.queries import policies
from portal.domain.complaints.rules import promises
from portal.domain.complaints.rules.promises import Law
from portal.domain.complaints.tables import Policy
from portal.domain.sites import services as sites
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid, NotFound
from portal.events import services as events
from portal.i18n.translations import _, gettext

MOST = 50


async def write(
    site: Site, form: NewPolicy, *, identity: UUID, new: bool, by: Staff, version: int | None = None
) -> None:
    """Add a policy, or change one; raises Invalid for one that contradicts itself or another."""
    law = _law(identity, form)
    row: dict[str, Any] = {
        **{name: " ".join(sorted(words)) for name, words in _words(law).items()},
        "name": form.name, "position": form.position, "acknowledge_minutes": law.acknowledge_minutes,
        "answer_minutes": law.answer_minutes,
        "resolve_hours": law.resolve_hours, "always": law.always,
    }  # fmt: skip
    async with transaction():
        await sites.new_edition(site)
        there = await policies.policies(site)
        wrong = promises.contradiction(law, [rule.law for rule in there])
        if wrong:
            raise Invalid({field: gettext(words) for field, words in wrong.items()})
        if new and len(there) >= MOST:
            raise Conflict(_("At most %(most)d policies.") % {"most": MOST})
        if new:
            await database.insert(Policy, {"id": identity, "site": site.id, "created_at": clock.now(), **row})
        else:
            await _change(site, identity, row, version)
        await events.record("site.policy-changed", site=site.id, subject=site.id, by=by, policy=identity)
        await access_log.record("settings", site=site.id, account=by.id, role="", subject=site.id, field="policies")


async def remove(site: Site, identity: UUID, *, by: Staff) -> None:
    """Take a policy away: the ones behind it, and at last the site's default, decide again."""
    async with transaction():
        await sites.new_edition(site)
        if not await Policy.delete().where(Policy.site == site.id, Policy.id == identity).returning(Policy.id):
            raise NotFound
        await events.record("site.policy-removed", site=site.id, subject=site.id, by=by, policy=identity)
        await access_log.record("settings", site=site.id, account=by.id, role="", subject=site.id, field="policies")


async def _change(site: Site, identity: UUID, row: dict[str, Any], version: int | None) -> None:
    mine = (Policy.site == site.id) & (Policy.id == identity)
    if version is not None:
        mine = mine & (Policy.version == version)
    wanted: dict[Any, Any] = {**row, Policy.version: Policy.version + 1}
    if not await Policy.update(wanted).where(mine).returning(Policy.id):
        if await Policy.exists().where(Policy.site == site.id, Policy.id == identity):
            raise Conflict(_("Somebody else changed these settings a moment ago. Please look again."))
        raise NotFound


def _law(identity: UUID, form: NewPolicy) -> Law:
    return Law(
        id=identity,
        name=form.name,
        kinds=frozenset(form.kinds),
        categories=form.categories,
        severities=form.severities,
        tiers=frozenset(form.tiers),
        acknowledge_minutes=form.acknowledge_minutes or 0,
        answer_minutes=form.answer_minutes or 0,
        resolve_hours=form.resolve_hours or 0,
        always=form.always,
        pauses_in=frozenset(form.pauses_in),
    )


def _words(law: Law) -> dict[str, frozenset[str]]:
    return {"kinds": law.kinds, "categories": law.categories, "severities": law.severities, "tiers": law.tiers,
            "pauses_in": law.pauses_in}  # fmt: skip
