"""The settings of a site, decided by its manager or an administrator."""

from itertools import groupby
from types import SimpleNamespace
from typing import Any

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency

from portal.domain.accounts.tables import Role
from portal.domain.queues.rules import UNITS
from portal.domain.sites import queries, services
from portal.domain.sites.rules import settings as rules
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid
from portal.i18n.translations import gettext
from portal.security.policies import roles
from portal.web.client import StaffRequest
from portal.web.forms import Form, bind_typed, perform, read
from portal.web.page import Page
from portal.web.rooms import SETTINGS
from portal.web.shown import shown_site

UNIT = "unit_"


class Settings(Controller):
    path = "/desk/{slug:str}/settings"
    opt = roles(*SETTINGS)

    @get("/", name="settings:edit")
    async def edit(self, request: StaffRequest, site: NamedDependency[Site]) -> Page:
        return await _page(request, site, Form())

    @post("/", name="settings:update")
    async def update(self, request: StaffRequest, site: NamedDependency[Site]) -> Response[Any]:
        form = await bind_typed(request)
        posted = await read(request)
        form.values |= {name: " ".join(posted.getall(name)) for name, one in rules.SETTINGS.items()
                        if one.several and name in form.values}  # fmt: skip
        may_all = Role.ADMIN in request.user.roles_at(site)
        wanted = {name: form.value(name) for name in rules.SETTINGS if name in form.values}
        units = {
            name.removeprefix(UNIT): unit
            for name, unit in form.values.items()
            if name.startswith(UNIT) and unit in UNITS
        }

        async def work() -> None:
            version = await services.decide(site, wanted, by=request.user, may_all=may_all, version=form.version)
            await services.assign_units(site, units, by=request.user, version=version)

        try:
            return await perform(request, form, work, answer=f"/desk/{site.slug}/settings")
        except Invalid as invalid:
            form.refuse(invalid)
            return await _page(request, site, form, status_code=422)
        except Conflict as conflict:
            form.errors[""] = conflict.message
            form.values.pop("version", None)  # sent again, it is meant over what the other decided
            return await _page(request, await queries.site(site.slug), form, status_code=409)


async def _page(request: StaffRequest, site: Site, form: Form[Any], *, status_code: int = 200) -> Page:
    may_all = Role.ADMIN in request.user.roles_at(site)
    decided_here = [setting for setting in rules.SETTINGS.values() if not setting.page]
    shown = [setting for setting in decided_here if may_all or not setting.admin_only]
    groups = [
        SimpleNamespace(title=gettext(title), fields=[_field(site, setting) for setting in members])
        for title, members in groupby(shown, key=lambda setting: setting.group)
    ]
    categories = [
        SimpleNamespace(code=one.code, names=(one.name_zh, one.name_en), unit=one.unit)
        for one in await queries.categories(site.id, all_of_them=True)
    ]
    return Page("settings/edit.html", status_code=status_code, site=shown_site(site), groups=groups, form=form,
                categories=categories, version=form.version or site.version)  # fmt: skip


def _field(site: Site, setting: rules.Setting) -> SimpleNamespace:
    return SimpleNamespace(
        name=setting.name,
        label=gettext(setting.label),
        hint=gettext(setting.hint) if setting.hint else "",
        kind=_kind(setting),
        unit=gettext(setting.unit) if setting.unit else "",
        value=rules.value(site, setting.name),
        options=[(choice, gettext(word)) for choice, word in setting.choices],
        minimum=setting.minimum,
        maximum=setting.maximum,
    )


def _kind(setting: rules.Setting) -> str:
    if setting.choices:
        return "several" if setting.several else "select"
    return "int" if isinstance(setting.default, int) else "text"
