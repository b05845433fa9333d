"""What somebody finds: by number, place, words and phone, and never what they may not see."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from portal import clock
from portal.domain.accounts.queries import Staff
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.complaints.services import minding
from portal.domain.queues.services import deeds, keeping
from portal.domain.search import queries, services
from portal.domain.sites.tables import Place, Site
from tests import stories
from tests.cast import Cast
from tests.ground.probes import statements

pytestmark = pytest.mark.usefixtures("db")


async def found(staff: Staff, site: Site, text: str) -> list[str]:
    """The numbers of what somebody finds."""
    await services.catch_up()
    hits, _more = await queries.found(staff, site, text)
    return [hit.card.number for hit in hits]


async def where(staff: Staff, site: Site, text: str) -> list[str]:
    await services.catch_up()
    (hit,), _more = await queries.found(staff, site, text)
    return hit.where


@pytest.mark.parametrize(
    "typed", ["空调", "滴水", "调整夜滴", "ELEV", "elevator", "Tv", "空调 elev", "1203", "1203 房", "room 1203", "1203 空调"]
)
async def test_it_is_found_by_its_words_and_its_place(cast: Cast, typed: str) -> None:
    case = await stories.filed(cast.hotel, body="空调整夜滴水 by the Elevator, TV off", place="1203")
    await stories.filed(cast.hotel, body="早餐很好", place="1204")
    await Place.update({Place.name_zh: "1203 房", Place.name_en: "Room 1203"}).where(Place.id == cast.places["1203"].id)

    assert await found(cast.receptionist, cast.hotel, typed) == [case.number]


async def test_a_typed_place_is_found_too_and_a_renamed_one_by_its_new_name(cast: Cast) -> None:
    typed = await stories.filed(cast.hotel, place="喷泉旁边")
    listed = await stories.filed(cast.hotel, place="1203")
    await services.catch_up()
    await Place.update({Place.name_zh: "海景套房"}).where(Place.id == cast.places["1203"].id)

    assert await found(cast.receptionist, cast.hotel, "喷泉") == [typed.number]
    assert await found(cast.receptionist, cast.hotel, "海景") == [listed.number]
    assert await where(cast.receptionist, cast.hotel, "喷泉") == ["地点"]


async def test_it_is_found_by_its_number_and_the_end_of_it(cast: Cast) -> None:
    case = await stories.filed(cast.hotel)
    await stories.filed(cast.hotel)

    for typed in (case.number, case.number.lower(), case.number[3:], case.number[-6:], str(int(case.number[-6:]))):
        assert await found(cast.receptionist, cast.hotel, typed) == [case.number]


@pytest.mark.parametrize("typed", ["13900139000", "139 0013 9000", "+86 139-0013-9000", "１３９００１３９０００"])
async def test_it_is_found_by_the_whole_phone_however_it_is_spelled(cast: Cast, typed: str) -> None:
    case = await stories.filed(cast.hotel, phone="139 0013 9000")
    await stories.filed(cast.hotel)

    assert await found(cast.receptionist, cast.hotel, typed) == [case.number]
    assert await where(cast.receptionist, cast.hotel, typed) == ["电话"]
    assert await found(cast.receptionist, cast.hotel, "139001390") == []


async def test_a_phone_finds_nothing_for_the_kitchen_and_nothing_once_it_is_erased(
    cast: Cast, travel: Callable[[datetime], None]
) -> None:
    """P42: what is erased is found no more."""
    await stories.filed(cast.hotel, category="food", phone="13900139000")
    done = await stories.closed(cast.hotel, by=cast.receptionist, phone="13900139001")

    assert await found(cast.kitchen, cast.hotel, "13900139000") == []
    assert await found(cast.manager, cast.hotel, "13900139001") == [done.number]
    travel(clock.now() + timedelta(days=181))
    await minding.erase_contacts()
    assert await found(cast.manager, cast.hotel, "13900139001") == []


async def test_several_words_must_all_be_there_in_whatever_entry(cast: Cast) -> None:
    case = await stories.answered(cast.hotel, by=cast.receptionist, body="空调滴水")
    await stories.filed(cast.hotel, body="空调很响")

    assert await found(cast.receptionist, cast.hotel, "空调 换到") == [case.number]
    assert await found(cast.receptionist, cast.hotel, "很响 换到") == []


async def test_it_says_where_it_was_found(cast: Cast) -> None:
    case = await stories.answered(cast.hotel, by=cast.receptionist, body="空调滴水")
    await deeds.note(await case.card(), DEEDS["notes"], site=cast.hotel, by=cast.receptionist, body="空调师傅明早来")

    assert await where(cast.receptionist, cast.hotel, "空调") == ["事情经过", "备注"]


async def test_notes_are_found_only_by_who_reads_them(cast: Cast) -> None:
    """CMP-26."""
    case = await stories.claimed(cast.hotel, by=cast.receptionist, taken_by=cast.guard)
    await deeds.note(await case.card(), DEEDS["notes"], site=cast.hotel, by=cast.receptionist, body="似乎是常客")

    assert await found(cast.receptionist, cast.hotel, "常客") == [case.number]
    assert await found(cast.auditor, cast.hotel, "常客") == [case.number]
    assert await found(cast.guard, cast.hotel, "常客") == []
    assert await found(cast.guard, cast.hotel, "空调") == [case.number]


async def test_everybody_finds_what_they_see_and_no_more(cast: Cast) -> None:
    """P32: nothing of another site; the units theirs, the gate what it filed."""
    room = await stories.filed(cast.hotel, category="room")
    food = await stories.filed(cast.hotel, category="food", taken_by=cast.guard)
    await stories.filed(cast.tower)

    assert await found(cast.receptionist, cast.hotel, "空调") == [food.number, room.number]
    assert await found(cast.floor, cast.hotel, "空调") == [room.number]
    assert await found(cast.kitchen, cast.hotel, "空调") == [food.number]
    assert await found(cast.guard, cast.hotel, "空调") == [food.number]
    assert await found(cast.sales, cast.hotel, "空调") == []
    assert await found(cast.finance, cast.hotel, "空调") == []
    for typed in (room.number, stories.PHONE, room.number[-6:]):
        assert room.number not in await found(cast.kitchen, cast.hotel, typed)
        assert room.number not in await found(cast.stranger, cast.tower, typed)


async def test_what_is_kept_from_somebody_is_not_found_by_them(cast: Cast) -> None:
    """P32, CMP-24: restricted ones, and those about oneself."""
    secret, about = await stories.filed(cast.hotel, place="1203"), await stories.filed(cast.hotel, place="1203")
    await keeping.keep(secret.id, set(), restricted=True)
    await keeping.keep(about.id, {cast.receptionist.id}, restricted=False)

    for typed in ("空调", "1203", stories.PHONE, secret.number, about.number):
        assert await found(cast.receptionist, cast.hotel, typed) == []
    assert await found(cast.second, cast.hotel, "空调") == [about.number]
    assert await found(cast.manager, cast.hotel, "空调") == [about.number, secret.number]


async def test_the_newest_are_shown_and_that_there_are_more_is_said(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "MOST", 2)
    cases = [await stories.filed(cast.hotel) for _number in range(3)]
    await services.catch_up()
    hits, more = await queries.found(cast.receptionist, cast.hotel, "空调")

    assert ([hit.card.number for hit in hits], more) == ([cases[2].number, cases[1].number], True)
    assert (await queries.found(cast.receptionist, cast.hotel, cases[0].number))[1] is False


async def test_nothing_is_asked_more_often_for_more_results(cast: Cast) -> None:
    async def asked() -> int:
        with statements() as heard:
            await queries.found(cast.receptionist, cast.hotel, "1203")
        return len(heard)

    await stories.filed(cast.hotel, place="1203")
    await services.catch_up()
    one = await asked()
    for _number in range(2):
        await stories.filed(cast.hotel, place="1203")
    await services.catch_up()

    assert await asked() == one
