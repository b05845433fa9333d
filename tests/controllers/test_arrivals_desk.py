"""The line at the door, by HTTP: the list in its parts, calls, deeds of one tap, and a part that fails."""

from typing import Any

import httpx
import pytest

from portal.domain.arrivals.queries import line
from portal.domain.arrivals.tables import State
from portal.domain.queues.tables import WorkItem
from tests import stories, visits
from tests.cast import Cast
from tests.pages import Browser, Page
from tests.visits import Came

pytestmark = pytest.mark.usefixtures("db")
LINE = "/desk/hotel/arrivals"
PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial", "X-Live": "1"}


async def state(came: Came) -> str:
    item = await WorkItem.objects().get(WorkItem.id == came.item)
    assert item is not None
    return item.state


async def opened(cast: Cast, client: httpx.AsyncClient, *, windows: int = 1) -> tuple[Page, Came]:
    """The list of the hotel, with windows and somebody who waits."""
    tours = await visits.make_type(cast.hotel)
    for number in range(1, windows + 1):
        await visits.make_station(cast.hotel, code=str(number))
    came = await visits.make_arrival(cast.hotel, tours, name="韩梅梅")
    return await (await stories.enter(client, cast.receptionist)).get(LINE), came


async def test_one_tap_a_deed_from_the_call_to_the_end(cast: Cast, client: httpx.AsyncClient) -> None:
    """HALL-06: at the end the page reminds of the belongings."""
    page, came = await opened(cast, client)
    base = f"{LINE}/{came.number}"

    assert [one.get("data-ticket") for one in page.css("#waiting .came")] == [came.ticket]
    assert "韩女士" in page.text("#waiting") and "梅" not in page.text()
    page = await page.submit(f"{LINE}/call")
    assert [one.get("data-state") for one in page.css("#windows .came")] == ["called"]
    for deed, after in (("recall", "called"), ("park", "parked"), ("return", "waiting")):
        page = await page.submit(f"{base}/{deed}")
        assert (page.status, await state(came)) == (200, after), deed
    page = await page.submit(f"{LINE}/call")
    page = await page.submit(f"{base}/serving")
    page = await page.submit(f"{base}/finish")
    assert await state(came) == State.DONE
    assert came.ticket in page.text("#flash") and "随身物品" in page.text("#flash")
    page = await page.submit(f"{base}/undo")
    assert await state(came) == State.SERVING


async def test_with_nobody_waiting_a_call_says_so(cast: Cast, client: httpx.AsyncClient) -> None:
    page, _came = await opened(cast, client)
    await page.submit(f"{LINE}/call", window="1")
    page = await page.submit(f"{LINE}/call", window="1")
    assert page.status == 409 or page.before is not None  # the same form again gets the first one's answer
    page = await (await Browser(client).get(LINE)).submit(f"{LINE}/call", window="1")

    assert page.status == 409
    assert "1号窗口" in page.text("#flash")
    assert page.css("#windows .came")


async def test_a_browser_remembers_its_window(cast: Cast, client: httpx.AsyncClient) -> None:
    page, _came = await opened(cast, client, windows=2)
    assert page.form(f"{LINE}/call")["window"] == ""
    refused = await page.submit(f"{LINE}/call")
    assert (refused.status, list(refused.errors())) == (422, ["window"])
    page = await Browser(client).get(LINE)
    await page.submit(f"{LINE}/call", window="2")

    page = await Browser(client).get(LINE)
    assert page.form(f"{LINE}/call")["window"] == "2"
    assert (await Browser(client).get(f"{LINE}?window=1")).form(f"{LINE}/call")["window"] == "1"
    assert (await Browser(client).get(LINE)).form(f"{LINE}/call")["window"] == "1"


@pytest.mark.parametrize(
    ("deed", "typed", "wrong"),
    [
        ("call", {"window": "1", "reason": ""}, ["reason"]),
        ("call", {"window": "9", "reason": "急"}, ["window"]),
        ("transfer", {"to": "nowhere", "after": "0"}, ["to"]),
        ("transfer", {"to": "tour", "after": "999"}, ["after"]),
    ],
)
async def test_what_cannot_be_taken_is_said_at_its_field(
    cast: Cast, client: httpx.AsyncClient, deed: str, typed: dict[str, Any], wrong: list[str]
) -> None:
    page, came = await opened(cast, client)
    page = await page.submit(f"{LINE}/{came.number}/{deed}", **typed)

    assert (page.status, list(page.errors()), await state(came)) == (422, wrong, State.WAITING)
    assert page.form(f"{LINE}/{came.number}/{deed}")[next(iter(typed))] in (typed[next(iter(typed))], "1", "tour")
    assert page.css("details[open]")


