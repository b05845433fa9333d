"""P29, P32, P40: files hold no formula, nothing of the site next door, no guest; they are one person's, for one day."""

import asyncio
import random
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import pytest

from portal import clock, database, settings
from portal.domain.accounts.tables import Role
from portal.domain.complaints.tables import Award, Compensation
from portal.domain.exports import rules
from portal.domain.exports.queries import files
from portal.domain.exports.services import making
from portal.domain.exports.tables import Export, Stage
from portal.errors import NotFound
from portal.ids import new_id
from portal.sheets import books, commas
from portal.sheets.sheet import Column, Sheet
from tests import cast as actors
from tests import factories, stories, takeaway
from tests.cast import Cast
from tests.ground import environment, processes
from tests.promises.stage import Record, Scale, Seat, Travel, seat
from tests.sheets.reading import csv_rows, given, whole, xlsx_rows

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
BLANKS = ("", " ", "\u3000", "\u00a0", "\u200b", "\ufeff", " \t")
TAILS = ("1+1", "cmd|' /C calc'!A0", 'HYPERLINK("http://x","y")', "SUM(A1:A9)", "", "空调", "1")
MARK = "独角兽"
ENDINGS = ("csv", "xlsx")


async def test_no_cell_of_a_file_is_a_formula(scale: Scale, figure: Record) -> None:
    """P29: read again by another program, each text is the text; in CSV behind one apostrophe."""
    chance = random.Random(29)  # the same cells every time
    parts = (BLANKS, BEGINNINGS, TAILS)
    texts = ["".join(chance.choice(part) for part in parts) for _cell in range(scale(2_000, 20_000))]
    columns = (Column("=1+1"), Column("n"))

    def sheet() -> Sheet:
        return Sheet("=名", ("@注",), columns, given(*((text, number) for number, text in enumerate(texts))))

    csv = csv_rows(await whole(commas.pieces([sheet()])))
    xlsx = xlsx_rows(await whole(books.pieces([sheet()])))[1:]  # reading fails at the first formula

    assert csv[:2] == [["'@注"], ["'=1+1", "n"]]
    assert [row[0] for row in csv[2:]] == [f"'{text}" for text in texts]
    assert [_unescaped(str(row[0])) for row in xlsx] == texts
    figure("cells that begin like a formula, formulas found in CSV and XLSX", 0, f"in {len(texts):,}", "P29")


async def test_a_file_is_one_persons_and_of_one_site_and_names_no_guest(figure: Record) -> None:
    """P29, P32, P40, through a portal that runs, its worker inside."""
    cast = await actors.enter()
    words = [*await next_door(cast), stories.NAME, stories.PHONE, "138 0013 8000", stories.BODY]
    export = await takeaway_of(cast, 10_001)
    refused = 0
    with processes.portal(environment.WORKER, PORTAL_WORKER="on") as running:
        async with seat(running.url, cast.finance) as here:
            bodies = [await long_one(here, ending) for ending in ENDINGS]
            theirs = [await here.client.get(f"/desk/tower/ledger.{ending}") for ending in ENDINGS]
            there = await latest(here)
        for who in (cast.manager, cast.auditor, cast.owner, cast.admin, cast.receptionist, cast.strange_manager):
            async with seat(running.url, who) as other:
                for site in ("hotel", "tower"):
                    for path in ("", "/file"):
                        answer = await other.client.get(f"/desk/{site}/exports/{there}{path}")
                        assert answer.status_code in (403, 404), f"{who.username} {site}{path}: {answer.status_code}"
                        assert export not in answer.text
                        refused += 1

    assert {answer.status_code for answer in theirs} == {404}
    for rows in (csv_rows(bodies[0]), xlsx_rows(bodies[1])):
        text = "\n".join(str(cell) for row in rows for cell in row)
        assert text.count(export) == 10_001
        assert [word for word in words if word in text] == []
    figure("names, phones, words, and bytes of another site in rows taken away", 0, "in 20,002", "P32, P40")
    figure("tries of others at a file of somebody, all of them refused", refused, "", "P29")


