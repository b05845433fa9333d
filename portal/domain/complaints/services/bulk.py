"""One deed for many items: each by itself, under all rules of the single deed, and what came of it kept."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

from portal import clock, database, once, sealing
from portal.domain.accounts.queries import Staff
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import handling
from portal.domain.queues.forms import ManyItems
from portal.domain.queues.queries import items
from portal.domain.queues.services import deeds
from portal.domain.queues.tables import Bulk
from portal.domain.sites.tables import Site
from portal.errors import NotFound, PortalError, Unavailable
from portal.i18n.translations import _


@dataclass(frozen=True)
class Line:
    """What came of one number: done, or refused with a reason; neither: it was not come to."""

    number: str
    done: bool = False
    reason: str = ""


async def begin(bulk: UUID, form: ManyItems, *, site: Site, by: Staff) -> None:
    """Write down what is asked for, in the transaction that uses up the form: so that it is begun once."""
    await database.insert(Bulk, {
        "id": bulk, "site": site.id, "by": by.id, "deed": form.deed, "at": clock.now(),
        "outcome": _sealed(bulk, [Line(number) for number in form.numbers]),
    })  # fmt: skip


async def do(bulk: UUID, form: ManyItems, *, site: Site, by: Staff) -> None:
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


async def forget_old() -> None:
    """Remove what came of deeds whose forms are past their life."""
    await Bulk.delete().where(Bulk.at < clock.now() - once.LIFE)


async def _one(bulk: UUID, lines: Sequence[Line], place: int, form: ManyItems, *, site: Site, by: Staff) -> Line:
    """The deed on the item of one line; the line, done."""
    done = replace(lines[place], done=True)
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
