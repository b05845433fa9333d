"""One deed for many items: each by itself, under all rules of the single deed, and what came of it kept."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from uuid import UUID

from portal import clock, database, once, sealing
from portal.domain.accounts.queries import Staff
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import handling
from portal.domain.queues import rules
from portal.domain.queues.forms import ManyItems
from portal.domain.queues.queries import items, undos
from portal.domain.queues.services import deeds, undoing
from portal.domain.queues.tables import Bulk
from portal.domain.sites.tables import Site
from portal.errors import NotFound, PortalError, Unavailable
from portal.i18n.translations import _

# The deeds of many that may be taken back, with their events.
UNDOABLE = {"claim": "item.claimed", "handover": "item.handed-over"}


@dataclass(frozen=True)
class Reversal:
    """The undo of one deed for many: its event for each number, when the last was done, when this is asked for."""

    done: dict[str, UUID]
    done_at: datetime
    asked_at: datetime
    deed: str = "undo"

    @property
    def numbers(self) -> list[str]:
        return list(self.done)


@dataclass(frozen=True)
class Line:
    """What came of one number: done, or refused with a reason; neither: it was not come to."""

    number: str
    done: bool = False
    reason: str = ""


async def begin(bulk: UUID, form: ManyItems | Reversal, *, site: Site, by: Staff) -> None:
    """Write down what is asked for, in the transaction that uses up the form: so that it is begun once."""
    await database.insert(Bulk, {
        "id": bulk, "site": site.id, "by": by.id, "deed": form.deed, "at": clock.now(),
        "outcome": _sealed(bulk, [Line(number) for number in form.numbers]),
    })  # fmt: skip


async def do(bulk: UUID, form: ManyItems | Reversal, *, site: Site, by: Staff) -> None:
    """The deed for one number after the other, each in a transaction of its own that also writes what came of it."""
    lines = [Line(number) for number in form.numbers]
    for place, line in enumerate(lines):
        try:
            lines[place] = await database.retried(partial(_one, bulk, lines, place, form, site=site, by=by))
        except Unavailable:
            raise
        except PortalError as refused:
            lines[place] = replace(line, reason=refused.message or _("There is no item of this number here."))
    await _keep(bulk, lines)


async def outcome(bulk: UUID, *, site: Site, by: Staff) -> tuple[str, list[Line]]:
    """The deed that was asked for and what came of each number, for whoever asked, but of what is kept
    from him by now; raises NotFound.
    """
    row = await Bulk.select().where(Bulk.id == bulk, Bulk.site == site.id, Bulk.by == by.id).first()
    if row is None:
        raise NotFound
    lines = [Line(*parts) for parts in json.loads(sealing.unseal(row["outcome"], f"bulk.outcome:{bulk}"))]
    hidden = await items.kept_from(by, site, [line.number for line in lines])
    return row["deed"], [line for line in lines if line.number not in hidden]


async def reversal(bulk: UUID, *, site: Site, by: Staff) -> Reversal | None:
    """What would take a bulk back, until ten seconds after its last deed; raises NotFound."""
    deed, lines = await outcome(bulk, site=site, by=by)
    row = await Bulk.select(Bulk.at).where(Bulk.id == bulk).first()
    if deed not in UNDOABLE or row is None:
        return None
    numbers = await items.ids(site, [line.number for line in lines if line.done])
    found = await undos.just_done(by, list(numbers), since=row["at"])
    done = {numbers[item]: one.id for item, one in found.items() if one.kind == UNDOABLE[deed]}
    last = max((one.at for one in found.values()), default=row["at"])
    return Reversal(done, last, clock.now()) if done and clock.now() - last <= rules.UNDO_WITHIN else None


async def forget_old() -> None:
    """Remove what came of deeds whose forms are past their life."""
    await Bulk.delete().where(Bulk.at < clock.now() - once.LIFE)


async def _one(
    bulk: UUID, lines: Sequence[Line], place: int, form: ManyItems | Reversal, *, site: Site, by: Staff
) -> Line:
    """The deed on the item of one line; the line, done."""
    done = replace(lines[place], done=True)
    if isinstance(form, Reversal):
        item = await undos.item(by, site, done.number)
        await undoing.undo(item, DEEDS["undo"], form.done[done.number], site=site, by=by, since=form.asked_at)
        await _keep(bulk, [*lines[:place], done, *lines[place + 1 :]])
        return done
    item = await items.item(by, site, done.number)
    if form.deed == "claim":
        await deeds.claim(item, DEEDS["claim"], site=site, by=by)
    elif form.deed == "handover":
        await deeds.hand_over(item, DEEDS["handover"], site=site, by=by, to=form.to, reason=form.reason)
    else:
        await handling.close(item, site=site, by=by)
    await _keep(bulk, [*lines[:place], done, *lines[place + 1 :]])
    return done


async def _keep(bulk: UUID, lines: Sequence[Line]) -> None:
    await Bulk.update({Bulk.outcome: _sealed(bulk, lines)}).where(Bulk.id == bulk)


def _sealed(bulk: UUID, lines: Sequence[Line]) -> str:
    return sealing.seal(json.dumps([[one.number, one.done, one.reason] for one in lines]), f"bulk.outcome:{bulk}")
