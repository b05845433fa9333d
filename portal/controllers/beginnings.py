"""Templates on an item's page: which may be used now, and the one that was chosen, filled in, in the field it is for."""

from dataclasses import dataclass, field
from uuid import UUID

from portal.domain.complaints.queries import wording as queries
from portal.domain.complaints.queries.staff import StaffView
from portal.domain.complaints.rules import wording
from portal.domain.sites.tables import Site
from portal.i18n.translations import _
from portal.web.client import StaffRequest
from portal.web.forms import Form

FIELDS = {"reply": "reply", "messages": "body"}  # a deed, and the field that its words stand in
NAMES = {"zh-CN": "中文", "en": "English"}


@dataclass(frozen=True)
class Beginnings:
    """The templates to choose from, whether others are locked, the deed whose field was begun, and what is to be said."""

    offered: list[tuple[str, str]] = field(default_factory=list)
    locked: bool = False
    into: str = ""
    forms: dict[str, Form] = field(default_factory=dict)  # type: ignore[type-arg]  # a form without a model
    said: str = ""


async def beginnings(
    request: StaffRequest, site: Site, view: StaffView, *, liability: str, may: dict[str, str]
) -> Beginnings:
    """What the templates of a site have to say to a complaint, to somebody who may write to its customer."""
    if all(may.get(deed) != "" for deed in FIELDS):
        return Beginnings()
    templates = await queries.templates(site.id)
    free = wording.may_apologise(site, liability)
    offered = [one for one in templates if free or not one.apology]
    offered.sort(key=lambda one: one.language != view.language)
    listed = [(str(one.id), f"{one.name} · {NAMES[one.language]}") for one in offered]
    locked = len(offered) < len(templates)
    asked, into = _asked(request.query_params.get("template", "")), request.query_params.get("into", "")
    if asked is None or may.get(into) != "" or into not in FIELDS:
        return Beginnings(listed, locked)
    chosen = next((one for one in offered if one.id == asked), None)
    if chosen is None:
        return Beginnings(listed, locked, said=_("This template cannot be used now."))
    words = await queries.begun(chosen, view, site=site, by=request.user)
    return Beginnings(listed, locked, into, {into: Form({FIELDS[into]: words, "template": str(asked)})})


def _asked(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
