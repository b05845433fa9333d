"""The notices of a house: as its director sees them, and as everybody does; and what was counted for them."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from portal import clock, database
from portal.domain.reports.queries import figures
from portal.domain.reports.rules import boards as rules
from portal.domain.reports.rules.boards import Counted, Numbers, Quarter
from portal.domain.reports.rules.ranges import RECEIVED, Range
from portal.domain.reports.rules.tally import largest, quantile
from portal.domain.reports.tables import BoardReading
from portal.domain.sites import queries as sites
from portal.domain.sites.rules import days as site_days
from portal.domain.sites.tables import Site, named
from portal.errors import NotFound

OLDER = 8  # quarters behind the one that hangs there now
READER = "SELECT count(*) FROM board_reading r WHERE r.board = b.id"


@dataclass(frozen=True)
class Notice:
    """A notice; `numbers` are those of its publication, or what they are now for one that is not published."""

    id: UUID
    quarter: Quarter
    tiers: tuple[str, ...]
    edition: int
    state: str
    title: str
    body: str
    changed: str
    figures: tuple[str, ...]
    numbers: Numbers | None
    published_at: datetime | None
    ended_at: datetime | None
    version: int
    readings: int
    typed: dict[str, str]


async def notices(site: Site) -> list[Notice]:
    """All of a site's notices, those of the latest quarter first, the newest edition first."""
    sql = f"SELECT b.*, ({READER}) AS readings FROM board b WHERE b.site = {{}} ORDER BY b.quarter DESC, b.id DESC"
    return [_notice(row) for row in await database.rows(sql, site.id)]


async def notice(site: Site, board: UUID) -> Notice:
    """One of them; raises NotFound."""
    sql = f"SELECT b.*, ({READER}) AS readings FROM board b WHERE b.site = {{}} AND b.id = {{}}"
    rows = await database.rows(sql, site.id, board)
    if not rows:
        raise NotFound
    return _notice(rows[0])


async def hanging(site: Site, quarter: Quarter) -> list[Notice]:
    """What everybody may read of a quarter: those for all customers first."""
    hangs = "b.site = {} AND b.quarter = {} AND b.state = 'published'"
    sql = f"SELECT b.*, 0 AS readings FROM board b WHERE {hangs} ORDER BY b.tiers, b.id"
    return [_notice(row) for row in await database.rows(sql, site.id, quarter.code)]


async def quarters(site: Site) -> list[Quarter]:
    """The quarters until now in which something hung that still may be read, the latest first."""
    now = current(site).code
    rows = await database.rows(
        "SELECT DISTINCT quarter FROM board WHERE site = {} AND state = 'published' AND quarter <= {} "
        "ORDER BY quarter DESC LIMIT {}", site.id, now, OLDER + 1,
    )  # fmt: skip
    return [rules.read(row["quarter"]) for row in rows]


async def read_by(reader: str, boards: list[UUID]) -> set[UUID]:
    """Which of these notices a browser has said to have read."""
    if not boards:
        return set()
    marks = BoardReading.board.is_in(boards)
    rows = await BoardReading.select(BoardReading.board).where(marks, BoardReading.reader == reader)
    return {row["board"] for row in rows}


def current(site: Site) -> Quarter:
    """The quarter of the site's day."""
    return rules.quarter_of(site_days.today(site, clock.now()))


async def numbers(site: Site, quarter: Quarter) -> Numbers:
    """What the public may know of the quarter before: the figures from which a notice is decided."""
    before, today = quarter.before, site_days.today(site, clock.now())
    days = Range(RECEIVED, before.first, min(before.last, max(today, before.first)), site.zone, site_days.begins(site))
    return rules.public(await counted(site, days), first=days.first, last=days.last)


async def counted(site: Site, days: Range) -> Counted:
    """Count a site's complaints of a range as its report does, without what is kept from anybody."""
    found = await figures.public(site, days)
    names = {one.code: (one.name_zh, one.name_en) for one in await sites.categories(site.id, all_of_them=True)}
    subjects = [(*names.get(code, (code, code)), many) for code, many in largest(found.by("category"))]
    in_time, took = found.sum["resolve_intime"], found.of["resolve_own"]
    return Counted(found.many, in_time + found.sum["resolve_late"], in_time, took.total(), quantile(took, 50), subjects)


def shown(notice: Notice, now: Numbers) -> Notice:
    """A notice as it would hang there if it were published now."""
    return notice if notice.numbers else replace(notice, numbers=now)


def _notice(row: dict[str, Any]) -> Notice:
    return Notice(
        id=row["id"] if isinstance(row["id"], UUID) else UUID(str(row["id"])),
        quarter=rules.read(row["quarter"]),
        tiers=tuple(row["tiers"].split()),
        edition=row["edition"],
        state=row["state"],
        title=named(row["title_zh"], row["title_en"]),
        body=named(row["body_zh"], row["body_en"]),
        changed=named(row["changed_zh"], row["changed_en"]),
        figures=tuple(row["figures"].split()),
        numbers=rules.kept(row["numbers"]) if row["numbers"] else None,
        published_at=row["published_at"],
        ended_at=row["ended_at"],
        version=row["version"],
        readings=row["readings"],
        typed={name: row[name] for name in TYPED},
    )


TYPED = ("quarter", "tiers", "title_zh", "title_en", "body_zh", "body_en", "figures", "changed_zh", "changed_en")
