"""Making exports in the background: claimed row by row, held while it goes on, taken up again where its maker died."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from piccolo.columns import Column

from portal import clock, database
from portal.database import transaction
from portal.domain.accounts import queries as accounts
from portal.domain.accounts.queries import Staff
from portal.domain.accounts.tables import Role
from portal.domain.exports import rules
from portal.domain.exports.services import asking, files
from portal.domain.exports.tables import Export, Format, Stage
from portal.domain.sites import queries as sites
from portal.domain.sites.tables import Site
from portal.errors import Forbidden, NotFound
from portal.events import services as events
from portal.i18n import formats, translations
from portal.sheets import books, commas
from portal.sheets.sheet import Sheet, Sheets

TOLD_EVERY = 1.0  # seconds between two words of how far it is
_NEXT = """
SELECT e.id, e.stage, e.tries FROM export e
WHERE (e.stage = 'running' AND e.held_until <= {}) OR (e.stage = 'waiting' AND NOT EXISTS (
  SELECT 1 FROM export r WHERE r.person = e.person AND r.stage = 'running'))
ORDER BY e.id LIMIT 1
"""
_OVER = """
SELECT id, site, what FROM export
WHERE (stage = 'asked' OR stage = 'waiting' OR stage = 'done') AND expires_at <= {}
"""
Changes = dict[Column | str, Any]


@dataclass(frozen=True)
class Maker:
    """Who may have a table, and how it is made; asked anew when it is made, so that lost rights count (P33)."""

    roles: frozenset[Role]
    sheets: Callable[[Staff, Site, str], Awaitable[Sheets]]


class Lost(Exception):
    """Somebody else makes it now, or nobody wants it any more."""


async def make_next(makers: Mapping[str, Maker]) -> bool:
    """Make the export that has waited longest; False where none waits."""
    row = await _claimed()
    if row is None:
        return False
    try:
        if row["tries"] > rules.TRIES:
            await _end(row, Stage.FAILED, "failed")
        else:
            await _make(row, makers.get(row["what"]))
    except Lost:
        await _leave(row)
    except (Forbidden, NotFound):
        await _end(row, Stage.REFUSED, "refused")
    return True


async def _leave(row: dict[str, Any]) -> None:
    """Nothing stays of what nobody wants; what somebody else makes, or has made, is his."""
    his = Export.stage.is_in([Stage.RUNNING.value, Stage.DONE.value])
    if not await Export.exists().where(Export.id == row["id"], his):
        files.remove(row["id"])


async def expire() -> None:
    """Let go of what nobody fetched in time, or decided about; and of files that no row names any more (P29)."""
    for row in await Export.raw(_OVER, clock.now()):
        site = await sites.site_by_id(row["site"])
        async with transaction():
            this = (Export.id == row["id"]) & (Export.expires_at <= clock.now()) & Export.stage.is_in(
                [Stage.ASKED.value, Stage.WAITING.value, Stage.DONE.value])  # fmt: skip
            over: Changes = {Export.stage: Stage.EXPIRED, Export.ended_at: clock.now()}
            ended = await Export.update(over).where(this).returning(Export.id)
            if ended:
                await asking.record("expired", site, row["id"], row["what"], by=None)
        if ended:  # whoever makes it in this moment keeps the file
            files.remove(row["id"])
    await _sweep()


async def _sweep() -> None:
    old = files.older(clock.now() - rules.HELD * 4)
    rows = await Export.select(Export.id).where(Export.id.is_in(old), Export.stage == Stage.DONE) if old else []
    for export in set(old) - {row["id"] for row in rows}:
        files.remove(export)


async def _claimed() -> dict[str, Any] | None:
    """Take one, and hold it for a while; of several workers one gets it."""
    while rows := await Export.raw(_NEXT, clock.now()):
        row = rows[0]
        this = (Export.id == row["id"]) & (Export.stage == row["stage"]) & (Export.tries == row["tries"])
        taken: Changes = {Export.stage: Stage.RUNNING, Export.tries: Export.tries + 1, Export.done: 0,
                          Export.held_until: clock.now() + rules.HELD}  # fmt: skip
        try:
            async with transaction():
                if await Export.update(taken).where(this).returning(Export.id):
                    return await Export.select().where(Export.id == row["id"]).first()
        except Exception as error:
            if not database.is_duplicate(error):  # another one of this person was begun in between
                raise
    return None


async def _make(row: dict[str, Any], maker: Maker | None) -> None:
    """Write the file, and say so; half of one is left nowhere."""
    site, person = await sites.site_by_id(row["site"]), await accounts.person(row["person"])
    if person is None or maker is None or not maker.roles & person.roles_at(site):
        raise Forbidden
    count = _Count(row)
    with translations.use(row["language"]), formats.in_zone(site.zone):
        sheets = [replace(sheet, rows=count.rows(sheet)) for sheet in await maker.sheets(person, site, row["query"])]
        csv = row["format"] == Format.CSV
        pieces = commas.pieces(sheets) if csv else books.pieces(sheets, on_disk=not row["personal"])
        async with contextlib.aclosing(pieces):
            await files.keep(row["id"], row["tries"], pieces)
    whole: Changes = {Export.done: count.done, Export.rows: count.done, Export.expires_at: clock.now() + rules.LIFE}
    await _end(row, Stage.DONE, "made", whole)


class _Count:
    """How far an export is; whoever counts, holds it."""

    def __init__(self, row: dict[str, Any]) -> None:
        self._row, self.done = row, 0
        self._told = asyncio.get_running_loop().time()

    async def rows(self, sheet: Sheet) -> AsyncIterator[Sequence[object]]:
        async for row in sheet.rows:
            self.done += 1
            if self._told + TOLD_EVERY < asyncio.get_running_loop().time():
                self._told = asyncio.get_running_loop().time()
                await self._tell()
            yield row

    async def _tell(self) -> None:
        going_on: Changes = {Export.done: self.done, Export.held_until: clock.now() + rules.HELD}
        if not await Export.update(going_on).where(_held(self._row)).returning(Export.id):
            raise Lost


async def _end(row: dict[str, Any], stage: Stage, verb: str, values: Changes | None = None) -> None:
    """Write down how it ended, and tell whoever asked; raises Lost where it is somebody else's by now."""
    site = await sites.site_by_id(row["site"])
    async with transaction():
        ended: Changes = {**(values or {}), Export.stage: stage, Export.ended_at: clock.now()}
        if not await Export.update(ended).where(_held(row)).returning(Export.id):
            raise Lost
        event = await asking.record(verb, site, row["id"], row["what"], by=None)
        await events.tell(event, [row["person"]])


def _held(row: dict[str, Any]) -> Any:
    return (Export.id == row["id"]) & (Export.stage == Stage.RUNNING) & (Export.tries == row["tries"])
