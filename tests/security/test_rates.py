"""How often: every limit answers 429 with the time to wait, counts across browsers and header tricks, and ends (P36)."""

import contextlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from portal import clock, database
from portal.domain.complaints.tables import Complaint
from portal.errors import TooMany
from portal.ids import new_token
from portal.security import rates
from portal.security.rates import Rate, Try
from tests import factories, stories
from tests.cast import Cast
from tests.pages import Browser, Page

pytestmark = pytest.mark.usefixtures("db")
Clients = Callable[[], httpx.AsyncClient]
Travel = Callable[[datetime], None]
WRONG = "not the password"
FILE = "/s/hotel/complaints"


@pytest.fixture(autouse=True)
def counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries are counted here, as in earnest."""
    stories.limited(monkeypatch)


async def tries(*subjects: str, limit: tuple[int, int] = (2, 60)) -> list[bool]:
    """Whether each try is taken."""
    taken = []
    for subject in subjects:
        try:
            await rates.check(Try("test", subject, limit))
            taken.append(True)
        except TooMany:
            taken.append(False)
    return taken


async def file(client: httpx.AsyncClient, path: str = FILE, headers: dict[str, str] | None = None, **more: Any) -> Page:
    browser = Browser(client)
    sent = (await browser.get(f"{path}/new")).form(path) | {"body": "滴水", "phone": "13800138000"}
    return await browser.post(path, sent, follow=False, headers=headers, **more)


async def sign_in(client: httpx.AsyncClient, username: str, password: str = WRONG, **headers: str) -> Page:
    browser = Browser(client)
    sent = (await browser.get("/sign-in")).form("/sign-in") | {"username": username, "password": password}
    return await browser.post("/sign-in", sent, follow=False, headers=headers)


async def test_so_many_tries_are_taken_and_each_subject_has_its_own() -> None:
    assert await tries("a", "a", "a", "b") == [True, True, False, True]


async def test_after_its_time_the_count_begins_anew(travel: Travel) -> None:
    start = clock.now()
    assert await tries("a", "a", "a") == [True, True, False]

    travel(start + timedelta(seconds=62))

    assert await tries("a", "a", "a") == [True, True, False]


async def test_a_refusal_says_how_long_to_wait(travel: Travel) -> None:
    start = clock.now()
    await tries("a", "a")
    travel(start + timedelta(seconds=20))

    with pytest.raises(TooMany) as refused:
        await rates.check(Try("test", "a", (2, 60)))

    assert 38 <= refused.value.retry_after <= 41


async def test_a_try_may_weigh_more_than_one() -> None:
    await rates.check(Try("test", "a", (10, 60), weight=9))
    await rates.check(Try("test", "a", (10, 60), weight=1))

    with pytest.raises(TooMany):
        await rates.check(Try("test", "a", (10, 60), weight=1))


async def test_what_ones_own_limit_refuses_does_not_use_up_what_others_share() -> None:
    """P36."""
    for _try in range(3):
        with contextlib.suppress(TooMany):
            await rates.check(Try("own", "a", (1, 60)), Try("shared", "", (2, 60)))

    await rates.check(Try("own", "b", (1, 60)), Try("shared", "", (2, 60)))


async def test_nobody_reads_from_a_count_whose_it_was() -> None:
    """P40."""
    await tries("13800138000")

    assert "13800138000" not in str(await Rate.select())


async def test_old_counts_are_forgotten(travel: Travel) -> None:
    await tries("a")
    travel(clock.now() + timedelta(days=2))
    await tries("b")

    await rates.forget_old()

    assert await Rate.count() == 1


async def test_where_limits_are_off_nothing_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()

    assert await tries("a", "a", "a") == [True, True, True]
    assert await Rate.count() == 0


async def test_a_deed_that_failed_was_a_try_all_the_same() -> None:
    """The count stands, whatever becomes of the deed."""
    with pytest.raises(ZeroDivisionError):
        await rates.check(Try("test", "a", (1, 60)))
        async with database.transaction():
            raise ZeroDivisionError

    assert await tries("a", limit=(1, 60)) == [False]


async def test_a_name_is_tried_five_times_a_minute_from_wherever(cast: Cast, clients: Clients, travel: Travel) -> None:
    """P36: 5/min/account."""
    start = clock.now()
    found = [
        (await sign_in(clients(), "hotel.desk", **{"x-forwarded-for": f"10.0.0.{number}"})).status for number in range(6)
    ]
    assert found == [422] * 5 + [429]

    right = await sign_in(clients(), "hotel.desk", factories.PASSWORD)
    other = await sign_in(clients(), "hotel.desk2", factories.PASSWORD)
    assert (right.status, other.status) == (429, 303)
    assert 1 <= int(right.response.headers["retry-after"]) <= 60

    travel(start + timedelta(seconds=61))
    assert (await sign_in(clients(), "hotel.desk", factories.PASSWORD)).status == 303


async def test_who_guesses_at_a_name_does_not_lock_its_owner_out(cast: Cast, clients: Clients, travel: Travel) -> None:
    """P36: no lock-out of the victim."""
    own, start = clients(), clock.now()
    assert (await sign_in(own, "hotel.desk", factories.PASSWORD)).status == 303
    own.cookies.delete("session", domain=own.base_url.host)
    travel(start + timedelta(minutes=2))

    for _guess in range(7):
        guessed = await sign_in(clients(), "hotel.desk")

    assert guessed.status == 429
    assert (await sign_in(own, "hotel.desk", factories.PASSWORD)).status == 303


async def test_an_address_tries_thirty_times_a_minute_whatever_it_says_of_itself(
    cast: Cast, clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P36, F10: 30/min/IP; rotating X-Forwarded-For is no other address."""
    monkeypatch.undo()
    stories.limited(monkeypatch, sign_in_address=(3, 60))
    found = []
    for number in range(4):
        page = await sign_in(
            clients(), f"name{number}", **{"x-forwarded-for": f"10.0.0.{number}", "x-real-ip": f"10.0.0.{number}"}
        )
        found.append(page.status)

    assert found == [422] * 3 + [429]


