"""The policies of a site: how much time which complaints have, with the open ones that each is for."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from portal.domain.complaints.forms.handling import Nothing
from portal.domain.complaints.forms.settings import NewPolicy
from portal.domain.complaints.queries import policies
from portal.domain.complaints.queries.policies import Rule
from portal.domain.complaints.rules.promises import Law
from portal.domain.complaints.services import governing
from portal.domain.queues.rules import Reach, reach
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid, NotFound
from portal.i18n.labels import label, options
from portal.ids import new_id
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import Form, bind, perform
from portal.web.page import Page
from portal.web.rooms import SETTINGS
from portal.web.shown import shown_site

SHOWN = 8
CONDITIONS = ("kinds", "categories", "severities", "tiers")
TIMES = ("acknowledge_minutes", "answer_minutes", "resolve_hours")


class Policies(Controller):
    path = "/desk/{slug:str}/settings/policies"
    opt = roles(*SETTINGS)

    @get("/", name="settings:policies")
    async def index(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        """The policies in their order; with conditions in the address, the open complaints that they match."""
        asked = request.query_params
        return await _page(request, site, Form({name: " ".join(asked.getall(name, [])) for name in asked}))

    @get("/{policy:uuid}", name="settings:policy")
    async def edit(self, request: StaffRequest, site: NamedDependency[Site], policy: FromPath[UUID]) -> Page:
        return await _page(request, site, _typed(await policies.policy(site, policy)), identity=policy)

    @post("/", name="settings:add-policy")
    async def create(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        return await self._write(request, site, None)

    @post("/{policy:uuid}", name="settings:write-policy")
    async def update(self, request: StaffRequest, site: NamedDependency[Site], policy: FromPath[UUID]) -> Response[Any]:
        return await self._write(request, site, policy)

    @post("/{policy:uuid}/removal", name="settings:remove-policy")
    async def remove(self, request: StaffRequest, site: NamedDependency[Site], policy: FromPath[UUID]) -> Response[Any]:
        form = await bind(Nothing, request)

        async def work() -> None:
            await governing.remove(site, policy, by=request.user)

        return await perform(request, form, work, answer=f"/desk/{site.slug}/settings/policies")

    async def _write(self, request: StaffRequest, site: Site, identity: UUID | None) -> Response[Any]:
        codes = {one.code for one in await sites.categories(site.id, all_of_them=True)}
        form = await bind(NewPolicy, request, categories=codes)
        if not form.valid:
            return await _page(request, site, form, identity=identity, status_code=422)
        saved = identity or new_id()

        async def work() -> None:
            await governing.write(site, form.data, identity=saved, new=identity is None, by=request.user,
                                  version=form.version)  # fmt: skip

        try:
            return await perform(request, form, work, answer=f"/desk/{site.slug}/settings/policies/{saved}")
        except Invalid as invalid:
            form.refuse(invalid)
            return await _page(request, site, form, identity=identity, status_code=422)
        except Conflict as conflict:
            form.errors[""] = conflict.message
            form.values.pop("version", None)
            return await _page(request, site, form, identity=identity, status_code=409)


async def _page(
    request: StaffRequest, site: Site, form: Form[Any], *, identity: UUID | None = None, status_code: int = 200
) -> Page:
    kinds, subjects, severities, tiers = (frozenset(form.value(name).split()) for name in CONDITIONS)
    law = Law(new_id(), "", kinds, subjects, severities, tiers)
    blind = Reach.ALL not in reach(request.user.roles_at(site))  # an administrator sees no complaint
    matched = [] if blind else await policies.unanswered_like(request.user, site, law, most=SHOWN + 1)
    categories = await sites.categories(site.id, all_of_them=True)
    names = {
        "kinds": options("kind"),
        "categories": [(one.code, one.name) for one in categories],
        "severities": options("severity"),
        "tiers": [one for one in options("tier") if one[0]],
    }
    rules = await policies.policies(site)
    if identity and not any(rule.law.id == identity for rule in rules):
        raise NotFound
    return Page(
        "settings/policies.html",
        fragment="policy_matches",
        status_code=status_code,
        site=shown_site(site),
        form=form,
        identity=identity,
        rules=[_shown(rule, names) for rule in rules],
        conditions=list(names.items()),
        states=[(state, label("state", state)) for state in ("triaged", "planned")],
        matched=matched[:SHOWN],
        blind=blind,
        more=len(matched) > SHOWN,
    )


def _typed(rule: Rule) -> Form[Any]:
    """A policy as its form shows it."""
    law = rule.law
    values = {name: " ".join(sorted(getattr(law, name))) for name in (*CONDITIONS, "pauses_in")}
    values |= {name: str(getattr(law, name) or "") for name in TIMES}
    return Form({**values, "name": law.name, "always": "1" if law.always else "", "position": str(rule.position),
                 "version": str(rule.version)})  # fmt: skip


def _shown(rule: Rule, names: dict[str, list[tuple[str, str]]]) -> SimpleNamespace:
    law = rule.law
    chosen = [word for name in CONDITIONS for value, word in names[name] if value in getattr(law, name)]
    return SimpleNamespace(id=law.id, name=law.name, conditions=chosen,
                           times={kind: timedelta(minutes=minutes) for kind, minutes in law.times.items()})  # fmt: skip
