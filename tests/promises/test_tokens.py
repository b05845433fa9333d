"""P07: a form that comes again, whenever and however often, is one record and the same answer, which nobody else gets."""

import asyncio
import contextlib
import time
from datetime import timedelta

import httpx
import pytest
from litestar import Litestar

from portal import clock
from portal.domain.complaints.tables import Complaint
from portal.domain.queues.tables import Entry, EntryKind
from portal.once import FormUse
from tests import cast as actors
from tests import factories
from tests.ground import processes
from tests.promises.stage import Record, Seat, Travel, differences, seat, servers, serving, stored
from tests.promises.ways import FILED, Ways

pytestmark = [pytest.mark.prove, pytest.mark.usefixtures("committed")]
TIMES = 20


async def test_twenty_at_once_are_one_complaint_and_one_answer(figure: Record) -> None:
    await actors.enter()
    with servers() as running:
        answers, spans = await all_at_once([one.url for one in running])

    assert [answer.status_code for answer in answers] == [303] * TIMES
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert await Complaint.count() == await FormUse.count() == 1
    together = in_flight(spans)
    assert together >= TIMES * 0.9
    figure("posts of one form at once, one record and one answer", TIMES, "", "P07")
    figure("of them in flight at one instant", together, "", "P07")


async def test_without_using_the_token_up_they_are_many_complaints(figure: Record) -> None:
    await actors.enter()
    with servers(without="once") as running:
        answers, _spans = await all_at_once([one.url for one in running])

    assert len({answer.headers.get("location") for answer in answers}) == TIMES
    assert await Complaint.count() == TIMES
    figure("control: records of one form posted 20 times, the token not used up", TIMES, "", "P07")


async def test_staffs_deeds_at_once_are_one_deed_too() -> None:
    cast = await actors.enter()
    filed = await factories.make_complaint(cast.hotel)
    with servers() as running:
        async with seat(running[0].url, cast.receptionist) as one:
            note = {"body": "客人在大堂等候", "form_token": one.token()}
            path = f"/desk/hotel/items/{filed.number}/notes"
            answers = await asyncio.gather(*(one.post(path, note) for _post in range(TIMES)))

    assert [answer.status_code for answer in answers] == [303] * TIMES
    assert await Entry.count().where(Entry.kind == EntryKind.NOTE) == 1


async def test_after_a_restart_the_form_has_the_same_answer() -> None:
    await actors.enter()
    port = processes.free_port()
    with serving(port) as first:
        async with seat(first.url) as guest:
            fields = {**FILED, "form_token": guest.token()}
            before = await guest.post("/s/hotel/complaints", fields)
            cookies = guest.client.cookies
    with serving(port) as second:
        async with processes.visitor(second.url, cookies=cookies) as client:
            after = await Seat(client, None).post("/s/hotel/complaints", fields)

    assert (before.status_code, after.status_code) == (303, 303)
    assert before.headers["location"] == after.headers["location"]
    assert await Complaint.count() == 1


async def test_later_the_form_has_the_same_answer_until_seven_days_have_passed(app: Litestar, travel: Travel) -> None:
    guest, path, fields = await Ways(app, await actors.enter()).filing()
    first, now = await guest.post(path, fields), clock.now()
    kept = await stored()

    for later in (timedelta(minutes=10), timedelta(hours=24), timedelta(days=7, minutes=-1)):
        travel(now + later)
        again = await guest.post(path, fields)
        assert (again.status_code, again.headers["location"]) == (303, first.headers["location"])

    travel(now + timedelta(days=7, minutes=1))
    assert (await guest.post(path, fields)).status_code == 403
    assert differences(kept, await stored()) == []


async def test_the_same_form_with_other_words_is_refused_and_changes_nothing(app: Litestar) -> None:
    guest, path, fields = await Ways(app, await actors.enter()).filing()
    first = await guest.post(path, fields)
    before = await stored()

    for change in ({"body": "另外一件事"}, {"phone": "13900139000"}, {"wish": ""}):
        answer = await guest.post(path, fields | change)
        assert answer.status_code == 409
        assert first.headers["location"] not in answer.text
        assert "location" not in answer.headers

    assert differences(before, await stored()) == []


async def test_another_browser_never_gets_the_stored_answer(app: Litestar) -> None:
    ways = Ways(app, await actors.enter())
    guest, path, fields = await ways.filing()
    first = await guest.post(path, fields)
    before = await stored()

    answer = await (await ways.guest()).post(path, fields)

    assert_refused(answer, first)
    assert differences(before, await stored()) == []


async def test_another_person_at_the_same_browser_never_gets_the_stored_answer(app: Litestar) -> None:
    cast = await actors.enter()
    ways = Ways(app, cast)
    guest, path, fields = await ways.intake()
    first = await guest.post(path, fields)

    guest.client.cookies.delete("session")
    await actors.sign_in(guest.client, cast.second.username)
    second = await guest.post(path, fields)
    guest.client.cookies.delete("session")
    nobody = await guest.post("/s/hotel/complaints", fields)

    assert_refused(second, first)
    assert_refused(nobody, first)
    assert await Complaint.count() == 1


async def test_a_refused_form_keeps_its_token_and_is_filed_once_when_mended(app: Litestar) -> None:
    guest, path, fields = await Ways(app, await actors.enter()).filing()

    refused = await guest.post(path, fields | {"phone": "12", "email": ""})
    mended = await guest.post(path, fields)

    assert (refused.status_code, mended.status_code) == (422, 303)
    assert fields["form_token"] in refused.text
    assert await Complaint.count() == 1


async def all_at_once(urls: list[str]) -> tuple[list[httpx.Response], list[tuple[float, float]]]:
    """One form of one browser, posted twenty times at the same instant, to every server in turn."""
    spans = []
    async with contextlib.AsyncExitStack() as stack:
        here = await stack.enter_async_context(seat(urls[0]))
        fields = {**FILED, "form_token": here.token()}
        tabs = [await tab(stack, urls[number % len(urls)], here) for number in range(TIMES)]

        async def post(one: Seat) -> httpx.Response:
            began = time.monotonic()
            answer = await one.post("/s/hotel/complaints", fields)
            spans.append((began, time.monotonic()))
            return answer

        return await asyncio.gather(*(post(one) for one in tabs)), spans


async def tab(stack: contextlib.AsyncExitStack, url: str, browser: Seat) -> Seat:
    """A connection of its own of the same browser, already open."""
    client = await stack.enter_async_context(processes.visitor(url, timeout=30, cookies=browser.client.cookies))
    await client.get("/healthz")
    return Seat(client, None)


def in_flight(spans: list[tuple[float, float]]) -> int:
    """How many were under way at the instant when the most were."""
    return max(sum(began <= instant < ended for began, ended in spans) for instant, _ended in spans)


def assert_refused(answer: httpx.Response, first: httpx.Response) -> None:
    assert answer.status_code == 403
    assert first.headers["location"] not in answer.text
    assert "location" not in answer.headers
