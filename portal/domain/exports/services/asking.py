"""Asking for an export, and what people decide about it."""

from typing import Any
from uuid import UUID

from portal import access_log, clock, database, sealing
from portal.database import transaction
from portal.domain.accounts import queries as accounts
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.exports import rules
from portal.domain.exports.forms import Contacts
from portal.domain.exports.queries import contacts
from portal.domain.exports.queries.files import File
from portal.domain.exports.services import files
from portal.domain.exports.tables import Export, Format, Stage
from portal.domain.sites.tables import Site
from portal.errors import Conflict, Invalid, NotFound
from portal.events import services as events
from portal.i18n.translations import _, language
from portal.ids import new_id


async def ask(site: Site, what: str, query: str, shape: Format, *, rows: int, by: Staff) -> UUID:
    """Have a long table made in the background; the same question again is answered with the one that is under way."""
    wanted = {"what": what, "query": query, "format": shape.value}
    async with transaction():
        export = await _begin(site, wanted, by=by, rows=rows, stage=Stage.WAITING)
        if export is not None:
            await record("begun", site, export, what, by=by)
            return export
    return await _under_way(site, wanted, by=by, personal=False)


async def ask_for_contacts(site: Site, form: Contacts, *, by: Staff) -> UUID:
    """Ask for guests' names and numbers; somebody else decides, and hears of it now (promise 2.2, row 27)."""
    query = contacts.asked(form.first, form.last, form.by)
    rows = await contacts.count(by, site, query)
    if not rows:
        raise Invalid({"from": _("There is nothing in these days.")})
    if rows > rules.MOST_PERSONAL:
        told = _("These are %(rows)d complaints; a file with contacts holds %(most)d at most. Choose fewer days.")
        raise Invalid({"to": told % {"rows": rows, "most": rules.MOST_PERSONAL}})
    deciders = await _deciders(site, but=by.id)
    if not deciders:
        raise Conflict(_("Nobody else here could approve it."))
    wanted = {"what": contacts.WHAT, "query": query, "format": form.format.value}
    async with transaction():
        export = await _begin(site, wanted, by=by, rows=rows, stage=Stage.ASKED, reason=form.reason)
        if export is not None:
            event = await record("asked", site, export, contacts.WHAT, by=by)
            await events.tell(event, deciders)
            return export
    return await _under_way(site, wanted, by=by, personal=True)


async def decide(file: File, site: Site, *, approved: bool, by: Staff) -> None:
    """Let a colleague's file with contacts be made, or not; who decides never gets to see it."""
    if file.mine:
        raise Conflict(_("Somebody else has to decide about it."))
    values: dict[Any, Any] = {Export.decided_by: by.id, Export.decided_at: clock.now()}
    values |= {Export.stage: Stage.WAITING if approved else Stage.REFUSED}
    this = (Export.id == file.id) & (Export.stage == Stage.ASKED) & (Export.person != by.id)
    async with transaction():
        if not await Export.update(values).where(this, Export.expires_at > clock.now()).returning(Export.id):
            raise Conflict(_("It was decided already, or nobody decided in time."))
        event = await record("approved" if approved else "declined", site, file.id, file.what, by=by)
        await events.tell(event, [file.person])


async def cancel(file: File, site: Site, *, by: Staff) -> None:
    """Do without an export, also without one that is made already: its file is gone with it."""
    if not file.mine:
        raise NotFound
    live = [*rules.OPEN, Stage.DONE]
    async with transaction():
        this = (Export.id == file.id) & Export.stage.is_in([one.value for one in live])
        over: dict[Any, Any] = {Export.stage: Stage.CANCELLED, Export.ended_at: clock.now()}
        if not await Export.update(over).where(this).returning(Export.id):
            raise Conflict(_("It is over already."))
        await record("cancelled", site, file.id, file.what, by=by)
    database.when_committed(lambda: files.remove(file.id))


async def fetched(file: File, site: Site, *, by: Staff) -> None:
    """Write down that the file was handed out."""
    async with transaction():
        await record("fetched", site, file.id, file.what, by=by)


async def handed_out(site: Site, what: str, *, by: Staff) -> None:
    """Write down that a short table was handed out at once."""
    await access_log.record("export", site=site.id, account=by.id, role=_roles(site, by), field=what)


async def record(verb: str, site: Site, export: UUID, what: str, *, by: Staff | None) -> UUID:
    """A step of an export, in the log and among the events."""
    await access_log.record("export", site=site.id, account=by.id if by else None, role=_roles(site, by) if by else "",
                            subject=export, field=what, result=verb)  # fmt: skip
    return await events.record(f"export.{verb}", site=site.id, subject=export, by=by, what=what)


async def _begin(
    site: Site, wanted: dict[str, str], *, by: Staff, rows: int, stage: Stage, reason: str = ""
) -> UUID | None:
    """The row of a new export; none where this person has one of this sort under way (one at a time)."""
    export, now = new_id(), clock.now()
    made = await database.insert(Export, {
        **wanted, "id": export, "site": site.id, "person": by.id, "language": language(), "personal": stage == Stage.ASKED,
        "stage": stage.value, "rows": rows, "created_at": now, "expires_at": now + rules.LIFE,
        "reason": sealing.seal(reason, f"export.reason:{export}"),
    }, unless_there=True)  # fmt: skip
    return export if made else None


async def _under_way(site: Site, wanted: dict[str, str], *, by: Staff, personal: bool) -> UUID:
    """What this person has under way, where it is just this; raises Conflict for anything else."""
    own = (Export.person == by.id) & (Export.personal == personal) & Export.stage.is_in([one.value for one in rules.OPEN])
    row = await Export.select().where(own).first()
    if row and row["site"] == site.id and all(row[name] == value for name, value in wanted.items()):
        export: UUID = row["id"]
        return export
    raise Conflict(_("Another file is being made for you. One at a time: wait for it, or cancel it."))


async def _deciders(site: Site, *, but: UUID) -> list[UUID]:
    found = [one for role in (Role.MANAGER, Role.ADMIN) for one in await accounts.with_role(site.id, role)]
    return [one for one in dict.fromkeys(found) if one != but]


def _roles(site: Site, by: Staff) -> str:
    return ",".join(sorted(by.roles_at(site)))[:60]