async def test_out_of_turn_and_sent_on_by_the_form(cast: Cast, client: httpx.AsyncClient) -> None:
    page, came = await opened(cast, client, windows=2)
    page = await page.submit(f"{LINE}/{came.number}/call", window="2", reason="老人不舒服")
    assert [one.get("data-window") for one in page.css("#windows .came")] == ["2"]

    page = await page.submit(f"{LINE}/{came.number}/transfer", to="1", after="5")
    assert [one.get("data-window") for one in page.css("#waiting .came")] == ["1"]
    assert await state(came) == State.WAITING


async def test_a_part_that_fails_says_so_in_its_place_and_the_list_stays(
    cast: Cast, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page, came = await opened(cast, client)

    async def broken(_site: object) -> None:
        raise RuntimeError("no figures")

    monkeypatch.setattr(line, "called", broken)
    page = await Browser(client).get(LINE)

    assert page.css("#windows .notice--danger")
    assert [one.get("data-number") for one in page.css("#waiting .came")] == [came.number]
    assert page.css("#aside") and not page.css("#aside .notice--danger")
    part = await Browser(client).get(f"{LINE}?part=windows", headers=PARTIAL)
    assert part.css(".notice--danger") and not part.css(".came")
    page = await page.submit(f"{LINE}/call")
    assert await state(came) == State.CALLED


async def test_each_part_is_asked_for_alone(cast: Cast, client: httpx.AsyncClient) -> None:
    page, _came = await opened(cast, client)
    for name in ("windows", "waiting", "aside"):
        region = page.one(f"#{name}")
        part = await Browser(client).get(region.get("hx-get"), headers=PARTIAL)
        assert [one.get("id") for one in part.css("section")] == [name]
        assert "queues from:body" in region.get("hx-trigger")
        assert "<html" not in part.response.text


async def test_idle_windows_and_long_waits_are_named(cast: Cast, client: httpx.AsyncClient) -> None:
    """HALL-03: above fifteen minutes a window more is asked for."""
    page, _came = await opened(cast, client, windows=2)
    assert "1号窗口, 2号窗口" in page.text("#windows .notice--soon")
    assert not page.css("#windows .notice--danger")

    await visits.make_arrival(cast.hotel, await visits.make_type(cast.hotel, code="viewing"), minutes=16)
    page = await page.submit(f"{LINE}/call", window="2")
    assert "1号窗口" in page.text("#windows .notice--soon") and "2号" not in page.text("#windows .notice--soon")
    await visits.make_arrival(cast.hotel, await visits.make_type(cast.hotel, code="table"), minutes=17)
    page = await Browser(client).get(LINE)
    assert "17" in page.text("#windows .notice--danger")


async def test_who_waited_may_be_somebody_elses_by_now(cast: Cast, client: httpx.AsyncClient) -> None:
    page, came = await opened(cast, client)
    await page.submit(f"{LINE}/call")
    page = await page.submit(f"{LINE}/{came.number}/call", window="1", reason="急")

    assert page.status == 409
    assert page.css("#flash .notice--danger")


async def test_an_auditor_reads_and_does_nothing(cast: Cast, client: httpx.AsyncClient) -> None:
    """HALL-10."""
    page, came = await opened(cast, client)
    token = page.form(f"{LINE}/call")["form_token"]
    page = await (await stories.enter(client, cast.auditor)).get(LINE)

    assert page.css("#waiting .came") and not [one for one in page.forms() if "/arrivals/" in one]
    for path in (f"{LINE}/call", f"{LINE}/{came.number}/recall"):
        assert (await Browser(client).post(path, {"form_token": token, "window": "1"})).status == 403


@pytest.mark.parametrize(("who", "status"), [("floor", 403), ("guard", 403), ("finance", 403), ("stranger", 404)])
async def test_it_is_for_those_who_call(cast: Cast, client: httpx.AsyncClient, who: str, status: int) -> None:
    """P32."""
    await (await stories.enter(client, getattr(cast, who))).get(LINE, status=status)


async def test_somebody_of_another_site_is_not_found(cast: Cast, client: httpx.AsyncClient) -> None:
    """P32."""
    page, _came = await opened(cast, client)
    other = await visits.make_arrival(cast.tower, await visits.make_type(cast.tower))
    token = page.form(f"{LINE}/call")["form_token"]

    assert (await Browser(client).post(f"{LINE}/{other.number}/park", {"form_token": token})).status == 404
