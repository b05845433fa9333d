"""One matter told twice, and two matters told at once: a second contact, merging, splitting."""

from typing import Any
from uuid import UUID

from portal import clock, sealing
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.complaints.forms.filing import Intake, Message
from portal.domain.complaints.forms.handling import Contact, Split
from portal.domain.complaints.queries import goods
from portal.domain.complaints.rules.way import DEEDS, RECEIVES, UNANSWERED
from portal.domain.complaints.services import extending, filing, promising
from portal.domain.complaints.services.filing import Filed
from portal.domain.complaints.tables import Channel, Complaint, Kind, Party
from portal.domain.queues.queries import items, people, words
from portal.domain.queues.queries.items import Card
from portal.domain.queues.queries.words import Words
from portal.domain.queues.services import clocks, deeds, keeping, pauses, telling, tracking
from portal.domain.queues.tables import TOLD, ClockKind, EntryKind, Severity, Task, TaskState, WorkItem
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid, NotFound
from portal.events import services as events
from portal.i18n import translations
from portal.i18n.labels import label
from portal.i18n.translations import _
from portal.photos import services as photos


async def note_contact(item: Card, form: Contact, *, site: Site, by: Staff) -> None:
    """The customer came back to the same matter: that counts as a failure (DUTY-20), and the owner hears of it."""
    async with transaction():
        await deeds.move(item, DEEDS["contacts"], site=site, by=by, changes={WorkItem.contacts: WorkItem.contacts + 1})
        event = await events.record("complaint.contacted-again", site=site.id, subject=item.id, by=by, channel=form.channel)
        await deeds.write(item.id, event, EntryKind.CONTACT, form.body, by=by)
        await telling.tell(item.id, event, [item.owner_id] if item.owner_id and item.owner_id != by.id else [])


async def merge(item: Card, into: str, *, site: Site, by: Staff) -> None:
    """Close an item as part of another, which goes on for both; each keeps its own words, photos and page.

    What was merged into it before, and its open tasks, go along; the worse severity and the earlier leaving count. If the
    same customer told it twice, that counts as a second contact (DUTY-20).
    """
    deeds.check(DEEDS["merge"], site=site, by=by)
    other = await _other(item, into, site=site, by=by)
    async with transaction():
        now = clock.now()
        ended: deeds.Changes = {WorkItem.closed_at: now, WorkItem.merged_into: other.id}
        again: deeds.Changes = {WorkItem.contacts: WorkItem.contacts + 1} if await _same_customer(item.id, other.id) else {}
        # In the order of their ids, so that two who merge each other wait for one another and never both.
        for one, deed, changes in sorted(
            [(item, DEEDS["merge"], ended), (other, RECEIVES, again)], key=lambda step: step[0].id
        ):
            await deeds.move(one, deed, site=site, by=by, changes=changes)
        await _take_over_what_presses(item, other, site=site, by=by)
        await WorkItem.update({WorkItem.merged_into: other.id}).where(WorkItem.merged_into == item.id)
        await Task.update({Task.item: other.id}).where(Task.item == item.id, Task.state == TaskState.OPEN)
        await pauses.end(item.id, site=site, by=by)
        await extending.lapse(item)
        await clocks.stop_clock(item, *ClockKind)
        await events.record("complaint.merged", site=site.id, subject=item.id, by=by, number=other.number)
        event = await events.record("complaint.merged-in", site=site.id, subject=other.id, by=by, number=item.number)
        await telling.tell(other.id, event, [other.owner_id] if other.owner_id and other.owner_id != by.id else [])


async def forward(item: Card, form: Message, entry: UUID, *, site: Site) -> None:
    """What the customer of a merged item wrote reaches whoever goes on with it; the other customer never sees it."""
    assert item.merged_into_id is not None  # noqa: S101  # the caller has seen that
    other = await items.item_by_id(item.merged_into_id)
    await deeds.move(other, DEEDS["message of the customer"], site=site, by=None)
    echo = await events.record("complaint.wrote-merged", site=site.id, subject=other.id, by=None, customer=True,
                               number=item.number)  # fmt: skip
    again = await deeds.write(other.id, echo, EntryKind.MERGED, form.body, by=None, pictured=True)
    await photos.show_again(item.id, entry, subject=other.id, entry=again)
    await telling.tell(other.id, echo, [other.owner_id] if other.owner_id else [])


async def pass_on(event: str, item: Card, *, site: Site, by: Staff) -> None:
    """What was merged into an item is answered with it: that stands in the history of each (CMP-38)."""
    for row in await WorkItem.select(WorkItem.id).where(WorkItem.merged_into == item.id).order_by(WorkItem.id):
        await events.record(event, site=site.id, subject=row["id"], by=by)