async def test_what_died_with_the_portal_is_made_whole_by_the_next_one(scale: Scale, figure: Record) -> None:
    cast, many = await actors.enter(), scale(12_000, 50_000)
    await takeaway_of(cast, many)
    kept = str(environment.HOME / f"files-{new_id().hex}")
    with processes.portal(environment.WORKER, PORTAL_WORKER="on", PORTAL_FILES=kept) as running:
        async with seat(running.url, cast.finance) as here:
            answer = await here.client.get("/desk/hotel/ledger.csv")
            assert answer.status_code == 303
            await reached(Stage.RUNNING)
            running.process.kill()
            await asyncio.to_thread(running.process.wait)
    assert await stage() == Stage.RUNNING
    await Export.update({Export.held_until: clock.now()}).where(Export.stage == Stage.RUNNING)

    with processes.portal(environment.WORKER, PORTAL_WORKER="on", PORTAL_FILES=kept) as again:
        async with seat(again.url, cast.finance) as here:
            await reached(Stage.DONE)
            body = await here.client.get(f"{answer.headers['location']}/file")

    assert len(csv_rows(body.content)) == many + 4
    assert (await Export.select(Export.tries).first() or {})["tries"] == 2
    figure("rows of a file whose portal was killed -9, all there from the next one", many, "", "P29")


async def test_three_workers_make_each_file_once_and_a_day_later_it_is_gone(
    cast: Cast, scale: Scale, figure: Record, travel: Travel
) -> None:
    """P29: 24 hours; also the half-written ones are gone."""
    many = scale(5, 20)
    for number in range(many):
        who = await factories.make_staff((cast.hotel, Role.FINANCE), username=f"hotel.finance{number}")
        await takeaway.asked(cast, by=who, query=str(50 + number))

    await asyncio.gather(*(database.spawn(takeaway.made()) for _worker in range(3)))

    rows = await Export.select()
    assert [(row["stage"], row["tries"]) for row in rows] == [(Stage.DONE, 1)] * many
    travel(clock.now() + rules.LIFE - timedelta(seconds=30))
    await making.expire()
    assert len(on_disk(rows)) == many
    travel(clock.now() + timedelta(minutes=1))
    await making.expire()
    assert on_disk(rows) == []
    for row in rows:
        with pytest.raises(NotFound):
            await files.file(cast.stranger, cast.hotel, row["id"])
    assert {row["stage"] for row in await Export.select(Export.stage)} == {Stage.EXPIRED}
    figure("files that three workers saw at once, each made once, and gone after 24 hours", many, "", "P29")


async def takeaway_of(cast: Cast, many: int) -> str:
    """A complaint at the hotel with so many compensations; its number."""
    case = await stories.planned(cast.hotel, by=cast.manager)
    now = clock.now()
    for start in range(0, many, 500):
        await database.insert(Compensation, *(
            {"id": new_id(), "item": case.id, "site": cast.hotel.id, "amount": 100 * number, "remedy": "",
             "proposed_at": now, "state": Award.APPROVED, "proposer": cast.manager.id, "decider": cast.manager.id,
             "decided_at": now}
            for number in range(start, min(start + 500, many))
        ))  # fmt: skip
    return case.number


async def next_door(cast: Cast) -> list[str]:
    """The tower has promised something too; what of it must not be seen at the hotel."""
    case = await stories.planned(cast.tower, by=cast.strange_manager, name=f"{MARK}先生", body=f"{MARK}在大堂")
    await stories.learned(case, by=cast.strange_manager, fen=77_777)
    return [MARK, case.number, "777.77", cast.strange_manager.username, cast.tower.name_zh]


async def long_one(here: Seat, ending: str) -> bytes:
    """The ledger, which is too long to come at once."""
    answer = await here.client.get(f"/desk/hotel/ledger.{ending}")
    assert answer.status_code == 303
    await reached(Stage.DONE)
    body = await here.client.get(f"{answer.headers['location']}/file", timeout=30)
    assert body.status_code == 200
    return body.content


async def latest(here: Seat) -> UUID:
    return UUID((await here.client.get("/desk/hotel/exports")).text.partition("/desk/hotel/exports/")[2][:36])


async def reached(wanted: Stage) -> None:
    async with asyncio.timeout(60):
        while await stage() != wanted:
            await asyncio.sleep(0.01)


async def stage() -> str:
    row = await Export.select(Export.stage).order_by(Export.id, ascending=False).first()
    return str(row["stage"]) if row else ""


def on_disk(rows: Sequence[dict[str, object]]) -> list[str]:
    folder = settings.current().files / "exports"
    return [path.name for row in rows for path in folder.glob(f"{row['id']}*")]


def _unescaped(text: str) -> str:
    """What a book writes for characters that XML cannot hold."""
    return text.replace("_x000D_", "\r").replace("_x0009_", "\t")