async def test_links_are_guessed_at_twenty_times_a_minute(cast: Cast, clients: Clients) -> None:
    """P36: link guesses 20/min/IP; who has a link still follows it."""
    case = await stories.filed(cast.hotel)
    answers = [await clients().get(f"/c/{new_token()}") for _guess in range(21)]

    assert [answer.status_code for answer in answers] == [404] * 20 + [429]
    assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
    assert (await clients().get(case.link)).status_code == 200


async def test_a_device_files_five_in_ten_minutes(
    cast: Cast, client: httpx.AsyncClient, clients: Clients, travel: Travel
) -> None:
    """P36: complaints 5/10 min/device."""
    start = clock.now()
    pages = [await file(client) for _complaint in range(6)]
    assert [page.status for page in pages] == [303] * 5 + [429]
    assert 590 <= int(pages[-1].response.headers["retry-after"]) <= 600
    assert "滴水" in "".join(box.text or "" for box in pages[-1].css("textarea"))
    assert (await file(clients())).status == 303

    travel(start + timedelta(minutes=11))
    assert (await file(client)).status == 303


async def test_sending_the_same_form_again_is_no_further_try(cast: Cast, client: httpx.AsyncClient) -> None:
    """P07 before P36: a retry gets the first answer."""
    await stories.decided(cast.hotel, limit__filings_device=1)
    browser = Browser(client)
    sent = (await browser.get(f"{FILE}/new")).form(FILE) | {"body": "滴水", "phone": "13800138000"}

    assert [(await browser.post(FILE, sent, follow=False)).status for _tap in range(4)] == [303] * 4


async def test_a_site_takes_so_many_in_an_hour_and_its_neighbour_goes_on(cast: Cast, clients: Clients) -> None:
    """P36: site cap."""
    await stories.decided(cast.hotel, limit__filings_site=2)

    assert [(await file(clients())).status for _complaint in range(3)] == [303, 303, 429]
    assert (await file(clients(), "/s/tower/complaints")).status == 303


async def test_a_device_that_files_without_end_uses_up_nothing_of_its_site(
    cast: Cast, client: httpx.AsyncClient, clients: Clients
) -> None:
    """P36: no lock-out of others."""
    await stories.decided(cast.hotel, limit__filings_device=1, limit__filings_site=2)
    assert [(await file(client)).status for _complaint in range(3)] == [303, 429, 429]

    assert (await file(clients())).status == 303


async def test_an_address_that_signs_in_without_end_uses_up_no_account(
    cast: Cast, clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P36: what the limit of an address refuses is no try at the name."""
    monkeypatch.undo()
    stories.limited(monkeypatch, sign_in_address=(2, 60))

    found = [(await sign_in(clients(), "hotel.desk")).status for _try in range(5)]

    assert found == [422, 422, 429, 429, 429]
    assert sorted(row["hits"] for row in await Rate.select(Rate.hits)) == [2, 5]


async def test_an_address_files_so_many_from_any_number_of_devices(
    cast: Cast, clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P36."""
    monkeypatch.undo()
    stories.limited(monkeypatch, filings_address=(2, 600))

    found = [(await file(clients(), headers={"x-forwarded-for": f"10.0.0.{number}"})).status for number in range(3)]

    assert found == [303, 303, 429]
    assert await Complaint.count() == 2


async def test_a_link_takes_so_many_messages(cast: Cast, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    stories.limited(monkeypatch, deeds_link=(2, 600))
    case = await stories.filed(cast.hotel)
    page = await Browser(client).get(case.link)
    found = []
    for _message in range(3):
        page = await Browser(client).get(case.link)
        found.append((await page.submit(f"{case.link}/messages", body="还在滴水", follow=False)).status)

    assert found == [303, 303, 429]


async def test_a_device_sends_so_many_megabytes_of_photos_in_a_day(cast: Cast, client: httpx.AsyncClient) -> None:
    """P27: a quota per anonymous source."""
    await stories.decided(cast.hotel, limit__photos_device=1)
    name, picture, kind = stories.photo()
    padded = [("photos", (name, picture + bytes(600_000), kind))]  # what follows the picture is not read, but was sent

    found = [(await file(client, files=padded)).status for _complaint in range(2)]

    assert found == [303, 429]
    assert (await file(client)).status == 303


async def test_who_is_refused_on_a_page_is_told_in_its_line(cast: Cast, client: httpx.AsyncClient) -> None:
    await stories.decided(cast.hotel, limit__filings_device=1)
    await file(client)

    page = await file(client, headers={"HX-Request": "true", "HX-Request-Type": "partial"})

    assert (page.status, page.response.headers["hx-retarget"]) == (429, "#flash")
    assert page.response.text.startswith('<div class="flash" id="flash"')
