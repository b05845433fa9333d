"""Whose fault it was, and what the customer gets for it: proposed by one, above the limit approved by another."""

from uuid import UUID

from portal import clock, database, sealing
from portal.database import transaction
from portal.domain.accounts import queries as accounts
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.complaints.forms.ending import Decision, Promise
from portal.domain.complaints.queries import redress as queries
from portal.domain.complaints.rules import redress as rules
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import wording
from portal.domain.complaints.tables import Award, Compensation, Complaint, Liability
from portal.domain.queues.queries import people
from portal.domain.queues.queries.items import Card
from portal.domain.queues.services import deeds, telling
from portal.domain.queues.tables import EntryKind, WorkItem
from portal.domain.sites.rules import settings as site_rules
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid
from portal.events import services as events
from portal.i18n.translations import _
from portal.ids import new_id


async def assess(item: Card, liability: Liability, *, site: Site, by: Staff) -> None:
    """Write down whose fault it was; words of apology depend on it (CMP-22)."""
    deed = DEEDS["liability"]
    async with transaction():
        await deeds.move(item, deed, site=site, by=by)
        await Complaint.update({Complaint.liability: liability}).where(Complaint.id == item.id)
        await events.record(deed.event, site=site.id, subject=item.id, by=by, liability=liability)


async def propose(item: Card, form: Promise, *, site: Site, by: Staff) -> None:
    """Promise something: within one's own limit it holds at once, above it another person decides (CMP-28, CMP-29).

    The limit is for all that was promised on the complaint together, and on what was merged into it.
    """
    deed, compensation, now = DEEDS["compensation"], new_id(), clock.now()
    async with transaction():
        await deeds.move(item, deed, site=site, by=by, changes={WorkItem.money: True})
        await wording.look_at(form.remedy, field="remedy", item=item, site=site)
        there = await queries.promised(item.id)
        if any(one.state == Award.PROPOSED for one in there):
            raise Conflict(_("One compensation waits for its approval already."))
        total = await _approved(item) + form.amount
        granted = rules.may_promise(site, by.roles_at(site), total)
        state = Award.APPROVED if granted else Award.PROPOSED
        await database.insert(Compensation, {
            "id": compensation, "item": item.id, "site": site.id, "amount": form.amount, "state": state,
            "remedy": sealing.seal(form.remedy, f"compensation.remedy:{compensation}"), "proposer": by.id,
            "proposed_at": now, "decider": by.id if granted else None, "decided_at": now if granted else None,
        })  # fmt: skip
        event = await events.record(deed.event, site=site.id, subject=item.id, by=by, fen=form.amount, state=state)
        if not granted:
            await _ask_for_approval(item, event, total, site=site, by=by)


async def decide(item: Card, form: Decision, *, site: Site, by: Staff) -> None:
    """Say yes or no to what another person proposed; never to one's own (CMP-29).

    Where it is kept from all of finance, who decides about the item decides this, too.
    """
    deed = DEEDS["compensation-approval"]
    approved = form.decision == "approve"
    async with transaction():
        await deeds.move(item, deed, site=site, by=by)
        there = await queries.promised(item.id)
        one = next((one for one in there if one.state == Award.PROPOSED), None)
        if one is None:
            raise Conflict(_("No compensation waits for approval."))
        if one.proposer == by.id:
            raise Invalid({"decision": _("You proposed this yourself: another person decides.")})
        enough = rules.may_approve(site, by.roles_at(site), await _approved(item) + one.amount)
        finance = await people.hearing(item.id, await accounts.with_role(site.id, Role.FINANCE))
        if approved and not enough and (finance or not item.confidential):
            limit = site_rules.figure(site, "complaint.manager_limit")
            raise Invalid({"decision": _("This is above %(limit)d yuan: finance decides.") % {"limit": limit}})
        await _write(one.id, Award.APPROVED if approved else Award.REFUSED, by=by)
        event = await events.record(deed.event if approved else "complaint.compensation-refused", site=site.id,
                                    subject=item.id, by=by, fen=one.amount)  # fmt: skip
        await deeds.write(item.id, event, EntryKind.REASON, form.reason, by=by)
        await telling.tell(item.id, event, [one.proposer])


async def _write(compensation: UUID, state: Award, *, by: Staff) -> None:
    rows = await (
        Compensation.update({Compensation.state: state, Compensation.decider: by.id, Compensation.decided_at: clock.now()})
        .where(Compensation.id == compensation, Compensation.state == Award.PROPOSED)
        .returning(Compensation.id)
    )
    if not rows:
        raise Conflict(_("No compensation waits for approval."))


async def _ask_for_approval(item: Card, event: UUID, total: int, *, site: Site, by: Staff) -> None:
    managers = rules.may_approve(site, frozenset({Role.MANAGER}), total)
    _role, told = await people.above(item.id, site, Role.MANAGER if managers else Role.FINANCE)
    await telling.tell(item.id, event, [one for one in told if one != by.id])


async def _approved(item: Card) -> int:
    """What has been promised so far, in fen, with what was promised on complaints that are part of this one."""
    these = (Compensation.item == item.id) | (Compensation.item.merged_into == item.id)
    rows = await Compensation.select(Compensation.amount).where(these, Compensation.state == Award.APPROVED)
    return sum(row["amount"] for row in rows)
