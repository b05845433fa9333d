"""The index keeps up: nothing is forgotten, nothing twice, and no word stands in it."""

import asyncio

import pytest

from portal import database, sealing
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.queues.services import deeds
from portal.domain.queues.tables import Entry
from portal.domain.search import queries, services
from portal.domain.search.tables import Unindexed
from tests import stories
from tests.cast import Cast


async def postings() -> list[tuple[int, str, int]]:
    rows = await database.rows("SELECT token, item, kinds FROM posting")
    return sorted((row["token"], str(row["item"]), row["kinds"]) for row in rows)


@pytest.mark.usefixtures("db")
async def test_what_is_written_waits_until_it_is_indexed(cast: Cast) -> None:
    case = await stories.filed(cast.hotel, wish="换房")
    assert await Unindexed.count() == await Entry.count() == 2

    await services.catch_up()
    assert not await queries.lacks()
    before = await postings()
    await deeds.note(await case.card(), DEEDS["notes"], site=cast.hotel, by=cast.receptionist, body="师傅明早来")
    assert await queries.lacks()
    await services.catch_up()
    assert len(await postings()) == len(before) + 4


@pytest.mark.usefixtures("db")
async def test_all_of_an_older_database_is_indexed_in_batches_the_newest_first(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "BATCH", 2)
    cases = [await stories.filed(cast.hotel, body=f"{word}坏了") for word in ("水管", "电灯", "门锁", "窗帘", "马桶")]

    await services.catch_up(most=1)
    assert await queries.lacks()
    assert len((await queries.found(cast.receptionist, cast.hotel, "坏了"))[0]) == 2
    assert [hit.card.number for hit in (await queries.found(cast.receptionist, cast.hotel, "马桶"))[0]] == [cases[4].number]
    await services.catch_up()
    assert len((await queries.found(cast.receptionist, cast.hotel, "坏了"))[0]) == 5


@pytest.mark.usefixtures("db")
async def test_the_same_again_changes_nothing(cast: Cast) -> None:
    await stories.answered(cast.hotel, by=cast.receptionist, place="1203")
    await services.catch_up()
    before = await postings()

    await database.rows("INSERT INTO unindexed (id) SELECT id FROM entry")
    await services.catch_up()
    assert await postings() == before


@pytest.mark.usefixtures("db")
async def test_each_site_has_tokens_of_its_own(cast: Cast) -> None:
    """P32: an index of one site says nothing of another's."""
    assert queries.token(cast.hotel.id, "空调") != queries.token(cast.tower.id, "空调")


@pytest.mark.usefixtures("db")
async def test_what_cannot_be_opened_holds_nothing_up(cast: Cast) -> None:
    """P45: an entry of a lost key is passed over, and said in the log."""
    case = await stories.filed(cast.hotel)
    await stories.filed(cast.hotel, body="早餐太凉")
    await Entry.update({Entry.body: sealing.seal("空调", "elsewhere")}).where(Entry.item == case.id)

    await services.catch_up()
    assert not await queries.lacks()
    assert len((await queries.found(cast.receptionist, cast.hotel, "早餐"))[0]) == 1
    assert (await queries.found(cast.receptionist, cast.hotel, "空调"))[0] == []


@pytest.mark.usefixtures("committed")
async def test_several_at_once_lose_nothing_and_index_nothing_twice(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "BATCH", 3)
    for number in range(20):
        await stories.filed(cast.hotel, body=f"空调第{number}次滴水")

    await asyncio.gather(*(database.spawn(services.catch_up()) for _worker in range(4)))

    assert not await queries.lacks()
    alone = await postings()
    assert len((await queries.found(cast.receptionist, cast.hotel, "滴水"))[0]) == 20
    await database.rows("DELETE FROM posting")
    await database.rows("INSERT INTO unindexed (id) SELECT id FROM entry")
    await services.catch_up()
    assert await postings() == alone
