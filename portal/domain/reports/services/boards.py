"""Writing a notice for customers, hanging it up with its numbers, and taking it down (DUTY-25, CMP-31)."""

import hashlib
from typing import Any
from uuid import UUID

from piccolo.columns import Column

from portal import clock, database
from portal.database import transaction
from portal.domain.reports.forms.boards import Notice as Form
from portal.domain.reports.queries import boards as queries
from portal.domain.reports.queries.boards import Notice
from portal.domain.reports.rules import boards as rules
from portal.domain.reports.tables import Board, BoardReading, BoardState
from portal.domain.sites.tables import Site
from portal.errors import Conflict, NotFound
from portal.events import services as events
from portal.events.services import Actor
from portal.i18n.translations import N_, _
from portal.ids import new_id

Changes = dict[Column | str, Any]
MEANWHILE = N_("Somebody else changed this notice a moment ago. Please look again.")


async def draft(site: Site, form: Form, *, identity: UUID, by: Actor) -> None:
    """Write a notice; nobody else sees it yet."""
    async with transaction():
        await _insert(site, identity, _columns(form), by=by)
        await events.record("board.written", site=site.id, subject=identity, by=by, quarter=form.quarter)


async def write(site: Site, board: UUID, form: Form, *, by: Actor, version: int | None) -> None:
    """Change a draft; Conflict where it is none any more, or another version than was shown."""
    async with transaction():
        await _change(site, board, version, BoardState.DRAFT, _columns(form))
        await events.record("board.written", site=site.id, subject=board, by=by, quarter=form.quarter)


async def publish(site: Site, notice: Notice, *, by: Actor, version: int | None) -> None:
    """Hang a draft up with the numbers of this moment; it replaces what hangs there for the same customers (DUTY-25)."""
    now = clock.now()
    numbers = rules.written(await queries.numbers(site, notice.quarter))
    version = notice.version if version is None else version
    try:
        async with transaction():
            there = (Board.site == site.id) & (Board.quarter == notice.quarter.code) & (Board.tiers == notice.typed["tiers"])
            await Board.update({Board.state: BoardState.REPLACED, Board.ended_at: now}).where(
                there, Board.state == BoardState.PUBLISHED
            )
            editions = await Board.count().where(there, Board.published_at.is_not_null())
            await _change(site, notice.id, version, BoardState.DRAFT, {
                "state": BoardState.PUBLISHED, "numbers": numbers, "edition": editions + 1, "published_by": by.id,
                "published_at": now,
            })  # fmt: skip
            await events.record("board.published", site=site.id, subject=notice.id, by=by, quarter=notice.quarter.code)
    except Exception as error:
        if database.is_duplicate(error):  # of two at the same moment, one hangs there
            raise Conflict(_(MEANWHILE)) from error
        raise


async def withdraw(site: Site, board: UUID, *, by: Actor, version: int | None) -> None:
    """Take a notice down, or throw a draft away."""
    async with transaction():
        ended: Changes = {"state": BoardState.WITHDRAWN, "ended_at": clock.now()}
        await _change(site, board, version, (BoardState.DRAFT, BoardState.PUBLISHED), ended)
        await events.record("board.withdrawn", site=site.id, subject=board, by=by)


async def edit(site: Site, notice: Notice, *, identity: UUID, by: Actor) -> None:
    """Begin a new edition of a notice, with its words; the old one stays until the new one is published."""
    async with transaction():
        await _insert(site, identity, dict(notice.typed.items()), by=by)
        await events.record("board.written", site=site.id, subject=identity, by=by, quarter=notice.quarter.code)


async def read(site: Site, board: UUID, *, reader: str) -> None:
    """Somebody has read a notice that hangs there; a browser counts once (CMP-31)."""
    hangs = (Board.site == site.id) & (Board.id == board) & (Board.state == BoardState.PUBLISHED)
    if not await Board.exists().where(hangs):
        raise NotFound
    row = {"id": new_id(), "board": board, "reader": reader, "at": clock.now()}
    await database.insert(BoardReading, row, unless_there=True)


def reader_of(browser: str) -> str:
    """What a browser is remembered by: a digest of the id in its cookie, which is random and says nothing."""
    return hashlib.sha256(f"board\0{browser}".encode()).hexdigest()


async def _insert(site: Site, identity: UUID, columns: Changes, *, by: Actor) -> None:
    row: dict[Any, Any] = {
        "id": identity, "site": site.id, "state": BoardState.DRAFT, "numbers": "", "written_by": by.id,
        "written_at": clock.now(), **columns,
    }  # fmt: skip
    await database.insert(Board, row)


async def _change(
    site: Site, board: UUID, version: int | None, before: BoardState | tuple[BoardState, ...], columns: Changes
) -> None:
    """Change a notice that is still as it was shown; Conflict where it is not."""
    states = before if isinstance(before, tuple) else (before,)
    this = (Board.site == site.id) & (Board.id == board) & Board.state.is_in(list(states))
    if version is not None:
        this &= Board.version == version
    changes: Changes = {**columns, "version": Board.version + 1}
    if await Board.update(changes).where(this).returning(Board.id):
        return
    if not await Board.exists().where(Board.site == site.id, Board.id == board):
        raise NotFound
    raise Conflict(_(MEANWHILE))


def _columns(form: Form) -> Changes:
    columns: Changes = dict(form.model_dump().items())
    columns |= {"tiers": " ".join(form.tiers), "figures": " ".join(form.figures)}
    return columns
