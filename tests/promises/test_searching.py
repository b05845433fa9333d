"""P32 and P40 for the search: nobody finds what is not theirs, and the index that finds it holds no word."""

import pytest

from portal import database
from portal.domain.complaints.rules.way import DEEDS
from portal.domain.queues.services import deeds, keeping
from portal.domain.search import services
from portal.engines import Sqlite
from tests import cast as actors
from tests import stories
from tests.cast import Cast
from tests.ground import environment, processes
from tests.promises.stage import Record, Scale, seat
from tests.promises.test_plaintext import files_of_the_database
from tests.stories import Case

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
PHRASE, NOTE, PLACE, UNSEALED = "琥珀瓷瓶", "紫檀算盘", "翡翠回廊", "孔雀石镇纸"
LATIN, PHONE, IDENTITY, CARD = "Chrysoberyl", "13677665521", "370202199003077713", "6222 0210 0112 3456"
SEARCH, HIT = "/desk/hotel/search", 'class="hit"'


async def test_no_word_that_is_found_stands_in_the_clear(figure: Record, scale: Scale) -> None:
    """P40, and promises.md 3.1: no run of six digits is in the index."""
    cast = await actors.enter()
    for _number in range(scale(5, 200)):
        case = await _filed(cast)
    await services.catch_up()
    with processes.portal(environment.WORKER) as running:
        async with seat(running.url, cast.receptionist) as desk:
            for typed in (PHRASE, NOTE, PLACE, LATIN[:3], PHONE, case.number):
                assert HIT in (await desk.post(SEARCH, {"q": typed})).text, typed
            for typed in (IDENTITY, CARD, IDENTITY[:6], PHONE[:7]):
                assert HIT not in (await desk.post(SEARCH, {"q": typed})).text, typed
        if not isinstance(database.engine(), Sqlite):
            await database.engine().run_ddl("CHECKPOINT")
        on_disk = dict(files_of_the_database())

    words = (PHRASE, PHRASE[:2], NOTE, NOTE[2:], PLACE, LATIN, LATIN.lower(), LATIN.lower()[:9], PHONE, IDENTITY, CARD,
             CARD.replace(" ", ""))  # fmt: skip
    assert [(word, path) for path, body in on_disk.items() for word in words if word.encode() in body] == []
    size = sum(map(len, on_disk.values()))
    figure("words, phones and numbers of the index of words found on disk", 0, f"in {size / 1e6:.1f} MB", "P40")


async def test_the_look_at_the_disk_would_find_a_word() -> None:
    """The control: a word that is stored as it is; another one, since the log of PostgreSQL is that of all tests."""
    cast = await actors.enter()
    await database.rows("UPDATE site SET mailbox = {} WHERE id = {} RETURNING id", UNSEALED, cast.hotel.id)
    if not isinstance(database.engine(), Sqlite):
        await database.engine().run_ddl("CHECKPOINT")

    assert any(UNSEALED.encode() in body for body in dict(files_of_the_database()).values())


async def test_nobody_finds_what_is_not_theirs_to_see(figure: Record) -> None:
    """P32: another site's never; nor what is restricted, nor what is about oneself, by whatever is typed."""
    cast = await actors.enter()
    theirs = await _filed(cast, about=True)
    secret, named = await _filed(cast), await _filed(cast)
    await keeping.keep(secret.id, set(), restricted=True)
    await keeping.keep(named.id, {cast.receptionist.id, cast.floor.id, cast.guard.id}, restricted=False)
    typed = [PHRASE, PHRASE[:2], NOTE, PLACE, LATIN, PHONE, *(one.number for one in (theirs, secret, named)),
             *(one.number[-6:] for one in (theirs, secret, named))]  # fmt: skip
    never = [(cast.receptionist, (theirs, secret, named)), (cast.floor, (theirs, secret, named)),
             (cast.guard, (theirs, secret, named)), (cast.auditor, (theirs, secret)), (cast.manager, (theirs,)),
             (cast.kitchen, (theirs, secret, named)), (cast.strange_manager, (secret, named))]  # fmt: skip
    asked = 0
    with processes.portal(environment.WORKER) as running:
        for person, cases in never:
            site = person.sites[0].slug
            async with seat(running.url, person) as here:
                for text in typed:
                    answer = await here.post(f"/desk/{site}/search", {"q": text})
                    assert answer.status_code == 200
                    shown = [case.number for case in cases if f'data-number="{case.number}"' in answer.text]
                    assert not shown, f"{person.username} finds {shown} by {text}"
                    asked += 1
        async with seat(running.url, cast.manager) as boss:
            page = (await boss.post(SEARCH, {"q": PHRASE})).text
            assert secret.number in page
            assert named.number in page

    figure("searches for what is another site's or kept from one, found by them", 0, f"in {asked}", "P32")


async def _filed(cast: Cast, *, about: bool = False) -> Case:
    """One with words in every place that is indexed; `about` the tower's."""
    site, by = (cast.tower, cast.strange_manager) if about else (cast.hotel, cast.manager)
    body = f"{PHRASE} {LATIN}，电话 {PHONE}，证件 {IDENTITY}，卡号 {CARD}"
    case = await stories.claimed(site, by=by, body=body, place=PLACE, phone=PHONE)
    await deeds.note(await case.card(), DEEDS["notes"], site=site, by=by, body=NOTE)
    return case
