"""Making sites, and deciding their settings."""

import json
import re

from portal import access_log, clock
from portal.database import transaction
from portal.domain.sites import rules
from portal.domain.sites.tables import Category, Place, PlaceKind, Site, SiteKind
from portal.errors import Conflict, Invalid
from portal.events import services as events
from portal.events.services import Actor
from portal.i18n.translations import _, gettext
from portal.ids import new_id

OTHER = "other"


async def create(
    *,
    slug: str,
    code: str,
    kind: SiteKind,
    name_zh: str,
    name_en: str,
    zone: str = "Asia/Shanghai",
    hotline: str = "",
    mailbox: str = "",
) -> Site:
    """A new site, with the one category every site needs."""
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,39}", slug):
        raise Invalid({"slug": _("Letters, digits and hyphens, beginning with a letter.")})
    if not re.fullmatch(r"[A-Z]{2}", code):
        raise Invalid({"code": _("Two capital letters.")})
    if await Site.exists().where((Site.slug == slug) | (Site.code == code)):
        raise Invalid({"slug": _("There is a site with this name or code already.")})
    async with transaction():
        site = Site(
            id=new_id(), slug=slug, code=code, kind=kind, name_zh=name_zh, name_en=name_en, zone=zone, hotline=hotline,
            mailbox=mailbox, choices="", created_at=clock.now(),
        )  # fmt: skip
        await Site.insert(site)
        await events.record("site.created", site=site.id, subject=site.id, by=None)
        await add_category(site, code=OTHER, unit="desk", name_zh="其他", name_en="Something else", position=99)
    return site


async def add_category(site: Site, *, code: str, unit: str, name_zh: str, name_en: str, position: int = 0) -> Category:
    """One more thing a complaint may be about; `unit` is the role whose business it is."""
    category = Category(
        id=new_id(), site=site.id, code=code, unit=unit, name_zh=name_zh, name_en=name_en, position=position
    )
    await Category.insert(category)
    return category


async def add_place(site: Site, *, code: str, kind: PlaceKind, name_zh: str, name_en: str) -> Place:
    """One more place; its code is written in capitals."""
    place = Place(id=new_id(), site=site.id, code=code.upper(), kind=kind, name_zh=name_zh, name_en=name_en)
    await Place.insert(place)
    return place


async def decide(site: Site, typed: dict[str, str], *, by: Actor | None, may_all: bool) -> None:
    """Change settings; takes effect with the next request. What was decided is an event with the names of the settings.

    Raises Invalid with a message for each that is out of bounds, Conflict where another decided meanwhile.
    """
    wanted, errors = dict(rules.chosen(site)), {}
    for name, text in typed.items():
        setting = rules.SETTINGS[name]
        if setting.admin_only and not may_all:
            continue
        if isinstance(setting.default, int) and not isinstance(setting.default, bool):
            if not text.isascii() or not text.isdigit() or not setting.minimum <= int(text) <= setting.maximum:
                errors[name] = _("%(label)s: a whole number from %(minimum)d to %(maximum)d.") % {
                    "label": gettext(setting.label), "minimum": setting.minimum, "maximum": setting.maximum,
                }  # fmt: skip
                continue
            wanted[name] = int(text)
        else:
            wanted[name] = text[:200]
    if errors:
        raise Invalid(errors)
    kept = {name: value for name, value in wanted.items() if value != rules.SETTINGS[name].default}
    changed = [name for name in rules.SETTINGS if kept.get(name) != rules.chosen(site).get(name)]
    if not changed:
        return
    async with transaction():
        rows = await (
            Site.update({Site.choices: json.dumps(kept), Site.version: Site.version + 1})
            .where(Site.id == site.id, Site.version == site.version)
            .returning(Site.id)
        )
        if not rows:
            raise Conflict(_("Somebody else changed these settings a moment ago. Please look again."))
        await events.record("site.settings-changed", site=site.id, subject=site.id, by=by, settings=changed)
        await access_log.record("settings", site=site.id, account=by.id if by else None, role="", subject=site.id,
                                field=",".join(changed)[:60])  # fmt: skip


async def assign_units(site: Site, units: dict[str, str], *, by: Actor | None) -> None:
    """Decide whose business each category is (category code to role)."""
    changed = []
    async with transaction():
        for code, unit in sorted(units.items()):
            other = (Category.site == site.id) & (Category.code == code) & (Category.unit != unit)
            if await Category.update({Category.unit: unit}).where(other).returning(Category.id):
                changed.append(code)
        if changed:
            await events.record("site.units-changed", site=site.id, subject=site.id, by=by, categories=changed)
