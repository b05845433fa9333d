"""What may sound: the numbers of the open severe cases that somebody sees; and the sheet of keys."""

import httpx
import pytest

from portal.domain.queues.services import keeping
from portal.domain.queues.tables import Named
from tests import stories
from tests.cast import Cast

pytestmark = pytest.mark.usefixtures("db")
SEVERE = "/desk/hotel/severe"


async def severe(client: httpx.AsyncClient) -> list[str]:
    answer = await client.get(SEVERE, headers={"X-Live": "1"})
    assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (200, "text/plain")
    assert answer.headers["cache-control"] == "no-store"
    return answer.text.split()


async def test_the_severe_ones_that_are_open_newest_first(cast: Cast, client: httpx.AsyncClient) -> None:
    cases = [await stories.triaged(cast.hotel, by=cast.manager, severity="severe") for _case in range(2)]
    await stories.triaged(cast.hotel, by=cast.manager)
    await stories.enter(client, cast.receptionist)

    assert await severe(client) == [case.number for case in reversed(cases)]


async def test_none_that_one_may_not_see(cast: Cast, client: httpx.AsyncClient) -> None:
    """P32: nor do they sound."""
    mine = await stories.triaged(cast.hotel, by=cast.manager, severity="severe", category="room")
    await stories.triaged(cast.hotel, by=cast.manager, severity="severe", category="food")
    about = await stories.triaged(cast.hotel, by=cast.manager, severity="severe", category="room")
    await keeping.keep(about.id, {cast.floor.id}, restricted=False)
    kept = await stories.triaged(cast.hotel, by=cast.manager, severity="severe", category="room")
    await keeping.keep(kept.id, set(), restricted=True)
    await stories.triaged(cast.tower, by=cast.strange_manager, severity="severe")
    await stories.enter(client, cast.floor)

    assert await Named.exists().where(Named.item == about.id)
    assert await severe(client) == [mine.number]


@pytest.mark.parametrize(("who", "status"), [("admin", 403), ("stranger", 404), ("guard", 200)])
async def test_who_may_ask(cast: Cast, client: httpx.AsyncClient, who: str, status: int) -> None:
    await stories.enter(client, getattr(cast, who))

    assert (await client.get(SEVERE)).status_code == status


@pytest.mark.parametrize(("who", "offered"), [("receptionist", 1), ("admin", 0)])
async def test_the_sound_is_offered_to_who_has_a_queue(
    cast: Cast, client: httpx.AsyncClient, who: str, offered: int
) -> None:
    page = await (await stories.enter(client, getattr(cast, who))).get("/desk/hotel")

    assert len(page.css("[data-chime]")) == offered


async def test_the_keys_stand_on_every_page_and_on_one_of_their_own(cast: Cast, client: httpx.AsyncClient) -> None:
    browser = await stories.enter(client, cast.receptionist)
    case = await stories.triaged(cast.hotel, by=cast.receptionist, kind="enquiry")

    alone = await browser.get("/desk/keys")
    assert [key.text for key in alone.css("main kbd")] == [*"jk", "Enter", *"cr/nsapd?", "Esc"]
    assert alone.css("dialog") == []
    page = await browser.get(case.item)
    assert [one.tag for one in page.css('[data-key="?"]')] == ["dialog"]
    assert [one.get("id") for one in page.css('[data-key="r"]')] == ["reply-fold"]


async def test_before_an_answer_can_be_written_the_key_leads_to_the_message(cast: Cast, client: httpx.AsyncClient) -> None:
    case = await stories.claimed(cast.hotel, by=cast.receptionist)
    page = await (await stories.enter(client, cast.receptionist)).get(case.item)

    assert [one.get("id") for one in page.css('[data-key="r"]')] == ["messages-fold"]
    assert page.css('#item [data-key="c"]') == []


@pytest.mark.parametrize(("who", "forms"), [("receptionist", 1), ("guard", 0), ("auditor", 0)])
async def test_cards_are_claimed_by_a_key_where_one_handles_them(
    cast: Cast, client: httpx.AsyncClient, who: str, forms: int
) -> None:
    browser = await stories.enter(client, getattr(cast, who))

    for path in ("/desk/hotel/queue", "/desk/hotel/search"):
        assert len((await browser.get(path)).css('form[hidden][data-card-key="c"]')) == forms
