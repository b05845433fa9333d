"""Goods that come back, with a note (CMP-35 to CMP-37): asked for, approved by another, shipped, counted, signed for."""

from typing import Any
from uuid import UUID

from piccolo.columns import Column
from piccolo.custom_types import Combinable

from portal import clock, database, sealing
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.complaints.forms.ending import Decision
from portal.domain.complaints.forms.goods import NewReturn
from portal.domain.complaints.queries import goods as queries
from portal.domain.complaints.rules import goods as rules
from portal.domain.complaints.rules.goods import Line
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.tables import Kind, Returned, ReturnNote
from portal.domain.queues.queries.items import Card
from portal.domain.queues.services import deeds, telling
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid
from portal.events import services as events
from portal.i18n.labels import label
from portal.i18n.translations import _
from portal.ids import new_id

Changes = dict[Column | str, Any]


async def request(item: Card, form: NewReturn, *, site: Site, by: Staff) -> None:
    """Ask for goods to come back, with reason, treatment and basis; somebody else approves the note (CMP-35)."""
    note, words = new_id(), {"reason": form.reason, "treatment": form.treatment, "basis": form.basis}
    async with transaction():
        await deeds.move(item, DEEDS["returns"], site=site, by=by, kind=Kind.PRODUCT)
        number = await ReturnNote.count().where(ReturnNote.item == item.id) + 1
        await database.insert(ReturnNote, {
            "id": note, "item": item.id, "number": number, "state": Returned.REQUESTED, "issued_by": by.id,
            "issued_at": clock.now(),
            **{name: _sealed(note, name, text) for name, text in {**words, "lines": rules.written(form.lines)}.items()},
        })  # fmt: skip
        event = await events.record("complaint.return-requested", site=site.id, subject=item.id, by=by, number=number)
        await telling.tell_leaders(item.id, event, but=by.id)


async def decide(item: Card, note: UUID, form: Decision, *, site: Site, by: Staff) -> None:
    """Approve a note or refuse it: never one's own (CMP-35)."""
    async with transaction():
        await deeds.move(item, DEEDS["return approval"], site=site, by=by, kind=Kind.PRODUCT)
        asked = await queries.note(item, note)
        if asked.issued_by == by.id:
            raise Invalid({"decision": _("Somebody else has to decide what you asked for.")})
        state = Returned.APPROVED if form.decision == "approve" else Returned.REFUSED
        changes: Changes = {ReturnNote.state: state, ReturnNote.decided_by: by.id, ReturnNote.decided_at: clock.now(),
                            ReturnNote.refusal: _sealed(note, "refusal", form.reason)}  # fmt: skip
        await _must(note, ReturnNote.state == Returned.REQUESTED, changes)
        kind = "complaint.return-decided" if state is Returned.APPROVED else "complaint.return-refused"
        event = await events.record(kind, site=site.id, subject=item.id, by=by, number=asked.number)
        await telling.tell(item.id, event, [asked.issued_by])


async def ship(item: Card, note: UUID, *, site: Site, by: Staff) -> None:
    """The goods are on their way, with three of the four copies (CMP-36)."""
    async with transaction():
        await deeds.move(item, DEEDS["return shipment"], site=site, by=by, kind=Kind.PRODUCT)
        sent = await queries.note(item, note)
        changes: Changes = {ReturnNote.state: Returned.SHIPPED, ReturnNote.shipped_at: clock.now()}
        await _must(note, ReturnNote.state == Returned.APPROVED, changes)
        await events.record("complaint.return-shipped", site=site.id, subject=item.id, by=by, number=sent.number)


async def receive(item: Card, note: UUID, arrived: list[Line], *, site: Site, by: Staff) -> None:
    """Count what came and sign for it; what is not what the note says is signed only after an instruction (CMP-37)."""
    async with transaction():
        await deeds.move(item, DEEDS["return receipt"], site=site, by=by, kind=Kind.PRODUCT)
        sent = await queries.note(item, note)
        counted: Changes = {ReturnNote.arrived: _sealed(note, "arrived", rules.written(arrived))}
        signed: Changes = {**counted, ReturnNote.state: Returned.RECEIVED, ReturnNote.received_by: by.id,
                           ReturnNote.received_at: clock.now()}  # fmt: skip
        instructed = (ReturnNote.state == Returned.AWAITING) & (ReturnNote.instruction != "")
        shipped = ReturnNote.state == Returned.SHIPPED
        if rules.same(sent.lines, arrived):
            await _must(note, shipped | instructed, signed)
            kind = "complaint.return-received"
        elif await _change(note, shipped, {**counted, ReturnNote.state: Returned.AWAITING}):
            kind = "complaint.return-differs"
        else:
            await _must(note, instructed, signed)
            kind = "complaint.return-received"
        event = await events.record(kind, site=site.id, subject=item.id, by=by, number=sent.number)
        await telling.tell(item.id, event, [one for one in {sent.issued_by, item.owner_id} if one and one != by.id])


async def instruct(item: Card, note: UUID, body: str, *, site: Site, by: Staff) -> None:
    """Say what is to be done with goods that differ; only then they can be signed for (CMP-37)."""
    async with transaction():
        await deeds.move(item, DEEDS["return instruction"], site=site, by=by, kind=Kind.PRODUCT)
        sent = await queries.note(item, note)
        waiting = (ReturnNote.state == Returned.AWAITING) & (ReturnNote.instruction == "")
        changes: Changes = {ReturnNote.instruction: _sealed(note, "instruction", body), ReturnNote.instructed_by: by.id}
        await _must(note, waiting, changes)
        await events.record("complaint.return-instructed", site=site.id, subject=item.id, by=by, number=sent.number)


async def _must(note: UUID, while_it: Combinable, changes: Changes) -> None:
    """Change a note that still stands so; otherwise say how it stands."""
    if await _change(note, while_it, changes):
        return
    row = await ReturnNote.select(ReturnNote.state, ReturnNote.instruction).where(ReturnNote.id == note).first()
    if row and row["state"] == Returned.AWAITING and not row["instruction"]:
        raise Conflict(_("What arrived is not what the note says: an instruction comes before the signature."))
    now = label("return", row["state"]) if row else ""
    raise Conflict(_("This is no longer possible: it is %(state)s.") % {"state": now})


async def _change(note: UUID, while_it: Combinable, changes: Changes) -> bool:
    return bool(await ReturnNote.update(changes).where(ReturnNote.id == note, while_it).returning(ReturnNote.id))


def _sealed(note: UUID, name: str, text: str) -> str:
    return sealing.seal(text, f"return_note.{name}:{note}")
