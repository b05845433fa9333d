"""An item's page with its deeds, and the way every deed on it goes."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar import Response

from portal import clock
from portal.controllers.beginnings import beginnings
from portal.controllers.listing import filters, listing, options, place_of
from portal.controllers.looking import looked
from portal.controllers.undoing import offered
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.complaints.forms.handling import Nothing
from portal.domain.complaints.queries import ending, staff
from portal.domain.complaints.queries.related import related
from portal.domain.complaints.rules import rights, way
from portal.domain.complaints.rules.promises import BANK
from portal.domain.queues import rules
from portal.domain.queues.queries import absences, escalations, people, tasks
from portal.domain.queues.queries import items as queries
from portal.domain.queues.queries.items import Card
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid, NotFound
from portal.i18n import labels
from portal.i18n.labels import label
from portal.i18n.translations import _
from portal.ids import new_token
from portal.web.client import StaffRequest
from portal.web.forms import Form, bind, perform
from portal.web.page import Page
from portal.web.shown import address, qr, shown, shown_site

RETURN = ("approval", "shipment", "instruction", "receipt")  # the forms of each return note
FORMS = (*way.STAFF_DEEDS, *way.TASK_DEEDS, "party-link", "unmask")
LINKS = ("link", "party-link")
Work = Callable[[Card], Awaitable[object]]
Find = Callable[[Staff, Site, str], Awaitable[Card]]


async def step(
    request: StaffRequest, site: Site, number: str, deed: str, form: Form[Any], work: Work, *, find: Find = queries.item
) -> Response[Any]:
    """Do one deed on an item this person may see; afterwards its page, or this page again with what was typed."""
    item = await find(request.user, site, number)
    if not form.valid:
        return await item_page(request, site, item, status_code=422, forms={deed: form})

    async def done() -> str:
        await work(item)
        return await _where(request, site, item)

    try:
        return await perform(request, form, done)
    except Invalid as invalid:
        form.refuse(invalid)
        item = await queries.latest(request.user, site, item.id)
        return await item_page(request, site, item, status_code=422, forms={deed: form})
    except Conflict as conflict:
        form.errors[""] = conflict.message
        item = await queries.latest(request.user, site, item.id)
        return await item_page(request, site, item, status_code=409, forms={deed: form}, flash=conflict.message)


async def new_link(
    request: StaffRequest, site: Site, number: str, deed: str, folder: str, work: Callable[[Card, str], Awaitable[None]]
) -> Response[Any]:
    """A new link to hand out, shown once; the old one is dead."""
    form = await bind(Nothing, request)
    item, token = await queries.item(request.user, site, number), new_token()
    made: list[str] = []

    async def done() -> None:
        made.clear()  # the transaction may be tried again
        await work(item, token)
        made.append(address(f"/{folder}/{token}"))

    try:
        answer = await perform(request, form, done, answer=f"/desk/{site.slug}/items/{item.number}")
    except Conflict as conflict:
        form.errors[""] = conflict.message
        item = await queries.latest(request.user, site, item.id)
        return await item_page(request, site, item, status_code=409, forms={deed: form}, flash=conflict.message)
    if not made:
        return answer  # the form came a second time: the link is shown once
    return await item_page(request, site, await queries.item_by_id(item.id), revealed=(deed, made[0]))


async def _where(request: StaffRequest, site: Site, item: Card) -> str:
    """After a deed: the item, or the queue where the deed took it out of this person's reach."""
    try:
        await queries.seen_by(request.user, site, item.id)
    except NotFound:
        where = place_of(request, f"/desk/{site.slug}/queue")
        return f"{where}{'&' if '?' in where else '?'}kept={item.number}"
    return place_of(request, f"/desk/{site.slug}/items/{item.number}")


