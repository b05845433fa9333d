"""What is learned from a complaint: its cause, what is done about it, whether that helped; and a site's list of causes."""

from uuid import UUID

from portal import clock, database, sealing
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.complaints.forms.ending import Action, Effect
from portal.domain.complaints.forms.settings import NewCause
from portal.domain.complaints.queries import learning as queries
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.tables import Cause, Complaint
from portal.domain.queues.queries import people
from portal.domain.queues.queries.items import Card
from portal.domain.queues.services import deeds, telling
from portal.domain.queues.tables import CorrectiveAction, EntryKind
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid, NotFound
from portal.events import services as events
from portal.events.services import Actor
from portal.i18n.translations import _
from portal.ids import new_id

LAST = "other"


async def name_cause(item: Card, cause: str, *, site: Site, by: Staff) -> None:
    """Say by the site's list what it came from (CMP-34); again later to correct it."""
    deed = DEEDS["cause"]
    async with transaction():
        await deeds.move(item, deed, site=site, by=by)
        await Complaint.update({Complaint.cause: cause}).where(Complaint.id == item.id)
        await events.record(deed.event, site=site.id, subject=item.id, by=by, cause=cause)


async def plan_action(item: Card, form: Action, *, site: Site, by: Staff) -> None:
    """Write down what is done about the cause, by whom and until when (CMP-34)."""
    deed, action = DEEDS["actions"], new_id()
    async with transaction():
        owner = await people.handler(site, form.owner)
        if owner is None:
            raise Invalid({"owner": _("Choose somebody who works here.")})
        if not await people.hearing(item.id, [owner]):
            raise Invalid({"owner": _("It is kept from this person.")})
        await deeds.move(item, deed, site=site, by=by)
        await database.insert(CorrectiveAction, {
            "id": action, "item": item.id, "owner": owner, "due_on": form.due_on,
            "body": sealing.seal(form.body, f"corrective_action.body:{action}"),
        })  # fmt: skip
        event = await events.record(deed.event, site=site.id, subject=item.id, by=by, action=action, to=owner)
        await telling.tell(item.id, event, [owner])


async def check_effect(item: Card, action: UUID, form: Effect, *, site: Site, by: Staff) -> None:
    """Say once whether a corrective action helped (CMP-34)."""
    deed = DEEDS["effect"]
    async with transaction():
        await deeds.move(item, deed, site=site, by=by)
        rows = await (
            CorrectiveAction.update({
                CorrectiveAction.effect: form.confirmed, CorrectiveAction.checker: by.id,
                CorrectiveAction.checked_at: clock.now(),
            })
            .where(CorrectiveAction.id == action, CorrectiveAction.item == item.id, CorrectiveAction.effect.is_null())
            .returning(CorrectiveAction.id)
        )  # fmt: skip
        if not rows:
            if await CorrectiveAction.exists().where(CorrectiveAction.id == action, CorrectiveAction.item == item.id):
                raise Conflict(_("Somebody has said already whether it helped."))
            raise NotFound
        event = await events.record(deed.event, site=site.id, subject=item.id, by=by, action=action,
                                    confirmed=form.confirmed)  # fmt: skip
        await deeds.write(item.id, event, EntryKind.NOTE, form.note, by=by)


async def write_cause(site: Site, form: NewCause, *, by: Actor) -> None:
    """Add a cause to the site's list, or give the one with this code these names."""
    async with transaction():
        await _write(site, form.code, form.name_zh, form.name_en, active=True, only_names=True)
        await events.record("site.cause-written", site=site.id, subject=site.id, by=by, cause=form.code)


async def retire(site: Site, code: str, *, by: Actor) -> None:
    """Offer a cause no longer; where it was found it stays."""
    if code == LAST:
        raise Conflict(_("Every site needs this cause."))
    await _offer(site, code, "site.cause-retired", active=False, by=by)


async def bring_back(site: Site, code: str, *, by: Actor) -> None:
    """Offer a retired cause again."""
    await _offer(site, code, "site.cause-returned", active=True, by=by)


async def _offer(site: Site, code: str, kind: str, *, active: bool, by: Actor) -> None:
    async with transaction():
        known = next((one for one in await queries.causes(site.id, all_of_them=True) if one.code == code), None)
        if known is None:
            raise NotFound
        await _write(site, code, known.name_zh, known.name_en, active=active, only_names=False)
        await events.record(kind, site=site.id, subject=site.id, by=by, cause=code)


async def _write(site: Site, code: str, name_zh: str, name_en: str, *, active: bool, only_names: bool) -> None:
    """Write a cause's row; `only_names` leaves it offered or not, as it was."""
    row = Cause(id=new_id(), site=site.id, code=code, name_zh=name_zh, name_en=name_en, active=active)
    await Cause.insert(row).on_conflict(
        target=(Cause.site, Cause.code),
        action="DO UPDATE",
        values=(Cause.name_zh, Cause.name_en) if only_names else (Cause.active,),
    )
