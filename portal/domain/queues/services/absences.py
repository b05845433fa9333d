"""Who gets the work of somebody who is away, or gone for good: the deputy, or the queue, and then the managers know."""

import logging
from datetime import date
from uuid import UUID

from portal import clock, database
from portal.database import transaction
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Account
from portal.domain.queues.forms import NewAbsence
from portal.domain.queues.queries import absences as queries
from portal.domain.queues.queries import people
from portal.domain.queues.services import telling
from portal.domain.queues.tables import COMMON, Absence, Task, WorkItem
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid, NotFound
from portal.events import services as events
from portal.i18n.translations import _
from portal.ids import new_id

log = logging.getLogger(__name__)


async def plan(site: Site, form: NewAbsence, *, by: Staff) -> None:
    """Write down that somebody will be away, and who stands in."""
    account, deputy = await people.handler(site, form.account), await people.handler(site, form.deputy)
    wrong = {}
    if account is None:
        wrong["account"] = _("Choose somebody who works here.")
    if form.to_on < clock.today(site.zone):
        wrong["to"] = _("This day is over already.")
    if deputy is None:
        wrong["deputy"] = _("Choose somebody who works here.")
    elif deputy == account:
        wrong["deputy"] = _("Nobody stands in for oneself.")
    if wrong:
        raise Invalid(wrong)
    async with transaction():
        # Written, though nothing changes: two who plan for the same person wait here for each other.
        await Account.update({Account.language: Account.language}).where(Account.id == account)
        if await Absence.exists().where(
            Absence.site == site.id, Absence.account == account, Absence.cancelled_at.is_null(),
            Absence.from_on <= form.to_on, Absence.to_on >= form.from_on,
        ):  # fmt: skip
            raise Invalid({"from": _("An absence of this person is written down for these days already.")})
        absence = new_id()
        await database.insert(Absence, {
            "id": absence, "site": site.id, "account": account, "deputy": deputy, "from_on": form.from_on,
            "to_on": form.to_on,
        })  # fmt: skip
        await events.record("absence.planned", site=site.id, subject=absence, by=by, account=account, deputy=deputy)


async def cancel(site: Site, absence: UUID, *, by: Staff) -> None:
    """Somebody is here after all; what went to the deputy stays there."""
    this = (Absence.id == absence) & (Absence.site == site.id)
    async with transaction():
        open_ = this & Absence.cancelled_at.is_null() & (Absence.to_on >= clock.today(site.zone))
        if await Absence.update({Absence.cancelled_at: clock.now()}).where(open_).returning(Absence.id):
            await events.record("absence.cancelled", site=site.id, subject=absence, by=by)
        elif await Absence.exists().where(this):
            raise Conflict(_("This absence is over, or was cancelled already."))
        else:
            raise NotFound


async def begin_due() -> int:
    """Where an absence begins, pass the work on, once whoever else looks; how many began."""
    begun = 0
    for site in await sites.sites():
        today = clock.today(site.zone)
        due = Absence.select(Absence.id).where(
            Absence.site == site.id, Absence.begun_at.is_null(), Absence.cancelled_at.is_null(), Absence.from_on <= today
        )
        for row in await due:
            try:
                begun += await _begin(row["id"], site, today)
            except Exception as error:  # one that cannot begin must not keep the others
                log.error("absence %s: %s", row["id"], type(error).__name__)
    return begun


async def pass_on_leavers(*, most: int = 200) -> int:
    """Pass on what people own whose account was disabled; how many items.

    What they were asked to do by name is their department's from then on.
    """
    await Task.update({Task.owner: None}).where(
        Task.ended_at.is_null(), Task.owner.is_in(Account.select(Account.id).where(Account.disabled_at.is_not_null()))
    )
    gone = WorkItem.select(WorkItem.id, WorkItem.owner, WorkItem.site).where(
        WorkItem.line == COMMON, WorkItem.closed_at.is_null(), WorkItem.owner.disabled_at.is_not_null()
    )
    passed = 0
    for row in await gone.limit(most):
        try:
            async with transaction():
                passed += await _pass_on(row["id"], row["owner"], await sites.site_by_id(row["site"]), why="leaver")
        except Exception as error:  # one that cannot be passed on must not keep the others
            log.error("item %s: %s", row["id"], type(error).__name__)
    return passed


async def _begin(absence: UUID, site: Site, today: date) -> int:
    """All of it in one transaction: the absence has begun, and every item has moved, or neither.

    What was asked of somebody by name is the department's from now on.
    """
    async with transaction():
        rows = await (
            Absence.update({Absence.begun_at: clock.now()})
            .where(Absence.id == absence, Absence.begun_at.is_null(), Absence.cancelled_at.is_null())
            .returning(Absence.account, Absence.to_on)
        )
        for row in rows:
            await events.record("absence.begun", site=site.id, subject=absence, by=None, account=row["account"])
            if row["to_on"] < today:  # nobody looked while it lasted: who was away is back
                continue
            owned = WorkItem.select(WorkItem.id).where(
                WorkItem.site == site.id, WorkItem.line == COMMON, WorkItem.owner == row["account"],
                WorkItem.closed_at.is_null(),
            )
            for item in await owned:
                await _pass_on(item["id"], row["account"], site, why="absence")
            await Task.update({Task.owner: None}).where(
                Task.site == site.id, Task.owner == row["account"], Task.ended_at.is_null()
            )
    return len(rows)


async def _pass_on(item: UUID, owner: UUID, site: Site, *, why: str) -> int:
    """Give one item to whoever stands in for its owner, or back to the queue, where the managers are told (DUTY-17).

    Back it goes, too, where the deputy is one of those whom it is kept from.
    """
    this = WorkItem.id == item
    rows = await (
        WorkItem.update({WorkItem.owner: None, WorkItem.giver: None, WorkItem.version: WorkItem.version + 1})
        .where(this, WorkItem.owner == owner, WorkItem.closed_at.is_null())
        .returning(WorkItem.id)
    )
    if rows:
        deputy = await queries.stand_in(site, owner)
        to = deputy if deputy and await people.hearing(item, [deputy]) else None
        if to:
            await WorkItem.update({WorkItem.owner: to, WorkItem.giver: owner if why == "absence" else None}).where(this)
        event = await events.record("item.passed-on", site=site.id, subject=item, by=None, why=why, was=owner, to=to)
        await (telling.tell(item, event, [to]) if to else telling.tell_leaders(item, event))
    return len(rows)