async def split(item: Card, form: Split, *, site: Site, by: Staff, token: str) -> Filed:
    """Make a second complaint of some of a customer's words; they stand at both, and each has its own number and link."""
    said = [one for one in await words.written(item.id) if one.id in form.messages and one.kind in TOLD]
    if len(said) != len(form.messages):
        raise Invalid({"messages": _("Choose what belongs to the other matter")})
    async with transaction():
        await deeds.move(item, DEEDS["split"], site=site, by=by)
        typed, lang = await _as_filed(item, form.body)
        with translations.use(lang):
            made = await filing.file(typed, site=site, token=token, by=by)
        linked: deeds.Changes = {WorkItem.split_from: item.id, WorkItem.first_asked: item.first_asked_id or by.id}
        await WorkItem.update(linked).where(WorkItem.id == made.item)
        await keeping.keep(made.item, await _about(item), restricted=item.restricted)
        await _same_tier(item.id, made.item, site=site, by=by)
        await events.record("complaint.split", site=site.id, subject=item.id, by=by, number=made.number)
        event = await events.record("complaint.split-off", site=site.id, subject=made.item, by=by, number=item.number)
        for one in said:
            await _again(one, item.id, made.item, event)
    return made


async def _other(item: Card, into: str, *, site: Site, by: Staff) -> Card:
    """The item that goes on; one that is settled, or itself part of another, takes nothing in."""
    if await Party.exists().where(Party.item == item.id, Party.token != ""):
        raise Invalid({"into": _("It has another party with a link of its own. Merge the other one into this one.")})
    number = into.strip().upper()
    if number == item.number:
        raise Invalid({"into": _("An item cannot be merged into itself.")})
    try:
        other = await items.item(by, site, number)
    except NotFound:
        raise Invalid({"into": _("There is no item of this number here.")}) from None
    if other.merged_into_id:
        target = (await items.numbers([other.merged_into_id]))[other.merged_into_id].number
        raise Conflict(_("%(number)s is part of %(target)s. Merge it into that one.") % {"number": number, "target": target})
    if (item.restricted, await _about(item)) != (other.restricted, await _about(other)):
        raise Invalid({"into": _("Both have to be kept from the same people before they are one.")})
    if other.state not in UNANSWERED:
        raise Conflict(_("%(number)s takes nothing in any more: it is %(state)s.")
                       % {"number": number, "state": label("state", other.state)})  # fmt: skip
    return other


async def _about(item: Card) -> set[UUID]:
    return set(await people.named_in(item.id))


async def _take_over_what_presses(item: Card, other: Card, *, site: Site, by: Staff) -> None:
    """Both rows are held: the one that goes on is as severe as the worse of the two, and due before either guest leaves."""
    both = WorkItem.id.is_in([item.id, other.id])
    rows = await WorkItem.select(WorkItem.id, WorkItem.severity, WorkItem.leaves_at).where(both)
    severity = min(row["severity"] for row in rows)
    before = next(row for row in rows if row["id"] == other.id)
    coming = [row["leaves_at"] for row in rows if row["leaves_at"] and row["leaves_at"] > clock.now()]
    leaves_at = min(coming, default=before["leaves_at"])
    if (severity, leaves_at) == (before["severity"], before["leaves_at"]):
        return
    pressing: deeds.Changes = {WorkItem.severity: severity, WorkItem.leaves_at: leaves_at}
    await WorkItem.update(pressing).where(WorkItem.id == other.id)
    if coming and leaves_at:
        await promising.before_leaving(other, leaves_at, site=site)
    await promising.renew([other.id], site=site, why="merge", by=by)
    if severity == Severity.SEVERE:
        await tracking.begin(other, site=site)


async def _same_customer(one: UUID, other: UUID) -> bool:
    rows = await Complaint.select(Complaint.customer).where(Complaint.id.is_in([one, other]))
    return len(rows) == 2 and rows[0]["customer"] is not None and rows[0]["customer"] == rows[1]["customer"]


async def _same_tier(first: UUID, second: UUID, *, site: Site, by: Staff) -> None:
    """What the guest means to the house holds for the second matter, too, where nobody knows him by his phone."""
    row = await Complaint.select(Complaint.tier).where(Complaint.id == first).first()
    tier = row["tier"] if row else ""
    if tier and await Complaint.update({Complaint.tier: tier}).where(
        Complaint.id == second, Complaint.tier != tier
    ).returning(Complaint.id):
        await promising.rank([second], site)
        await promising.renew([second], site=site, why="tier", by=by)


async def _as_filed(item: Card, body: str) -> tuple[Intake, str]:
    """The second matter as if it had been filed by itself, by the same customer and way; and the customer's language."""
    row = await Complaint.select().where(Complaint.id == item.id).first()
    place = await WorkItem.select(WorkItem.place.code).where(WorkItem.id == item.id).first()
    if row is None or place is None:
        raise NotFound
    typed: dict[str, Any] = {
        name: sealing.unseal(row[name], f"complaint.{name}:{item.id}") for name in ("name", "phone", "email")
    }
    typed |= {"kind": Kind(item.kind), "category": item.category_code, "body": body, "channel": Channel(row["channel"])}
    typed |= {"anonymous": bool(row["anonymous"]), "place": place["place.code"] or item.place, "wish": "",
              "leaves_at": item.leaves_at if item.leaves_at and item.leaves_at > clock.now() else None}  # fmt: skip
    typed["language"] = row["language"]
    if about := await goods.product(item):
        typed |= vars(about)
    return Intake.model_construct(**typed), row["language"]


async def _again(said: Words, first: UUID, second: UUID, event: UUID) -> None:
    """The customer's words and photos once more, at the second matter, with their own time."""
    entry = await deeds.write(second, event, EntryKind.MESSAGE_IN, said.body, by=None, pictured=True, at=said.at)
    await photos.show_again(first, said.id, subject=second, entry=entry)
