"""Making the facts of what something happened to, so that whoever asks for figures next finds them true."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from portal import database
from portal.domain.complaints.tables import Award
from portal.domain.queues import rules as queues
from portal.domain.queues.rules import PAUSABLE, Stretch
from portal.domain.reports.rules.cuts import CLOCKS
from portal.domain.reports.tables import Fact
from portal.domain.sites import queries as sites
from portal.domain.sites.rules import days as site_days
from portal.domain.sites.rules.calendar import Calendar, round_the_clock
from portal.domain.sites.tables import Site
from portal.ids import new_id

AT_ONCE, TURN = 300, 7301
Row = dict[str, Any]
_ITEMS = """
SELECT i.id, i.site, i.kind, i.number, i.severity, i.arrived_at, i.closed_at, i.restricted, i.merged_into, i.handoffs,
  i.round, g.code AS category, p.code AS place, a.username AS clerk, c.cause, c.channel, c.satisfied, c.rating,
  EXISTS (SELECT 1 FROM named n WHERE n.item = i.id) AS named,
  (SELECT sum(m.amount) FROM compensation m WHERE m.item = i.id AND m.state = {}) AS fen,
  (SELECT count(*) FROM corrective_action m WHERE m.item = i.id AND m.effect = true) AS helped,
  (SELECT count(*) FROM corrective_action m WHERE m.item = i.id AND m.effect = false) AS unhelped,
  (SELECT count(*) FROM corrective_action m WHERE m.item = i.id AND m.effect IS NULL) AS pending
FROM work_item i JOIN complaint c ON c.item = i.id JOIN category g ON g.id = i.category
  LEFT JOIN place p ON p.id = i.place LEFT JOIN account a ON a.id = i.owner
WHERE i.id IN (%s)"""


async def catch_up(*, most: int | None = None) -> int:
    """Count anew what something happened to, until nothing is left or `most` were; how many were.

    Whoever takes a mark away makes the facts in the same transaction: of any number at once none is forgotten.
    """
    done = 0
    while most is None or done < most:
        taken = await database.retried(_some)
        done += taken
        if taken < AT_ONCE:
            break
    return done


async def backlog(*, most: int) -> int:
    """How much waits to be counted, itself counted to `most`."""
    rows = await database.rows("SELECT count(*) AS many FROM (SELECT 1 FROM uncounted LIMIT {}) x", most)
    return int(rows[0]["many"])


async def _some() -> int:
    """Take some of the marks, and make the facts of what they name; how many marks were taken.

    In turn: of two who read the same item one after the other, the first must not write last.
    """
    await database.in_turn(TURN)
    marks = await database.rows(
        "DELETE FROM uncounted WHERE id IN (SELECT id FROM uncounted ORDER BY id LIMIT {}) RETURNING subject", AT_ONCE
    )
    if subjects := sorted({row["subject"] for row in marks}, key=str):
        await _count(subjects)
    return len(marks)


async def _count(subjects: list[UUID]) -> None:
    items = await database.rows(_ITEMS % _marks(subjects), Award.APPROVED, *subjects)
    if not items:
        return
    found = [item["id"] for item in items]
    clocks = _by_item(await database.rows(
        f"SELECT * FROM clock WHERE item IN ({_marks(found)}) AND kind IN ({_marks(CLOCKS)})", *found, *CLOCKS
    ))  # fmt: skip
    pauses = _by_item(await database.rows(
        f"SELECT * FROM pause WHERE item IN ({_marks(found)}) AND ended_at IS NOT NULL ORDER BY began_at", *found
    ))  # fmt: skip
    concerned = {item["site"] for item in items}
    known = {site.id: (site, await sites.calendar(site)) for site in await sites.sites() if site.id in concerned}
    made: list[Row] = []
    for item in items:
        made += _facts(item, clocks.get(item["id"], []), pauses.get(item["id"], []), *known[item["site"]])
    await database.insert(Fact, *made, over=("item", "round"))


def _facts(item: Row, clocks: list[Row], pauses: list[Row], site: Site, calendar: Calendar) -> list[Row]:
    """The facts of one item, one of each of its rounds."""
    stretches: list[Stretch] = [(row["began_at"], row["ended_at"]) for row in pauses]
    whole = {
        "item": item["id"], "site": item["site"], "kind": item["kind"], "severity": item["severity"],
        "received": site_days.minute(item["arrived_at"], site.zone),
        "closed": site_days.minute(item["closed_at"], site.zone) if item["closed_at"] else None,
        "kept": int(item["restricted"] or item["named"]), "merged": int(item["merged_into"] is not None),
        "category": item["category"], "place": item["place"] or "", "cause": item["cause"], "clerk": item["clerk"] or "",
        "channel": item["channel"], "reopened": int(item["round"] > 1), "handoffs": item["handoffs"],
        "fen": None if item["fen"] is None else int(item["fen"]),
        "satisfied": None if item["satisfied"] is None else int(item["satisfied"]), "rating": item["rating"],
        "helped": item["helped"], "unhelped": item["unhelped"], "pending": item["pending"],
    }  # fmt: skip
    rounds: dict[int, Row] = {number: _times() for number in range(1, item["round"] + 1)}
    for row in clocks:
        if row["round"] in rounds:
            rounds[row["round"]] |= _taken(row, stretches, calendar)
    return [{"id": new_id(), "round": number, **whole, **times} for number, times in rounds.items()]


def _times() -> Row:
    return {f"{kind}_{part}": None for kind in CLOCKS for part in ("own", "wall", "late")}


def _taken(row: Row, pauses: list[Stretch], calendar: Calendar) -> Row:
    """How long a clock took, in its own time and by the wall, as far as it has stopped; and whether it was late."""
    kind, began, ended = row["kind"], row["started_at"], row["stopped_at"]
    missed = row["missed_at"] is not None
    if ended is None:
        return {f"{kind}_late": 1 if missed else None}
    counts = round_the_clock(calendar.zone) if row["days"] else calendar
    own = queues.counted(queues.promise_of(row), counts, began, ended, pauses if kind in PAUSABLE else [])
    late = missed or ended > row["due_at"]
    return {f"{kind}_own": _seconds((span.start, span.end) for span in own), f"{kind}_wall": _seconds([(began, ended)]),
            f"{kind}_late": int(late)}  # fmt: skip


def _seconds(spans: Iterable[tuple[datetime, datetime]]) -> int:
    return int(sum((end - start).total_seconds() for start, end in spans))


def _by_item(rows: list[Row]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = {}
    for row in rows:
        found.setdefault(row["item"], []).append(row)
    return found


def _marks(values: Iterable[object]) -> str:
    return ", ".join("{}" for _value in values)