async def item_page(
    request: StaffRequest,
    site: Site,
    item: Card,
    *,
    status_code: int = 200,
    forms: dict[str, Form[Any]] | None = None,
    revealed: tuple[str, str] | None = None,
    flash: str = "",
) -> Page:
    """The page of an item: what it is, what may be done, what happened; beside it the queue."""
    person, mine = request.user, request.user.roles_at(site)
    if item.confidential:
        await looked(request, site, item.id)
    view = await staff.for_staff(item, site, roles=mine)
    asked = await tasks.of_item(item.id, person, site, whole=rights.reads_notes(mine))
    escalated = await escalations.of_item(item.id)
    base = f"/desk/{site.slug}"
    end = await ending.for_staff(item, site, roles=mine)
    may = way.possible(item, mine, by=person.id, accepted=view.accepted_at is not None,
                         closable_on=view.closable_on, now=clock.now(), site=site,
                         tasks=sum(one.open for one in asked), escalated=escalated, forwarded=view.forwarded)  # fmt: skip
    if end.missing and may.get("closure") == "":
        may["closure"] = way.not_yet(end.missing)
    blank = {deed: Form[Any]() for deed in FORMS}
    begun = await beginnings(request, site, view, liability=end.liability, may=may)
    blank |= begun.forms
    blank |= {f"{deed}-{note.id}": Form() for note in view.returns for deed in RETURN}
    if view.giver and item.owner_id == person.id:
        blank["handover"] = Form({"to": view.giver})  # who was given an item gives it back to whom it came from
    about = {username for username, _full in view.about}
    here = [one for one in await people.handlers(site) if one[0] not in about]
    asked_of = await people.readers(site, item.category_code) if may.get("colleague") == "" else {}
    able = [(username, f"{name} · {label('role', role)}") for username, name, role in here]
    return Page(
        "queues/show.html",
        fragment="item",
        status_code=status_code,
        site=shown_site(site),
        **await listing(person, site, filters(request)),
        item=shown(item, base=f"{base}/items/{item.number}", address=place_of(request, f"{base}/items/{item.number}"),
                   quick=not way.needs_plan(item.kind), first_asked=view.first_asked, filed_by=view.filed_by,
                   channel=view.channel, language=view.language),
        complaint=shown(view, base=f"{base}/complaints/{item.number}", category_code=item.category_code),
        timeline=view.timeline,
        end=end,
        begun=begun,
        choices={group: labels.options(group) for group in ("liability", "decision", "effect", "satisfied")},
        forms={**blank, **(forms or {})},
        may=may,
        counts_days=site_rules.value(site, "complaint.preset") == BANK,
        everybody=able,
        blank=Form[Any](),
        escalations=escalated,
        people=[one for one in await _receivers(site, here) if one[0] != item.owner],
        colleagues=[one for one in able if one[0] in asked_of and one[0] != person.username],
        workers=await people.workers(site) if "" in (may.get("restriction"), may.get("triage")) else [],
        departments=[(role.value, label("role", role)) for role in Role if role in rules.DEPARTMENTS],
        channels=[(channel.value, label("channel", channel)) for channel in way.INTAKE_CHANNELS],
        tasks=asked,
        related=await related(person, site, item),
        repeats=rights.reads_contact(mine),
        options=await options(site, own=item.category_code),
        revealed=revealed,
        link_qr=qr(revealed[1]) if revealed and revealed[0] in LINKS else "",
        flash=flash or begun.said,
        undo=None if flash else await offered(person, site, item),
        flash_tone="danger" if status_code == 409 else "",
    )  # fmt: skip


async def _receivers(site: Site, here: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Who may be given an item; for somebody who is away, whoever stands in (DUTY-17)."""
    away = await absences.stand_ins(site)
    names = {username: name for username, name, _role in here}
    return [
        (away.get(username, username),
         _("%(name)s is away; %(deputy)s stands in.") % {"name": name, "deputy": names.get(away[username], "")}
         if username in away else f"{name} · {label('role', role)}")
        for username, name, role in here
        if away.get(username, username)
    ]  # fmt: skip
